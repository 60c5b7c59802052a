"""One step, one lane: of two, the engine takes whichever is written last."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("two-lanes")


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes:
        lanes = diagram.lanes_of(node)
        if len(lanes) > 1:
            yield RULE.at(
                node,
                N_(
                    "%(It)s berada di beberapa lajur sekaligus: %(lanes)s. "
                    "Geser ke satu lajur saja."
                ),
                lanes=", ".join(f"“{lane.name or lane.id}”" for lane in lanes),
            )
