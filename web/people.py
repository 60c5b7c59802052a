"""Accounts, for administrators: who has one, a new one, and what can be done to one."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bpmn.errors import N_, AlurError
from engine import accountbook, accounts, grants, people, persondata
from engine.accounts import AccountError
from engine.grants import GrantError
from engine.models import Person
from web import errors, kept
from web.account import EVENTS, ROLES, zone_of
from web.guard import allow
from web.i18n import _

blueprint = Blueprint("people", __name__)

VIEWS: Final = {"open": N_("Terbuka"), "closed": N_("Ditutup"), "all": N_("Semua")}


class NotSure(AlurError):
    sentence = N_("Centang dahulu bahwa akun ini memang harus ditutup.")
    status = 422
    field = "sure"


class NotSureToErase(AlurError):
    sentence = N_("Centang dahulu bahwa data pribadinya memang harus dihapus.")
    status = 422
    field = "sure"


@blueprint.get("/people")
@allow("person.manage")
def index() -> str:
    view, search = request.args.get("view", ""), request.args.get("search", "").strip()[:100]
    view = view if view in VIEWS else "open"
    after = request.args.get("after") or None
    found = accountbook.page(g.session, g.actor, g.now, view=view, search=search, after=after)
    return render_template(
        "people/index.html", found=found, view=view, views=VIEWS, search=search, after=after
    )


@blueprint.get("/people/new")
@allow("person.manage")
def new() -> str:
    accounts.require(g.actor)
    fields, is_draft = kept.fields()
    return _new(fields, {}, is_draft=is_draft)


@blueprint.post("/people")
@allow("person.manage", form="people.new")
def add() -> ResponseReturnValue:
    account, name = request.form.get("account", ""), request.form.get("name", "")
    password = request.form.get("first_password", "") or accounts.first_password()
    try:
        person = accounts.open_(g.session, g.actor, account, name, password, g.now)
    except people.BadPassword as error:
        return _new(request.form, {"first_password": errors.sentence(error)}), error.status
    except AccountError as error:
        if (field := getattr(error, "field", None)) is None:
            raise
        return _new(request.form, {field: errors.sentence(error)}), error.status
    kept.drop(url_for("people.new"))
    return _given(person, password, is_new=True)


@blueprint.get("/people/<number:person_id>")
@allow("person.manage")
def page(person_id: int) -> str:
    return _page(person_id, {})


@blueprint.post("/people/<number:person_id>/name")
@allow("person.manage", form="people.page")
def rename(person_id: int) -> ResponseReturnValue:
    person = accounts.reach(g.session, g.actor, person_id)
    try:
        accounts.rename(g.actor, person, request.form.get("name", ""))
    except accounts.BadName as error:
        return _page(person_id, {"name": errors.sentence(error)}), error.status
    flash(_("Nama diganti."), "success")
    return _back(person_id)


@blueprint.post("/people/<number:person_id>/password")
@allow("person.manage", form="people.page")
def reset(person_id: int) -> ResponseReturnValue:
    person = accounts.reach(g.session, g.actor, person_id)
    password = accounts.first_password()
    accounts.reset(g.session, g.actor, person, password, g.now)
    return _given(person, password, is_new=False)


@blueprint.post("/people/<number:person_id>/sign-out")
@allow("person.manage", form="people.page")
def sign_out(person_id: int) -> ResponseReturnValue:
    person = accounts.reach(g.session, g.actor, person_id)
    accounts.sign_out(g.session, g.actor, person, g.now)
    flash(_("Semua sesi %(who)s diakhiri.", who=person.name), "success")
    return _back(person_id)


@blueprint.post("/people/<number:person_id>/roles")
@allow("person.manage", form="people.page")
def give(person_id: int) -> ResponseReturnValue:
    person = accounts.reach(g.session, g.actor, person_id)
    role, place = request.form.get("role", ""), request.form.get("place", "")
    try:
        grants.give(g.session, g.actor, person, role, place, g.now)
    except GrantError as error:
        wrong = {str(getattr(error, "field", "role")): errors.sentence(error)}
        return _page(person_id, wrong), error.status
    flash(_("Peran diberikan; berlaku mulai sekarang."), "success")
    return _back(person_id)


@blueprint.post("/people/<number:person_id>/roles/<number:grant_id>/revocation")
@allow("person.manage", form="people.page")
def take(person_id: int, grant_id: int) -> ResponseReturnValue:
    person = accounts.reach(g.session, g.actor, person_id)
    grants.take(g.session, g.actor, person, grant_id, g.now)
    flash(_("Peran dicabut."), "success")
    return _back(person_id)


@blueprint.post("/people/<number:person_id>/closure")
@allow("person.manage", form="people.page")
def close(person_id: int) -> ResponseReturnValue:
    person = accounts.reach(g.session, g.actor, person_id)
    if request.form.get("sure") != "1":
        return _page(person_id, {"sure": errors.sentence(NotSure())}), NotSure.status
    accounts.close(g.session, g.actor, person, g.now)
    flash(_("Akun %(account)s ditutup.", account=person.account), "success")
    return _back(person_id)


@blueprint.post("/people/<number:person_id>/erasure")
@allow("person.manage", form="people.page")
def erase(person_id: int) -> ResponseReturnValue:
    person = accountbook.find(g.session, g.actor, person_id)
    if request.form.get("sure") != "1":
        said = errors.sentence(NotSureToErase())
        return _page(person_id, {"erase": said}), NotSureToErase.status
    persondata.erase(g.session, g.actor, person, g.now)
    flash(_("Data pribadi akun ini dihapus."), "success")
    return _back(person_id)


def _new(fields: Mapping[str, str], wrong: Mapping[str, str], *, is_draft: bool = False) -> str:
    return render_template(
        "people/new.html",
        is_draft=is_draft,
        fields=fields,
        wrong=wrong,
        longest_account=people.LONGEST_ACCOUNT,
        longest_name=accounts.LONGEST_NAME,
        shortest=people.SHORTEST_PASSWORD,
        longest=people.LONGEST_PASSWORD,
    )


def _given(person: Person, password: str, *, is_new: bool) -> str:
    """The only time that the first password is shown: it is kept nowhere, not even in a cookie."""
    return render_template("people/given.html", person=person, password=password, is_new=is_new)


def _page(person_id: int, wrong: Mapping[str, str]) -> str:
    person = accountbook.find(g.session, g.actor, person_id)
    shown = accountbook.view(g.session, person, g.now)
    return render_template(
        "people/page.html",
        shown=shown,
        wrong=wrong,
        fields=request.form,
        happened=EVENTS,
        roles=ROLES,
        zone=zone_of(shown),
        is_own=person.id == g.actor.person_id,
        is_erased=persondata.is_erased(person),
        longest_name=accounts.LONGEST_NAME,
        role_options=[("", _("Pilih")), *((role, _(ROLES[role])) for role in grants.ROLES)],
        now=g.now,
    )


def _back(person_id: int) -> ResponseReturnValue:
    return redirect(url_for("people.page", person_id=person_id), 303)
