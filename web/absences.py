"""Who of an office is away: the list, one more, and the day somebody is back."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bpmn.errors import N_
from engine import absencebook, absences, colleagues, offices
from engine.absences import AbsenceError, Plan
from engine.models import Office
from engine.models.absence import REASONS
from tasks import succession
from web import choices, dates, errors, kept, times
from web.guard import allow
from web.i18n import _

blueprint = Blueprint("absences", __name__, url_prefix="/offices/<office>/absences")

VIEWS: Final = {"current": N_("Sekarang dan nanti"), "past": N_("Yang lalu")}
STATES: Final = {
    "coming": N_("akan datang"),
    "now": N_("sedang tidak masuk"),
    "over": N_("sudah lewat"),
    "ended": N_("masuk kembali lebih awal"),
    "cancelled": N_("dibatalkan"),
}
WHY: Final = {
    "cuti": N_("Cuti"),
    "dinas luar": N_("Dinas luar"),
    "pelatihan": N_("Pelatihan"),
    "lain": N_("Berhalangan lain"),
}


@blueprint.get("")
@allow("absence.see")
def index(office: str) -> str:
    here = _office(office, "absence.see")
    view, after = request.args.get("view", ""), request.args.get("after") or None
    view = view if view in VIEWS else "current"
    return render_template(
        "absences/index.html",
        office=here,
        found=absencebook.page(g.session, here, view, g.now, after=after),
        view=view,
        views=VIEWS,
        after=after,
        states=STATES,
        why=WHY,
        today=offices.today(here, g.now),
        may_record=_may_record(here),
        may_manage=g.actor.may("absence.manage", here.id),
    )


@blueprint.get("/new")
@allow("absence.record")
def new(office: str) -> str:
    fields, is_draft = kept.fields()
    return _new(office, fields, {}, is_draft=is_draft)


@blueprint.post("")
@allow("absence.record", form="absences.new")
def record(office: str) -> ResponseReturnValue:
    here = _office(office, "absence.record")
    try:
        absence = absences.record(g.session, g.actor, here, _plan(), g.now)
    except AbsenceError as error:
        if (field := getattr(error, "field", None)) is None:
            raise
        return _new(office, request.form, {field: errors.sentence(error)}), error.status
    # One that has begun already takes effect now, not when the clock looks next.
    if absence.wake_at is not None and absence.wake_at <= g.now:
        succession.settle_absence(g.session, absence.id, g.now)
    kept.drop(url_for("absences.new", office=office))
    period = times.days(absence.starts_on, absence.ends_on)
    flash(_("Tercatat tidak masuk, %(period)s.", period=period), "success")
    return redirect(url_for("absences.index", office=office), 303)


@blueprint.post("/<number:absence_id>/end")
@allow("absence.record", form="absences.index")
def end(office: str, absence_id: int) -> ResponseReturnValue:
    here = _office(office, "absence.record")
    absences.cancel(g.session, g.actor, here, absence_id, g.now)
    succession.settle_absence(g.session, absence_id, g.now)
    flash(_("Selesai: pekerjaannya kembali seperti semula."), "success")
    return redirect(url_for("absences.index", office=office), 303)


def _office(slug: str, right: str) -> Office:
    return offices.find(g.session, g.actor, slug, right)


def _may_record(office: Office) -> bool:
    works_here = any(held.office_id == office.id for held in g.actor.posts)
    return works_here or g.actor.may("absence.manage", office.id)


def _plan() -> Plan:
    form = request.form
    first, last = (dates.read(form.get(name, "")) for name in ("starts_on", "ends_on"))
    person = _number(form.get("person", "")) if "person" in form else g.actor.person_id
    # Something chosen that is nobody is refused; nothing chosen is nobody.
    substitute = _number(chosen) if (chosen := form.get("substitute", "")) else None
    return Plan(person or 0, substitute, first, last, form.get("reason", ""))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _new(
    office: str, fields: Mapping[str, str], wrong: Mapping[str, str], *, is_draft: bool = False
) -> str:
    here = _office(office, "absence.record")
    staff = choices.people(colleagues.of_office(g.session, here.id, g.now))
    return render_template(
        "absences/new.html",
        office=here,
        people_options=[("", _("Pilih")), *staff],
        substitute_options=[("", _("tanpa pengganti")), *staff],
        may_manage=g.actor.may("absence.manage", here.id),
        fields=fields,
        wrong=wrong,
        is_draft=is_draft,
        reasons=[(reason, _(WHY[reason])) for reason in REASONS],
        today=offices.today(here, g.now),
    )
