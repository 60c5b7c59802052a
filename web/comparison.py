"""The same SOP in several offices: drawn beside each other, and as a table."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Final

from flask import Blueprint, g, render_template, request

from bpmn.errors import N_
from engine import comparison, offices
from engine.comparison import Compared
from engine.models import Office
from engine.spread import ERROR
from tasks import lists
from web import charts, periods, shares, times
from web.charts import Bar
from web.guard import allow
from web.i18n import _

blueprint = Blueprint("comparison", __name__)

TIMES: Final = {
    "standard": N_("mutu baku, setiap langkah sekali"),
    "waited": N_("menunggu (median setiap langkah)"),
    "worked": N_("dikerjakan (median setiap langkah)"),
}


@blueprint.get("/reports/comparison")
@allow("report.see")
def page() -> str:
    zone = lists.zone_of(g.session, g.actor)
    choice = periods.asked(offices.today(Office(zone=zone), g.now))
    wanted, like = request.args.getlist("sop"), request.args.get("like", "")
    found = comparison.of(g.session, g.actor, wanted, like, choice.period)
    return render_template(
        "reports/comparison.html",
        choice=choice,
        found=found,
        chosen={each.sop.id for each in found.chosen},
        name_of=comparison.address,
        rows=list(zip_longest(*(each.steps for each in found.chosen))),
        drawn=_times(found.chosen),
        kinds=TIMES,
        late=_late(found.chosen),
        length=times.length,
        duration=times.duration,
        share=shares.percent,
        error=shares.percent(ERROR),
        now=g.now,
    )


def _label(each: Compared) -> str:
    return f"{each.office.name}: {each.sop.name}"


def _times(chosen: Sequence[Compared]) -> list[Bar]:
    """Of each two bars: what its paper allows, and what it takes."""
    rows: list[tuple[str, str, Mapping[str, float]]] = []
    for each in chosen:
        allowed = times.length(each.standard, each.office)
        rows.append((_label(each), allowed, {"standard": each.standard}))
        if each.total.done:
            took = times.length(each.waited + each.worked, each.office)
            parts = {"waited": each.waited, "worked": each.worked}
            rows.append((_("nyatanya"), took, parts))
        else:
            rows.append((_("nyatanya"), _("belum ada yang selesai"), {}))
    return charts.bars(rows)


def _late(chosen: Sequence[Compared]) -> list[Bar]:
    rows = (
        (_label(each), shares.percent(each.late_share), {"late": each.late_share or 0})
        for each in chosen
    )
    return charts.bars(rows, whole=1)
