"""Hours as a dict that a row, a form or a TOML file can hold, checked field by field."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Any

from engine.worktime import values
from engine.worktime.errors import (
    Backwards,
    DayBoth,
    DayTwice,
    NoWorkingTime,
    Overlap,
    UnknownZone,
)
from engine.worktime.hours import (
    ZONES,
    DayOff,
    Hours,
    Interval,
    Period,
    Range,
    Week,
    WorkingDay,
)

WEEKDAYS = {
    "monday": "Senin",
    "tuesday": "Selasa",
    "wednesday": "Rabu",
    "thursday": "Kamis",
    "friday": "Jumat",
    "saturday": "Sabtu",
    "sunday": "Minggu",
}
"""The keys of a week, and what an officer calls them."""

_FIELDS = {
    "zone",
    "week",
    "periods",
    "national_holidays",
    "cuti_bersama",
    "days_off",
    "working_days",
}


def read(form: object) -> Hours:
    """Build the hours a form describes, or raise the `HoursError` that names the field to mend."""
    fields = values.table(form, "Kalender kerja", _FIELDS)
    hours = Hours(
        zone=_zone(fields.get("zone")),
        week=_week(fields.get("week"), "Jam kerja"),
        periods=values.rows(fields, "periods", "Masa khusus", _period, most=20),
        national_holidays=values.switch(fields, "national_holidays", "Libur nasional"),
        cuti_bersama=values.switch(fields, "cuti_bersama", "Cuti bersama"),
        days_off=values.rows(fields, "days_off", "Libur tambahan", _day_off, most=1000),
        working_days=values.rows(
            fields, "working_days", "Hari kerja tambahan", _working_day, most=1000
        ),
    )
    _refuse_overlapping_periods(hours.periods)
    _refuse_repeated_days(hours)
    return hours


def write(hours: Hours) -> dict[str, Any]:
    """Write hours so that `read` gives them back."""
    return {
        "zone": hours.zone,
        "week": _written_week(hours.week),
        "periods": [_written_period(period) for period in hours.periods],
        "national_holidays": hours.national_holidays,
        "cuti_bersama": hours.cuti_bersama,
        "days_off": [{"day": e.day.isoformat(), "reason": e.reason} for e in hours.days_off],
        "working_days": [_written_working_day(entry) for entry in hours.working_days],
    }


def _written_week(week: Week) -> dict[str, list[list[str]]]:
    return {key: _written_intervals(day) for key, day in zip(WEEKDAYS, week, strict=True)}


def _written_intervals(intervals: Iterable[Interval]) -> list[list[str]]:
    return [[clock(start), clock(end)] for start, end in intervals]


def _written_period(period: Period) -> dict[str, Any]:
    ranges = [[first.isoformat(), last.isoformat()] for first, last in period.ranges]
    written = {"name": period.name, "ranges": ranges, "week": _written_week(period.week)}
    confirmed = {"confirmed": [day.isoformat() for day in period.confirmed]}
    return written | (confirmed if period.confirmed else {})


def _written_working_day(entry: WorkingDay) -> dict[str, Any]:
    written: dict[str, Any] = {"day": entry.day.isoformat(), "reason": entry.reason}
    if entry.intervals:
        written["hours"] = _written_intervals(entry.intervals)
    return written


def clock(minutes: int) -> str:
    """Write minutes after midnight as `07:30`."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _zone(value: object) -> str:
    zone = values.text(value, "Zona waktu")
    if zone not in ZONES:
        raise UnknownZone(field="Zona waktu", zone=zone, zones=", ".join(ZONES))
    return zone


def _week(value: object, field: str) -> Week:
    days = values.table(value, field, WEEKDAYS)
    week = tuple(_intervals(days.get(key, []), f"{field} {day}") for key, day in WEEKDAYS.items())
    if not any(week):
        raise NoWorkingTime(field=field)
    return week


def _intervals(value: object, field: str) -> tuple[Interval, ...]:
    intervals = tuple(
        sorted(_interval(pair, field) for pair in values.items(value, field, most=12))
    )
    for one, other in pairwise(intervals):
        if other[0] < one[1]:
            raise Overlap(field=field, one=_shown(one), other=_shown(other))
    return intervals


def _interval(value: object, field: str) -> Interval:
    start, end = values.pair(value, field, "pasangan jam mulai dan jam selesai", values.minutes)
    if end <= start:
        raise Backwards(field=field, start=clock(start), end=clock(end))
    return start, end


def _shown(interval: Interval) -> str:
    return f"{clock(interval[0])}–{clock(interval[1])}"


def _period(value: object, field: str) -> Period:
    fields = values.table(value, field, {"name", "ranges", "week", "confirmed"})
    name = values.text(fields.get("name"), f"{field}, nama")
    written = values.items(fields.get("ranges"), f"{name}, tanggal", most=100)
    ranges = tuple(_range(pair, f"{name}, tanggal") for pair in written)
    confirmed = values.items(fields.get("confirmed", []), f"{name}, dipastikan", most=100)
    sure = {values.day(day, f"{name}, dipastikan") for day in confirmed}
    return Period(
        name=name,
        ranges=ranges,
        week=_week(fields.get("week"), f"{name}, jam kerja"),
        # Of a range that is there no more, nothing remains.
        confirmed=tuple(sorted(sure & {first for first, _ in ranges})),
    )


def _range(value: object, field: str) -> Range:
    first, last = values.pair(
        value, field, "pasangan tanggal mulai dan tanggal selesai", values.day
    )
    if last < first:
        raise Backwards(field=field, start=_spoken(first), end=_spoken(last))
    return first, last


def _day_off(value: object, field: str) -> DayOff:
    fields = values.table(value, field, {"day", "reason"})
    return DayOff(
        day=values.day(fields.get("day"), f"{field}, tanggal"),
        reason=values.text(fields.get("reason"), f"{field}, alasan"),
    )


def _working_day(value: object, field: str) -> WorkingDay:
    fields = values.table(value, field, {"day", "reason", "hours"})
    return WorkingDay(
        day=values.day(fields.get("day"), f"{field}, tanggal"),
        reason=values.text(fields.get("reason"), f"{field}, alasan"),
        intervals=_intervals(fields.get("hours", []), f"{field}, jam"),
    )


def _refuse_overlapping_periods(periods: Iterable[Period]) -> None:
    ranges = sorted((*dates, period.name) for period in periods for dates in period.ranges)
    for (_, last, one), (first, _, other) in pairwise(ranges):
        if first <= last:
            raise Overlap(
                field="Masa khusus",
                one=f"{one} ({_spoken(last)})",
                other=f"{other} ({_spoken(first)})",
            )


def _refuse_repeated_days(hours: Hours) -> None:
    off = _once((entry.day for entry in hours.days_off), "Libur tambahan")
    working = _once((entry.day for entry in hours.working_days), "Hari kerja tambahan")
    for day in sorted(off & working):
        raise DayBoth(field="Hari kerja tambahan", day=_spoken(day))


def _once(days: Iterable[date], field: str) -> set[date]:
    seen: set[date] = set()
    for day in days:
        if day in seen:
            raise DayTwice(field=field, day=_spoken(day))
        seen.add(day)
    return seen


def _spoken(day: date) -> str:
    return f"{day:%d-%m-%Y}"
