"""Say what an office's calendar is, and what is to be otherwise, as people of an office say it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from babel.dates import format_date

from bpmn.errors import N_
from engine.worktime.difference import Difference, spoken
from engine.worktime.hours import Interval, Week
from engine.worktime.months import minutes_a_week
from web import times
from web.i18n import _, locale, ngettext

WEEKDAYS: Final[Mapping[str, str]] = {
    "monday": N_("Senin"),
    "tuesday": N_("Selasa"),
    "wednesday": N_("Rabu"),
    "thursday": N_("Kamis"),
    "friday": N_("Jumat"),
    "saturday": N_("Sabtu"),
    "sunday": N_("Minggu"),
}
ZONES: Final[Mapping[str, str]] = {
    "Asia/Jakarta": "WIB (Jakarta)",
    "Asia/Pontianak": "WIB (Pontianak)",
    "Asia/Makassar": "WITA (Makassar)",
    "Asia/Jayapura": "WIT (Jayapura)",
}
# What a wall calendar prints beside the colour; ordinary days have nothing.
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "holiday": ("L", N_("libur nasional")),
    "cuti": ("CB", N_("cuti bersama")),
    "off": ("LT", N_("libur tambahan")),
    "extra": ("KT", N_("hari kerja tambahan")),
    "period": ("R", N_("jam kerja khusus")),
    "free": ("", N_("bukan hari kerja")),
    "worked": ("", N_("hari kerja")),
}


@dataclass(frozen=True)
class WeekdayLine:
    """A weekday as it is read: the hours, the breaks, what it comes to."""

    name: str
    hours: str
    breaks: str
    length: str


@dataclass(frozen=True)
class Said:
    """One difference in words."""

    what: str
    before: str
    after: str


def month(first: date) -> str:
    """`Maret 2026`"""
    return str(format_date(first, "MMMM y", locale=locale()))


def week(days: Week) -> list[WeekdayLine]:
    return [
        _line(_(WEEKDAYS[key]), intervals) for key, intervals in zip(WEEKDAYS, days, strict=True)
    ]


def _line(name: str, intervals: tuple[Interval, ...]) -> WeekdayLine:
    if not intervals:
        return WeekdayLine(name, _("libur"), "", "")
    whole = spoken([(intervals[0][0], intervals[-1][1])])
    rests = [(before[1], after[0]) for before, after in pairwise(intervals)]
    return WeekdayLine(name, whole, spoken(rests), length(minutes_a_week((intervals,))))


def length(minutes: int) -> str:
    """`37 jam 30 menit`"""
    hours, rest = divmod(minutes, 60)
    parts = [ngettext("%(num)s jam", "%(num)s jam", hours)] if hours or not rest else []
    return " ".join([*parts, ngettext("%(num)s menit", "%(num)s menit", rest)] if rest else parts)


def said(found: Difference) -> Said:
    what, value = _SAID[found.kind]
    named = ": ".join(filter(None, (found.period, what(found))))
    return Said(named, value(found, found.before), value(found, found.after))


def _is_there(_found: Difference, value: str) -> str:
    return value or _("tidak ada")


def _hours(_found: Difference, value: str) -> str:
    return value or _("libur")


def _yes(_found: Difference, value: str) -> str:
    return _("ya") if value == "ya" else _("tidak")


def _zone(_found: Difference, value: str) -> str:
    return ZONES.get(value, value)


def _until(found: Difference, value: str) -> str:
    if not value:
        return _("tidak ada")
    return times.days(date.fromisoformat(found.subject), date.fromisoformat(value))


def _day(found: Difference) -> str:
    return str(format_date(date.fromisoformat(found.subject), "EEE, d MMM y", locale=locale()))


_SAID: Final[Mapping[str, tuple[Callable[[Difference], str], Callable[[Difference, str], str]]]] = {
    "zone": (lambda _found: _("Zona waktu"), _zone),
    "week": (lambda found: _(WEEKDAYS.get(found.subject, found.subject)), _hours),
    "national holidays": (lambda _found: _("Libur nasional diikuti"), _yes),
    "cuti bersama": (lambda _found: _("Cuti bersama diikuti"), _yes),
    "range": (lambda _found: _("tanggal"), _until),
    "confirmed": (lambda found: _("%(day)s dipastikan", day=_day(found)), _yes),
    "day off": (lambda found: _("Libur tambahan %(day)s", day=_day(found)), _is_there),
    "working day": (lambda found: _("Hari kerja tambahan %(day)s", day=_day(found)), _is_there),
}
