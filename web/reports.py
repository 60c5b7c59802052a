"""Reports: all SOPs beside each other, and one by month, step, post and what made it late."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, g, render_template, request, url_for

from bpmn.errors import N_
from engine import offices, reportbook
from engine.models import Office
from engine.paging import BadCursor, read_cursor, write_cursor
from engine.reportbook import MonthFacts, SopLine, SopReport
from engine.spread import ERROR
from tasks import excuses, lists
from web import charts, periods, shares, times
from web.charts import Bar
from web.guard import allow
from web.i18n import _
from web.periods import Choice

blueprint = Blueprint("reports", __name__)

PAGE: Final = 50
ORDERS: Final = {
    "name": N_("menurut nama"),
    "late": N_("paling banyak terlambat di atas"),
    "busy": N_("paling banyak langkah di atas"),
}
# What the parts of a bar mean.
PUNCTUAL: Final = {"good": N_("tepat waktu"), "late": N_("ada langkah terlambat")}
LEVELS: Final = {
    1: N_("Tingkat 1: pemegang langkah"),
    2: N_("Tingkat 2: atasannya"),
    3: N_("Tingkat 3: camat"),
    4: N_("Tingkat 4: pengawas kabupaten"),
}


# --- all of them ---------------------------------------------------------------------------------


@blueprint.get("/reports")
@allow("report.see")
def index() -> str:
    zone = lists.zone_of(g.session, g.actor)
    choice = periods.asked(offices.today(Office(zone=zone), g.now))
    office, search = request.args.get("office", ""), request.args.get("search", "").strip()[:100]
    order = request.args.get("order", "")
    order = order if order in ORDERS else "name"
    known = offices.page(g.session, g.actor, "report.see", limit=reportbook.MOST).items
    office = office if office in {each.slug for each in known} else ""
    found = reportbook.overview(
        g.session, g.actor, choice.period, g.now, office=office, search=search, order=order
    )
    after = request.args.get("after") or None
    lines, more = _page(found.lines, after)
    return render_template(
        "reports/index.html",
        choice=choice,
        found=found,
        lines=lines,
        after=after,
        more=more,
        offices=known,
        office=office,
        search=search,
        order=order,
        orders=ORDERS,
        address={**choice.address, "office": office or None, "search": search or None},
        drawn=_months(found.months),
        kinds=PUNCTUAL,
        **_words(),
    )


def _page(lines: Sequence[SopLine], after: str | None) -> tuple[Sequence[SopLine], str | None]:
    """From the line after that one on: they are in an order of their own."""
    start = 0
    if after is not None:
        [last] = read_cursor(after, int)
        at = [number for number, line in enumerate(lines) if line.sop.id == last]
        if not at:
            raise BadCursor
        start = at[0] + 1
    shown = lines[start : start + PAGE]
    return shown, write_cursor(shown[-1].sop.id) if len(lines) > start + PAGE else None


def _words() -> dict[str, Any]:
    return {
        "length": times.length,
        "duration": times.duration,
        "share": shares.percent,
        "part": _part,
        "error": shares.percent(ERROR),
        "month": periods.month,
        "now": g.now,
    }


def _part(some: int, all: int) -> str:
    """A share of a whole that may be nothing."""
    return shares.percent(some / all if all else None)


def _months(months: Iterable[MonthFacts]) -> list[Bar]:
    return charts.bars(_month(periods.month(each.first), each) for each in months)


def _month(label: str, month: MonthFacts) -> tuple[str, str, Mapping[str, float]]:
    done, late = month.cases.done, month.cases.late
    words = _("%(done)s selesai, %(share)s tepat waktu", done=done, share=_part(done - late, done))
    return (
        label,
        words if done else _("tidak ada yang selesai"),
        {"good": done - late, "late": late},
    )


# --- one -----------------------------------------------------------------------------------------


@blueprint.get("/reports/<office>/<slug>")
@allow("report.see")
def sop(office: str, slug: str) -> str:
    choice = _choice(office)
    report = reportbook.sop(g.session, g.actor, office, slug, choice.period, g.now)
    return render_template(
        "reports/sop.html",
        choice=choice,
        report=report,
        quarters=reportbook.quarters(report.months),
        drawn=_months(report.months),
        kinds=PUNCTUAL,
        levels=levels(report),
        reasons=reasons(report),
        quarter=periods.quarter,
        drawn_counts=_counts,
        day=times.working_day(report.office),
        here=lambda endpoint, **more: url_for(
            endpoint, office=office, slug=slug, **{**choice.address, **more}
        ),
        **_words(),
    )


def _choice(office: str) -> Choice:
    here = offices.find(g.session, g.actor, office, "report.see")
    return periods.asked(offices.today(here, g.now))


def levels(report: SopReport) -> list[tuple[str, int]]:
    """How often each level was told."""
    told = report.total.levels
    return [(_(LEVELS[level]), told[level]) for level in LEVELS if told[level]]


def _counts(rows: Sequence[tuple[str, int]]) -> list[Bar]:
    return charts.bars((name, str(count), {"plain": count}) for name, count in rows)


def reasons(report: SopReport) -> list[tuple[str, int]]:
    """What was said to have made it late, the most frequent first; then what nobody explained."""
    told = report.total.reasons
    rows = [
        (_(excuses.text(report.office, reason) or reason), count)
        for reason, count in told.most_common()
    ]
    silent = report.total.late - told.total()
    return [*rows, (_("tanpa alasan"), silent)] if silent > 0 else rows
