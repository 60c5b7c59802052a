"""When an office works, as its administrator wrote it: plain data, no arithmetic."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from engine.worktime import national

# Indonesia has kept these offsets, without daylight saving, since 1988.
ZONES = {
    "Asia/Jakarta": timedelta(hours=7),
    "Asia/Pontianak": timedelta(hours=7),
    "Asia/Makassar": timedelta(hours=8),
    "Asia/Jayapura": timedelta(hours=9),
}

# As people say it.
ABBREVIATIONS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}

Interval = tuple[int, int]
"""Opening and closing in minutes after midnight; a break is the gap between two intervals."""

Week = tuple[tuple[Interval, ...], ...]
"""Seven days, Monday first; a day without intervals is free."""

Range = tuple[date, date]
"""First and last day, both included."""


@dataclass(frozen=True)
class Period:
    """Days that follow a week of their own, such as Ramadan."""

    name: str
    ranges: tuple[Range, ...]
    week: Week
    # The ranges, by their first day, that somebody has confirmed: a month of Ramadan is reckoned
    # until it is decreed.
    confirmed: tuple[date, ...] = ()


@dataclass(frozen=True)
class DayOff:
    """A day off that an office or its kabupaten decreed."""

    day: date
    reason: str


@dataclass(frozen=True)
class WorkingDay:
    """A day worked by decree, at hours of its own or, without them, at the usual ones."""

    day: date
    reason: str
    intervals: tuple[Interval, ...] = ()


@dataclass(frozen=True)
class Hours:
    """Everything that decides whether an office is open."""

    zone: str
    week: Week
    periods: tuple[Period, ...] = ()
    national_holidays: bool = True
    cuti_bersama: bool = True
    days_off: tuple[DayOff, ...] = ()
    working_days: tuple[WorkingDay, ...] = ()

    @cached_property
    def days_per_week(self) -> int:
        """What one week of mutu baku waktu means here: five working days, or six."""
        return sum(1 for day in self.week if day)

    @cached_property
    def minutes_per_day(self) -> float:
        """How long a working day of an ordinary week is, one with another."""
        week = sum(end - start for day in self.week for start, end in day)
        return week / max(1, self.days_per_week)

    def intervals(self, day: date) -> tuple[Interval, ...]:
        decreed = self._working.get(day)
        if decreed:
            return decreed.intervals or self._usual(day)
        return () if self.holiday(day) else self._week_of(day)[day.weekday()]

    def holiday(self, day: date) -> str | None:
        """Why a day is free although its weekday is not, unless a decree makes it a working day."""
        if day in self._working:
            return None
        return self._off.get(day) or self._national(day.year).get(day)

    def note(self, day: date) -> str | None:
        """What is special about a day: the holiday's name, the decree's reason, the period."""
        if day in self._working:
            return self._working[day].reason
        period = self._period(day)
        return self.holiday(day) or (period.name if period else None)

    def _national(self, year: int) -> Mapping[date, str]:
        return national.days(year, self.national_holidays, self.cuti_bersama)

    def _usual(self, day: date) -> tuple[Interval, ...]:
        # A decreed Saturday in a five-day office has no hours of its own: it borrows those of the
        # first working day, not Friday's short ones.
        week = self._week_of(day)
        return week[day.weekday()] or next(hours for hours in week if hours)

    def _week_of(self, day: date) -> Week:
        period = self._period(day)
        return period.week if period else self.week

    def _period(self, day: date) -> Period | None:
        firsts, ranges = self._ranges
        at = bisect_right(firsts, day) - 1
        return ranges[at][1] if at >= 0 and day <= ranges[at][0] else None

    @cached_property
    def _ranges(self) -> tuple[list[date], list[tuple[date, Period]]]:
        """When the special periods begin, and with each its last day."""
        ranges = sorted(
            ((first, last, period) for period in self.periods for first, last in period.ranges),
            key=lambda entry: entry[0],
        )
        return [entry[0] for entry in ranges], [entry[1:] for entry in ranges]

    @cached_property
    def _off(self) -> dict[date, str]:
        return {entry.day: entry.reason for entry in self.days_off}

    @cached_property
    def _working(self) -> dict[date, WorkingDay]:
        return {entry.day: entry for entry in self.working_days}
