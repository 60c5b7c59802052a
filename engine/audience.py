"""Who must know of what has just happened to a case: one rule for each kind of its history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from engine import sops
from engine.history import Entry
from engine.models import Task
from engine.notices import Telling

if TYPE_CHECKING:
    from engine.cases import Loaded


def of(loaded: Loaded, entries: Iterable[Entry]) -> list[Telling]:
    """What is to be told; whoever did it knows already."""
    entries = list(entries)
    happened = _Happened(loaded, entries)
    return [
        telling
        for entry in entries
        if (rule := _RULES.get(entry.kind)) is not None
        for telling in rule(happened, entry)
    ]


class _Happened:
    """One change of a case, as the rules look at it."""

    def __init__(self, loaded: Loaded, entries: list[Entry]) -> None:
        self.loaded = loaded
        self.tasks = {task.id: task for task in loaded.tasks.values()}
        # Nobody's deed, if the clock moved the case.
        self.by = next((entry.person_id for entry in entries if entry.person_id), None)
        self.went_back = any(self._is_way_back(entry) for entry in entries)

    def _is_way_back(self, entry: Entry) -> bool:
        if entry.kind != "completed" or not entry.detail:
            return False
        decision = sops.meaning(self.loaded.revision).step(entry.detail["step"]).decision
        ways = decision.outcomes if decision else ()
        return any(way.back and way.value == entry.detail["outcome"] for way in ways)

    def task(self, entry: Entry) -> Task:
        return self.tasks[entry.task_id or 0]


def _opened(happened: _Happened, entry: Entry) -> Iterator[Telling]:
    """Whoever holds its post, and those who are asked to take part."""
    task, by = happened.task(entry), happened.by
    kind = "sent back" if happened.went_back else "opened"
    yield Telling(kind, task.id, posts=[task.post_id], by=by, cause=f"{kind}-{task.id}")
    asked = [each["post_id"] for each in happened.loaded.invited if each["task_id"] == task.id]
    yield Telling("invited", task.id, posts=asked, by=by, cause=f"invited-{task.id}")


def _withdrawn(happened: _Happened, entry: Entry) -> Iterator[Telling]:
    """Nobody's step is taken from under her without a word."""
    task = happened.task(entry)
    yield Telling("withdrawn", task.id, persons=[task.claimed_by], by=happened.by)


def _stands_still(happened: _Happened, entry: Entry) -> Iterator[Telling]:
    """Whoever has a step in hand need not wonder why its clock stopped, or runs again."""
    for task in happened.tasks.values():
        if task.status == "claimed":
            yield Telling(entry.kind, task.id, persons=[task.claimed_by], by=happened.by)


def _ended(happened: _Happened, _: Entry) -> Iterator[Telling]:
    case = happened.loaded.case
    yield Telling("ended", persons=[case.started_by], by=happened.by, cause=f"ended-{case.id}")


_RULES: Final[Mapping[str, Callable[[_Happened, Entry], Iterator[Telling]]]] = {
    "opened": _opened,
    "withdrawn": _withdrawn,
    "suspended": _stands_still,
    "resumed": _stands_still,
    "ended": _ended,
}
