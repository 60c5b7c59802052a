"""Play the diagram through: a parallel gateway must not wait for a branch that was not taken."""

from collections.abc import Iterable, Iterator
from itertools import combinations, groupby
from operator import attrgetter
from typing import Final

from bpmn.diagram import CHOICES, Diagram, Element, Flow
from bpmn.errors import N_
from bpmn.findings import Finding, error
from bpmn.rules.repeated_parallel import loops_into

RULE: Final = error("waiting-in-vain")

# Where the case stands: the arrows it is on, one twice when two branches came together there.
Marking = tuple[Flow, ...]
MOST_MARKINGS: Final = 2_000
_JOIN: Final = "parallelGateway"
_ENDS: Final = "endEvent"


def check(diagram: Diagram) -> Iterator[Finding]:
    for box in diagram.boxes:
        joins = [node for node in diagram.inside(box) if _joins(diagram, node)]
        stuck = _stuck(diagram, box) if joins else frozenset()
        for join in joins:
            if join in stuck and not any(loops_into(diagram, join)):
                yield RULE.at(
                    join,
                    N_(
                        "%(It)s menunggu semua panah masuknya, tetapi ada jalan yang tidak pernah "
                        "sampai, sehingga berkas macet. Satukan cabang pilihan dengan gerbang "
                        "eksklusif (X), cabang paralel dengan gerbang paralel (+)."
                    ),
                )


def _joins(diagram: Diagram, node: Element) -> bool:
    return node.kind == _JOIN and len(diagram.incoming(node)) > 1


def _stuck(diagram: Diagram, box: Element) -> frozenset[Element]:
    """The joins at which a case can come to a standstill."""
    begin = [_marking(diagram.outgoing(start)) for start in diagram.starts(box)]
    seen, waiting = set(begin), list(begin)
    stuck: set[Element] = set()
    while waiting and len(seen) <= MOST_MARKINGS:
        here = waiting.pop()
        onwards = [_marking(marking) for marking in _moves(diagram, here)]
        if here and not onwards:
            stuck |= {flow.target for flow in here if flow.target is not None}
        waiting += [marking for marking in dict.fromkeys(onwards) if marking not in seen]
        seen.update(onwards)
    return frozenset(stuck)


def _marking(flows: Iterable[Flow]) -> Marking:
    """In one order, and none more than twice, so that there is an end of them."""
    ordered = sorted(flows, key=attrgetter("at"))
    twice = (list(same)[:2] for _, same in groupby(ordered))
    return tuple(flow for same in twice for flow in same)


def _moves(diagram: Diagram, here: Marking) -> list[list[Flow]]:
    """What may come next. Branches do not disturb each other, so one of them moves at a time."""
    for flow in here:
        node = flow.target
        if node is not None and "terminate" in node.definitions:
            return [[]]
        if node is not None and node.kind not in (_JOIN, "inclusiveGateway"):
            return [_without(here, [flow]) + way for way in _ways(diagram, node)]
    for flow in here:
        node = flow.target
        if node is not None and node.kind == _JOIN and set(diagram.incoming(node)) <= {*here}:
            return [_without(here, diagram.incoming(node)) + diagram.outgoing(node)]
    # An inclusive gateway waits for all that can still come: only when nothing else moves.
    for flow in here:
        node = flow.target
        if node is not None and node.kind != _JOIN:
            arrived = [other for other in here if other.target is node]
            return [_without(here, arrived) + way for way in _ways(diagram, node)]
    return []


def _ways(diagram: Diagram, node: Element) -> list[list[Flow]]:
    """Each way a case may leave the node."""
    out = diagram.outgoing(node)
    if node.kind == _ENDS:
        return [[]]
    if node.kind == "inclusiveGateway":
        sizes = range(1, min(len(out), 4) + 1)
        return [list(some) for size in sizes for some in combinations(out, size)] or [[]]
    if node.kind in CHOICES or node.kind == "eventBasedGateway":
        return [[flow] for flow in out] or [[]]
    aside = [diagram.outgoing(event) for event in diagram.boundaries(node) if event.interrupts]
    return [out, *aside]


def _without(here: Marking, gone: Iterable[Flow]) -> list[Flow]:
    left = list(here)
    for flow in gone:
        left.remove(flow)
    return left
