"""Tell which arrows a case has gone along, from what was done and what that opened."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from bpmn import calls
from bpmn.arrows import BOXES, END, START, STEP, Arrows
from bpmn.expressions import BadExpression, compile
from bpmn.xml import BPMN, tag

_EITHER: Final = tag(BPMN, "exclusiveGateway")
_JOINS: Final = frozenset(tag(BPMN, name) for name in ("parallelGateway", "inclusiveGateway"))
# Between two steps of people; a file may chain thousands to break who follows them.
_LONGEST: Final = 150
_WAITS: Final = frozenset(
    tag(BPMN, name) for name in ("intermediateCatchEvent", "receiveTask", "eventBasedGateway")
)


@dataclass
class Deed:
    """Something that moved a case: its start, or a step that was done, and what that opened."""

    # None for the start of the case.
    step: str | None
    outcome: str | None = None
    opened: set[str] = field(default_factory=set)
    ended: bool = False


class Trails:
    """The arrows of one diagram, to be followed deed by deed."""

    def __init__(self, data: bytes) -> None:
        root = calls.read(data)
        processes = root.findall(tag(BPMN, "process"))
        self._arrows = [Arrows(process) for process in processes]

    def of(self, deeds: Iterable[Deed]) -> list[str]:
        """The ids of the sequence flows that these deeds went along, each once."""
        gone: dict[str, None] = {}
        for deed in deeds:
            for arrows in self._arrows:
                gone.update(dict.fromkeys(_Walk(arrows, deed).flows()))
        return list(gone)


class _Walk:
    """From one deed to what it opened, past whatever the engine does by itself."""

    def __init__(self, arrows: Arrows, deed: Deed) -> None:
        self._arrows, self._deed = arrows, deed
        self._seen: dict[str, list[str] | None] = {}

    def flows(self) -> Iterator[str]:
        for node in self._origins():
            for flow in self._chosen(node):
                yield from self._along(flow) or ()

    def _origins(self) -> list[etree._Element]:
        if self._deed.step is None:
            return [node for node in self._arrows.process if node.tag == START]
        node = self._arrows.nodes.get(self._deed.step)
        return [node] if node is not None and self._is_left(node) else []

    def _is_left(self, node: etree._Element) -> bool:
        """Of what is done for several, only the last one goes on."""
        repeats = node.find(tag(BPMN, "multiInstanceLoopCharacteristics")) is not None
        return not repeats or bool(self._deed.opened) or self._deed.ended

    def _along(self, flow: etree._Element) -> list[str] | None:
        """The arrows from here to where the case came to rest; None where it did not go."""
        id = flow.get("id", "")
        if id not in self._seen and len(self._seen) < _LONGEST:
            self._seen[id] = []  # a circle adds nothing
            target = self._arrows.target(flow)
            beyond = self._beyond(target) if target is not None else None
            self._seen[id] = None if beyond is None else [id, *beyond]
        return self._seen.get(id)

    def _beyond(self, node: etree._Element) -> list[str] | None:
        if node.tag == STEP:
            return [] if node.get("id") in self._deed.opened else None
        if node.tag == END:
            return self._out_of_the_box(node)
        flows = self._entered(node) or self._chosen(node)
        ways = self._ways(flows)
        if not ways and (node.tag in _JOINS or node.tag in _WAITS):
            return []  # it has come this far, and waits for the others
        return [id for way in ways for id in way] if ways else None

    def _ways(self, flows: list[etree._Element]) -> list[list[str]]:
        return [way for flow in flows if (way := self._along(flow)) is not None]

    def _entered(self, node: etree._Element) -> list[etree._Element]:
        starts = (each for each in node if each.tag == START) if node.tag in BOXES else ()
        return [flow for start in starts for flow in self._arrows.out_of(start)]

    def _out_of_the_box(self, end: etree._Element) -> list[str]:
        box = end.getparent()
        if box is None or box.tag not in BOXES or not self._is_left(box):
            return []
        return [id for way in self._ways(self._chosen(box)) for id in way]

    def _chosen(self, node: etree._Element) -> list[etree._Element]:
        """Which arrows were taken: behind a decision, the one that its outcome opens."""
        flows = self._arrows.out_of(node)
        if node.tag != _EITHER or len(flows) < 2:
            return flows
        opens = {flow: _opens(flow, self._deed.outcome) for flow in flows}
        certain = [flow for flow in flows if opens[flow]]
        possible = certain or [flow for flow in flows if opens[flow] is None]
        leading = [flow for flow in possible if self._leads_on(flow)]
        new = [flow for flow in leading if self._is_new(flow)]
        return (new or leading or certain)[:1]

    def _is_new(self, flow: etree._Element) -> bool:
        """Not back to where the way has come from."""
        target = self._arrows.target(flow)
        onward = self._arrows.out_of(target) if target is not None else []
        return not any(each.get("id") in self._seen for each in onward)

    def _leads_on(self, flow: etree._Element) -> bool:
        """Whether it leads to what was opened; to the end, where the case has ended."""
        steps = self._arrows.steps_through(flow)
        return bool(self._deed.opened.intersection(steps)) or (self._deed.ended and not steps)


def _opens(flow: etree._Element, outcome: str | None) -> bool | None:
    """Whether the outcome opens it; None where other data has its say, or for all the rest."""
    written = flow.find(tag(BPMN, "conditionExpression"))
    text = (written.text or "").strip() if written is not None else ""
    names: Mapping[str, object] = {"outcome": outcome}
    try:
        return bool(compile(text).evaluate(names)) if text else None
    except BadExpression:
        return None
