"""Put together what stands in one cell: a step, its timers, its labels, and where flows dock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from bpmn.layout import hanging, text
from bpmn.layout.hanging import CORNER, EVENT, GAP
from bpmn.layout.model import Flow, Node
from bpmn.layout.routing import DOWN, LEFT, RIGHT, UP
from bpmn.layout.shapes import Box, Edge, Picture, Point, Shape

GATEWAY: Final = 50
TASK_HEIGHT: Final = 80
TASK_WIDTHS: Final = (100, 120, 140, 160, 180)
_ALL_WIDTHS: Final = (*TASK_WIDTHS, 200, 220, 240)
NOTE_WIDTH: Final = 140
DATA: Final = (36, 50)

PADDING: Final = 20  # around the contents of a sub-process
PADDING_TOP: Final = 34
EVASION: Final = 16  # from one message to the next where they dock side by side
_EVENT_LABEL: Final = 90
_GATEWAY_LABEL: Final = 110
_FLOW_LABEL: Final = 100
_TEXT_PADDING: Final = 7
_ICON: Final = 28  # how far the icon in the corner reaches to the right
_CLEAR: Final = 27  # … and down; a timer reaches up less


@dataclass(slots=True)
class Sides:
    """The flows at each side of a step, and those whose names belong there."""

    flows: dict[int, list[Flow]] = field(default_factory=lambda: defaultdict(list))
    named: dict[int, list[Flow]] = field(default_factory=lambda: defaultdict(list))


@dataclass(slots=True)
class Block:
    """The contents of one cell, measured from the point where flows pass through."""

    node: Node
    shapes: list[Shape] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    labels: dict[str, Box] = field(default_factory=dict)  # of flows that leave here
    stubs: dict[tuple[str, bool], Point] = field(default_factory=dict)  # of what hangs beneath

    @property
    def boxes(self) -> list[Box]:
        of_shapes = [shape.label for shape in self.shapes if shape.label]
        of_edges = [edge.label for edge in self.edges if edge.label]
        drawn = [shape.box for shape in self.shapes]
        return [*drawn, *of_shapes, *of_edges, *self.labels.values()]

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

    def dock(self, side: int) -> Point:
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
            node.width = max(node.width, sum(hanging.least_width(b) for b in node.hanging))
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
    wider = (wide for wide in _ALL_WIDTHS if wide >= width and _reads_well(node.name, wide))
    node.width, node.height = next(wider, 0), TASK_HEIGHT
    if not node.width:
        node.width = max(width, TASK_WIDTHS[-1])
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
    return len(lines) == 3 and margins[0] > _ICON and margins[-1] > CORNER + EVENT


def build(node: Node, inside: Picture | None, sides: Sides) -> Block:
    """The block of a node, with room for the labels of what leaves it."""
    block = Block(node)
    box = Box(-(node.width // 2), -node.anchor, node.width, node.height)
    label = None
    if node.kind in ("event", "gateway") and node.name:
        label = _label_beside(node, box, set(sides.flows))
    block.shapes.append(Shape(node.id, box, label, node.type))
    if inside:
        block.shapes += [
            shape.moved(box.x + PADDING, box.y + PADDING_TOP) for shape in inside.shapes
        ]
        block.edges += [edge.moved(box.x + PADDING, box.y + PADDING_TOP) for edge in inside.edges]
    _hang(block, box)
    _stand(block, box)
    for side in (UP, DOWN):
        _label_vertical(block, box, side, sides)
    for side in (RIGHT, LEFT):
        _label_horizontal(block, box, side, sides)
    return block


def _label_beside(node: Node, box: Box, used: set[int]) -> Box:
    """Below, else above, else at the upper left: wherever no flow is."""
    limit = _EVENT_LABEL if node.kind == "event" else _GATEWAY_LABEL
    width, height = text.measure(node.name, limit)
    if DOWN not in used:
        return Box(-width // 2, box.bottom + GAP, width, height)
    if UP not in used:
        return Box(-width // 2, box.y - GAP - height, width, height)
    return Box(-width - GAP, box.y - height, width, height)


def _label_vertical(block: Block, box: Box, side: int, sides: Sides) -> None:
    """Right of the line, and of messages that run beside it; one name below the other."""
    flows = sides.flows[side]
    x = GAP + (len(flows) // 2 * EVASION if any(flow.message for flow in flows) else 0)
    y = box.bottom + GAP if side == DOWN else box.y - GAP
    for flow in sides.named[side]:
        if flow.name:
            width, height = text.measure(flow.name, _FLOW_LABEL)
            block.labels[flow.id] = Box(x, y if side == DOWN else y - height, width, height)
            y += height if side == DOWN else -height


def _label_horizontal(block: Block, box: Box, side: int, sides: Sides) -> None:
    """The first name above the line, others beneath; all clear of other labels."""
    below = 4
    for number, flow in enumerate(flow for flow in sides.named[side] if flow.name):
        width, height = text.measure(flow.name, _FLOW_LABEL)
        x = box.right + GAP if side == RIGHT else box.x - GAP - width
        label = _moved_clear(Box(x, below if number else -4 - height, width, height), side, block)
        block.labels[flow.id] = label
        below += height if number else 0


def _moved_clear(label: Box, side: int, block: Block) -> Box:
    """Farther out, past whatever label is in the way."""
    for other in sorted(block.boxes[1:], key=lambda box: box.x if side == RIGHT else -box.right):
        if label.overlaps(other):
            x = other.right + GAP if side == RIGHT else other.x - GAP - label.width
            label = Box(x, label.y, label.width, label.height)
    return label


def _hang(block: Block, box: Box) -> None:
    """Boundary events along the bottom edge, each in a slot with what follows from it."""
    boundaries = block.node.hanging
    spare = box.width - sum(hanging.least_width(boundary) for boundary in boundaries)
    x = box.x
    for boundary in boundaries:
        width = hanging.least_width(boundary) + spare // len(boundaries)
        slot = hanging.draw(boundary, Box(x, box.bottom, width, 0))
        block.shapes += slot.shapes
        block.edges += slot.edges
        block.labels |= slot.labels
        block.stubs |= slot.stubs
        x += width


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
