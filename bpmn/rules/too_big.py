"""The engine follows arrows by recursion: some 450 elements in a row exhaust it."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("too-big")
# A step with its timer and its escalation counts three: a hundred steps.
MOST_NODES: Final = 300


def check(diagram: Diagram) -> Iterator[Finding]:
    if len(diagram.nodes) > MOST_NODES:
        yield RULE.at(
            diagram.nodes[MOST_NODES],
            N_(
                "Diagram ini memuat %(count)s unsur, paling banyak %(most)s. "
                "Bagi SOP ini menjadi beberapa SOP yang lebih pendek."
            ),
            count=len(diagram.nodes),
            most=MOST_NODES,
        )
