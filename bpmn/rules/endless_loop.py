"""A round without a choice has no way out: a parallel gateway sends a new token round each time."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import CHOICES, Diagram, Element, rounds
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("endless-loop")
_CHOOSE: Final = CHOICES | {"eventBasedGateway"}


def check(diagram: Diagram) -> Iterator[Finding]:
    forced = [node for node in diagram.nodes if not _can_leave(diagram, node)]
    for node in rounds(forced, diagram.ahead):
        yield RULE.at(
            node,
            N_(
                "Putaran yang melewati %(it)s tidak dapat ditinggalkan, sehingga berkas tidak "
                "pernah selesai. Taruh gerbang eksklusif (X) dengan jalan keluar di putaran itu."
            ),
        )


def _can_leave(diagram: Diagram, node: Element) -> bool:
    aside = any(event.interrupts for event in diagram.boundaries(node))
    return aside or (node.kind in _CHOOSE and len(diagram.outgoing(node)) > 1)
