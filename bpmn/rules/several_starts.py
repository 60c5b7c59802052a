"""Of two plain start events the engine runs one and forgets the other."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("several-starts")


def check(diagram: Diagram) -> Iterator[Finding]:
    for box in diagram.boxes:
        for start in _surplus(diagram, box):
            yield RULE.at(
                start,
                N_(
                    "%(It)s adalah kejadian mulai tambahan; hanya satu yang dijalankan. "
                    "Sisakan satu kejadian mulai."
                ),
            )


def _surplus(diagram: Diagram, box: Element) -> list[Element]:
    starts = [node for node in diagram.inside(box) if node.kind == "startEvent"]
    if box.kind == "process":
        starts = [start for start in starts if not start.definitions]
    return starts[1:]
