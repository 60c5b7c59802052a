"""PermenPAN-RB 35/2012 asks for active verbs: `Memeriksa surat`, not `Surat diperiksa`."""

import re
from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, warning

RULE: Final = warning("passive-label")

_ACTIVE: Final = re.compile(r"(me|ber)[a-z]{3,}|[a-z]{2,}kan")
# Imperatives that no ending gives away.
_COMMANDS: Final = re.compile(
    r"ajukan|atur|baca|bagi|bahas|bawa|beri|buat|buka|catat|cek|cetak|disposisi|hadiri|himpun"
    r"|hitung|input|isi|jawab|kaji|kirim|koreksi|lapor|minta|olah|paraf|periksa|pilih|proses|rapat"
    r"|rekap|salin|setujui|susun|tandatangani|telaah|teliti|terima|tulis|undang|unggah|validasi"
    r"|verifikasi"
)


def check(diagram: Diagram) -> Iterator[Finding]:
    for step in diagram.steps:
        if not _is_active(step.name):
            yield RULE.at(
                step,
                N_(
                    "Nama %(it)s sebaiknya diawali kata kerja aktif tanpa pelaku, "
                    "misalnya “Memeriksa surat”."
                ),
            )


def _is_active(name: str) -> bool:
    words = re.findall(r"[a-z]+", name.lower())
    return bool(words) and any(form.fullmatch(words[0]) for form in (_ACTIVE, _COMMANDS))
