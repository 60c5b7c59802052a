"""Fit a stored state to another revision's diagram, so that a running case can go on in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from bpmn.errors import N_, AlurError
from engine.program import Program
from engine.pruning import ALIVE
from engine.state import StepGone

_SPLIT: Final = ".BoundaryEventSplit"
_JOIN: Final = ".BoundaryEventJoin"
_CHILD: Final = " [child]"


class Entangled(AlurError):
    """More hangs on this step than can be carried over without losing something."""

    sentence = N_(
        "Langkah “%(step)s” sedang menunggu bersama cabang lain yang berubah. Selesaikan dahulu "
        "cabang itu, atau biarkan berkas ini pada revisinya."
    )


@dataclass(frozen=True)
class Graft:
    """A step to be opened anew in the new diagram, in the place of one that waited."""

    part: str | None
    before: str
    element: str
    step_id: str
    # The due time it had, and what that was reckoned from.
    clock: dict[str, Any]


@dataclass
class Line:
    """A stored token, by name; `up` is its parent's place in the list."""

    id: str
    name: str
    state: int
    up: int | None
    rest: list[Any]

    @property
    def is_alive(self) -> bool:
        return bool(self.state & ALIVE)

    @property
    def clock(self) -> dict[str, Any]:
        internal = self.rest[1] or {}
        is_due = isinstance(internal.get("event_value"), str)
        return {key: internal[key] for key in ("event_value", "span") if is_due and key in internal}


def fit(program: Program, stored: bytes, targets: Mapping[str, str]) -> tuple[bytes, list[Graft]]:
    """The state for the new diagram, and the steps to be opened anew in it."""
    document = orjson.loads(stored)
    grafts = _fit(document["flow"], program.spec, targets, None)
    for id, name, content in document["parts"]:
        if name not in program.parts:
            raise StepGone(step=name)
        grafts += _fit(content, program.parts[name], targets, id)
    return orjson.dumps(document), grafts


def _fit(
    content: dict[str, Any], spec: Any, targets: Mapping[str, str], part: str | None
) -> list[Graft]:
    lines = [Line(id, name, state, up, rest) for id, name, state, up, *rest in content["tokens"]]
    tops = dict(_misfits(lines, spec.task_specs, targets))
    grafts = [_graft(lines, top, element, spec, part) for top, element in tops.items()]
    cut = {place for top in tops for place in _below(lines, top)}
    kept = [
        place
        for place, line in enumerate(lines)
        if place not in cut and (line.name in spec.task_specs or _must_stay(line))
    ]
    content["tokens"] = [_written(lines, place, kept) for place in kept]
    content["last"] = None
    return grafts


def _misfits(
    lines: list[Line], specs: Mapping[str, Any], targets: Mapping[str, str]
) -> Iterator[tuple[int, str]]:
    """The waiting steps that the new diagram draws otherwise, and where each goes on."""
    for place, line in enumerate(lines):
        if not line.is_alive or _belongs_to_a_border(lines, place) or _is_end(line):
            continue
        element = line.name.removesuffix(_CHILD)
        target = targets.get(element, element)
        if target == element and _has_shape(lines, place, specs):
            continue
        if target not in specs:
            raise StepGone(step=element)
        if line.name.endswith(_CHILD) or not _stands_alone(lines, _top(lines, place), place):
            raise Entangled(step=element)
        yield _top(lines, place), target


def _belongs_to_a_border(lines: list[Line], place: int) -> bool:
    """A border's timers and joins come and go with their step."""
    line = lines[place]
    above = lines[line.up].name if line.up is not None else ""
    own = above.removesuffix(_SPLIT) if above.endswith(_SPLIT) else None
    return line.name.endswith(_JOIN) or (own is not None and line.name.removesuffix(_CHILD) != own)


def _has_shape(lines: list[Line], place: int, specs: Mapping[str, Any]) -> bool:
    """Does the new diagram draw this step with the same events at its border?"""
    line = lines[place]
    if line.name not in specs or not _comes_from_there(lines, place, specs):
        return False
    top = _top(lines, place)
    name = line.name.removesuffix(_CHILD) + _SPLIT
    if lines[top].name != name:
        return name not in specs
    drawn = {output.name for output in specs[name].outputs} if name in specs else set()
    return drawn == {below.name for below in lines if below.up == top}


def _comes_from_there(lines: list[Line], place: int, specs: Mapping[str, Any]) -> bool:
    """A token at a join counts by the flow it came over."""
    line = lines[place]
    spec = specs[line.name]
    if not hasattr(spec, "_is_enough") or line.up is None:
        return True
    return lines[line.up].name in {source.name for source in spec.inputs}


def _top(lines: list[Line], place: int) -> int:
    """The step with its repeat and the events at its border."""
    up = lines[place].up
    while up is not None and lines[up].name.removesuffix(_SPLIT) == _element(lines[place]):
        place, up = up, lines[up].up
    return place


def _element(line: Line) -> str:
    return line.name.removesuffix(_CHILD).removesuffix(_SPLIT)


def _stands_alone(lines: list[Line], top: int, place: int) -> bool:
    """Nothing else is alive in what would be cut, but the step and its own timers."""
    return all(
        not lines[below].is_alive or below == place or _belongs_to_a_border(lines, below)
        for below in _below(lines, top)
    )


def _below(lines: list[Line], top: int) -> Iterator[int]:
    found = {top}
    for place, line in enumerate(lines):  # parents stand before their children
        if line.up in found:
            found.add(place)
    yield from found


def _graft(lines: list[Line], top: int, element: str, spec: Any, part: str | None) -> Graft:
    step = next(place for place in sorted(_below(lines, top)) if lines[place].is_alive)
    before = lines[top].up
    while before is not None and lines[before].name not in spec.task_specs:
        before = lines[before].up
    clocks = (lines[place].clock for place in _below(lines, top))
    kept = next(filter(None, clocks), {})
    return Graft(part, lines[before or 0].id, element, lines[step].id, kept)


def _must_stay(line: Line) -> bool:
    if _is_end(line) or not line.is_alive:
        return False
    raise StepGone(step=line.name)


def _is_end(line: Line) -> bool:
    """The end join bears its process's name, which may have changed; it is made anew at the end."""
    return line.name.endswith(".EndJoin")


def _written(lines: list[Line], place: int, kept: list[int]) -> list[Any]:
    line = lines[place]
    up = line.up
    while up is not None and up not in kept:
        up = lines[up].up
    return [line.id, line.name, line.state, None if up is None else kept.index(up), *line.rest]
