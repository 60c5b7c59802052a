"""An SOP without its number cannot be cited, filed or told from its predecessor."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, warning

RULE: Final = warning("no-number")


def check(diagram: Diagram) -> Iterator[Finding]:
    for process in diagram.processes:
        header = process.extension("kepala")
        if header is None or not header.get("nomor", "").strip():
            yield RULE.at(
                process, N_("%(It)s belum bernomor SOP. Isi nomor SOP pada kepala dokumen.")
            )
