"""One's own tokens: what programs may do in one's name, a new one, and the end of one."""

from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Final

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine import access, people, receipts, tokens
from engine.access import RIGHTS, SCOPES
from engine.db import EVERYWHERE, Database
from engine.models import Person
from tasks import lists
from web import credentials, errors
from web.account import WrongCurrent
from web.guard import allow
from web.i18n import _

blueprint = Blueprint("tokens", __name__)

USES: Final[Mapping[str, str]] = {
    "read": N_("Membaca tugas, berkas dan SOP"),
    "work": N_("Memulai berkas dan mengerjakan tugas"),
    "design": N_("Menerbitkan SOP"),
    "manage": N_("Memimpin: menugaskan, membatalkan, mengatur"),
}
LIVES: Final = (30, 90, 180, tokens.LONGEST_LIFE)


@blueprint.get("/tokens")
@allow("self")
def page() -> str:
    return _page(g.session)


@blueprint.post("/tokens")
@allow("self", form="tokens.page", apart=True)
def make() -> ResponseReturnValue:
    """Her password is asked for once more: a token outlives the session it was made in."""
    database: Database = current_app.extensions["database"]
    once = request.form.get("once", "")
    try:
        _check_password(request.form.get("current_password", ""))
        with database.transaction(EVERYWHERE) as session:
            if receipts.answered(session, g.actor.person_id, once) is not None:
                return redirect(url_for("tokens.page"), 303)
            person = session.get_one(Person, g.actor.person_id)
            chosen = [scope for scope in request.form.getlist("scopes") if scope in _uses()]
            name = request.form.get("name", "")
            token, text = tokens.make(session, person, name, chosen, _days(), g.now)
            receipts.keep(session, person.id, once, url_for("tokens.page"), g.now)
    except (tokens.TokenError, people.SignInError, WrongCurrent) as error:
        return _refused(database, error)
    # Not led onwards: it is shown this once, and kept nowhere.
    return render_template("tokens/made.html", token=token, text=text, uses=USES)


@blueprint.post("/tokens/<number:token_id>/revocation")
@allow("self", form="tokens.page")
def revoke(token_id: int) -> ResponseReturnValue:
    tokens.revoke(g.session, token_id, g.now, of=g.actor.person_id)
    flash(_("Token dicabut. Program yang memakainya tidak dapat masuk lagi."), "success")
    return redirect(url_for("tokens.page"), 303)


def _check_password(typed: str) -> None:
    try:
        credentials.checked(g.actor.account, typed)
    except people.WrongPassword as wrong:
        raise WrongCurrent from wrong


def _days() -> int:
    typed = request.form.get("days", "")
    return int(typed) if typed in {str(days) for days in LIVES} else 0


def _uses() -> dict[str, str]:
    """What a token of hers can be good for: where she has no right, no token has one."""
    hers = {access.scope_of(right) for right in RIGHTS if g.actor.may_somewhere(right)}
    return {scope: USES[scope] for scope in SCOPES if scope in hers}


def _refused(database: Database, error: AlurError) -> ResponseReturnValue:
    field = getattr(error, "field", "current_password")
    with database.reading(EVERYWHERE) as session:
        shown = _page(session, {field: errors.sentence(error)})
    answer = current_app.make_response(shown)
    answer.status_code = getattr(error, "status", 422)
    return errors.with_patience(answer)


def _page(session: Session, wrong: Mapping[str, str] | None = None) -> str:
    return render_template(
        "tokens/page.html",
        tokens=tokens.in_force(session, g.actor.person_id, g.now),
        wrong=wrong or {},
        fields=request.form,
        chosen=request.form.getlist("scopes") if wrong else ["read"],
        uses=_uses(),
        said=USES,
        lives=[(str(days), _("%(days)s hari", days=days)) for days in LIVES],
        usual=str(tokens.USUAL_LIFE),
        limit=tokens.LONGEST_NAME,
        once=token_urlsafe(12),
        zone=lists.zone_of(session, g.actor),
        now=g.now,
    )
