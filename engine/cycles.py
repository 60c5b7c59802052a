"""When the next case opens by itself: each quarter, each Monday, on a date."""

import re
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bpmn.errors import N_, AlurError
from engine.elements.timers import first_round, moment, next_round
from engine.worktime import Calendar

_MONTHS: Final = re.compile(r"R/P(?:(?P<months>[1-9]|1[0-2])M|1Y)")


class BadCycle(AlurError):
    sentence = N_(
        "Siklus mulai “%(text)s” tidak dapat dipakai. Tulis misalnya R/P3M (tiap triwulan), "
        "R/P1W, atau tanggal 2026-01-05T07:30:00+08:00."
    )


def following(text: str, calendar: Calendar, after: datetime) -> datetime | None:
    """When this cycle comes round for the first time after an instant; None when it is over."""
    months = _MONTHS.fullmatch(text)
    if months is not None:
        return _period(int(months["months"] or 12), calendar, after)
    try:
        if text.startswith("R"):
            return _round(text, calendar, after)
        at = moment(text, calendar, text)
    except AlurError as wrong:
        raise BadCycle(text=text) from wrong
    return at if at > after else None


def moved(text: str, calendar: Calendar, planned: datetime) -> datetime:
    """When a planned round begins after all, now that the office keeps this calendar.

    A round of months begins when its first day is worked, a date without a zone on the office's
    own clock; every other one stays where it is.
    """
    months = _MONTHS.fullmatch(text)
    if months is None:
        return planned if text.startswith(("R", "P")) else moment(text, calendar, text)
    zone, span = ZoneInfo(calendar.hours.zone), int(months["months"])
    here = planned.astimezone(zone).date()
    first = (here.month - 1) // span * span + 1
    return calendar.next_opening(datetime(here.year, first, 1, tzinfo=zone))


def _period(months: int, calendar: Calendar, after: datetime) -> datetime:
    """The opening of the first working day after a quarter, or another part of the year, ends."""
    zone = ZoneInfo(calendar.hours.zone)
    here = after.astimezone(zone).date()
    first = date(here.year, (here.month - 1) // months * months + 1, 1)
    while True:
        opening = calendar.next_opening(datetime(first.year, first.month, 1, tzinfo=zone))
        if opening > after:
            return opening
        first = _months_later(first, months)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def _round(text: str, calendar: Calendar, after: datetime) -> datetime | None:
    state: dict[str, Any] | None = first_round(text, after, calendar, text)
    if state is not None and datetime.fromisoformat(state["next"]) <= after:
        state = next_round(state, after, calendar)
    return datetime.fromisoformat(state["next"]) if state else None
