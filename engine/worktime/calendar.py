"""Reckon in an office's working time: when a step is due, and how much of its time is left."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

from bpmn.durations import Duration
from engine.worktime import form
from engine.worktime.errors import OutsideCalendar, TooFar
from engine.worktime.hours import ZONES, Hours
from engine.worktime.year import DAY, EPOCH, MINUTE, Year

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_YEARS = 20

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Calendar:
    """An office's working time. Instants are aware and come back in UTC.

    An interval opens with its first instant and closes before its last: at 16:00 sharp the office
    is closed for what begins, yet what is due at 16:00 is due then and not next morning.
    """

    hours: Hours
    _years: dict[int, Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    @staticmethod
    def from_dict(written: Mapping[str, Any]) -> "Calendar":
        """Build the calendar a dict describes; offices with the same hours share one."""
        return _built(json.dumps(written, sort_keys=True, default=str))

    def to_dict(self) -> dict[str, Any]:
        return form.write(self.hours)

    # What is due when

    def add(self, start: datetime, duration: Duration) -> datetime:
        """When a step is due that was opened at `start`: weeks and days first, then minutes."""
        tick = self._tick(start)
        days = duration.weeks * self.hours.days_per_week + duration.days
        if days:
            tick = self._later_days(self._opening(tick), days)
        return self._instant(self._later(tick, duration.minutes * MINUTE))

    def back(self, end: datetime, work: timedelta) -> datetime:
        """When that much working time was still to come until `end`."""
        tick = self._tick(end)
        year = _year_of(tick)
        worked = self._table(year).worked(tick) - work // _MICROSECOND
        while worked < 0:
            year -= 1
            worked += self._table(year).total
        return self._instant(self._table(year).reached(worked))

    def resume(
        self,
        due: datetime,
        paused_at: datetime,
        resumed_at: datetime,
        duration: Duration | None = None,
    ) -> datetime:
        """Move a due time by a pause, so that what remained then remains now, even if negative.

        A step measured in minutes gains the working minutes of the pause. A step whose duration
        has days gains the working days of the pause at the same time of day, then the minutes
        that are over, though never more than one working day further.
        """
        tick, since, until = self._tick(due), self._tick(paused_at), self._tick(resumed_at)
        if duration is None or not (duration.weeks or duration.days):
            return self._instant(self._later(tick, max(self._worked(since, until), 0)))
        return self._instant(self._resumed_by_days(tick, self._opening(since), until))

    # How much lies between

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from one instant to another, negative if `end` comes first."""
        return self._worked(self._tick(start), self._tick(end)) * _MICROSECOND

    def remaining(self, now: datetime, due: datetime) -> int:
        """Whole working minutes left, negative once any working time has passed since `due`."""
        return self._worked(self._tick(now), self._tick(due)) // MINUTE

    def working_days_between(self, start: datetime, end: datetime) -> int:
        """Working days from one instant to another: what `add` of that many days spans."""
        since, until = self._tick(start), self._tick(end)
        if until < since:
            return -self._days(until, since)
        return self._days(since, until)

    def about(self, duration: Duration) -> timedelta:
        """What a duration comes to in working time, its days as long as ordinary ones."""
        days = duration.weeks * self.hours.days_per_week + duration.days
        return timedelta(minutes=days * self.hours.minutes_per_day + duration.minutes)

    # When it is open

    def next_opening(self, at: datetime) -> datetime:
        """When the clock of a step opened at `at` starts: at once, if the office is open."""
        return self._instant(self._opening(self._tick(at)))

    def is_open(self, at: datetime) -> bool:
        tick = self._tick(at)
        return self._year(tick).opening(tick) == tick

    def intervals(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """When the office works on a day; the gaps are breaks."""
        midnight = (day.toordinal() - EPOCH) * DAY
        return tuple(
            (self._instant(midnight + start * MINUTE), self._instant(midnight + end * MINUTE))
            for start, end in self.hours.intervals(day)
        )

    def opening(self, day: date) -> datetime | None:
        intervals = self.intervals(day)
        return intervals[0][0] if intervals else None

    def closing(self, day: date) -> datetime | None:
        intervals = self.intervals(day)
        return intervals[-1][1] if intervals else None

    def note(self, day: date) -> str | None:
        """What is special about a day, in words: a holiday's name, a decree's reason, Ramadan."""
        return self.hours.note(day)

    # The arithmetic, in ticks

    def _later(self, tick: int, work: int) -> int:
        if not work:
            return tick
        first = _year_of(tick)
        worked = self._table(first).worked(tick) + work
        for year in range(first, first + MOST_YEARS + 1):
            table = self._table(year)
            if worked <= table.total:
                return table.reached(worked)
            worked -= table.total
        raise TooFar(years=MOST_YEARS)

    def _later_days(self, tick: int, days: int) -> int:
        day, time_of_day = divmod(tick, DAY)
        first = _year_of(tick)
        index = self._table(first).days_until(day) - 1 + days
        for year in range(first, first + MOST_YEARS + 1):
            table = self._table(year)
            if index < len(table.days):
                return table.on(index, time_of_day)
            index -= len(table.days)
        raise TooFar(years=MOST_YEARS)

    def _resumed_by_days(self, due: int, since: int, until: int) -> int:
        if until <= since:
            return due
        days = self._days(since, until)
        if days and self._later_days(since, days) > until:
            days -= 1
        rest = self._worked(self._later_days(since, days) if days else since, until)
        moved = self._later_days(due, days) if days else due
        return min(self._later(moved, rest), self._later_days(due, days + 1))

    def _worked(self, since: int, until: int) -> int:
        if until < since:
            return -self._worked(until, since)
        first, last = _year_of(since), _year_of(until)
        whole = sum(self._table(year).total for year in range(first, last))
        return whole + self._table(last).worked(until) - self._table(first).worked(since)

    def _days(self, since: int, until: int) -> int:
        since = self._opening(since)
        if until <= since:
            return 0
        first, last = _year_of(since), _year_of(until)
        whole = sum(len(self._table(year).days) for year in range(first, last))
        before = self._table(first).days_until(since // DAY)
        return whole + self._table(last).days_until(until // DAY) - before

    def _opening(self, tick: int) -> int:
        first = _year_of(tick)
        for year in range(first, first + MOST_YEARS + 1):
            opening = self._table(year).opening(tick)
            if opening is not None:
                return opening
        raise TooFar(years=MOST_YEARS)

    def _year(self, tick: int) -> Year:
        return self._table(_year_of(tick))

    def _table(self, year: int) -> Year:
        table = self._years.get(year)
        if table is None:
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise OutsideCalendar(year=year, first=FIRST_YEAR, last=LAST_YEAR)
            # Two threads may both build it; they build the same.
            table = self._years[year] = Year(self.hours, year)
        return table

    def _tick(self, at: datetime) -> int:
        return (at - self._epoch) // _MICROSECOND

    def _instant(self, tick: int) -> datetime:
        return self._epoch + _MICROSECOND * tick

    @cached_property
    def _epoch(self) -> datetime:
        """The first instant of 1970 on the office's own clock, from which its ticks count."""
        return datetime(1970, 1, 1, tzinfo=UTC) - ZONES[self.hours.zone]


def _year_of(tick: int) -> int:
    return date.fromordinal(tick // DAY + EPOCH).year


# As many hours as a large province may know; each holds some 15 kB a year.
@lru_cache(maxsize=512)
def _built(text: str) -> Calendar:
    return Calendar(form.read(json.loads(text)))
