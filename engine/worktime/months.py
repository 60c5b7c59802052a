"""A year as a wall calendar shows it: twelve months of weeks, each day as what it is and why."""

from calendar import Calendar as Weeks
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from engine.worktime import national
from engine.worktime.hours import Hours, Interval


@dataclass(frozen=True)
class Day:
    """One day: `worked`, `period`, `extra`, `off`, `holiday`, `cuti` or `free`."""

    day: date
    kind: str
    intervals: tuple[Interval, ...]
    # A holiday's name, a decree's reason, a period's name.
    note: str | None


@dataclass(frozen=True)
class Month:
    """A month in weeks from Monday; what belongs to its neighbours is left out."""

    first: date
    weeks: list[list[Day | None]]

    @property
    def days(self) -> Iterator[Day]:
        return (day for week in self.weeks for day in week if day is not None)

    @property
    def worked(self) -> int:
        return sum(1 for day in self.days if day.intervals)

    @property
    def special(self) -> list[Day]:
        """The days that a wall calendar names beneath the month."""
        return [day for day in self.days if day.kind in ("extra", "off", "holiday", "cuti")]


def of_year(hours: Hours, year: int) -> list[Month]:
    return [_month(hours, date(year, number, 1)) for number in range(1, 13)]


def _month(hours: Hours, first: date) -> Month:
    weeks = Weeks().monthdatescalendar(first.year, first.month)
    return Month(
        first,
        [
            [_day(hours, day) if day.month == first.month else None for day in week]
            for week in weeks
        ],
    )


def _day(hours: Hours, day: date) -> Day:
    intervals = hours.intervals(day)
    return Day(day, _kind(hours, day, bool(intervals)), intervals, hours.note(day))


def _kind(hours: Hours, day: date, is_worked: bool) -> str:
    if any(entry.day == day for entry in hours.working_days):
        return "extra"
    if is_worked:
        return "period" if hours.note(day) else "worked"
    if any(entry.day == day for entry in hours.days_off):
        return "off"
    if hours.holiday(day):
        is_national = day in national.days(day.year, hours.national_holidays, False)
        return "holiday" if is_national else "cuti"
    return "free"


def minutes_a_week(week: tuple[tuple[Interval, ...], ...]) -> int:
    """What a week's hours come to, breaks apart."""
    return sum(end - start for day in week for start, end in day)
