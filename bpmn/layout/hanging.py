"""What hangs beneath a step: its timers, and the escalations they raise."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from bpmn.layout import text
from bpmn.layout.model import Boundary, Flow, Node
from bpmn.layout.shapes import Box, Edge, Point, Shape

EVENT: Final = 36
GAP: Final = 6
CORNER: Final = 10  # round corners are no place for a boundary event
# From one event to the next: room to see the arrow.
_DROP: Final = 24
_STEP: Final = 44
_LABEL: Final = 90
_NARROW_LABEL: Final = 72


@dataclass(slots=True)
class Slot:
    """A boundary event with all that follows from it."""

    shapes: list[Shape] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    labels: dict[str, Box] = field(default_factory=dict)
    stubs: dict[tuple[str, bool], Point] = field(default_factory=dict)  # True: of messages


def least_width(boundary: Boundary) -> int:
    """How much of the step's bottom edge a boundary event needs."""
    beside = [boundary.event, *boundary.chain] if _alone(boundary) else [boundary.event]
    width = max(
        CORNER + EVENT + GAP + max(_longest_word(event.name) for event in beside),
        CORNER + EVENT // 2 + GAP + max(map(_longest_word, _names_of_flows(boundary)), default=0),
    )
    if _alone(boundary):
        return width
    last = max(EVENT, _narrow(boundary.chain[-1])[0])
    return max(width, _inset(boundary) + sum(_steps(boundary)) + (EVENT + last) // 2 + GAP)


def _names_of_flows(boundary: Boundary) -> list[str]:
    onwards = (flow.name for flows in boundary.onwards.values() for flow in flows)
    return [*(flow.name for flow in boundary.flows[:1]), *onwards]


def _longest_word(name: str) -> int:
    return max(text.narrowest(name), 8)


def draw(boundary: Boundary, room: Box) -> Slot:
    """Draw it into the room at the bottom edge."""
    slot = Slot()
    x = room.x + (CORNER if _alone(boundary) else _inset(boundary))
    at = Box(x, room.y - EVENT // 2, EVENT, EVENT)
    limit = room.x + room.width - at.right - GAP
    floor = _add(slot, boundary.event, at, limit, room.y + 4)
    if boundary.chain:
        first = _drop(slot, boundary.flows, at, floor, limit)
        if _alone(boundary):
            label = slot.edges[0].label
            floor = max(floor, label.bottom + 2) if label else floor
            _add_beside(slot, boundary.chain[0], first, limit, floor)
        else:
            _add_row(slot, boundary, first)
    for shape in slot.shapes:
        _label_onwards(slot, shape, boundary.onwards.get(shape.id, []), room)
    return slot


def _alone(boundary: Boundary) -> bool:
    """A single escalation has its label at its right; in a row labels stand below."""
    return len(boundary.chain) < 2


def _add(slot: Slot, event: Node, at: Box, limit: int, y: int) -> int:
    """An event with its label at its right; where the next label may begin."""
    label = Box(at.right + GAP, y, *text.measure(event.name, limit)) if event.name else None
    slot.shapes.append(Shape(event.id, at, label, event.type))
    slot.stubs |= _stubs(event, at)
    return label.bottom + 4 if label else y


def _stubs(event: Node, at: Box) -> dict[tuple[str, bool], Point]:
    """Flows go on from the lowest point; messages come to a boundary event beside that."""
    x, y = at.x + EVENT // 2, at.bottom
    aside = (x - 12, y - 5) if event.type == "boundaryEvent" else (x, y)
    return {(event.id, False): (x, y), (event.id, True): aside}


def _add_beside(slot: Slot, event: Node, at: Box, limit: int, floor: int) -> None:
    _, height = text.measure(event.name, limit)
    _add(slot, event, at, limit, max(floor, at.y + (EVENT - height) // 2))


def _drop(slot: Slot, flows: list[Flow], at: Box, floor: int, limit: int) -> Box:
    """The place beneath, joined by a straight flow; in a row labels of flows stand above it."""
    first, *others = flows
    y = max(at.bottom + _DROP, floor - EVENT // 2 + 7)
    label = None
    if first.name:
        size = text.measure(first.name, limit + EVENT // 2)
        label = Box(at.x + EVENT // 2 + GAP, max(floor, at.bottom + 2), *size)
        above = max((_measure(flow.name)[1] - EVENT // 2 + 4 for flow in others), default=0)
        y = max(y, label.bottom + max(above, 0) + GAP)
    x = at.x + EVENT // 2
    slot.edges.append(Edge(first.id, ((x, at.bottom), (x, y)), label))
    return Box(at.x, y, EVENT, EVENT)


def _add_row(slot: Slot, boundary: Boundary, first: Box) -> None:
    """One event after the other, to the right."""
    at = first
    places = [at := at.moved(step, 0) for step in (0, *_steps(boundary))]
    for event, place in zip(boundary.chain, places, strict=True):
        width, height = _narrow(event)
        label = Box(place.x + (EVENT - width) // 2, place.bottom + GAP, width, height)
        slot.shapes.append(Shape(event.id, place, label if event.name else None, event.type))
    y = first.y + EVENT // 2
    for flow, (before, after) in zip(boundary.flows[1:], pairwise(places), strict=True):
        width, height = _measure(flow.name)
        label = Box((before.right + after.x - width) // 2, y - 4 - height, width, height)
        points = ((before.right, y), (after.x, y))
        slot.edges.append(Edge(flow.id, points, label if flow.name else None))


def _steps(boundary: Boundary) -> list[int]:
    """From each event of a row to the next: as far as their labels and the flow's need."""
    pairs = zip(boundary.flows[1:], pairwise(boundary.chain), strict=True)
    return [
        max(
            EVENT + _STEP,
            EVENT + 2 * GAP + _measure(flow.name)[0],
            (_narrow(before)[0] + _narrow(after)[0]) // 2 + 2 * GAP,
        )
        for flow, (before, after) in pairs
    ]


def _inset(boundary: Boundary) -> int:
    """The label of the first event in a row reaches to the left too."""
    return max(CORNER, (_narrow(boundary.chain[0])[0] - EVENT) // 2 + 2)


def _label_onwards(slot: Slot, shape: Shape, flows: list[Flow], room: Box) -> None:
    """At the right of the line that goes on down."""
    x = shape.box.x + EVENT // 2 + GAP
    y = max(shape.box.bottom, shape.label.bottom if shape.label else 0) + 4
    for flow in flows:
        if flow.name:
            box = Box(x, y, *text.measure(flow.name, room.x + room.width - x))
            slot.labels[flow.id] = box
            y = box.bottom


def _measure(name: str) -> tuple[int, int]:
    return text.measure(name, _LABEL)


def _narrow(event: Node) -> tuple[int, int]:
    return text.measure(event.name, _NARROW_LABEL)
