"""Sign in and out. A session that ends in the middle of a form loses nothing that was typed."""

from datetime import datetime
from typing import Final

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

from engine import people
from engine.db import EVERYWHERE, Database
from engine.models import Person
from tasks import drafts
from web import credentials, errors, forms, ticket
from web.addresses import local
from web.guard import SAFE, SignInFirst, StaleForm, allow, public
from web.i18n import _

blueprint = Blueprint("session", __name__)

_KEPT: Final = "kept."


@blueprint.get("/sign-in")
@public
def form() -> Response:
    if ticket.holder(_now()) is not None:
        return _go(local(request.args.get("to")))
    return _page(to=request.args.get("to"), kept={})


@blueprint.post("/sign-in")
@public
def enter() -> Response:
    try:
        account, password = request.form.get("account", ""), request.form.get("password", "")
        person = credentials.checked(account, password)
    except people.SignInError as error:
        return _again(error.status, errors.sentence(error))
    to = local(request.form.get("to"))
    _keep_what_was_typed(person, to)
    ticket.issue(person, _now())
    return _go(to)


@blueprint.post("/sign-out")
@allow("self", early=True)
def leave() -> Response:
    people.sign_out(g.session, g.actor.person_id)
    session.clear()
    flash(_("Anda sudah keluar."), "success")
    return _go(url_for("session.form"))


@blueprint.app_errorhandler(SignInFirst)
def ask_to_sign_in(error: SignInFirst) -> Response:
    """A page is asked for again after signing in; what was typed into a form travels along."""
    ticket.tear()
    if errors.wants_data():
        return errors.explain(error)
    if request.method in SAFE:
        wanted = request.full_path.rstrip("?")
        return _go(url_for("session.form", to=wanted if wanted != "/" else None))
    return _page(401, to=forms.page(), kept=forms.typed())


@blueprint.errorhandler(StaleForm)
def ask_again(error: StaleForm) -> Response:
    if request.endpoint != "session.enter":
        return errors.explain(error)
    said = _("Halaman masuk ini sudah kedaluwarsa. Masuk sekali lagi.")
    return _again(error.status, said)


def _keep_what_was_typed(person: Person, to: str) -> None:
    kept = _kept()
    if not kept or (ticket.former() or person.id) != person.id:
        return
    database: Database = current_app.extensions["database"]
    with database.transaction(EVERYWHERE) as session:
        drafts.save(session, person.id, to, kept, _now())


def _kept() -> dict[str, str]:
    """What was typed before the session ended, as the sign-in form carries it."""
    return {
        name.removeprefix(_KEPT): text
        for name, text in forms.typed().items()
        if name.startswith(_KEPT)
    }


def _again(status: int, said: str) -> Response:
    answer = _page(status, to=request.form.get("to"), kept=_kept(), error=said)
    return errors.with_patience(answer)


def _page(
    status: int = 200, *, to: str | None, kept: dict[str, str], error: str | None = None
) -> Response:
    return make_response(
        render_template(
            "session/sign_in.html",
            to=local(to),
            kept={_KEPT + name: text for name, text in kept.items()},
            expired=ticket.former() is not None or (status == 401 and error is None),
            account=request.form.get("account", "") if error else "",
            error=error,
        ),
        status,
    )


def _go(to: str) -> Response:
    return redirect(to, 303)  # type: ignore[return-value]


def _now() -> datetime:
    now: datetime = current_app.extensions["clock"]()
    return now
