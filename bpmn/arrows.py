"""Follow the arrows of a diagram from step to step, past gateways and into sub-processes."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from lxml import etree

from bpmn.xml import BPMN, tag

STEP: Final = tag(BPMN, "userTask")
END: Final = tag(BPMN, "endEvent")
START: Final = tag(BPMN, "startEvent")
BOUNDARY: Final = tag(BPMN, "boundaryEvent")
BOXES: Final = frozenset(
    tag(BPMN, name) for name in ("subProcess", "transaction", "adHocSubProcess")
)


class Arrows:
    """Where one process leads, by the ids of its elements."""

    def __init__(self, process: etree._Element) -> None:
        self.process = process
        self.nodes = {node.get("id", ""): node for node in process.iter(f"{{{BPMN}}}*")}
        self._flows: dict[str, list[etree._Element]] = {}
        self._boundaries: dict[str, list[etree._Element]] = {}
        for flow in process.iter(tag(BPMN, "sequenceFlow")):
            self._flows.setdefault(_reference(flow, "sourceRef"), []).append(flow)
        for event in process.iter(BOUNDARY):
            self._boundaries.setdefault(_reference(event, "attachedToRef"), []).append(event)

    def out_of(self, node: etree._Element) -> list[etree._Element]:
        """The sequence flows that leave a node."""
        return self._flows.get(node.get("id", ""), [])

    def target(self, flow: etree._Element) -> etree._Element | None:
        """The node a sequence flow points at; `None` when it points at nothing."""
        return self.nodes.get(_reference(flow, "targetRef"))

    def boundaries(self, node: etree._Element) -> list[etree._Element]:
        """The events that sit on the border of a node."""
        return self._boundaries.get(node.get("id", ""), [])

    def first_steps(self) -> tuple[str, ...]:
        """The steps that a case opens with."""
        return self._steps(_starts(self.process))

    def steps_after(self, node: etree._Element) -> tuple[str, ...]:
        """The steps that may come next when the node is done."""
        return self._steps(self._following(node))

    def steps_through(self, flow: etree._Element) -> tuple[str, ...]:
        """The steps that this one arrow leads to."""
        return self._steps(self._targets([flow]))

    def met_after(self, node: etree._Element) -> Iterator[etree._Element]:
        """Every element that is met before and at the next steps."""
        return self._walk(self._following(node))

    def reached_from(self, steps: tuple[str, ...]) -> dict[str, int]:
        """How many steps away each step is, at least, the given ones being 0 away."""
        distance = dict.fromkeys(steps, 0)
        waiting = list(steps)
        for step in waiting:
            for following in self._any_after(self.nodes[step]):
                if following not in distance:
                    distance[following] = distance[step] + 1
                    waiting.append(following)
        return distance

    def _any_after(self, step: etree._Element) -> Iterator[str]:
        yield from self.steps_after(step)
        for event in self.boundaries(step):
            yield from self.steps_after(event)

    def _steps(self, entered: Iterable[etree._Element]) -> tuple[str, ...]:
        return tuple(node.get("id", "") for node in self._walk(entered) if node.tag == STEP)

    def _walk(self, entered: Iterable[etree._Element]) -> Iterator[etree._Element]:
        """What is met before and at the nearest steps; no recursion, a file may be endless."""
        waiting, seen = deque(entered), set[etree._Element]()
        while waiting:
            node = waiting.popleft()
            if node in seen:
                continue
            seen.add(node)
            yield node
            if node.tag != STEP:
                waiting.extend(_starts(node) or self._following(node))

    def _following(self, node: etree._Element) -> list[etree._Element]:
        box = node.getparent() if node.tag == END else None
        beyond = self._following(box) if box is not None and box.tag in BOXES else []
        return self._targets(self.out_of(node)) + beyond

    def _targets(self, flows: list[etree._Element]) -> list[etree._Element]:
        return [target for flow in flows if (target := self.target(flow)) is not None]


def _starts(box: etree._Element) -> list[etree._Element]:
    return [node for node in box if node.tag == START]


def _reference(element: etree._Element, name: str) -> str:
    return (element.get(name) or "").strip()
