"""The posts of an office and who holds them: name somebody, end it, add a post, rename it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bpmn.errors import N_, AlurError
from engine import colleagues, holders, offices, people, postbook, posts
from engine.holders import HolderError, Term
from engine.models import Holder, Office, Person
from engine.posts import PostError
from web import choices, dates, errors, kept, times
from web.guard import allow
from web.i18n import _

blueprint = Blueprint("posts", __name__, url_prefix="/offices/<office>")

CAPACITIES: Final = {
    "definitif": N_("Definitif"),
    "plt": N_("Plt (jabatannya kosong)"),
    "plh": N_("Plh (pejabatnya berhalangan sementara)"),
}


class NoAccount(AlurError):
    sentence = N_("Tidak ada akun terbuka “%(account)s”. Cari di daftar akun, atau buat dahulu.")
    status = 422
    field = "person"


@dataclass(frozen=True)
class May:
    """What she may do with the posts of this office."""

    manage: bool
    name: bool

    def end(self, holder: Holder) -> bool:
        return self.manage or (self.name and holder.capacity == "plh")


# --- seen ------------------------------------------------------------------------------------


@blueprint.get("/posts")
@allow("post.see")
def index(office: str) -> str:
    here = _office(office)
    search = request.args.get("search", "").strip()[:100]
    after = request.args.get("after") or None
    may = _may(here)
    return render_template(
        "posts/index.html",
        office=here,
        found=postbook.page(g.session, here, g.now, search=search, after=after),
        missing=postbook.missing(g.session, here) if may.manage else {},
        may=may,
        search=search,
        after=after,
    )


@blueprint.get("/posts/<post>")
@allow("post.see")
def page(office: str, post: str) -> str:
    fields, is_draft = kept.fields()
    return _page(office, post, fields, {}, is_draft=is_draft)


# --- a post ----------------------------------------------------------------------------------


@blueprint.get("/new-post")
@allow("post.manage")
def new(office: str) -> str:
    fields, is_draft = kept.fields()
    return _new(office, fields or request.args, {}, is_draft=is_draft)


@blueprint.post("/posts")
@allow("post.manage", form="posts.new")
def add(office: str) -> ResponseReturnValue:
    here, form = _office(office, "post.manage"), request.form
    name, slug, shared = form.get("name", ""), form.get("slug", ""), "shared" in form
    try:
        made = posts.add(g.session, g.actor, here, name, slug, g.now, shared=shared)
    except PostError as error:
        wrong = {getattr(error, "field", "name"): errors.sentence(error)}
        return _new(office, form, wrong), error.status
    kept.drop(url_for("posts.new", office=office))
    flash(_("Jabatan dibuat. Sekarang tunjuk pemegangnya."), "success")
    return redirect(url_for("posts.page", office=office, post=made.slug), 303)


@blueprint.post("/posts/<post>/name")
@allow("post.manage", form="posts.page")
def rename(office: str, post: str) -> ResponseReturnValue:
    here, form = _office(office, "post.manage"), request.form
    try:
        name, shared = form.get("name", ""), "shared" in form
        posts.rename(g.session, g.actor, here, post, name, shared=shared)
    except posts.BadName as error:
        return _page(office, post, form, {"name": errors.sentence(error)}), error.status
    flash(_("Jabatan diganti namanya."), "success")
    return _back(office, post)


@blueprint.post("/posts/<post>/superior")
@allow("post.manage", form="posts.page")
def report_to(office: str, post: str) -> ResponseReturnValue:
    here, superior = _office(office, "post.manage"), request.form.get("superior", "")
    try:
        above = posts.report_to(g.session, g.actor, here, post, superior)
    except PostError as error:
        if error.status == 404 and not superior:
            raise
        said = errors.sentence(posts.NoSuperior())
        return _page(office, post, request.form, {"superior": said}), 422
    said = _("Atasannya: %(post)s.", post=above.name) if above else _("Atasan dikosongkan.")
    flash(said, "success")
    return _back(office, post)


# --- its holders -----------------------------------------------------------------------------


@blueprint.post("/posts/<post>/holders")
@allow("holder.name", form="posts.page")
def name(office: str, post: str) -> ResponseReturnValue:
    here = _office(office, "holder.name")
    wanted = posts.find(g.session, here, post)
    try:
        person = _chosen(here, request.form.get("person", ""))
        holder = holders.name(g.session, g.actor, here, wanted, person, _term(), g.now)
    except (HolderError, NoAccount) as error:
        return _refused(office, post, error)
    kept.drop(url_for("posts.page", office=office, post=post))
    period = times.days(holder.starts_on, holder.ends_on)
    flash(_("%(who)s memegang jabatan ini, %(period)s.", who=person.name, period=period), "success")
    return _back(office, post)


@blueprint.post("/posts/<post>/holders/<number:holder_id>/last-day")
@allow("holder.name", form="posts.page")
def end(office: str, post: str, holder_id: int) -> ResponseReturnValue:
    here = _office(office, "holder.name")
    last = dates.read(request.form.get("ends_on", ""))
    try:
        holder = holders.end(g.session, g.actor, here, holder_id, last)
    except HolderError as error:
        if getattr(error, "field", None) is None:
            raise
        return _refused(office, post, error, f"ends_on-{holder_id}")
    period = times.days(holder.starts_on, holder.ends_on)
    flash(_("Penunjukan itu kini berlaku %(period)s.", period=period), "success")
    return _back(office, post)


@blueprint.post("/posts/<post>/holders/<number:holder_id>/withdrawal")
@allow("holder.name", form="posts.page")
def withdraw(office: str, post: str, holder_id: int) -> ResponseReturnValue:
    holders.withdraw(g.session, g.actor, _office(office, "holder.name"), holder_id, g.now)
    flash(_("Penunjukan itu dibatalkan."), "success")
    return _back(office, post)


# --- what the pages stand on -----------------------------------------------------------------


def _office(slug: str, right: str = "post.see") -> Office:
    return offices.find(g.session, g.actor, slug, right)


def _may(office: Office) -> May:
    may = g.actor.may
    return May(may("post.manage", office.id), may("holder.name", office.id))


def _chosen(office: Office, said: str) -> Person:
    """An administrator writes an account, whoever's; a leader chooses among her people."""
    if _may(office).manage:
        person = people.find(g.session, said)
        if person is None:
            raise NoAccount(account=said.strip()[:80])
        return person
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0
    person = colleagues.find(g.session, office.id, number, g.now)
    if person is None:
        raise holders.NoPerson
    return person


def _term() -> Term:
    form = request.form
    first, last = (dates.read(form.get(name, "")) for name in ("starts_on", "ends_on"))
    return Term(form.get("capacity", ""), form.get("decree", ""), first, last)


def _refused(
    office: str, post: str, error: AlurError, field: str | None = None
) -> ResponseReturnValue:
    wrong = {field or str(getattr(error, "field", "person")): errors.sentence(error)}
    return _page(office, post, request.form, wrong), getattr(error, "status", 422)


def _page(
    office: str,
    post: str,
    fields: Mapping[str, str],
    wrong: Mapping[str, str],
    *,
    is_draft: bool = False,
) -> str:
    here = _office(office)
    may = _may(here)
    shown = postbook.view(g.session, here, post, g.now)
    chooses = may.name and not may.manage
    return render_template(
        "posts/page.html",
        shown=shown,
        office=here,
        may=may,
        people_options=[("", _("Pilih")), *(_people(here) if chooses else [])],
        capacity_options=[("", _("Pilih")), *((key, _(said)) for key, said in CAPACITIES.items())],
        superiors=posts.of(g.session, here),
        fields=fields,
        wrong=wrong,
        is_draft=is_draft,
        today=offices.today(here, g.now),
        limits={"name": posts.LONGEST_NAME, "decree": holders.LONGEST_DECREE},
    )


def _people(office: Office) -> list[tuple[int, str]]:
    """Whom a leader may name: nobody names herself."""
    staff = colleagues.of_office(g.session, office.id, g.now)
    return choices.people(each for each in staff if each.id != g.actor.person_id)


def _new(
    office: str, fields: Mapping[str, str], wrong: Mapping[str, str], *, is_draft: bool = False
) -> str:
    return render_template(
        "posts/new.html",
        office=_office(office, "post.manage"),
        fields=fields,
        wrong=wrong,
        is_draft=is_draft,
        limits={"name": posts.LONGEST_NAME, "slug": posts.LONGEST_SLUG},
    )


def _back(office: str, post: str) -> ResponseReturnValue:
    return redirect(url_for("posts.page", office=office, post=post), 303)
