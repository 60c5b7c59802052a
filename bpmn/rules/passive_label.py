"""PermenPAN-RB 35/2012 asks for active verbs: `Memeriksa surat`, not `Surat diperiksa`."""

import re
from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, warning

RULE: Final = warning("passive-label")

_ACTIVE: Final = re.compile(r"(me|ber)[a-z]{3,}|[a-z]{3,}kan")
# Imperatives that no ending gives away.
_COMMANDS: Final = frozenset(
    [
        "ajukan",
        "atur",
        "baca",
        "bagi",
        "bahas",
        "bawa",
        "beri",
        "buat",
        "buka",
        "catat",
        "cek",
        "cetak",
        "cocokkan",
        "disposisi",
        "gandakan",
        "hadiri",
        "himpun",
        "hitung",
        "input",
        "isi",
        "jadwalkan",
        "jawab",
        "kaji",
        "kirim",
        "koreksi",
        "kumpulkan",
        "lapor",
        "minta",
        "olah",
        "paraf",
        "periksa",
        "pilih",
        "proses",
        "rapat",
        "rekap",
        "rumuskan",
        "salin",
        "serahkan",
        "setujui",
        "siapkan",
        "simpan",
        "susun",
        "tandatangani",
        "telaah",
        "teliti",
        "tentukan",
        "terima",
        "teruskan",
        "tetapkan",
        "tulis",
        "umumkan",
        "undang",
        "unggah",
        "validasi",
        "verifikasi",
    ]
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
    return bool(words) and (words[0] in _COMMANDS or _ACTIVE.fullmatch(words[0]) is not None)
