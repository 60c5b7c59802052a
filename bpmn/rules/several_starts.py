"""Of two start events the engine runs one and forgets the other."""

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
                    "%(It)s adalah kejadian mulai tambahan; hanya satu yang dijalankan. Sisakan "
                    "satu, atau arahkan pewaktu dan kejadian mulai ke langkah yang sama."
                ),
            )


def _surplus(diagram: Diagram, box: Element) -> list[Element]:
    """All but the first; a timetable may stand beside it that opens the same case."""
    starts = [node for node in diagram.inside(box) if node.kind == "startEvent"]
    timed = [start for start in starts if "timer" in start.definitions]
    plain = [start for start in starts if start not in timed]
    if box.kind == "process" and len(plain) == 1 == len(timed):
        return timed if diagram.targets(plain[0]) != diagram.targets(timed[0]) else []
    return starts[1:]
