"""Share out each gutter: flows along it get tracks, ordered so that few of them cross."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, permutations

from bpmn.layout.routing import Bend, Route, Routes, evades, related

# Flows whose ends meet on one spot would be taken for one flow: worse than a crossing.
_COVERED = 4


@dataclass(slots=True, eq=False)
class Stretch:
    """One straight stretch of a way along a gutter, between two lines that cross the gutter."""

    route: Route
    along: tuple[str, int]  # ("across" or "down", which line)
    start: int
    end: int
    before: Stretch | None = None
    after: Stretch | None = None
    turns: tuple[int, int] = (0, 0)  # at its lower and its higher end: -1, 0 (a shape) or +1
    track: int = 0

    @property
    def low(self) -> int:
        return min(self.start, self.end)

    @property
    def high(self) -> int:
        return max(self.start, self.end)


@dataclass(slots=True)
class Tracks:
    """How many tracks each gutter needs, and every way as its stretches."""

    count: dict[tuple[str, int], int] = field(default_factory=dict)
    ways: dict[str, list[Stretch]] = field(default_factory=dict)
    lines: dict[tuple[str, int], list[Stretch]] = field(default_factory=lambda: defaultdict(list))


def share_out(routes: Routes) -> Tracks:
    """Tracks for all stretches that run along gutters."""
    tracks = Tracks(ways={route.flow.id: _stretches(route) for route in routes.routes})
    for way in tracks.ways.values():
        for stretch in way:
            tracks.lines[stretch.along].append(stretch)
    gutters = sorted(along for along in tracks.lines if _is_gutter(routes, along))
    # Where a stretch ends depends on the tracks of the gutters it meets: look twice.
    for _ in range(2):
        for direction in ("down", "across"):
            for along in gutters:
                if along[0] == direction:
                    tracks.count[along] = _order(tracks.lines[along], tracks)
    for along, stretches in tracks.lines.items():
        if along not in tracks.count and along[0] == "down":
            _spread(stretches)
    return tracks


def hidden_bends(tracks: Tracks) -> set[Bend]:
    """Where, for all the sharing out, one flow lies on another: bends to be taken elsewhere."""
    found = set()
    for along in tracks.count:
        for a, b in permutations(tracks.lines[along], 2):
            if a.track < b.track and not _related(a.route, b.route):
                found |= {(b.route.flow.id, _point(b, place)) for place in _facing(a, b, tracks)}
    return found


def _facing(a: Stretch, b: Stretch, tracks: Tracks) -> Iterator[int]:
    """The lines on which `a`, on the lower track, goes up and `b` goes down."""
    for place, turn in zip(_ends(a, tracks), a.turns, strict=True):
        for other, facing in zip(_ends(b, tracks), b.turns, strict=True):
            if place == other and turn == 1 and facing == -1:
                yield round(place)


def _point(stretch: Stretch, place: int) -> tuple[int, int]:
    direction, line = stretch.along
    return (place, line) if direction == "down" else (line, place)


def _spread(stretches: list[Stretch]) -> None:
    """In the middle of cells flows keep the middle, and messages evade them."""
    steady = [stretch for stretch in stretches if not _evades(stretch)]
    for stretch in stretches:
        if _evades(stretch):
            near = {
                other.track
                for other in steady
                if stretch.low < other.high and other.low < stretch.high
            }
            stretch.track = next(track for track in range(len(near) + 1) if track not in near)
            steady.append(stretch)


def _evades(stretch: Stretch) -> bool:
    return evades(stretch.route.flow, stretch.route.source, stretch.route.target)


def _is_gutter(routes: Routes, along: tuple[str, int]) -> bool:
    direction, line = along
    return line % 2 == 0 if direction == "down" else routes.lines[line].gutter


def _stretches(route: Route) -> list[Stretch]:
    way = [_stretch(route, *ends) for ends in pairwise(route.corners)]
    for before, after in pairwise(way):
        before.after, after.before = after, before
    for stretch in way:
        stretch.turns = _turns(stretch)
    return way


def _stretch(route: Route, a: tuple[int, int], b: tuple[int, int]) -> Stretch:
    if a[0] == b[0]:
        return Stretch(route, ("across", a[0]), a[1], b[1])
    return Stretch(route, ("down", a[1]), a[0], b[0])


def _turns(stretch: Stretch) -> tuple[int, int]:
    """Towards which side of the gutter the way goes on at either end."""
    line = stretch.along[1]
    first = _sign(stretch.before.start - line) if stretch.before else _hanging(stretch, 0)
    last = _sign(stretch.after.end - line) if stretch.after else _hanging(stretch, -1)
    return (first, last) if stretch.start < stretch.end else (last, first)


def _hanging(stretch: Stretch, end: int) -> int:
    """A way from or to an event that hangs beneath a step begins with a stub upwards."""
    route = stretch.route
    node, flow = (route.target, route.flow.target) if end else (route.source, route.flow.source)
    return 0 if node.id == flow else -1


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _order(stretches: list[Stretch], tracks: Tracks) -> int:
    """Set the tracks of one gutter; how many there are."""
    places = {stretch: _ends(stretch, tracks) for stretch in stretches}
    ordered = sorted(stretches, key=lambda s: (sum(s.turns), s.low, s.high))
    ordered = _settle(ordered, places)
    for number, stretch in enumerate(ordered):
        earlier = [other for other in ordered[:number] if _apart(other, stretch, tracks)]
        stretch.track = max((other.track + 1 for other in earlier), default=0)
    return max(stretch.track for stretch in ordered) + 1


def _apart(a: Stretch, b: Stretch, tracks: Tracks) -> bool:
    """Whether two stretches need tracks of their own."""
    if a.low > b.high or b.low > a.high:
        return False
    if not _related(a.route, b.route):
        return True
    return _blurs(a, b, tracks) or _blurs(b, a, tracks)


def _blurs(a: Stretch, b: Stretch, tracks: Tracks) -> bool:
    """Whether `a` would bend on `b` just where a third flow crosses, as if that one bent too."""
    for corner, neighbour in ((a.start, a.before), (a.end, a.after)):
        if neighbour and b.low < corner < b.high:
            for other in tracks.lines[neighbour.along]:
                crosses = other.low < a.along[1] < other.high
                if crosses and _related(other.route, a.route) and _stranger(other, b):
                    return True
    return False


def _stranger(a: Stretch, b: Stretch) -> bool:
    return a.route is not b.route and not _related(a.route, b.route)


def _related(a: Route, b: Route) -> bool:
    return related(a.flow, b.flow)


def _ends(stretch: Stretch, tracks: Tracks) -> tuple[float, float]:
    """Where a stretch begins and ends, to the track."""
    low = _meets(stretch.before if stretch.start < stretch.end else stretch.after, tracks)
    high = _meets(stretch.after if stretch.start < stretch.end else stretch.before, tracks)
    return stretch.low + low, stretch.high + high


def _meets(neighbour: Stretch | None, tracks: Tracks) -> float:
    if neighbour is None or neighbour.along not in tracks.count:
        return 0.0
    return (neighbour.track + 1) / (tracks.count[neighbour.along] + 1) - 0.5


def _settle(ordered: list[Stretch], places: dict[Stretch, tuple[float, float]]) -> list[Stretch]:
    """Take each stretch to the place among the others where it crosses least."""
    for _ in range(2):
        for stretch in list(ordered):
            ordered.remove(stretch)
            ordered.insert(_best_place(stretch, ordered, places), stretch)
    return ordered


def _best_place(
    stretch: Stretch, others: list[Stretch], places: dict[Stretch, tuple[float, float]]
) -> int:
    cost = sum(_crossings(stretch, other, places) for other in others)
    best, best_cost = 0, cost
    for number, other in enumerate(others, 1):
        cost += _crossings(other, stretch, places) - _crossings(stretch, other, places)
        if cost < best_cost:
            best, best_cost = number, cost
    return best


def _crossings(first: Stretch, second: Stretch, places: dict[Stretch, tuple[float, float]]) -> int:
    """What crosses if `first` has the lower track: its ends that turn up, the other's down."""
    return sum(_crossed(first, 1, second, places)) + sum(_crossed(second, -1, first, places))


def _crossed(
    stretch: Stretch, side: int, other: Stretch, places: dict[Stretch, tuple[float, float]]
) -> Iterator[int]:
    low, high = places[other]
    for place, turn in zip(places[stretch], stretch.turns, strict=True):
        if turn == side and low < place < high:
            yield 1
        elif turn == side and place in (low, high) and not _related(stretch.route, other.route):
            facing = other.turns[0 if place == low else 1]
            yield _COVERED if facing == -side else 0
