"""An office's calendar: the year as people know it, its hours, and the days that were decreed."""

from collections.abc import Mapping

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import calendars, decrees, offices
from engine.calendars import CalendarError
from engine.models import CalendarChange, Office
from engine.worktime import HoursError, months
from engine.worktime.calendar import FIRST_YEAR, LAST_YEAR
from web import calendar_words, dates, errors, kept
from web.decree_form import KINDS as DECREES
from web.decree_form import plan
from web.guard import allow

blueprint = Blueprint("calendars", __name__, url_prefix="/offices/<office>/calendar")


@blueprint.get("")
@allow("calendar.see")
def page(office: str) -> str:
    here = _office(office, "calendar.see")
    hours, this_year = calendars.hours_of(here), offices.today(here, g.now).year
    said = request.args.get("year", "")
    year = int(said) if said.isascii() and said.isdigit() and len(said) == 4 else this_year
    year = min(max(year, FIRST_YEAR), LAST_YEAR)
    changes = calendars.latest(g.session, here)
    return render_template(
        "calendars/page.html",
        office=here,
        year=year,
        years=range(max(year - 1, FIRST_YEAR), min(year + 1, LAST_YEAR) + 1),
        months=months.of_year(hours, year),
        hours=hours,
        words=calendar_words,
        today=offices.today(here, g.now),
        changes=changes,
        under_way=next((each for each in changes if each.ended_at is None), None),
        names=calendars.names(g.session, changes),
        minutes_a_week=months.minutes_a_week,
        may_decree=g.actor.may("calendar.decree", here.id),
        may_manage=g.actor.may("office.manage", here.id),
    )


@blueprint.get("/days")
@allow("calendar.decree")
def days(office: str) -> str:
    fields, is_draft = kept.fields()
    return _days(_office(office), fields, {}, is_draft=is_draft)


@blueprint.post("/days")
@allow("calendar.decree", form="calendars.days")
def decree(office: str) -> ResponseReturnValue:
    here = _office(office)
    try:
        change = decrees.propose(g.session, g.actor, here, plan(request.form), g.now)
    except (CalendarError, HoursError) as error:
        return _refused(here, error)
    return _proposed(office, change)


@blueprint.post("/days/removal")
@allow("calendar.decree", form="calendars.days")
def strike(office: str) -> ResponseReturnValue:
    here, day = _office(office), dates.read(request.form.get("day", ""))
    try:
        why = request.form.get("why", "")
        change = decrees.strike(g.session, g.actor, here, day, why, g.now)
    except CalendarError as error:
        field = "why" if isinstance(error, calendars.NoReason) else "day"
        return _days(here, request.form, {f"{field}-{day}": errors.sentence(error)}), 422
    return _proposed(office, change)


def _office(slug: str, right: str = "calendar.decree") -> Office:
    return offices.find(g.session, g.actor, slug, right)


def _proposed(office: str, change: CalendarChange) -> ResponseReturnValue:
    kept.drop(url_for("calendars.days", office=office))
    return redirect(url_for("changes.page", office=office, change_id=change.id), 303)


def _refused(office: Office, error: CalendarError | HoursError) -> ResponseReturnValue:
    field = getattr(error, "field", "begins" if isinstance(error, HoursError) else None)
    if field is None:
        raise error
    return _days(office, request.form, {field: errors.sentence(error)}), 422


def _days(
    office: Office, fields: Mapping[str, str], wrong: Mapping[str, str], *, is_draft: bool = False
) -> str:
    hours = calendars.hours_of(office)
    entries = [*((each, "off") for each in hours.days_off)]
    worked = [*((each, "worked") for each in hours.working_days)]
    return render_template(
        "calendars/days.html",
        office=office,
        entries=sorted([*entries, *worked], key=lambda entry: entry[0].day, reverse=True),
        kinds=DECREES,
        fields=fields,
        wrong=wrong,
        is_draft=is_draft,
        today=offices.today(office, g.now),
        limit=calendars.LONGEST_REASON,
        kabupaten=decrees.kabupaten(g.session, g.actor),
    )
