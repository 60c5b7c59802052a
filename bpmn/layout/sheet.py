"""Turn cells, ways and tracks into coordinates."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bpmn.layout import blocks, grid, routing, text, tracks
from bpmn.layout.blocks import Block, Sides
from bpmn.layout.model import Flow, Frame, Node, Scope
from bpmn.layout.routing import DOWN, UP, Line, Route, Routes
from bpmn.layout.shapes import Box, Edge, Picture, Point, Shape
from bpmn.layout.tracks import Stretch, Tracks

_HEADER: Final = 30  # the strip with the name of a pool or lane
_PITCH: Final = 12
_GUTTER: Final = 44
_OUTER_GUTTER: Final = 24
# Room for an arrowhead between a track and the step it points at; a border needs less.
_ARROW: Final = 20
_BORDER: Final = 14
_POOL: Final = 60
_BETWEEN_POOLS: Final = 50
_EMPTY_ROW: Final = 20
_SHORT_NAME: Final = 210
_ATTEMPTS: Final = 4


def draw(scope: Scope, task_width: int) -> Picture:
    """The finished drawing of a scope and all that is inside it."""
    inside = {node.id: draw(node.inside, task_width) for node in scope.nodes if node.inside}
    for node in scope.nodes:
        if node.id in inside:
            blocks.size_subprocess(node, inside[node.id])
    blocks.size(scope.nodes, task_width)
    cells = grid.place(scope)
    routes, shared = _ways(scope, cells)
    return _Sheet(scope, cells, routes, shared, inside).picture()


def _ways(scope: Scope, cells: grid.Grid) -> tuple[Routes, Tracks]:
    avoid: set[routing.Bend] = set()
    for _ in range(_ATTEMPTS):
        routes = routing.find(scope, cells, avoid)
        shared = tracks.share_out(routes)
        bad = tracks.hidden_bends(shared)
        if not bad - avoid:
            break
        avoid |= bad
    return routes, shared


class _Sheet:
    def __init__(
        self,
        scope: Scope,
        cells: grid.Grid,
        routes: Routes,
        shared: Tracks,
        inside: dict[str, Picture],
    ) -> None:
        self.scope = scope
        self.cells = cells
        self.routes = routes
        self.tracks = shared
        self.blocks = _blocks(scope, routes, inside)
        self.rows = routing.rows_of(routes.lines)
        depth = max((frame.depth for frame in scope.frames), default=-1)
        self.x = _Axis("down", self._widths(), self.tracks, (depth + 1) * _HEADER)
        self.y = _Axis("across", self._heights(), self.tracks, 0)

    # Measuring

    def _widths(self) -> list[_Span]:
        """Gutter, column, gutter, column … gutter."""
        columns = [_Span() for _ in range(self.cells.columns)]
        for block in self._placed():
            columns[self.cells.column[block.node.id]].hold(block.left, block.right)
        spans = [self._vertical_gutter(0)]
        for number, column in enumerate(columns, 1):
            spans += [column, self._vertical_gutter(2 * number)]
        return spans

    def _placed(self) -> list[Block]:
        return [block for block in self.blocks.values() if block.node.kind != "pool"]

    def _vertical_gutter(self, line: int) -> _Span:
        count = self.tracks.count.get(("down", line), 0)
        outer = line in (0, 2 * self.cells.columns)
        least = _OUTER_GUTTER if outer and not count else _GUTTER
        return _gutter(count, _ARROW, _ARROW, least)

    def _heights(self) -> list[_Span]:
        spans = [self._height(number, line) for number, line in enumerate(self.routes.lines)]
        for block in self._placed():
            row = self.rows[block.node.band, self.cells.row[block.node.id]]
            spans[row].hold(block.up, block.down)
        for frame in sorted(self.scope.frames, key=lambda frame: -frame.depth):
            self._stretch_to_name(frame, spans)
        self._part_pools(spans)
        return spans

    def _height(self, number: int, line: Line) -> _Span:
        if line.kind == "pool":
            return _Span(_POOL // 2, _POOL // 2)
        if line.kind == "row":
            return _Span(_EMPTY_ROW, _EMPTY_ROW)
        count = self.tracks.count.get(("across", number), 0)
        above = _BORDER if line.kind == "top" else _ARROW
        below = _BORDER if line.kind == "bottom" else _ARROW
        return _gutter(count, above, below, above + below if line.kind == "between" else _ARROW)

    def _stretch_to_name(self, frame: Frame, spans: list[_Span]) -> None:
        """The name runs along the header, in two lines at most."""
        own = [
            i for i, line in enumerate(self.routes.lines) if frame.first <= line.band <= frame.last
        ]
        missing = _name_height(frame.name) - sum(spans[i].size for i in own)
        if missing > 0 and not (frame.pool and len(own) == 1):
            spans[own[0]].before += (missing + 1) // 2
            spans[own[-1]].after += (missing + 1) // 2

    def _part_pools(self, spans: list[_Span]) -> None:
        firsts = {frame.first for frame in self.scope.frames if frame.pool and frame.first}
        for number, line in enumerate(self.routes.lines):
            if line.band in firsts:
                spans[number].gap = _BETWEEN_POOLS
                firsts.remove(line.band)

    # Drawing

    def picture(self) -> Picture:
        shapes = [self._frame(frame) for frame in self.scope.frames]
        edges = [self._edge(route) for route in self.routes.routes]
        for block in self._placed():
            at = self._anchor(block.node)
            shapes += [shape.moved(*at) for shape in block.shapes]
            edges += [edge.moved(*at) for edge in block.edges]
        bottom = self.y.end
        shapes += self._loose(bottom)
        edges += _links(self.scope.links, shapes, edges)
        width = max([self.x.end, *(shape.box.right for shape in shapes)])
        height = max([bottom, *(shape.box.bottom for shape in shapes)])
        return Picture(width, height, self._first_row(), shapes, edges)

    def _anchor(self, node: Node) -> Point:
        column = 2 * self.cells.column[node.id] + 1
        return self.x.middle(column), self.y.middle(self.rows[node.band, self.cells.row[node.id]])

    def _first_row(self) -> int:
        placed = self._placed()
        if not placed:
            return 0
        first = min(placed, key=lambda block: self.cells.column[block.node.id])
        return self._anchor(first.node)[1]

    def _frame(self, frame: Frame) -> Shape:
        own = [
            i for i, line in enumerate(self.routes.lines) if frame.first <= line.band <= frame.last
        ]
        x, y = frame.depth * _HEADER, self.y.start(own[0])
        box = Box(x, y, self.x.end - x, self.y.stop(own[-1]) - y)
        return Shape(frame.id, box, None, "participant" if frame.pool else "lane")

    def _lines(self, frame: Frame) -> list[int]:
        lines = enumerate(self.routes.lines)
        return [number for number, line in lines if frame.first <= line.band <= frame.last]

    def _loose(self, bottom: int) -> list[Shape]:
        """Notes and data that belong to nothing stand below it all."""
        x, shapes = _GUTTER, []
        for node in self.scope.loose:
            shape = blocks.loose(node)
            shapes.append(shape.moved(x, bottom + 40))
            x += max(shape.box.width, shape.label.width if shape.label else 0) + _GUTTER
        return shapes

    def _edge(self, route: Route) -> Edge:
        way = self.tracks.ways[route.flow.id]
        points = [
            *self._dock(route.source, route.flow.source, route.leaves, way[0]),
            *(self._corner(a, b) for a, b in pairwise(way)),
            *reversed(self._dock(route.target, route.flow.target, route.enters, way[-1])),
        ]
        return Edge(route.flow.id, _straightened(points), self._label(route))

    def _label(self, route: Route) -> Box | None:
        for node in (route.source, route.target):
            if route.flow.id in self.blocks[node.id].labels:
                return self.blocks[node.id].labels[route.flow.id].moved(*self._anchor(node))
        return None

    def _dock(self, node: Node, element: str, side: int, stretch: Stretch) -> list[Point]:
        """The point on the border; from beneath a step also the corner at the gutter."""
        if element != node.id:
            return self._dock_beneath(node, element, stretch)
        if node.kind == "pool":
            line = self.rows[node.band, 0]
            return [(self._place(stretch), self.y.start(line) if side == UP else self.y.stop(line))]
        x, y = self._anchor(node)
        dx, dy = self.blocks[node.id].dock(side)
        return [(self._place(stretch) if side in (UP, DOWN) else x + dx, y + dy)]

    def _dock_beneath(self, node: Node, element: str, stretch: Stretch) -> list[Point]:
        x, y = self._anchor(node)
        dx, dy = self.blocks[node.id].stubs[element, stretch.route.flow.message]
        return [(x + dx, y + dy), (x + dx, self._place(stretch))]

    def _corner(self, a: Stretch, b: Stretch) -> Point:
        first, second = self._place(a), self._place(b)
        return (second, first) if a.along[0] == "across" else (first, second)

    def _place(self, stretch: Stretch) -> int:
        direction, line = stretch.along
        axis = self.x if direction == "down" else self.y
        return axis.track(line, stretch.track)


@dataclass(slots=True)
class _Span:
    """The room of one line of the map: so much before its middle, so much after."""

    before: int = 0
    after: int = 0
    gap: int = 0  # outside it, before it
    inset: int | None = None  # of a gutter: from its start to the first track

    def hold(self, before: int, after: int) -> None:
        self.before, self.after = max(self.before, before), max(self.after, after)

    @property
    def size(self) -> int:
        return self.before + self.after


class _Axis:
    """Where the lines of one direction lie, and the tracks in them."""

    def __init__(self, direction: str, spans: list[_Span], shared: Tracks, start: int) -> None:
        self.direction = direction
        self.spans = spans
        self.shared = shared
        self.starts: list[int] = []
        for span in spans:
            start += span.gap
            self.starts.append(start)
            start += span.size
        self.end = start

    def start(self, line: int) -> int:
        return self.starts[line]

    def stop(self, line: int) -> int:
        return self.starts[line] + self.spans[line].size

    def middle(self, line: int) -> int:
        return self.starts[line] + self.spans[line].before

    def track(self, line: int, track: int) -> int:
        count = self.shared.count.get((self.direction, line))
        if count is None:
            # In the middle of cells: 0, then to the right and to the left by turns.
            return self.middle(line) + (track + 1) // 2 * (
                blocks.EVASION if track % 2 else -blocks.EVASION
            )
        return self.middle(line) + (2 * track - count + 1) * _PITCH // 2


def _gutter(count: int, before: int, after: int, least: int) -> _Span:
    """A gutter of so many tracks, which lie around its middle."""
    if not count:
        return _Span(least // 2, least - least // 2)
    half = (count - 1) * _PITCH // 2
    spare = max(least - before - after - 2 * half, 0)
    return _Span(before + half + spare // 2, after + half + spare // 2)


def _blocks(scope: Scope, routes: Routes, inside: dict[str, Picture]) -> dict[str, Block]:
    sides: dict[str, Sides] = defaultdict(Sides)
    for route in routes.routes:
        for node, side in ((route.source, route.leaves), (route.target, route.enters)):
            sides[node.id].flows[side].append(route.flow)
        # A flow is named where it leaves; what comes from an outside party, where it ends.
        outside = route.source.kind == "pool"
        if outside and route.flow.target == route.target.id:
            sides[route.target.id].named[route.enters].append(route.flow)
        elif not outside and route.flow.source == route.source.id:
            sides[route.source.id].named[route.leaves].append(route.flow)
    return {
        node.id: blocks.build(node, inside.get(node.id), sides[node.id]) for node in scope.nodes
    }


def _name_height(name: str) -> int:
    """One line if it is short, else two."""
    length = math.ceil(text.width(name, text.INSIDE)) + 16
    height = _POOL
    while height < length and (
        length <= _SHORT_NAME or len(text.wrap(name, height - 16, text.INSIDE)) > 2
    ):
        height += 10
    return height


def _straightened(points: list[Point]) -> tuple[Point, ...]:
    """Without points that bend nothing."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and _in_line(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return tuple(kept)


def _in_line(a: Point, b: Point, c: Point) -> bool:
    return a[0] == b[0] == c[0] or a[1] == b[1] == c[1]


def _links(links: list[Flow], shapes: list[Shape], edges: list[Edge]) -> list[Edge]:
    """Straight lines between notes or data and what they belong to."""
    boxes = {shape.id: shape.box for shape in shapes}
    boxes |= {edge.id: _middle(edge) for edge in edges}
    found = []
    for link in links:
        if link.source in boxes and link.target in boxes:
            a, b = boxes[link.source], boxes[link.target]
            found.append(Edge(link.id, (_towards(a, b), _towards(b, a))))
    return found


def _middle(edge: Edge) -> Box:
    (ax, ay), (bx, by) = edge.points[0], edge.points[1]
    return Box((ax + bx) // 2, (ay + by) // 2, 0, 0)


def _towards(box: Box, other: Box) -> Point:
    """The point on a border that is nearest to the other box's middle."""
    x, y = other.x + other.width // 2, other.y + other.height // 2
    if other.bottom <= box.y:
        return _within(x, box.x, box.right), box.y
    if other.y >= box.bottom:
        return _within(x, box.x, box.right), box.bottom
    return (box.x if x < box.x else box.right), _within(y, box.y, box.bottom)


def _within(value: int, low: int, high: int) -> int:
    return min(max(value, low + (high - low) // 4), high - (high - low) // 4)
