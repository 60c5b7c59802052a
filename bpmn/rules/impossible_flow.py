"""An arrow into a start or out of an end: the engine goes on as if nothing had begun or ended."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("impossible-flow")


def check(diagram: Diagram) -> Iterator[Finding]:
    for flow in diagram.flows:
        if flow.target is not None and flow.target.kind in ("startEvent", "boundaryEvent"):
            yield RULE.at(
                flow,
                N_(
                    "%(It)s masuk ke %(target)s, padahal ke sana tidak boleh ada panah. "
                    "Arahkan panah ke langkah atau gerbang sesudahnya."
                ),
                target=flow.target.label,
            )
        if flow.source is not None and flow.source.kind == "endEvent":
            yield RULE.at(
                flow,
                N_(
                    "%(It)s keluar dari %(source)s, padahal di sana alur selesai. "
                    "Hapus panahnya, atau ganti kejadian akhir itu."
                ),
                source=flow.source.label,
            )
