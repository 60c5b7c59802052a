"""The form of an office's hours: a calendar as fields, and back, with what is wrong by the field.

Of a weekday, times 0 and 1 are its beginning and its end, 2 and 3 its first break, and so on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final, NamedTuple

from bpmn.errors import N_, AlurError
from engine import calendars, offices
from engine.models import Office
from engine.worktime import RAMADAN, HoursError, form
from engine.worktime.hours import Interval, Period
from web import dates, errors

MOST_BREAKS: Final = 4
MOST_PERIODS: Final = 8
_SPARE_RANGES: Final = 1
_DECREED: Final = ("days_off", "working_days")


class NoRange(AlurError):
    sentence = N_("Isi hari pertama dan hari terakhirnya, misalnya 19-2-2026 dan 20-3-2026.")


class RangeBackwards(AlurError):
    sentence = N_("Hari terakhir harus sesudah hari pertama.")


@dataclass(frozen=True)
class RangeRow:
    """First and last day of a special period; from which reckoning, where nobody decreed it yet."""

    id: str
    number: int
    hijri: int | None


@dataclass(frozen=True)
class PeriodRow:
    """A special period's part of the form."""

    id: str
    ranges: Sequence[RangeRow]


@dataclass(frozen=True)
class Rows:
    """How much of everything the form has to show."""

    breaks: range
    periods: Sequence[PeriodRow]
    may_add_break: bool
    may_add_period: bool


# --- a calendar as fields --------------------------------------------------------------------


def written(office: Office, now: datetime) -> dict[str, str]:
    """The office's hours as the form would have sent them."""
    hours = calendars.hours_of(office)
    weeks = (hours.week, *(period.week for period in hours.periods))
    fields = {
        "zone": hours.zone,
        "breaks": str(max(1, *(len(day) - 1 for week in weeks for day in week))),
        "periods": str(len(hours.periods)),
        **_week_fields("", hours.week),
        **({"national": "1"} if hours.national_holidays else {}),
        **({"cuti": "1"} if hours.cuti_bersama else {}),
    }
    for number, period in enumerate(hours.periods):
        fields |= _period_fields(f"p{number}-", period, offices.today(office, now))
    return fields


def _period_fields(id: str, period: Period, today: date) -> dict[str, str]:
    shown = [dates for dates in period.ranges if not _is_past(dates[1], today)]
    fields = {f"{id}name": period.name, f"{id}ranges": str(len(shown))}
    for number, (first, last) in enumerate(shown):
        fields |= {f"{id}first-{number}": first.isoformat(), f"{id}last-{number}": last.isoformat()}
        fields |= {f"{id}sure-{number}": "1"} if first in period.confirmed else {}
    return fields | _week_fields(id, period.week)


def _is_past(last: date, today: date) -> bool:
    """What lies before this year is over: it stays as it is, out of the way."""
    return last.year < today.year


def _week_fields(id: str, week: Sequence[Sequence[Interval]]) -> dict[str, str]:
    return {
        f"{id}{key}-{number}": time
        for key, intervals in zip(form.WEEKDAYS, week, strict=True)
        for number, time in enumerate(_times(intervals))
    }


def _times(intervals: Sequence[Interval]) -> Iterator[str]:
    if intervals:
        yield form.clock(intervals[0][0])
        yield form.clock(intervals[-1][1])
    for before, after in pairwise(intervals):
        yield form.clock(before[1])
        yield form.clock(after[0])


def with_more(fields: Mapping[str, str], what: str) -> dict[str, str]:
    """The same form with room for one thing more."""
    key = "breaks" if what == "break" else "periods"
    return {**fields, key: str(_count(fields, key) + 1)}


def rows(fields: Mapping[str, str]) -> Rows:
    breaks, periods = _count(fields, "breaks"), _count(fields, "periods")
    return Rows(
        range(2, 2 + 2 * breaks, 2),
        [PeriodRow(f"p{n}-", _range_rows(fields, f"p{n}-")) for n in range(periods)],
        breaks < MOST_BREAKS,
        periods < MOST_PERIODS,
    )


def _range_rows(fields: Mapping[str, str], id: str) -> list[RangeRow]:
    reckoned = {month.first: month.hijri for month in RAMADAN if not month.decreed}
    numbers = range(_count(fields, f"{id}ranges") + _SPARE_RANGES)
    days = [dates.read(fields.get(f"{id}first-{number}", "")) for number in numbers]
    return [RangeRow(id, n, reckoned.get(day) if day else None) for n, day in enumerate(days)]


def _count(fields: Mapping[str, str], key: str) -> int:
    most = {"breaks": MOST_BREAKS, "periods": MOST_PERIODS}.get(key, 100)
    said = fields.get(key, "")
    count = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0
    return min(max(count, 1 if key == "breaks" else 0), most)


# --- fields as a calendar --------------------------------------------------------------------


def read(
    office: Office, fields: Mapping[str, str], now: datetime
) -> tuple[dict[str, Any], dict[str, str]]:
    """The calendar that was typed, and what is wrong with it; decreed days stay as they are."""
    wrong, today = dict[str, str](), offices.today(office, now)
    known = office.calendar.get("periods", [])
    periods = [
        _period(fields, f"p{n}-", known[n] if n < len(known) else None, today, wrong)
        for n in range(_count(fields, "periods"))
        if f"p{n}-drop" not in fields
    ]
    calendar = {
        **{key: office.calendar.get(key, []) for key in _DECREED},
        "zone": fields.get("zone", ""),
        "week": _week(fields, ""),
        "periods": [period for period in periods if period],
        "national_holidays": "national" in fields,
        "cuti_bersama": "cuti" in fields,
    }
    return calendar, {**wrong, **_mistakes(calendar, fields)}


def _week(fields: Mapping[str, str], id: str) -> dict[str, list[list[str]]]:
    return {key: _day(fields, f"{id}{key}-") for key in form.WEEKDAYS}


def _day(fields: Mapping[str, str], id: str) -> list[list[str]]:
    numbers = range(2 + 2 * _count(fields, "breaks"))
    begins, ends, *breaks = (time(fields.get(f"{id}{n}", "")) for n in numbers)
    rests = [(off, on) for off, on in zip(breaks[::2], breaks[1::2], strict=True) if off or on]
    if not (begins or ends or rests):
        return []
    starts, stops = [begins, *(on for _, on in rests)], [*(off for off, _ in rests), ends]
    return [list(pair) for pair in zip(starts, stops, strict=True)]


def time(typed: str) -> str:
    """`7.30` and `7` as `07:30` and `07:00`; what is no time stays for the error to name."""
    said = typed.strip().replace(".", ":")
    hour, _colon, minute = said.partition(":")
    return f"{hour:0>2}:{minute or '00'}" if hour.isdigit() else said


def _period(
    fields: Mapping[str, str],
    id: str,
    known: Mapping[str, Any] | None,
    today: date,
    wrong: dict[str, str],
) -> dict[str, Any] | None:
    ranges, sure = _ranges(fields, id, wrong)
    name, week = fields.get(f"{id}name", "").strip(), _week(fields, id)
    if known is None and not (name or ranges or any(week.values())):
        return None  # room that was not used
    for first, last in (known or {}).get("ranges", []):
        if _is_past(date.fromisoformat(last), today):
            ranges.append([first, last])
            sure += [first] if first in (known or {}).get("confirmed", []) else []
    return {"name": name, "ranges": sorted(ranges), "week": week, "confirmed": sorted(sure)}


def _ranges(
    fields: Mapping[str, str], id: str, wrong: dict[str, str]
) -> tuple[list[list[str]], list[str]]:
    ranges, sure = list[list[str]](), list[str]()
    for row in _range_rows(fields, id):
        typed = [fields.get(f"{id}{which}-{row.number}", "") for which in ("first", "last")]
        first, last = map(dates.read, typed)
        if not any(text.strip() for text in typed):
            continue
        if first is None or last is None:
            wrong[f"{id}first-{row.number}"] = errors.sentence(NoRange())
        elif last < first:
            wrong[f"{id}last-{row.number}"] = errors.sentence(RangeBackwards())
        else:
            ranges.append([first.isoformat(), last.isoformat()])
            sure += [first.isoformat()] if f"{id}sure-{row.number}" in fields else []
    return ranges, sure


# --- what is wrong, by the field -------------------------------------------------------------


class _Place(NamedTuple):
    """Where a mistake stands in the form, and how to look past it for the next."""

    field: str
    pass_over: Callable[[dict[str, Any]], None]


def _mistakes(calendar: dict[str, Any], fields: Mapping[str, str]) -> dict[str, str]:
    """All of them, not the first alone: each that was found is passed over."""
    trial, found, places = deepcopy(calendar), dict[str, str](), _places(calendar, fields)
    while True:
        try:
            form.read(trial)
        except HoursError as error:
            place = places.pop(str(error.facts["field"]), None)
            if place is None:
                found.setdefault("monday-0", errors.sentence(error))
                return found
            found[place.field] = errors.sentence(error)
            place.pass_over(trial)
        else:
            return found


_LONG: Final = [["08:00", "16:00"]]


def _places(calendar: dict[str, Any], fields: Mapping[str, str]) -> dict[str, _Place]:
    """By what the calendar's own errors call them."""
    places = {
        "Zona waktu": _Place("zone", lambda it: it.update(zone="Asia/Jakarta")),
        "Masa khusus": _Place("p0-first-0", lambda it: it.update(periods=[])),
        **_of_week("Jam kerja", "", lambda it: it["week"]),
    }
    ids = [f"p{n}-" for n in range(_count(fields, "periods")) if f"p{n}-drop" not in fields]
    for n, (id, period) in enumerate(zip(ids, calendar["periods"], strict=False)):
        instead = f"Masa {n + 1}"
        places |= _of_period(n, id, period["name"]) | _of_period(n, id, instead)
        places[f"Masa khusus ke-{n + 1}, nama"] = _naming(n, id, instead)
    return places


def _naming(n: int, id: str, instead: str) -> _Place:
    return _Place(f"{id}name", lambda it: it["periods"][n].update(name=instead))


def _of_period(n: int, id: str, name: str) -> dict[str, _Place]:
    dates = _Place(f"{id}first-0", lambda it: it["periods"][n].update(ranges=[]))
    week = _of_week(f"{name}, jam kerja", id, lambda it: it["periods"][n]["week"])
    return {f"{name}, tanggal": dates, **week}


def _of_week(
    label: str, id: str, week: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, _Place]:
    def passing(key: str, instead: list[list[str]]) -> Callable[[dict[str, Any]], None]:
        return lambda it: week(it).update({key: instead})

    days = {
        f"{label} {day}": _Place(f"{id}{key}-0", passing(key, []))
        for key, day in form.WEEKDAYS.items()
    }
    return {label: _Place(f"{id}monday-0", passing("monday", _LONG)), **days}
