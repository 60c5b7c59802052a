"""A change of an office's hours: what it would move, put in force or thrown away, how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import calendars, offices, redating
from engine.models import CalendarChange, Office
from engine.worktime import Calendar
from engine.worktime.difference import differences
from engine.worktime.months import minutes_a_week
from web import calendar_words
from web.calendar_words import Said
from web.guard import allow
from web.i18n import _

blueprint = Blueprint("changes", __name__, url_prefix="/offices/<office>/calendar/changes")

# Nothing moved for so long: perhaps no clock runs.
_PATIENCE: Final = timedelta(minutes=3)


@dataclass(frozen=True)
class Progress:
    """How far the open cases have followed."""

    change: CalendarChange
    now: datetime

    @property
    def is_over(self) -> bool:
        return self.change.ended_at is not None

    @property
    def is_stuck(self) -> bool:
        seen = self.change.claimed_until or self.change.applied_at
        return not self.is_over and seen is not None and seen + _PATIENCE < self.now


@blueprint.get("/<number:change_id>")
@allow("calendar.see")
def page(office: str, change_id: int) -> str:
    here, change = _reached(office, change_id)
    facts = {
        "office": here,
        "change": change,
        "said": _said(change),
        "hours": _hours(change),
        "names": calendars.names(g.session, [change]),
        "may_apply": calendars.may_apply(g.actor, change),
        "may_see_cases": g.actor.may("case.see", here.id),
        "now": g.now,
    }
    if change.applied_at is not None:
        return render_template("changes/applied.html", progress=Progress(change, g.now), **facts)
    seen = redating.outlook(g.session, change, g.now)
    after = request.args.get("after") or None
    found = redating.page(seen.shifts, after)
    return render_template("changes/proposed.html", seen=seen, found=found, after=after, **facts)


@blueprint.get("/<number:change_id>/progress")
@allow("calendar.see", data=True)
def progress(office: str, change_id: int) -> str:
    here, change = _reached(office, change_id)
    return render_template(
        "changes/_progress.html",
        office=here,
        change=change,
        progress=Progress(change, g.now),
        may_apply=calendars.may_apply(g.actor, change),
        may_see_cases=g.actor.may("case.see", here.id),
        now=g.now,
    )


@blueprint.post("/<number:change_id>/application")
@allow("calendar.decree", form="changes.page")
def apply(office: str, change_id: int) -> ResponseReturnValue:
    _here, change = _reached(office, change_id)
    calendars.put_in_force(g.session, g.actor, change, g.now)
    flash(_("Kalender ini berlaku mulai sekarang."), "success")
    return redirect(url_for("changes.page", office=office, change_id=change_id), 303)


@blueprint.post("/<number:change_id>/removal")
@allow("calendar.decree", form="changes.page")
def discard(office: str, change_id: int) -> ResponseReturnValue:
    _here, change = _reached(office, change_id)
    calendars.discard(g.session, g.actor, change)
    flash(_("Usulan dibuang; kalendernya tetap."), "success")
    return redirect(url_for("calendars.page", office=office), 303)


@blueprint.post("/<number:change_id>/retry")
@allow("calendar.decree", form="changes.page")
def retry(office: str, change_id: int) -> ResponseReturnValue:
    _here, change = _reached(office, change_id)
    redating.retry(g.session, g.actor, change)
    flash(_("Dicoba lagi."), "success")
    return redirect(url_for("changes.page", office=office, change_id=change_id), 303)


def _reached(slug: str, change_id: int) -> tuple[Office, CalendarChange]:
    office = offices.find(g.session, g.actor, slug, "calendar.see")
    return office, calendars.find(g.session, g.actor, office, change_id)


def _said(change: CalendarChange) -> Sequence[Said]:
    before, after = (Calendar.from_dict(each).hours for each in (change.before, change.after))
    return [calendar_words.said(found) for found in differences(before, after)]


def _hours(change: CalendarChange) -> tuple[str, str] | None:
    """What a week comes to, before and after, where that changes: 37.5 hours by the Perpres."""
    before, after = (
        minutes_a_week(Calendar.from_dict(each).hours.week)
        for each in (change.before, change.after)
    )
    said = calendar_words.length(before), calendar_words.length(after)
    return said if before != after else None
