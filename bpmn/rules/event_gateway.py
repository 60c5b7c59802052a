"""Behind an event gateway stand events to wait for; of two timers the shorter never fires."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("event-gateway")
_WAITS: Final = frozenset({"intermediateCatchEvent", "receiveTask"})


def check(diagram: Diagram) -> Iterator[Finding]:
    for gateway in diagram.of_kind("eventBasedGateway"):
        behind = diagram.targets(gateway)
        if any(node.kind not in _WAITS for node in behind) or len(behind) < 2:
            yield RULE.at(
                gateway,
                N_(
                    "Sesudah %(it)s harus ada dua kejadian tunggu atau lebih (pesan, sinyal, "
                    "waktu). Ganti gerbangnya dengan gerbang eksklusif (X) atau tambahkan "
                    "kejadiannya."
                ),
            )
        if any(diagram.boundaries(node) for node in behind):
            yield RULE.at(
                gateway,
                N_(
                    "Sesudah %(it)s ada kegiatan dengan kejadian tepi, yang tidak dijalankan di "
                    "sana. Taruh kejadian itu sebagai pilihan sesudah gerbangnya."
                ),
            )
        if sum("timer" in node.definitions for node in behind) > 1:
            yield RULE.at(
                gateway,
                N_(
                    "Sesudah %(it)s ada lebih dari satu pewaktu; yang lebih pendek tidak pernah "
                    "berbunyi. Sisakan satu pewaktu."
                ),
            )
