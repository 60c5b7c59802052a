"""Fit a stored state to another revision's diagram, so that a running case can go on in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from bpmn.errors import N_, AlurError
from engine.elements.borders import Border
from engine.elements.gateways import CountsTokens
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


Specs = Mapping[str, Any]


def fit(
    before: Program, after: Program, stored: bytes, targets: Mapping[str, str]
) -> tuple[bytes, list[Graft]]:
    """The state for the new diagram, and the steps to be opened anew in it."""
    document = orjson.loads(stored)
    old, new = before.spec.task_specs, after.spec.task_specs
    grafts = _fit(document["flow"], old, new, targets, None)
    for id, name, content in document["parts"]:
        if name not in after.parts:
            raise StepGone(step=name)
        old, new = before.parts[name].task_specs, after.parts[name].task_specs
        grafts += _fit(content, old, new, targets, id)
    return orjson.dumps(document), grafts


def _fit(
    content: dict[str, Any], old: Specs, new: Specs, targets: Mapping[str, str], part: str | None
) -> list[Graft]:
    lines = [Line(id, name, state, up, rest) for id, name, state, up, *rest in content["tokens"]]
    tops = dict(_misfits(lines, old, new, targets))
    grafts = [_graft(lines, top, element, new, part) for top, element in tops.items()]
    cut = {place for top in tops for place in _below(lines, top)}
    kept = [
        place
        for place, line in enumerate(lines)
        if place not in cut and (line.name in new or _must_stay(line))
    ]
    content["tokens"] = [_written(lines, place, kept) for place in kept]
    content["last"] = None
    return grafts


def _misfits(
    lines: list[Line], old: Specs, new: Specs, targets: Mapping[str, str]
) -> Iterator[tuple[int, str]]:
    """The waiting steps that the new diagram draws otherwise, and where each goes on."""
    for place, line in enumerate(lines):
        if not line.is_alive or _belongs_to_a_border(line, old) or _is_end(line):
            continue
        element = line.name.removesuffix(_CHILD)
        target = targets.get(element, element)
        if target == element and _has_shape(lines, place, old, new):
            continue
        if target not in new:
            raise StepGone(step=element)
        top = _top(lines, place)
        if line.name.endswith(_CHILD) or not _stands_alone(lines, top, place, old):
            raise Entangled(step=element)
        yield top, target


def _belongs_to_a_border(line: Line, old: Specs) -> bool:
    """A border's timers and joins come and go with their step."""
    return line.name.endswith(_JOIN) or isinstance(old.get(line.name), Border)


def _has_shape(lines: list[Line], place: int, old: Specs, new: Specs) -> bool:
    """Does the new diagram draw this step as the same, with the same events at its border?"""
    name = lines[place].name
    split = name.removesuffix(_CHILD) + _SPLIT
    return (
        type(new.get(name)) is type(old.get(name))
        and _drawn_at(split, new) == _drawn_at(split, old)
        and _comes_from_there(lines, place, new)
    )


def _drawn_at(split: str, specs: Specs) -> frozenset[str]:
    return frozenset(spec.name for spec in specs[split].outputs) if split in specs else frozenset()


def _comes_from_there(lines: list[Line], place: int, specs: Specs) -> bool:
    """A token at a join counts by the flow it came over."""
    line = lines[place]
    spec = specs[line.name]
    if not isinstance(spec, CountsTokens) or line.up is None:
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


def _stands_alone(lines: list[Line], top: int, place: int, old: Specs) -> bool:
    """Nothing else is alive in what would be cut, but the step and its own timers."""
    return all(
        not lines[below].is_alive or below == place or _belongs_to_a_border(lines[below], old)
        for below in _below(lines, top)
    )


def _below(lines: list[Line], top: int) -> Iterator[int]:
    found = {top}
    for place, line in enumerate(lines):  # parents stand before their children
        if line.up in found:
            found.add(place)
    yield from found


def _graft(lines: list[Line], top: int, element: str, new: Specs, part: str | None) -> Graft:
    step = next(place for place in sorted(_below(lines, top)) if lines[place].is_alive)
    before = lines[top].up
    while before is not None and lines[before].name not in new:
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
