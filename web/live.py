"""An SOP at work: what stands on each step now, and how warm each is; a table, and the diagram."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, g, jsonify, make_response, render_template, request, url_for

from bpmn.errors import N_
from engine import offices, reportbook
from engine.reportbook import MEASURES, SopReport, StepFacts
from engine.spread import ERROR
from web import periods, shares, times
from web.guard import allow
from web.i18n import _, ngettext
from web.periods import Choice

blueprint = Blueprint("live", __name__, url_prefix="/sops/<office>/<slug>/live")

MEASURED: Final = {
    "waited": N_("Menunggu"),
    "worked": N_("Dikerjakan"),
    "late": N_("Terlambat"),
}
# What each warmth means, of a time and of what was late.
WARMTHS: Final = {
    "time": (
        N_("tanpa ukuran"),
        N_("kurang dari separuh mutu baku"),
        N_("dalam mutu baku"),
        N_("sampai dua kali mutu baku"),
        N_("lebih dari dua kali mutu baku"),
    ),
    "late": (
        N_("tanpa ukuran"),
        N_("tidak ada yang terlambat"),
        N_("kurang dari 10 persen terlambat"),
        N_("10 sampai 25 persen terlambat"),
        N_("lebih dari 25 persen terlambat"),
    ),
}


@dataclass(frozen=True)
class Asked:
    """What the address asks to see."""

    choice: Choice
    measure: str
    report: SopReport

    @property
    def warmths(self) -> tuple[str, ...]:
        return WARMTHS["late" if self.measure == "late" else "time"]

    @property
    def address(self) -> dict[str, Any]:
        measure = None if self.measure == MEASURES[0] else self.measure
        return {**self.choice.address, "heat": measure}

    def to(self, endpoint: str, **more: Any) -> str:
        """A page of the same SOP, asked for the same."""
        report = self.report
        facts = {**self.address, **more}
        return url_for(endpoint, office=report.office.slug, slug=report.sop.slug, **facts)


def _asked(office: str, slug: str) -> Asked:
    measure = request.args.get("heat", "")
    measure = measure if measure in MEASURES else MEASURES[0]
    here = offices.find(g.session, g.actor, office, "report.see")
    choice = periods.asked(offices.today(here, g.now))
    report = reportbook.sop(g.session, g.actor, office, slug, choice.period, g.now)
    return Asked(choice, measure, report)


@blueprint.get("")
@allow("report.see")
def page(office: str, slug: str) -> str:
    asked = _asked(office, slug)
    return render_template("live/page.html", **_facts(asked))


@blueprint.get("/table")
@allow("report.see", data=True)
def table(office: str, slug: str) -> Response:
    """The table alone, for a page that stays open."""
    answer = make_response(render_template("live/_table.html", **_facts(_asked(office, slug))))
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:16], weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


@blueprint.get("/heat")
@allow("report.see", data=True)
def heat(office: str, slug: str) -> Response:
    """The same, for the diagram."""
    asked = _asked(office, slug)
    steps = [step for step in asked.report.steps if not step.is_gone]
    state = {
        "heat": {step.id: step.warmth(asked.measure) for step in steps},
        "times": {step.id: _note(asked, step) for step in steps},
        "counts": [_count(asked, step) for step in steps if step.now.open],
    }
    answer = jsonify(state)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag(weak=True)
    answer.make_conditional(request)
    return answer


def _facts(asked: Asked) -> dict[str, Any]:
    return {
        "asked": asked,
        "report": asked.report,
        "choice": asked.choice,
        "measured": MEASURED,
        "cases_at": _cases_at,
        "may_see_cases": g.actor.may("case.see", asked.report.office.id),
        "length": times.length,
        "duration": times.duration,
        "share": shares.percent,
        "error": shares.percent(ERROR),
        "day": times.working_day(asked.report.office),
        "now": g.now,
    }


def _cases_at(asked: Asked, step: StepFacts) -> str:
    """What stands there: where she may do something about it, on the monitor."""
    sop, office = asked.report.sop, asked.report.office
    if g.actor.may("monitor.see", office.id):
        return url_for("monitor.page", view="all", office=office.id, sop=sop.id, element=step.id)
    return url_for("cases.index", sop=sop.id, step=step.id, status="open")


def _note(asked: Asked, step: StepFacts) -> list[str]:
    """Two short lines beneath the step: what its warmth comes from."""
    if not step.count.done:
        return [_("belum ada yang selesai")]
    if asked.measure == "late":
        if not step.count.timed:
            return [_("tanpa tenggat")]
        return [
            _("terlambat %(share)s", share=shares.percent(step.late_share)),
            _("%(late)s dari %(all)s", late=step.count.late, all=step.count.timed),
        ]
    spread = getattr(step.count, asked.measure)
    office = asked.report.office
    return [
        _("median %(span)s", span=times.length(spread.median, office)),
        _("p90 %(span)s", span=times.length(spread.p90, office)),
    ]


def _count(asked: Asked, step: StepFacts) -> dict[str, Any]:
    """How many stand there, with the way to them."""
    words = ngettext("%(num)s berkas", "%(num)s berkas", step.now.open)
    late = ngettext("%(num)s terlambat", "%(num)s terlambat", step.now.late)
    return {
        "element": step.id,
        "words": words,
        "late": late if step.now.late else "",
        "label": _("%(count)s di langkah “%(step)s”", count=words, step=step.name),
        "url": _cases_at(asked, step) if g.actor.may("case.see", asked.report.office.id) else "",
    }
