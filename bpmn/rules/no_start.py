"""A process that begins nowhere."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("no-start")


def check(diagram: Diagram) -> Iterator[Finding]:
    for box in diagram.boxes:
        begins = any(node.kind == "startEvent" for node in diagram.inside(box))
        if not begins and box.kind != "adHocSubProcess":
            yield RULE.at(
                box,
                N_("%(It)s tidak mempunyai kejadian mulai. Tambahkan satu di depan langkah awal."),
            )
