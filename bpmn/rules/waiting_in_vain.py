"""Play the diagram through: a parallel gateway must not wait for a branch that was not taken."""

from collections.abc import Iterable, Iterator
from typing import Final

from bpmn.diagram import CHOICES, Diagram, Element, Flow
from bpmn.errors import N_
from bpmn.findings import Finding, error
from bpmn.rules.repeated_parallel import loops_into

RULE: Final = error("waiting-in-vain")

# Where the case stands: the arrows it is on. A diagram people can read has a few hundred of these.
Marking = frozenset[Flow]
MOST_MARKINGS: Final = 5_000
JOIN: Final = "parallelGateway"


def check(diagram: Diagram) -> Iterator[Finding]:
    for box in diagram.boxes:
        inside = diagram.inside(box)
        joins = [node for node in inside if node.kind == JOIN and len(diagram.incoming(node)) > 1]
        # How an inclusive gateway waits depends on the whole diagram; it never waits in vain.
        if not joins or any(node.kind == "inclusiveGateway" for node in inside):
            continue
        stuck = _stuck(diagram, box)
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


def _stuck(diagram: Diagram, box: Element) -> frozenset[Element]:
    """The joins at which a case can come to a standstill."""
    begin = [frozenset(diagram.outgoing(start)) for start in diagram.starts(box)]
    seen, waiting = set(begin), list(begin)
    stuck: set[Element] = set()
    while waiting and len(seen) <= MOST_MARKINGS:
        here = waiting.pop()
        onwards = _moves(diagram, here)
        if onwards is None:
            stuck |= {flow.target for flow in here if flow.target is not None}
        for marking in onwards or ():
            if marking not in seen:
                seen.add(marking)
                waiting.append(marking)
    return frozenset(stuck)


def _moves(diagram: Diagram, here: Marking) -> Iterable[Marking] | None:
    """What may come next. Branches do not disturb each other, so one of them moves at a time."""
    for flow in sorted(here, key=lambda flow: diagram.position(flow.anchor)):
        node = flow.target
        if node is None or node.kind == "endEvent":
            left = here - {flow}
            return [frozenset()] if node and "terminate" in node.definitions else [left]
        if node.kind != JOIN:
            return [(here - {flow}) | way for way in _ways(diagram, node)]
        needed = frozenset(diagram.incoming(node))
        if needed <= here:
            return [(here - needed) | frozenset(diagram.outgoing(node))]
    return None if here else []


def _ways(diagram: Diagram, node: Element) -> list[Marking]:
    """Each way a case may leave the node."""
    out = diagram.outgoing(node)
    interrupting = [event for event in diagram.boundaries(node) if event.interrupts]
    aside = [frozenset(diagram.outgoing(event)) for event in interrupting]
    if node.kind in CHOICES or node.kind == "eventBasedGateway":
        return [frozenset({flow}) for flow in out] or [frozenset()]
    return [frozenset(out), *aside]
