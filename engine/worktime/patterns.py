"""Hours to begin with: what the regulations say, for an administrator to confirm or change."""

from datetime import date
from typing import NamedTuple

from engine.worktime import values
from engine.worktime.calendar import Calendar
from engine.worktime.hours import Hours, Interval, Period, Range, Week


class Ramadan(NamedTuple):
    """A month of Ramadan; not yet decreed means reckoned, and may shift by a day."""

    hijri: int
    first: date
    last: date
    decreed: bool


# First days as the sidang isbat decreed them (1446 is a day earlier than in the MABIMS table);
# from 1448 on as reckoned by MABIMS. The last day is the eve of Idul Fitri.
RAMADAN = (
    Ramadan(1445, date(2024, 3, 12), date(2024, 4, 9), decreed=True),
    Ramadan(1446, date(2025, 3, 1), date(2025, 3, 30), decreed=True),
    Ramadan(1447, date(2026, 2, 19), date(2026, 3, 20), decreed=True),
    Ramadan(1448, date(2027, 2, 8), date(2027, 3, 9), decreed=False),
    Ramadan(1449, date(2028, 1, 28), date(2028, 2, 26), decreed=False),
    Ramadan(1450, date(2029, 1, 16), date(2029, 2, 14), decreed=False),
    Ramadan(1451, date(2030, 1, 6), date(2030, 2, 3), decreed=False),
    Ramadan(1452, date(2030, 12, 26), date(2031, 1, 24), decreed=False),
)


def perpres(zone: str) -> Calendar:
    """Perpres 21/2023: 37.5 hours a week, 32.5 in Ramadan; where it leaves the break open, noon."""
    return _calendar(
        zone,
        # 4 × 7.5 h + 7.5 h = 37.5 h
        week=_five_days(_day("07:30-12:00 13:00-16:00"), _day("07:30-11:30 13:00-16:30")),
        # 4 × 6.5 h + 6.5 h = 32.5 h
        ramadan=_five_days(_day("08:00-12:00 12:30-15:00"), _day("08:00-11:30 12:30-15:30")),
    )


def banjar() -> Calendar:
    """Kabupaten Banjar, Perbup 40/2024; the ordinary Friday and breaks are those of the Perpres."""
    return _calendar(
        "Asia/Makassar",
        # 4 × 7.5 h + 7.5 h = 37.5 h
        week=_five_days(_day("07:30-12:00 13:00-16:00"), _day("07:30-11:30 13:00-16:30")),
        # 4 × 6.5 h + 6.5 h = 32.5 h
        ramadan=_five_days(_day("08:00-12:30 13:00-15:00"), _day("08:00-12:00 13:00-15:30")),
    )


def banyumas() -> Calendar:
    """Kabupaten Banyumas; the breaks are those that make its published hours add up."""
    return _calendar(
        "Asia/Jakarta",
        # 4 × 7.75 h + 6.5 h = 37.5 h
        week=_five_days(_day("07:15-12:00 12:30-15:30"), _day("07:15-11:30 13:00-15:15")),
        # 4 × 7.25 h + 3.5 h = 32.5 h
        ramadan=_five_days(_day("07:30-14:45"), _day("07:30-11:00")),
    )


def _calendar(zone: str, week: Week, ramadan: Week) -> Calendar:
    ranges: tuple[Range, ...] = tuple((month.first, month.last) for month in RAMADAN)
    sure = tuple(month.first for month in RAMADAN if month.decreed)
    return Calendar(Hours(zone, week, periods=(Period("Ramadan", ranges, ramadan, sure),)))


def _five_days(usual: tuple[Interval, ...], friday: tuple[Interval, ...]) -> Week:
    return (usual, usual, usual, usual, friday, (), ())


def _day(text: str) -> tuple[Interval, ...]:
    return tuple(
        values.pair(interval.split("-"), text, text, values.minutes) for interval in text.split()
    )
