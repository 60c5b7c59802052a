"""Find each flow's way over the gutters between the cells, with few bends and few crossings.

The map is coarse: lines run along every gutter and through every row and column of cells, and a
way is a list of corners where lines meet. Which track of a gutter a flow takes is settled later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import Final, Literal

from bpmn.layout.grid import Grid
from bpmn.layout.model import Flow, Node, Scope

RIGHT: Final = 0
DOWN: Final = 1
LEFT: Final = 2
UP: Final = 3

Point = tuple[int, int]  # (horizontal line, vertical line)
Bend = tuple[str, Point]  # a flow's bend at a point

# Prices in pixels: so much longer may a way be to avoid it.
_BEND: Final = 50
_CROSSING: Final = 130
_NEAR_MISS: Final = 40
_SAME_GUTTER: Final = 8
_MERGE: Final = 60
_HIDDEN: Final = 3000
_THROUGH_POOL: Final = 1500
_BACK_BY_THE_RIGHT: Final = 150
_GUTTER: Final = 40

_NEVER: Final = 1 << 40

# What stands at a point of the map.
_FREE: Final = 0
_WALL: Final = 1
_POOL: Final = 2

# What it costs to leave by, or to enter from, the right, the bottom, the left and the top.
_Sides = tuple[int, int, int, int]
_LEAVING: Final[dict[str, _Sides]] = {
    "task": (0, 70, 260, 70),
    "subprocess": (0, 70, 260, 70),
    "event": (0, 70, 300, 70),
    "gateway": (0, 0, 200, 0),
    "pool": (_HIDDEN, 0, _HIDDEN, 0),
}
_ENTERING: Final[dict[str, _Sides]] = {
    "task": (260, 70, 0, 70),
    "subprocess": (260, 70, 0, 70),
    "event": (260, 50, 0, 50),
    "gateway": (200, 20, 0, 20),
    "pool": (_HIDDEN, 0, _HIDDEN, 0),
}
_MESSAGE: Final[_Sides] = (150, 0, 150, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """A horizontal line of the map: a gutter above or below rows, or a row of cells."""

    band: int
    row: int
    kind: Literal["top", "between", "bottom", "row", "pool"]

    @property
    def gutter(self) -> bool:
        return self.kind in ("top", "between", "bottom")


@dataclass(slots=True)
class Route:
    """A way as its corners, and the sides of the shapes it leaves and enters."""

    flow: Flow
    source: Node
    target: Node
    corners: list[Point]
    leaves: int
    enters: int


@dataclass(slots=True)
class Routes:
    """All ways over one map."""

    lines: list[Line]
    columns: int
    routes: list[Route] = field(default_factory=list)
    visited: int = 0


def find(scope: Scope, grid: Grid, avoid: Collection[Bend] = ()) -> Routes:
    """A way for every flow of the scope, without the bends that proved bad."""
    return _Router(scope, grid, avoid).run()


def lines_of(scope: Scope, grid: Grid) -> list[Line]:
    """Each lane: a gutter, then its rows with a gutter below each."""
    pools = {node.band for node in scope.nodes if node.kind == "pool"}
    lines = []
    for band, rows in enumerate(grid.rows):
        if band in pools:
            lines.append(Line(band, 0, "pool"))
            continue
        lines.append(Line(band, 0, "top"))
        for row in range(rows):
            lines.append(Line(band, row, "row"))
            lines.append(Line(band, row, "between" if row < rows - 1 else "bottom"))
    return lines


def rows_of(lines: list[Line]) -> dict[tuple[int, int], int]:
    """Which line runs through a row of a band."""
    return {(line.band, line.row): number for number, line in enumerate(lines) if not line.gutter}


@dataclass(slots=True)
class _Trip:
    """One flow on its way: where it may start and end, and at what price."""

    flow: Flow
    source: Node
    target: Node
    starts: list[int]
    goals: frozenset[int]
    leaving: _Sides
    entering: _Sides
    evades: bool
    path: list[int] = field(default_factory=list)
    span: int = 0


class _Router:
    def __init__(self, scope: Scope, grid: Grid, avoid: Collection[Bend]) -> None:
        self.grid = grid
        self.owners = scope.owners()
        self.lines = lines_of(scope, grid)
        self.rows = rows_of(self.lines)
        # A border of blocked points all around spares every bounds check.
        self.wide = 2 * grid.columns + 3
        self.steps = (1, self.wide, -1, -self.wide)
        self.scope = scope
        self.visited = 0
        self._measure()
        self._block()
        self.avoid = {(flow, self._point(*point)) for flow, point in avoid}
        self.trips = [self._trip(flow) for flow in scope.flows]
        self.segments: dict[int, list[_Trip]] = {}
        self.points: dict[int, list[tuple[_Trip, int]]] = {}

    def run(self) -> Routes:
        order = sorted(
            self.trips, key=lambda trip: (trip.flow.message, trip.span < 0, abs(trip.span))
        )
        for trip in order:
            self._travel(trip)
        # Whoever came first did not know of the others.
        for trip in order:
            self._forget(trip)
            self._travel(trip)
        routes = [self._route(trip) for trip in self.trips]
        return Routes(self.lines, self.grid.columns, routes, self.visited)

    # The map

    def _measure(self) -> None:
        """Rough places of the lines: enough to tell a long way from a short one."""
        widths, heights = [0] * self.grid.columns, dict.fromkeys(range(len(self.lines)), 0)
        for node in self.scope.nodes:
            if node.kind != "pool":
                column = self.grid.column[node.id]
                widths[column] = max(widths[column], node.width)
                line = self.rows[node.band, self.grid.row[node.id]]
                heights[line] = max(heights[line], node.height)
        across = [size for width in widths for size in (_GUTTER, max(width, 36))] + [_GUTTER]
        down = [
            _GUTTER if line.gutter else max(heights[i], 60) for i, line in enumerate(self.lines)
        ]
        self.x, self.y = _centres(across), _centres(down)

    def _block(self) -> None:
        tall = len(self.lines) + 2
        self.blocked = bytearray([_WALL] * (self.wide * tall))
        for i in range(len(self.lines)):
            for j in range(2 * self.grid.columns + 1):
                self.blocked[self._point(i, j)] = _FREE
        for node in self.scope.nodes:
            for point in self._cells(node):
                self.blocked[point] = _POOL if node.kind == "pool" else _WALL

    def _point(self, line: int, column_line: int) -> int:
        return (line + 1) * self.wide + column_line + 1

    def _cells(self, node: Node) -> list[int]:
        if node.kind == "pool":
            line = self.rows[node.band, 0]
            return [self._point(line, j) for j in range(2 * self.grid.columns + 1)]
        line = self.rows[node.band, self.grid.row[node.id]]
        return [self._point(line, 2 * self.grid.column[node.id] + 1)]

    def _trip(self, flow: Flow) -> _Trip:
        source, target = self.owners[flow.source], self.owners[flow.target]
        trip = _Trip(
            flow,
            source,
            target,
            self._docks(source, flow.source),
            frozenset(self._docks(target, flow.target)),
            _sides(source, flow.source, _MESSAGE if flow.message else _LEAVING[source.kind]),
            _sides(target, flow.target, _MESSAGE if flow.message else _ENTERING[target.kind]),
            evades(flow, source, target),
        )
        if "pool" not in (source.kind, target.kind):
            trip.span = self.grid.column[target.id] - self.grid.column[source.id]
        if trip.span < 0:
            # The right is for going on.
            right, down, left, up = trip.leaving
            trip.leaving = right + _BACK_BY_THE_RIGHT, down, left, up
        return trip

    def _docks(self, node: Node, element: str) -> list[int]:
        """What hangs beneath a step is reached from the gutter below."""
        cells = self._cells(node)
        return cells if element == node.id else [cell + self.wide for cell in cells]

    # The way

    def _travel(self, trip: _Trip) -> None:
        trip.path = self._search(trip)
        for a, b in zip(trip.path, trip.path[1:], strict=False):
            self.segments.setdefault(self._segment(a, b), []).append(trip)
        for at, shape in self._shapes(trip):
            self.points.setdefault(at, []).append((trip, shape))

    def _forget(self, trip: _Trip) -> None:
        for a, b in zip(trip.path, trip.path[1:], strict=False):
            self.segments[self._segment(a, b)].remove(trip)
        for at, shape in self._shapes(trip):
            self.points[at].remove((trip, shape))

    def _segment(self, a: int, b: int) -> int:
        return min(a, b) * 2 + (abs(a - b) != 1)

    def _shapes(self, trip: _Trip) -> Iterator[tuple[int, int]]:
        """How a way passes each point: 0 straight across, 1 straight down, 2 with a bend."""
        path = trip.path
        for before, at, after in zip(path, path[1:], path[2:], strict=False):
            straight = at - before == after - at
            yield at, (int(abs(after - at) != 1) if straight else 2)

    def _search(self, trip: _Trip) -> list[int]:
        """A* over (point, heading); the way as points, from the source's to the target's."""
        best = {
            point * 4 + heading: trip.leaving[heading]
            for point in trip.starts
            for heading in range(4)
        }
        came: dict[int, int] = {}
        done: set[int] = set()
        queue = [
            (cost + self._ahead(state // 4, trip), state, cost) for state, cost in best.items()
        ]
        heapify(queue)
        arrived = len(self.blocked) * 4
        while queue:
            _, state, cost = heappop(queue)
            if state >= arrived:
                self.visited += len(done)
                return _unwind(state, came, len(self.blocked))
            if state in done:
                continue
            done.add(state)
            for following, price, ahead in self._moves(trip, state, cost, state not in came):
                if price < best.get(following, _NEVER):
                    best[following] = price
                    came[following] = state
                    heappush(queue, (price + ahead, following, price))
        raise AssertionError("gutters reach every cell")

    def _moves(
        self, trip: _Trip, state: int, cost: int, first: bool
    ) -> Iterator[tuple[int, int, int]]:
        """The states one step ahead, their price, and what at least remains."""
        point, heading = divmod(state, 4)
        # A way leaves its source straight on, in whatever direction that is.
        for turn in (0,) if first else (0, 1, 3):
            towards = (heading + turn) & 3
            at = point + self.steps[towards]
            blocked = self.blocked[at]
            if at in trip.goals:
                # Entered heading right means entered from the left.
                entering = trip.entering[(towards + 2) & 3]
                price = cost + self._price(trip, point, at, towards, bool(turn)) + entering
                yield (len(self.blocked) + at) * 4 + towards, price, 0
            elif blocked != _WALL:
                price = cost + self._price(trip, point, at, towards, bool(turn))
                price += _THROUGH_POOL if blocked == _POOL else 0
                yield at * 4 + towards, price, self._ahead(at, trip)

    def _ahead(self, point: int, trip: _Trip) -> int:
        """Never more than what remains."""
        y, x = self._place(point)
        if trip.target.kind == "pool":
            return abs(y - self.y[self.rows[trip.target.band, 0]])
        goal_y, goal_x = self._place(next(iter(trip.goals)))
        down, across = abs(y - goal_y), abs(x - goal_x)
        return down + across + (_BEND if down and across else 0)

    def _place(self, point: int) -> tuple[int, int]:
        line, column_line = divmod(point, self.wide)
        return self.y[line - 1], self.x[column_line - 1]

    def _price(self, trip: _Trip, point: int, at: int, towards: int, turns: bool) -> int:
        (y, x), (to_y, to_x) = self._place(point), self._place(at)
        price = abs(y - to_y) + abs(x - to_x)
        if turns:
            price += _HIDDEN if (trip.flow.id, point) in self.avoid else _BEND
        for other in self.segments.get(self._segment(point, at), ()):
            price += self._beside(trip, other, point, at)
        for other, shape in self.points.get(point, ()):
            price += self._meeting(trip, other, point, 2 if turns else towards & 1, shape)
        return price

    def _beside(self, trip: _Trip, other: _Trip, point: int, at: int) -> int:
        """Two flows along the same line: gutters have tracks, the middle of a cell has none."""
        if not _related(trip, other):
            down = abs(at - point) != 1
            evades = down and (trip.evades or other.evades)
            return _SAME_GUTTER if evades or self._in_gutter(point, at) else _HIDDEN
        # Paid once, at the shape where they part or join.
        return _MERGE if at in trip.goals or point in trip.starts else 0

    def _in_gutter(self, point: int, at: int) -> bool:
        line, column_line = divmod(point, self.wide)
        return self.lines[line - 1].gutter if abs(at - point) == 1 else column_line % 2 == 1

    def _meeting(self, trip: _Trip, other: _Trip, point: int, shape: int, others: int) -> int:
        if _related(trip, other):
            return 0
        line, column_line = divmod(point, self.wide)
        bends = 2 in (shape, others)
        if bends:
            in_cell = column_line % 2 == 0 and not self.lines[line - 1].gutter
            return _HIDDEN if in_cell else _NEAR_MISS
        return _CROSSING if shape != others else 0

    def _route(self, trip: _Trip) -> Route:
        path = trip.path
        leaves = self.steps.index(path[1] - path[0])
        enters = (self.steps.index(path[-1] - path[-2]) + 2) & 3
        corners = [
            at
            for before, at, after in zip(path, path[1:], path[2:], strict=False)
            if at - before != after - at
        ]
        points = [divmod(at - self.wide - 1, self.wide) for at in (path[0], *corners, path[-1])]
        return Route(trip.flow, trip.source, trip.target, points, leaves, enters)


def _sides(node: Node, element: str, prices: _Sides) -> _Sides:
    """What hangs below or stands above a step closes that side."""
    if element != node.id:
        return 0, _HIDDEN, 0, _HIDDEN
    right, down, left, up = prices
    return right, _HIDDEN if node.hanging else down, left, _HIDDEN if node.notes else up


def related(flow: Flow, other: Flow) -> bool:
    """Flows that part from or join in one shape may share their first or last stretch."""
    if flow.message or other.message:
        return False
    return (flow.source == other.source) != (flow.target == other.target)


def evades(flow: Flow, source: Node, target: Node) -> bool:
    """A message between flat edges need not dock in their middle: it can run beside another."""
    flat = ("task", "subprocess", "pool")
    return flow.message and source.kind in flat and target.kind in flat


def _related(trip: _Trip, other: _Trip) -> bool:
    return related(trip.flow, other.flow)


def _centres(sizes: list[int]) -> list[int]:
    places, edge = [], 0
    for size in sizes:
        places.append(edge + size // 2)
        edge += size
    return places


def _unwind(state: int, came: dict[int, int], size: int) -> list[int]:
    path = [state // 4 - size]
    while state in came:
        state = came[state]
        path.append(state // 4)
    return path[::-1]
