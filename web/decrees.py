"""A day that is decreed for a whole kabupaten: all its offices at once, looked at first."""

from collections.abc import Mapping

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import calendars, decrees, redating
from engine.calendars import CalendarError
from engine.models import CalendarChange
from engine.worktime import Calendar, HoursError
from engine.worktime.difference import differences
from web import calendar_words, errors, kept
from web.calendar_words import Said
from web.decree_form import KINDS, plan
from web.guard import allow
from web.i18n import _, ngettext

blueprint = Blueprint("decrees", __name__, url_prefix="/decrees")


@blueprint.get("/new")
@allow("calendar.decree")
def new() -> str:
    fields, is_draft = kept.fields()
    return _new(fields, {}, is_draft=is_draft)


@blueprint.post("")
@allow("calendar.decree", form="decrees.new")
def propose() -> ResponseReturnValue:
    kabupaten, wanted = request.form.get("kabupaten", ""), plan(request.form)
    try:
        decree = decrees.propose_for_all(g.session, g.actor, kabupaten, wanted, g.now)
    except (CalendarError, HoursError) as error:
        field = getattr(error, "field", "begins" if isinstance(error, HoursError) else None)
        if field is None:
            raise
        return _new(request.form, {field: errors.sentence(error)}), 422
    kept.drop(url_for("decrees.new"))
    return redirect(url_for("decrees.page", decree=decree), 303)


@blueprint.get("/<decree>")
@allow("calendar.decree")
def page(decree: str) -> str:
    found = decrees.of(g.session, g.actor, decree)
    changes = [change for change, _office in found]
    return render_template(
        "decrees/page.html",
        decree=decree,
        found=found,
        touched={
            change.id: redating.candidates(g.session, change)
            for change in changes
            if change.applied_at is None
        },
        said=_said(changes[0]),
        names=calendars.names(g.session, changes),
        is_applied=all(change.applied_at for change in changes),
        now=g.now,
    )


@blueprint.post("/<decree>/application")
@allow("calendar.decree", form="decrees.page")
def apply(decree: str) -> ResponseReturnValue:
    found = decrees.of(g.session, g.actor, decree)
    for change, _office in found:
        calendars.put_in_force(g.session, g.actor, change, g.now)
    flash(
        ngettext("Berlaku untuk %(num)s kantor.", "Berlaku untuk %(num)s kantor.", len(found)),
        "success",
    )
    return redirect(url_for("decrees.page", decree=decree), 303)


@blueprint.post("/<decree>/removal")
@allow("calendar.decree", form="decrees.page")
def discard(decree: str) -> ResponseReturnValue:
    for change, _office in decrees.of(g.session, g.actor, decree):
        calendars.discard(g.session, g.actor, change)
    flash(_("Usulan dibuang; kalendernya tetap."), "success")
    return redirect(url_for("offices.index"), 303)


def _said(change: CalendarChange) -> list[Said]:
    before, after = (Calendar.from_dict(each).hours for each in (change.before, change.after))
    return [calendar_words.said(found) for found in differences(before, after)]


def _new(fields: Mapping[str, str], wrong: Mapping[str, str], *, is_draft: bool = False) -> str:
    known = decrees.kabupaten(g.session, g.actor)
    return render_template(
        "decrees/new.html",
        kabupaten=[("", _("Pilih")), *((name, name) for name in known)],
        only=known[0] if len(known) == 1 else None,
        kinds=KINDS,
        fields=fields,
        wrong=wrong,
        is_draft=is_draft,
        limit=calendars.LONGEST_REASON,
    )
