"""The engine follows arrows by recursion: some 450 elements in a row exhaust it."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("too-big")
# A step with its timer and its escalation counts three: a hundred steps.
MOST_NODES: Final = 300
MOST_FLOWS: Final = 600


def check(diagram: Diagram) -> Iterator[Finding]:
    surplus = (*diagram.nodes[MOST_NODES:], *diagram.flows[MOST_FLOWS:])
    if surplus:
        yield RULE.at(
            surplus[0],
            N_(
                "Diagram ini memuat %(nodes)s unsur dan %(flows)s panah, paling banyak %(most)s "
                "unsur dan %(most_flows)s panah. Bagi menjadi beberapa SOP yang lebih pendek."
            ),
            nodes=len(diagram.nodes),
            flows=len(diagram.flows),
            most=MOST_NODES,
            most_flows=MOST_FLOWS,
        )
