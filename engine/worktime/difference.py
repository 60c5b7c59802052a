"""What sets one calendar apart from another: each thing in a line, and on which days it tells."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from engine.worktime import form
from engine.worktime.hours import Hours, Week

# What is decreed day by day; all else is how the office works as a rule.
DECREED: Final = frozenset({"day off", "working day"})


@dataclass(frozen=True)
class Difference:
    """One thing that is to be otherwise; what was not there, or is not to be, is empty."""

    kind: str
    # Of which period, where it is one's; of which weekday or date.
    period: str
    subject: str
    before: str
    after: str


def differences(before: Hours, after: Hours) -> list[Difference]:
    return [
        Difference(*key, old, new)
        for key, old, new in _compared(_pieces(before), _pieces(after))
        if old != new
    ]


def is_decreed_only(before: Hours, after: Hours) -> bool:
    """Whether nothing changes but days that are off, or worked, by decree."""
    return all(found.kind in DECREED for found in differences(before, after))


def changed_days(before: Hours, after: Hours, first: date, last: date) -> Iterator[date]:
    """The days, of these, on which the office is to be open at other hours."""
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if before.zone != after.zone or before.intervals(day) != after.intervals(day):
            yield day


_Key = tuple[str, str, str]


def _compared(
    before: Mapping[_Key, str], after: Mapping[_Key, str]
) -> Iterator[tuple[_Key, str, str]]:
    for key in dict.fromkeys((*before, *after)):
        yield key, before.get(key, ""), after.get(key, "")


def _pieces(hours: Hours) -> dict[_Key, str]:
    pieces = {
        ("zone", "", ""): hours.zone,
        **_of_week("", hours.week),
        ("national holidays", "", ""): "ya" if hours.national_holidays else "tidak",
        ("cuti bersama", "", ""): "ya" if hours.cuti_bersama else "tidak",
    }
    for period in hours.periods:
        pieces.update(_of_week(period.name, period.week))
        for first, last in period.ranges:
            pieces["range", period.name, first.isoformat()] = last.isoformat()
        for day in period.confirmed:
            pieces["confirmed", period.name, day.isoformat()] = "ya"
    for off in hours.days_off:
        pieces["day off", "", off.day.isoformat()] = off.reason
    for worked in hours.working_days:
        at = f" ({spoken(worked.intervals)})" if worked.intervals else ""
        pieces["working day", "", worked.day.isoformat()] = worked.reason + at
    return pieces


def _of_week(period: str, week: Week) -> dict[_Key, str]:
    return {
        ("week", period, key): spoken(intervals)
        for key, intervals in zip(form.WEEKDAYS, week, strict=True)
    }


def spoken(intervals: Any) -> str:
    """`07.30–12.00, 13.00–16.00`, as offices write their hours; nothing on a free day."""
    return ", ".join(
        f"{form.clock(start)}–{form.clock(end)}".replace(":", ".") for start, end in intervals
    )
