"""The days a report speaks of: a month, a quarter, half a year, a year, or any that are chosen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bpmn.errors import N_, AlurError

# How many months each kind has.
MONTHS: Final = {"month": 1, "quarter": 3, "half": 6, "year": 12}
LONGEST: Final = timedelta(days=5 * 366)
_FIRST_YEAR: Final = 2000


class PeriodError(AlurError):
    """Days that no report can speak of."""

    status = 422
    field = "first"


class NoDays(PeriodError):
    sentence = N_("Tulis tanggal pertama dan terakhir kurun ini, misalnya 2026-01-31.")


class Backwards(PeriodError):
    sentence = N_("Tanggal terakhir lebih awal daripada tanggal pertama. Tukar keduanya.")


class TooLong(PeriodError):
    sentence = N_("Kurun ini lebih dari lima tahun. Pilih yang lebih pendek.")


class TooFar(PeriodError):
    sentence = N_("Tahun %(year)s di luar yang dicatat Alur. Periksa tahunnya.")


@dataclass(frozen=True)
class Period:
    """From a first day to a last, both included, on each office's own calendar."""

    first: date
    last: date

    def months(self) -> list[date]:
        """The months it touches, by their first days."""
        months, month = [], self.first.replace(day=1)
        while month <= self.last:
            months.append(month)
            month = following(month)
        return months

    def whole_months(self) -> list[date]:
        """Those it holds from their first day to their last."""
        return [month for month in self.months() if self._holds(month)]

    def _holds(self, month: date) -> bool:
        return self.first <= month and following(month) <= self.last + timedelta(days=1)

    def edges(self) -> Iterator["Period"]:
        """The days before and after its whole months."""
        whole = self.whole_months()
        if not whole:
            yield self
            return
        if self.first < whole[0]:
            yield Period(self.first, whole[0] - timedelta(days=1))
        if following(whole[-1]) <= self.last:
            yield Period(following(whole[-1]), self.last)

    def core(self) -> "Period | None":
        """Its whole months as a period of their own."""
        whole = self.whole_months()
        return Period(whole[0], following(whole[-1]) - timedelta(days=1)) if whole else None

    def within(self, month: date) -> "Period":
        """Its days in one of its months."""
        end = following(month) - timedelta(days=1)
        return Period(max(self.first, month), min(self.last, end))

    def rounded(self) -> "Period":
        """The whole months around it."""
        months = self.months()
        return Period(months[0], following(months[-1]) - timedelta(days=1))

    def instants(self, zone: str) -> tuple[datetime, datetime]:
        """The first moment in it and the first after it, in a zone."""
        here = ZoneInfo(zone)
        begin = datetime.combine(self.first, datetime.min.time(), here)
        end = datetime.combine(self.last + timedelta(days=1), datetime.min.time(), here)
        return begin.astimezone(UTC), end.astimezone(UTC)


def following(month: date, count: int = 1) -> date:
    """The first day of the month so many later, or earlier."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def around(today: date, kind: str, back: int = 0) -> Period:
    """The whole month, quarter, half or year that today lies in, or one before it."""
    months = MONTHS[kind]
    start = date(today.year, (today.month - 1) // months * months + 1, 1)
    first = following(start, -back * months)
    return Period(first, following(first, months) - timedelta(days=1))


def chosen(first: date | None, last: date | None) -> Period:
    """Any days, if a report can speak of them."""
    if first is None or last is None:
        raise NoDays
    for day in (first, last):
        if not _FIRST_YEAR <= day.year <= _FIRST_YEAR + 100:
            raise TooFar(year=day.year)
    if last < first:
        raise Backwards
    if last - first > LONGEST:
        raise TooLong
    return Period(first, last)
