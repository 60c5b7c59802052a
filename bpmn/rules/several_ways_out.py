"""Only gateways choose or split; a task with two arrows out is refused by the engine."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import GATEWAYS, Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("several-ways-out")


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes:
        if node.kind not in GATEWAYS and len(diagram.outgoing(node)) > 1:
            yield RULE.at(
                node,
                N_(
                    "Dari %(it)s keluar lebih dari satu panah. Taruh gerbang di antaranya: "
                    "eksklusif (X) untuk memilih, paralel (+) untuk berjalan bersama."
                ),
            )
