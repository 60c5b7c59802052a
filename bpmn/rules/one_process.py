"""A file holds one process: nobody could say which of two a case should follow."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("one-process")


def check(diagram: Diagram) -> Iterator[Finding]:
    if not diagram.processes:
        yield RULE.at(
            diagram.root, N_("%(It)s tidak memuat proses. Gambar langkah SOP di dalam satu kolam.")
        )
    for process in diagram.processes[1:]:
        yield RULE.at(
            process,
            N_(
                "%(It)s adalah proses kedua dalam berkas ini. Simpan setiap SOP sebagai berkas "
                "tersendiri, atau hapus kolam yang kosong."
            ),
        )
