"""Parallel branches that meet without a parallel gateway: what follows is done once a branch."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from bpmn.diagram import Diagram, Element, Flow, walk
from bpmn.errors import N_
from bpmn.findings import Finding, warning

RULE: Final = warning("merged-without-join")
_JOINS: Final = frozenset({"parallelGateway", "inclusiveGateway"})


def check(diagram: Diagram) -> Iterator[Finding]:
    splits = [
        node for node in diagram.of_kind("parallelGateway") if len(diagram.outgoing(node)) > 1
    ]
    merges = [node for node in diagram.nodes if _merges(diagram, node)]
    for merge in merges:
        split = next((each for each in splits if _met_twice(diagram, each, merge)), None)
        if split is not None:
            yield RULE.at(
                merge,
                N_(
                    "Cabang paralel dari %(split)s bertemu di %(it)s tanpa gerbang paralel (+), "
                    "sehingga yang berikutnya dikerjakan sekali per cabang. Satukan dulu "
                    "cabang-cabangnya dengan gerbang paralel."
                ),
                split=split.label,
            )


def _merges(diagram: Diagram, node: Element) -> bool:
    return len(diagram.incoming(node)) > 1 and node.kind not in _JOINS | {"endEvent"}


def _met_twice(diagram: Diagram, split: Element, merge: Element) -> bool:
    arrivals = [_arrivals(diagram, flow, merge) for flow in diagram.outgoing(split)]
    return any(one and other and one | other != one & other for one, other in _pairs(arrivals))


def _pairs(arrivals: list[set[Flow]]) -> Iterator[tuple[set[Flow], set[Flow]]]:
    yield from combinations(arrivals, 2)


def _arrivals(diagram: Diagram, branch: Flow, merge: Element) -> set[Flow]:
    """The arrows by which this branch alone can enter the merge, before any branches join."""

    def onwards(node: Element) -> list[Element]:
        joins = node.kind in _JOINS and len(diagram.incoming(node)) > 1
        return [] if joins or node is merge else diagram.targets(node)

    begin = [branch.target] if branch.target is not None else []
    met = walk(begin, onwards)
    joined = {node for node in met if node.kind in _JOINS and len(diagram.incoming(node)) > 1}
    return {
        flow
        for flow in diagram.incoming(merge)
        if flow is branch or (flow.source in met - joined and flow.source is not merge)
    }
