"""One year of working time, laid out so that a bisection answers every question about it."""

from array import array
from bisect import bisect_left, bisect_right
from datetime import date

from engine.worktime.hours import Hours

# Ticks are microseconds on the office's own clock, so that a day is a plain division.
MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE
EPOCH = date(1970, 1, 1).toordinal()


class Year:
    """The working intervals of a year, and how much has been worked by the end of each."""

    __slots__ = ("days", "ends", "first", "starts", "total", "worked_by_end")

    def __init__(self, hours: Hours, year: int) -> None:
        self.starts = array("q")
        self.ends = array("q")
        self.worked_by_end = array("q")
        self.days = array("q")  # working days, counted from the epoch
        self.first = array("q")  # the first interval of each of them, and one past the last
        self.total = 0
        for ordinal in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()):
            self._append(ordinal - EPOCH, hours.intervals(date.fromordinal(ordinal)))
        self.first.append(len(self.starts))

    def _append(self, day: int, intervals: tuple[tuple[int, int], ...]) -> None:
        if not intervals:
            return
        self.days.append(day)
        self.first.append(len(self.starts))
        for start, end in intervals:
            self.starts.append(day * DAY + start * MINUTE)
            self.ends.append(day * DAY + end * MINUTE)
            self.total += (end - start) * MINUTE
            self.worked_by_end.append(self.total)

    def worked(self, tick: int) -> int:
        """How much of this year's working time has passed at an instant."""
        at = bisect_right(self.starts, tick) - 1
        return self.worked_by_end[at] - max(self.ends[at] - tick, 0) if at >= 0 else 0

    def reached(self, worked: int) -> int:
        """When that much has been worked: at the very end of an interval rather than later."""
        at = bisect_left(self.worked_by_end, worked)
        return self.ends[at] - (self.worked_by_end[at] - worked)

    def opening(self, tick: int) -> int | None:
        """The instant itself while the office is open, else when it opens next this year."""
        at = bisect_right(self.ends, tick)
        return max(tick, self.starts[at]) if at < len(self.ends) else None

    def days_until(self, day: int) -> int:
        """How many working days of this year there are up to and including a day."""
        return bisect_right(self.days, day)

    def on(self, index: int, time_of_day: int) -> int:
        """A time of day on a working day: in a break its end, outside hours the nearest one."""
        tick = self.days[index] * DAY + time_of_day
        for at in range(self.first[index], self.first[index + 1]):
            if tick <= self.ends[at]:
                return max(tick, self.starts[at])
        return self.ends[self.first[index + 1] - 1]
