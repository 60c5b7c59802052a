"""Find the way of every arrow through the cells of an SOP's table, past the symbols in it.

Each cell is nine points: a channel left and right of the symbol, a gutter above and below it.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

Point = tuple[int, int]
Edge = tuple[Point, Point]

CELL: Final = 3
_MOVES: Final = {"right": (1, 0), "left": (-1, 0), "down": (0, 1), "up": (0, -1)}
# An arrow leaves its symbol sideways or below, and enters the next one from above or the side.
_LEAVES: Final = ("down", "right", "left")
_ENTERS: Final = {"down": 0.0, "right": 2.0, "left": 2.0}
_BEND: Final = 4.0
_CROSSING: Final = 6.0
_OVERLAP: Final = 40.0
_GUTTER: Final = 0.4  # the middle of a cell is the better place for a line


class Place(NamedTuple):
    """A cell of the table."""

    row: int
    column: int

    @property
    def centre(self) -> Point:
        return self.column * CELL + 1, self.row * CELL + 1


@dataclass(frozen=True)
class Route:
    """The way of one arrow, and by which sides it leaves and arrives."""

    points: tuple[Point, ...]
    leaves: str
    arrives: str


@dataclass
class Sheet:
    """The cells, the symbols in them, and the arrows drawn so far."""

    columns: int
    taken: set[Point]
    _edges: dict[Edge, Place] = field(default_factory=dict)
    _points: set[Point] = field(default_factory=set)

    def joint(self, places: list[Place]) -> tuple[Point, ...]:
        """The plain line between those who do a step together."""
        centres = sorted(place.centre for place in places)
        (first, y), (last, _) = centres[0], centres[-1]
        points = tuple((x, y) for x in range(first, last + 1))
        self._draw(points, places[0])
        return points

    def route(self, source: Place, target: Place) -> Route | None:
        """The best way from one symbol to another; `None` when there is none left."""
        found = self._search(source.centre, target.centre, target)
        if found is not None:
            self._draw(found.points, target)
        return found

    def _draw(self, points: tuple[Point, ...], target: Place) -> None:
        for edge in _edges(points):
            self._edges[edge] = target
        self._points.update(points[1:-1])

    def _search(self, start: Point, goal: Point, target: Place) -> Route | None:
        rows = sorted((start[1] // CELL, goal[1] // CELL))
        bounds = (rows[0] * CELL, (rows[1] + 1) * CELL)
        came: dict[tuple[Point, str], tuple[Point, str] | None] = {(start, ""): None}
        waiting: list[tuple[float, int, Point, str]] = [(0.0, 0, start, "")]
        done: set[tuple[Point, str]] = set()
        best = {(start, ""): 0.0}
        while waiting:
            cost, _, point, heading = heapq.heappop(waiting)
            if (point, heading) in done:
                continue
            done.add((point, heading))
            if point == goal:
                return _route(came, (point, heading))
            for turn, to in self._ways(point, heading, start, goal, bounds):
                price = cost + self._price(point, to, heading, turn, goal, target)
                if price < best.get((to, turn), float("inf")):
                    best[to, turn] = price
                    came[to, turn] = (point, heading)
                    heapq.heappush(waiting, (price, len(best), to, turn))
        return None

    def _ways(
        self, point: Point, heading: str, start: Point, goal: Point, bounds: tuple[int, int]
    ) -> Iterator[tuple[str, Point]]:
        for turn in _LEAVES if point == start else _MOVES:
            dx, dy = _MOVES[turn]
            to = point[0] + dx, point[1] + dy
            inside = 0 <= to[0] < self.columns * CELL and bounds[0] <= to[1] < bounds[1]
            back = heading and (_MOVES[heading][0], _MOVES[heading][1]) == (-dx, -dy)
            blocked = to != goal and to in self.taken
            if inside and not back and not blocked and (to != goal or turn in _ENTERS):
                yield turn, to

    def _price(
        self, point: Point, to: Point, heading: str, turn: str, goal: Point, target: Place
    ) -> float:
        price = 1.0 + (_BEND if heading and heading != turn else 0)
        drawn = self._edges.get(_edge(point, to))
        if drawn is not None:
            # Two arrows to one symbol may end as one line, as on paper.
            price += 1.0 if drawn == target else _OVERLAP
        elif to in self._points:
            price += _CROSSING
        along = 1 if turn in ("left", "right") else 0
        if to[along] % CELL != 1:
            price += _GUTTER
        return price + (_ENTERS[turn] if to == goal else 0)


def _route(
    came: dict[tuple[Point, str], tuple[Point, str] | None], last: tuple[Point, str]
) -> Route:
    ways = [last]
    while (before := came[ways[-1]]) is not None:
        ways.append(before)
    ways.reverse()
    return Route(tuple(point for point, _ in ways), ways[1][1], ways[-1][1])


def _edge(one: Point, other: Point) -> Edge:
    return (one, other) if one <= other else (other, one)


def _edges(points: tuple[Point, ...]) -> Iterator[Edge]:
    return (_edge(*pair) for pair in pairwise(points))
