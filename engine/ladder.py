"""Who hears of what is late, and when: level by level, in the office's working time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bpmn import durations
from bpmn.durations import BadDuration, Duration
from bpmn.errors import N_, AlurError
from engine.models import Office, Sop, Task
from engine.worktime import Calendar

# 1 whoever has it, 2 her superior, 3 the camat, 4 the kabupaten's supervisor.
LEVELS: Final = (1, 2, 3, 4)
USUAL: Final[Mapping[str, str]] = {"2": "PT4H", "3": "P1D", "4": "P2D", "floor": ""}
# To put two intervals in order; what a day is in truth is for the calendar.
_DAY: Final = 450
LONGEST: Final = Duration(weeks=12)


class LadderError(AlurError):
    """A rule that cannot be kept; `field` is the one to mend."""

    status = 422

    def __init__(self, field: str, **facts: object) -> None:
        super().__init__(**facts)
        self.field = field


class BadInterval(LadderError):
    sentence = N_(
        "“%(text)s” bukan lama waktu kerja. Tulis misalnya 30 menit, 4 jam, 1 hari atau 1 hari "
        "4 jam; kosongkan bila tidak dipakai."
    )


class TooLong(LadderError):
    sentence = N_("Paling lama %(longest)s; lebih dari itu tidak ada lagi yang mendengar.")


class OutOfOrder(LadderError):
    sentence = N_("Tingkat %(level)s harus sesudah tingkat sebelumnya (%(before)s).")


@dataclass(frozen=True)
class Ladder:
    """After how much working time past the due time each level hears; None: it never does."""

    intervals: Mapping[int, Duration | None]
    # A step of minutes is nobody's alarm before it was open for so long.
    floor: Duration | None

    def reached(self, calendar: Calendar, task: Task, due_at: datetime) -> Iterator["Reached"]:
        """When each level hears of this step, in order."""
        first = due_at
        if self.floor is not None:
            first = max(first, calendar.add(task.opened_at, self.floor))
        yield Reached(1, first)
        for level in LEVELS[1:]:
            interval = self.intervals[level]
            if interval is not None:
                yield Reached(level, max(first, calendar.add(due_at, interval)))

    def written(self) -> dict[str, str]:
        known = {str(level): each.iso if each else "" for level, each in self.intervals.items()}
        return {**known, "floor": self.floor.iso if self.floor else ""}


@dataclass(frozen=True)
class Reached:
    """A level, and when it hears."""

    level: int
    at: datetime


def of(office: Office, sop: Sop | None = None) -> Ladder:
    """The SOP's own ladder, else its office's, else the usual one."""
    return read((sop.ladder if sop is not None else None) or office.ladder)


def read(written: Mapping[str, Any]) -> Ladder:
    """The rules as they are kept or typed, or the error that names the field to mend."""
    texts = {**USUAL, **{key: str(text).strip() for key, text in written.items()}}
    parts = {key: _duration(key, texts[key]) for key in USUAL}
    intervals = {level: parts[str(level)] for level in LEVELS[1:]}
    _refuse_disorder(intervals)
    return Ladder(intervals, parts["floor"])


def _duration(field: str, text: str) -> Duration | None:
    if not text:
        return None
    try:
        found = durations.spoken(text) or durations.parse(text)
    except BadDuration as wrong:
        raise BadInterval(field, text=text[:40]) from wrong
    if _length(found) > _length(LONGEST):
        raise TooLong(field, longest=LONGEST.words)
    return found


def _refuse_disorder(intervals: Mapping[int, Duration | None]) -> None:
    before: Duration | None = None
    for level, interval in intervals.items():
        if interval is None:
            continue
        if before is not None and _length(interval) <= _length(before):
            raise OutOfOrder(str(level), level=level, before=before.words)
        before = interval


def _length(interval: Duration) -> int:
    return (interval.weeks * 5 + interval.days) * _DAY + interval.minutes
