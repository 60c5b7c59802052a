"""Without an end event nobody sees where the work is done."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("no-end")


def check(diagram: Diagram) -> Iterator[Finding]:
    for box in diagram.boxes:
        ends = any(node.kind == "endEvent" for node in diagram.inside(box))
        if not ends and box.kind != "adHocSubProcess":
            yield RULE.at(
                box,
                N_("%(It)s tidak mempunyai kejadian akhir. Tambahkan satu di akhir setiap jalan."),
            )
