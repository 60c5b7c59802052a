"""An office's own settings: what it is called, its emblem; and an office more."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bpmn.errors import N_
from engine import emblems, identity, ladder, offices
from engine.db import EVERYWHERE
from engine.emblems import EmblemRefused
from engine.identity import Facts, IdentityError
from engine.models import Office
from tasks import excuses
from web import errors, kept, ladders
from web.calendar_words import ZONES
from web.guard import allow
from web.i18n import _

blueprint = Blueprint("settings", __name__, url_prefix="/offices")

HAPPENED: Final = {
    "opened": N_("Kantor dibuat"),
    "renamed": N_("Identitas diubah"),
    "emblem": N_("Lambang diubah"),
    "ladder": N_("Tangga eskalasi diubah"),
    "reasons": N_("Daftar alasan terlambat diubah"),
}
FIELDS: Final = ("name", "code", "kabupaten", "province")


# --- one office ------------------------------------------------------------------------------


@blueprint.get("/<office>/settings")
@allow("office.furnish")
def page(office: str) -> str:
    here = _office(office)
    fields, is_draft = kept.fields()
    return _page(here, fields or _written(here), {}, is_draft=is_draft)


@blueprint.post("/<office>/identity")
@allow("office.manage", form="settings.page")
def amend(office: str) -> ResponseReturnValue:
    here = _office(office, "office.manage")
    try:
        identity.amend(g.session, g.actor, here, _facts(), g.now)
    except IdentityError as error:
        if (field := getattr(error, "field", None)) is None:
            raise
        g.session.expire(here)
        return _page(here, request.form, {field: errors.sentence(error)}), error.status
    kept.drop(url_for("settings.page", office=office))
    flash(_("Identitas kantor disimpan."), "success")
    return _back(office)


@blueprint.post("/<office>/emblem")
@allow("office.furnish", form="settings.page")
def wear(office: str) -> ResponseReturnValue:
    here = _office(office)
    try:
        identity.wear(g.session, g.actor, here, _sent("emblem"), g.now)
    except EmblemRefused as error:
        return _page(here, _written(here), {"emblem": errors.sentence(error)}), error.status
    flash(_("Lambang disimpan; ia tampil pada lembar SOP."), "success")
    return _back(office)


@blueprint.post("/<office>/emblem/removal")
@allow("office.furnish", form="settings.page")
def take_off(office: str) -> ResponseReturnValue:
    identity.take_off(g.session, g.actor, _office(office), g.now)
    flash(_("Lambang dihapus."), "success")
    return _back(office)


@blueprint.get("/<office>/emblem")
@allow("post.see")
def emblem(office: str) -> Response:
    here = _office(office, "post.see")
    picture = identity.show(g.session, here)
    answer = Response(picture.content, mimetype=emblems.TYPES[picture.type])
    # Its address bears its digest: another picture has another address.
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


# --- one more --------------------------------------------------------------------------------


@blueprint.get("/new")
@allow("office.manage")
def new() -> str:
    fields, is_draft = kept.fields()
    return _new(fields, {}, is_draft=is_draft)


@blueprint.post("")
@allow("office.manage", form="settings.new")
def add() -> ResponseReturnValue:
    form = request.form
    zone, hours, slug = (form.get(name, "") for name in ("zone", "hours", "slug"))
    try:
        office = identity.add(g.session, g.actor, _facts(), zone, hours, g.now, slug=slug)
    except IdentityError as error:
        if (field := getattr(error, "field", None)) is None:
            raise
        return _new(form, {field: errors.sentence(error)}), error.status
    kept.drop(url_for("settings.new"))
    flash(_("Kantor dibuat. Periksa jam kerjanya, lalu tambahkan jabatannya."), "success")
    return redirect(url_for("calendars.page", office=office.slug), 303)


# --- what the pages stand on -----------------------------------------------------------------


def _office(slug: str, right: str = "office.furnish") -> Office:
    return offices.find(g.session, g.actor, slug, right)


def _sent(name: str) -> bytes:
    """The file of that field; of one that is too large, enough to see that it is."""
    file = request.files.get(name)
    if file is None:
        return b""
    with file.stream as stream:
        return stream.read(emblems.LARGEST + 1)


def _facts() -> Facts:
    return Facts(**{field: request.form.get(field, "") for field in FIELDS})


def _written(office: Office) -> dict[str, str]:
    return {field: getattr(office, field) for field in FIELDS}


def _page(
    office: Office, fields: Mapping[str, str], wrong: Mapping[str, str], *, is_draft: bool = False
) -> str:
    return render_template(
        "settings/page.html",
        office=office,
        fields=fields,
        wrong=wrong,
        is_draft=is_draft,
        happened=HAPPENED,
        lines=identity.lately(g.session, office),
        rungs=ladders.rungs(ladder.of(office)),
        reasons=[each["text"] for each in excuses.reasons(office)],
        may_manage=g.actor.may("office.manage", office.id),
        may_move=g.actor.offices("office.manage") is EVERYWHERE,
        places=identity.places(g.session),
        limit=identity.LONGEST,
        accept=",".join(f".{kind}" for kind in (*emblems.TYPES, "jpeg")),
        now=g.now,
    )


def _new(fields: Mapping[str, str], wrong: Mapping[str, str], *, is_draft: bool = False) -> str:
    return render_template(
        "settings/new.html",
        fields=fields,
        wrong=wrong,
        is_draft=is_draft,
        places=identity.places(g.session),
        zones=[("", _("Pilih")), *ZONES.items()],
        hours=[(key, _(said)) for key, said in identity.HOURS.items()],
        limit=identity.LONGEST,
        longest_slug=identity.LONGEST_SLUG,
    )


def _back(office: str) -> ResponseReturnValue:
    return redirect(url_for("settings.page", office=office), 303)
