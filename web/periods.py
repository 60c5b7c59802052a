"""Read the period an address asks for, and say it in words; what cannot be used is said too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from babel.dates import format_date
from flask import request

from bpmn.errors import N_
from engine import periods
from engine.periods import Period, PeriodError
from web import dates, errors
from web.i18n import _, locale

# What can be chosen: its words, the kind of period, and how many of them ago.
KINDS: Final[Mapping[str, tuple[str, str, int]]] = {
    "month": (N_("Bulan ini"), "month", 0),
    "quarter": (N_("Triwulan ini"), "quarter", 0),
    "half": (N_("Semester ini"), "half", 0),
    "year": (N_("Tahun ini"), "year", 0),
    "last-month": (N_("Bulan lalu"), "month", 1),
    "last-quarter": (N_("Triwulan lalu"), "quarter", 1),
    "last-half": (N_("Semester lalu"), "half", 1),
    "last-year": (N_("Tahun lalu"), "year", 1),
}
DAYS: Final = "days"
USUAL: Final = "quarter"


@dataclass(frozen=True)
class Choice:
    """The period of a page, and what its form shows."""

    period: Period
    kind: str
    first: str = ""
    last: str = ""
    wrong: str = ""

    @property
    def words(self) -> str:
        """`1 Jan – 31 Mar 2026`"""
        return words(self.period)

    def said(self, period: Period) -> str:
        """Another period, where not exactly this one could be reckoned."""
        return words(period)

    @property
    def address(self) -> dict[str, Any]:
        """What a link must carry to ask for the same."""
        if self.kind == DAYS:
            return {"period": DAYS, "first": self.first, "last": self.last}
        return {"period": self.kind if self.kind != USUAL else None}

    @property
    def kinds(self) -> list[tuple[str, str]]:
        told = [(name, _(label)) for name, (label, _kind, _back) in KINDS.items()]
        return [*told, (DAYS, _("Tanggal bebas"))]


def asked(today: date) -> Choice:
    """What the address says; else the quarter that today lies in."""
    kind = request.args.get("period", USUAL)
    if kind == DAYS:
        return _days(today)
    kind = kind if kind in KINDS else USUAL
    _label, span, back = KINDS[kind]
    return Choice(periods.around(today, span, back), kind)


def _days(today: date) -> Choice:
    first, last = (dates.read(request.args.get(name, "")[:20]) for name in ("first", "last"))
    # A field for days takes no others.
    typed = {
        "first": first.isoformat() if first else "",
        "last": last.isoformat() if last else "",
    }
    try:
        return Choice(periods.chosen(first, last), DAYS, **typed)
    except PeriodError as error:
        usual = periods.around(today, USUAL)
        return Choice(usual, DAYS, **typed, wrong=errors.sentence(error))


def words(period: Period) -> str:
    """The days in short, the year only once where it is the same."""
    form = "d MMM y" if period.first.year != period.last.year else "d MMM"
    return f"{_day(period.first, form)} – {_day(period.last, 'd MMM y')}"


def month(first: date) -> str:
    """`Maret 2026`"""
    return str(format_date(first, "MMMM y", locale=locale()))


def quarter(first: date) -> str:
    """`Triwulan I 2026`"""
    number = ("I", "II", "III", "IV")[(first.month - 1) // 3]
    return _("Triwulan %(number)s %(year)s", number=number, year=first.year)


def _day(day: date, form: str) -> str:
    return str(format_date(day, form, locale=locale()))
