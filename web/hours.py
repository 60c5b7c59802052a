"""How an office works as a rule: its zone, the hours of each weekday, Ramadan, the holidays."""

from collections.abc import Mapping

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import calendars, offices
from engine.models import Office
from web import errors, hours_form, kept
from web.calendar_words import WEEKDAYS, ZONES
from web.guard import allow

blueprint = Blueprint("hours", __name__, url_prefix="/offices/<office>/calendar/hours")


@blueprint.get("")
@allow("office.manage")
def page(office: str) -> str:
    here = _office(office)
    fields, is_draft = kept.fields()
    return _page(here, fields or hours_form.written(here, g.now), {}, is_draft=is_draft)


@blueprint.post("")
@allow("office.manage", form="hours.page")
def propose(office: str) -> ResponseReturnValue:
    here = _office(office)
    if more := request.form.get("more", ""):
        return _page(here, hours_form.with_more(request.form, more), {})
    calendar, wrong = hours_form.read(here, request.form, g.now)
    reason = request.form.get("reason", "")
    try:
        reason = calendars.checked(reason)
        if not wrong:
            change = calendars.propose(g.session, g.actor, here, calendar, reason, g.now)
    except calendars.CalendarError as error:
        if (field := getattr(error, "field", None)) is None:
            raise
        wrong[field] = errors.sentence(error)
    if wrong:
        return _page(here, request.form, wrong), 422
    kept.drop(url_for("hours.page", office=office))
    return redirect(url_for("changes.page", office=office, change_id=change.id), 303)


def _office(slug: str) -> Office:
    return offices.find(g.session, g.actor, slug, "office.manage")


def _page(
    office: Office, fields: Mapping[str, str], wrong: Mapping[str, str], *, is_draft: bool = False
) -> str:
    return render_template(
        "hours/page.html",
        office=office,
        rows=hours_form.rows(fields),
        fields=fields,
        wrong=wrong,
        is_draft=is_draft,
        weekdays=WEEKDAYS,
        zones=ZONES.items(),
        limit=calendars.LONGEST_REASON,
    )
