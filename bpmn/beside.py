"""What can happen while a case waits at an element: in another branch, or in what runs beside."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bpmn.diagram import Diagram, Element, walk

_SPLITS: Final = frozenset({"parallelGateway", "inclusiveGateway"})
_LOOP: Final = "multiInstanceLoopCharacteristics"


@dataclass(frozen=True)
class _Fork:
    """Where a case goes several ways at once; `sure` are the ways that it always goes."""

    at: Element
    ways: tuple[Element, ...]
    sure: tuple[Element, ...]


class Beside:
    """The branches of a diagram, followed once for all the elements that are asked about."""

    def __init__(self, diagram: Diagram) -> None:
        self._diagram = diagram
        # What a case can come to without passing a fork.
        self._past: dict[Element, frozenset[Element]] = {}

    @cached_property
    def _forks(self) -> list[tuple[_Fork, dict[Element, frozenset[Element]]]]:
        return [(fork, _regions(self._diagram, fork)) for fork in _forks(self._diagram)]

    def possible(self, node: Element) -> frozenset[Element]:
        """All that may be done meanwhile, with what lies inside of sub-processes."""
        return self._meanwhile(node, surely=False)

    def certain(self, node: Element) -> frozenset[Element]:
        """What other branches come to for certain, unless a choice leads them past it."""
        return self._meanwhile(node, surely=True)

    def _meanwhile(self, node: Element, *, surely: bool) -> frozenset[Element]:
        found = set(self._diagram.inside(node))
        here = node
        while (box := self._diagram.box(here)) is not None:
            for fork, regions in self._forks:
                if self._diagram.box(fork.at) is box:
                    found |= self._in_others(here, fork, regions, surely=surely)
            near = self._diagram.inside(box)
            found.update(each for each in near if each.on_event or here.on_event)
            found.update(near if _is_done_by_several(box) else ())
            here = box
        return walk(found, self._diagram.inside)

    def _in_others(
        self,
        here: Element,
        fork: _Fork,
        regions: dict[Element, frozenset[Element]],
        *,
        surely: bool,
    ) -> set[Element]:
        own = [way for way in fork.ways if here in regions[way]]
        if not own or (surely and not (len(own) == 1 and self._only_through(fork, here))):
            return set()
        ways = fork.sure if surely else fork.ways
        # Whoever can come there by two branches can stand there twice.
        beside = [way for way in ways if way not in own or len(own) > 1]
        return set().union(*(regions[way] for way in beside))

    def _only_through(self, fork: _Fork, here: Element) -> bool:
        """Whoever comes here has been through the fork, also the first time."""
        if fork.at not in self._past:
            box = self._diagram.box(fork.at)
            gate = self._diagram.host(fork.at) or fork.at
            starts = self._diagram.starts(box) if box is not None else []
            self._past[fork.at] = _reached(self._diagram, starts, frozenset({gate}))
        return here not in self._past[fork.at]


def _forks(diagram: Diagram) -> Iterator[_Fork]:
    for node in diagram.nodes:
        ways = tuple(dict.fromkeys(diagram.targets(node)))
        if node.kind in _SPLITS and len(ways) > 1:
            yield _Fork(node, ways, ways if node.kind == "parallelGateway" else ())
        host = diagram.host(node) if node.kind == "boundaryEvent" else None
        if host is not None and not node.interrupts:
            # Whether the event ever happens nobody knows; the activity goes on in any case.
            yield _Fork(node, (host, *ways), (host,))


def _regions(diagram: Diagram, fork: _Fork) -> dict[Element, frozenset[Element]]:
    """What each way leads to, until the ways join again or come round to the fork."""
    whole = [_reached(diagram, [way], frozenset({fork.at})) for way in fork.ways]
    joins = frozenset(
        node
        for node in diagram.nodes
        if node.kind in _SPLITS
        and len(diagram.incoming(node)) > 1
        and sum(node in region for region in whole) > 1
    )
    return {way: _reached(diagram, [way], joins | {fork.at}) for way in fork.ways}


def _reached(
    diagram: Diagram, begin: list[Element], until: frozenset[Element]
) -> frozenset[Element]:
    return walk(
        [each for each in begin if each not in until],
        lambda node: [each for each in diagram.ahead(node) if each not in until],
    )


def _is_done_by_several(box: Element) -> bool:
    """At the same time, so that one may wait for what another does."""
    loop = box.find(_LOOP)
    return loop is not None and loop.get("isSequential", "false") not in ("true", "1")
