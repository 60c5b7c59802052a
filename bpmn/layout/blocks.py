"""Put together what stands in one cell: a step, its timers, its labels, and where flows dock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from bpmn.layout import text
from bpmn.layout.model import Boundary, Flow, Node
from bpmn.layout.routing import DOWN, LEFT, RIGHT, UP

EVENT: Final = 36
GATEWAY: Final = 50
TASK_HEIGHT: Final = 80
TASK_WIDTHS: Final = (100, 120, 140, 160, 180)
_WIDER: Final = (200, 220, 240)
NOTE_WIDTH: Final = 140
DATA: Final = (36, 50)

PADDING: Final = 20  # around the contents of a sub-process
PADDING_TOP: Final = 34
_GAP: Final = 6
_EVENT_LABEL: Final = 90
_GATEWAY_LABEL: Final = 110
_FLOW_LABEL: Final = 100
# From a boundary event down to the event it leads to: room to see the arrow.
_DROP: Final = 24
_CORNER: Final = 10  # round corners are no place for a boundary event
_TEXT_PADDING: Final = 7
_ICON: Final = 28  # how far the icon in the corner reaches to the right
_CLEAR: Final = 27  # … and down; a timer reaches up less


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; inside a block it is measured from the block's anchor."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    def moved(self, x: int, y: int) -> Box:
        return Box(self.x + x, self.y + y, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Shape:
    """A drawn element: where it is and where its label is."""

    id: str
    box: Box
    label: Box | None = None
    kind: str = ""

    def moved(self, x: int, y: int) -> Shape:
        label = self.label and self.label.moved(x, y)
        return Shape(self.id, self.box.moved(x, y), label, self.kind)


@dataclass(frozen=True, slots=True)
class Edge:
    """A drawn flow: its corners and where its label is."""

    id: str
    points: tuple[tuple[int, int], ...]
    label: Box | None = None

    def moved(self, x: int, y: int) -> Edge:
        points = tuple((px + x, py + y) for px, py in self.points)
        return Edge(self.id, points, self.label and self.label.moved(x, y))


@dataclass(slots=True)
class Picture:
    """A finished sheet, its upper left corner at 0, 0."""

    width: int
    height: int
    anchor: int  # where the first step's row runs: flows enter a sub-process at this height
    shapes: list[Shape]
    edges: list[Edge]


@dataclass(slots=True)
class Block:
    """The contents of one cell, measured from the point where flows pass through."""

    node: Node
    shapes: list[Shape] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    labels: dict[str, Box] = field(default_factory=dict)  # of flows that leave here
    stubs: dict[str, tuple[int, int]] = field(default_factory=dict)  # of what hangs beneath

    @property
    def boxes(self) -> list[Box]:
        around = [shape.label for shape in self.shapes if shape.label]
        return [shape.box for shape in self.shapes] + around + list(self.labels.values())

    @property
    def left(self) -> int:
        return -min(box.x for box in self.boxes)

    @property
    def right(self) -> int:
        return max(box.right for box in self.boxes)

    @property
    def up(self) -> int:
        return -min(box.y for box in self.boxes)

    @property
    def down(self) -> int:
        return max(box.bottom for box in self.boxes)

    def dock(self, side: int) -> tuple[int, int]:
        """Where a flow touches the step."""
        node = self.node
        return {
            RIGHT: (node.width // 2, 0),
            DOWN: (0, node.height - node.anchor),
            LEFT: (-(node.width // 2), 0),
            UP: (0, -node.anchor),
        }[side]


def size(nodes: Iterable[Node], task_width: int) -> None:
    """Set the width and height of steps, events and gateways."""
    for node in nodes:
        if node.kind == "task":
            _size_task(node, task_width)
        elif node.kind in ("event", "gateway"):
            node.width = node.height = EVENT if node.kind == "event" else GATEWAY
        for boundary in node.hanging:
            size((boundary.event, *boundary.chain), task_width)
        if node.kind in ("task", "subprocess"):
            node.width = max(node.width, sum(_slot_width(b) for b in node.hanging))
            node.width += node.width % 2
        if node.kind != "subprocess":
            node.anchor = node.height // 2


def size_subprocess(node: Node, inside: Picture) -> None:
    """Make an expanded sub-process fit its contents."""
    name, _ = text.measure(node.name, 200, text.INSIDE)
    node.width = max(inside.width, name, TASK_WIDTHS[0]) + 2 * PADDING
    node.width += node.width % 2
    # The marker of a repeated sub-process stands at the bottom, in the middle.
    bottom = 28 if node.marked else PADDING // 2
    node.height = PADDING_TOP + inside.height + bottom
    node.anchor = PADDING_TOP + inside.anchor


def _size_task(node: Node, width: int) -> None:
    # One long label among short ones does not widen all the others.
    wider = (wide for wide in (width, *_WIDER) if _reads_well(node.name, wide))
    node.width, node.height = next(wider, 0), TASK_HEIGHT
    if not node.width:
        node.width = max(width, _WIDER[0])
        lines = text.wrap(node.name, node.width - 2 * _TEXT_PADDING, text.INSIDE)
        tall = text.height(len(lines), text.INSIDE) + 2 * _CLEAR
        node.height = max(TASK_HEIGHT, tall + tall % 2)


def task_width(names: Iterable[str]) -> int:
    """One width for the tasks of a diagram: the smallest in which most labels read well."""
    wanted = set(names)
    misfits = {width: sum(not _reads_well(name, width) for name in wanted) for width in TASK_WIDTHS}
    enough = (width for width in TASK_WIDTHS if misfits[width] <= len(wanted) // 4)
    return next(enough, TASK_WIDTHS[-1])


def _reads_well(name: str, width: int) -> bool:
    """Two lines, or three that keep clear of the icon above and the timer below."""
    limit = width - 2 * _TEXT_PADDING
    lines = text.wrap(name, limit, text.INSIDE)
    if len(lines) < 3:
        return text.widest_word(name, text.INSIDE) <= limit
    margins = [(width - text.width(line, text.INSIDE)) / 2 for line in lines]
    return len(lines) == 3 and margins[0] > _ICON and margins[-1] > _CORNER + EVENT


def build(
    node: Node, inside: Picture | None, used: set[int], leaving: dict[int, list[Flow]]
) -> Block:
    """The block of a node; `used` are the sides with flows, `leaving` tells which leave where."""
    block = Block(node)
    box = Box(-(node.width // 2), -node.anchor, node.width, node.height)
    label = None
    if node.kind in ("event", "gateway") and node.name:
        label = _label_beside(node, box, used)
    block.shapes.append(Shape(node.id, box, label, node.type))
    if inside:
        block.shapes += [
            shape.moved(box.x + PADDING, box.y + PADDING_TOP) for shape in inside.shapes
        ]
        block.edges += [edge.moved(box.x + PADDING, box.y + PADDING_TOP) for edge in inside.edges]
    _hang(block, box)
    _stand(block, box)
    for side, flows in leaving.items():
        _label_flows(block, box, side, [flow for flow in flows if flow.name])
    return block


def _label_beside(node: Node, box: Box, used: set[int]) -> Box:
    """Below, else above, else at the upper left: wherever no flow is."""
    limit = _EVENT_LABEL if node.kind == "event" else _GATEWAY_LABEL
    width, height = text.measure(node.name, limit)
    if DOWN not in used:
        return Box(-width // 2, box.bottom + _GAP, width, height)
    if UP not in used:
        return Box(-width // 2, box.y - _GAP - height, width, height)
    return Box(-width - _GAP, box.y - height, width, height)


def _label_flows(block: Block, box: Box, side: int, flows: list[Flow]) -> None:
    """At the side where a flow leaves; several of one side one below the other."""
    taken = 0
    for number, flow in enumerate(flows):
        width, height = text.measure(flow.name, _FLOW_LABEL)
        if side in (RIGHT, LEFT):
            x = box.right + _GAP if side == RIGHT else box.x - _GAP - width
            y = 4 + taken if number else -4 - height
            taken += height if number else 0
        else:
            x = _GAP
            y = box.bottom + _GAP + taken if side == DOWN else box.y - _GAP - taken - height
            taken += height
        block.labels[flow.id] = Box(x, y, width, height)


def _hang(block: Block, box: Box) -> None:
    """Boundary events along the bottom edge, each in a slot with what follows from it."""
    hanging = block.node.hanging
    if not hanging:
        return
    spare = box.width - sum(_slot_width(boundary) for boundary in hanging)
    x = box.x
    for boundary in hanging:
        width = _slot_width(boundary) + spare // len(hanging)
        _hang_one(block, boundary, Box(x, box.bottom, width, 0))
        x += width


def _slot_width(boundary: Boundary) -> int:
    names = " ".join(event.name for event in (boundary.event, *boundary.chain[:1]))
    return _CORNER + EVENT + _GAP + max(text.widest_word(names), 8)


def _hang_one(block: Block, boundary: Boundary, slot: Box) -> None:
    at = Box(slot.x + _CORNER, slot.y - EVENT // 2, EVENT, EVENT)
    limit = slot.width - _CORNER - EVENT - _GAP
    label = _label_right(boundary.event.name, at, limit, slot.y + 4)
    block.shapes.append(Shape(boundary.event.id, at, label, "boundaryEvent"))
    block.stubs[boundary.event.id] = (at.x + EVENT // 2, at.bottom)
    floor = label.bottom + 4 if label else 0
    for number, (event, flow) in enumerate(zip(boundary.chain, boundary.flows, strict=True)):
        before, at = at, _following(at, number, floor)
        _add_chained(block, event, at, limit, floor, alone=len(boundary.chain) == 1)
        block.edges.append(Edge(flow.id, _between(before, at), _chain_label(flow, before, at)))


def _following(at: Box, number: int, floor: int) -> Box:
    if number:
        return at.moved(EVENT + 44, 0)
    return Box(at.x, max(at.bottom + _DROP, floor - EVENT // 2 + 7), EVENT, EVENT)


def _add_chained(
    block: Block, event: Node, at: Box, limit: int, floor: int, *, alone: bool
) -> None:
    if alone:
        _, height = text.measure(event.name, limit)
        label = _label_right(event.name, at, limit, max(floor, at.y + (EVENT - height) // 2))
    else:
        label = _label_below(event.name, at, EVENT + 36)
    block.shapes.append(Shape(event.id, at, label, event.type))
    block.stubs[event.id] = (at.x + EVENT // 2, at.bottom)


def _between(before: Box, at: Box) -> tuple[tuple[int, int], ...]:
    middle = EVENT // 2
    if before.x == at.x:
        return ((at.x + middle, before.bottom), (at.x + middle, at.y))
    return ((before.right, at.y + middle), (at.x, at.y + middle))


def _chain_label(flow: Flow, before: Box, at: Box) -> Box | None:
    if not flow.name:
        return None
    width, height = text.measure(flow.name, _EVENT_LABEL)
    return Box(at.x + EVENT // 2 + _GAP, (before.bottom + at.y - height) // 2, width, height)


def _label_right(name: str, at: Box, limit: int, y: int) -> Box | None:
    return Box(at.right + _GAP, y, *text.measure(name, limit)) if name else None


def _label_below(name: str, at: Box, limit: int) -> Box | None:
    if not name:
        return None
    width, height = text.measure(name, limit)
    return Box(at.x + (EVENT - width) // 2, at.bottom + _GAP, width, height)


def _stand(block: Block, box: Box) -> None:
    """Notes and data above the step, side by side."""
    notes = [loose(note) for note in block.node.notes]
    x = -sum(_whole(note).width + 20 for note in notes) // 2 + 10
    for note in notes:
        whole = _whole(note)
        block.shapes.append(note.moved(x - whole.x, box.y - 24 - whole.bottom))
        x += whole.width + 20


def loose(node: Node) -> Shape:
    """A note or a piece of data by itself, its label on top so that a line can leave below."""
    if node.kind == "note":
        width, height = text.measure(node.name, NOTE_WIDTH - 12, text.INSIDE)
        return Shape(node.id, Box(0, 0, max(width + 12, 60), max(height + 12, 30)), None, node.type)
    width, height = text.measure(node.name, _EVENT_LABEL)
    label = Box((DATA[0] - width) // 2, -height - 4, width, height) if node.name else None
    return Shape(node.id, Box(0, 0, *DATA), label, node.type)


def _whole(shape: Shape) -> Box:
    if shape.label is None:
        return shape.box
    x, y = min(shape.box.x, shape.label.x), min(shape.box.y, shape.label.y)
    right = max(shape.box.right, shape.label.right)
    return Box(x, y, right - x, max(shape.box.bottom, shape.label.bottom) - y)
