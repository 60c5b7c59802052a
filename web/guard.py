"""Let nobody pass without a right: every route declares one, and gets one transaction.

A view reads `g.session`, `g.actor` and `g.now`. Its answer is sent after the commit; an answer
that refuses keeps nothing.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from itertools import chain
from typing import Any, Final, TypeVar

from flask import Flask, Response, current_app, g, make_response, request
from sqlalchemy.orm import Session, joinedload
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from bpmn.errors import N_, AlurError
from engine import access
from engine.access import RIGHTS, Actor, Forbidden
from engine.db import EVERYWHERE, Database
from engine.models import Person
from tasks import drafts
from tasks.drafts import Writer
from web import csrf, errors, forms, ticket

View = TypeVar("View", bound=Callable[..., Any])

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# No page of ours asks for more; as what is typed is shown again, small forms made huge pages.
MOST_FIELDS: Final = 1_000


@dataclass(frozen=True)
class Rule:
    """What a route asks of whoever comes: a right, or nothing."""

    right: str | None = None
    # The endpoint of the page that shows the form this route receives.
    form: str | None = None
    # Fetched by a script: refused in JSON, and no sign that somebody is at the desk.
    data: bool = False
    # Open also to who must first change the password that somebody else gave her.
    early: bool = False
    # The view opens transactions of its own: nobody waits for the database meanwhile.
    apart: bool = False


class Unguarded(AlurError):
    """A route was written without saying who may use it."""

    status = 403
    sentence = N_("Rute tanpa hak akses: %(endpoints)s. Beri @allow(…) atau @public.")


class SignInFirst(AlurError):
    """Nobody is signed in, or no longer."""

    sentence = N_("Masuk dahulu untuk melanjutkan.")
    status = 401


class ChangeFirst(AlurError):
    """Her password was made by somebody else."""

    sentence = N_("Ganti dahulu kata sandi yang dibuatkan untuk Anda.")
    status = 403


class StaleForm(AlurError):
    """The form was not made in this session."""

    sentence = N_("Formulir ini sudah kedaluwarsa, jadi belum ada yang dikerjakan.")
    status = 403


def allow(
    right: str,
    *,
    form: str | None = None,
    data: bool = False,
    early: bool = False,
    apart: bool = False,
) -> Callable[[View], View]:
    """For whoever holds the right in some office; in which one, the lower floors know."""
    if right not in RIGHTS:
        raise LookupError(right)
    return _ruled(Rule(right, form, data, early, apart))


def public(view: View) -> View:
    """For everyone, signed in or not."""
    return _ruled(Rule())(view)


def init_app(app: Flask) -> None:
    """Refuse to serve while a route says nothing about who may use it."""
    bare = sorted(name for name, view in app.view_functions.items() if not hasattr(view, "rule"))
    if bare:
        raise Unguarded(endpoints=", ".join(bare))
    app.before_request(_refuse_what_came_later)


def _refuse_what_came_later() -> None:
    if request.endpoint and not hasattr(current_app.view_functions[request.endpoint], "rule"):
        raise Unguarded(endpoints=request.endpoint)


def _ruled(rule: Rule) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**names: Any) -> Any:
            g.rule = rule
            _refuse_what_nobody_types()
            return _admit(view, names) if rule.right else _open(view, names)

        guarded.rule = rule  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def _refuse_what_nobody_types() -> None:
    """More fields than a form has, and the character that no database keeps."""
    if len(request.form) > MOST_FIELDS:
        raise RequestEntityTooLarge
    files = [(name, file.filename or "") for name, file in request.files.items(multi=True)]
    said = chain(*request.args.items(multi=True), *request.form.items(multi=True), *files)
    if any("\0" in text for text in chain(said, (request.path,))):
        raise BadRequest


def _open(view: Callable[..., Any], names: dict[str, Any]) -> Any:
    if not _is_genuine():
        raise StaleForm
    return view(**names)


def _admit(view: Callable[..., Any], names: dict[str, Any]) -> Response:
    g.now = current_app.extensions["clock"]()
    person_id = ticket.holder(g.now)
    if person_id is None:
        raise SignInFirst
    try:
        return _within(view, names, person_id)
    finally:
        _keep_typed(person_id)


def _within(view: Callable[..., Any], names: dict[str, Any], person_id: int) -> Response:
    """The one transaction of a request."""
    with _transaction() as session:
        g.actor = _actor(session, person_id, g.now)
        if not g.rule.data:
            ticket.touch(g.now)
        if not g.rule.apart:
            g.session = session
            try:
                return _answer(view, names)
            finally:
                g.pop("session")
    return _answer(view, names)


def keep(place: str, fields: Mapping[str, str], writer: Writer) -> None:
    """Let this outlive a refusal, as a draft: nothing else of the request does."""
    g.typed = (place, dict(fields), Writer(writer.page))


def _keep_typed(person_id: int) -> None:
    if (typed := g.pop("typed", None)) is not None:
        place, fields, writer = typed
        database: Database = current_app.extensions["database"]
        with database.transaction(EVERYWHERE) as session:
            drafts.save(session, person_id, place, fields, g.now, writer)


def _transaction() -> AbstractContextManager[Session]:
    database: Database = current_app.extensions["database"]
    if request.method in SAFE or g.rule.apart:
        return database.reading(EVERYWHERE)
    return database.transaction(EVERYWHERE)


def _actor(session: Session, person_id: int, now: datetime) -> Actor:
    """Whoever asks; from here on the session sees only her offices."""
    person = session.get(Person, person_id, options=[joinedload(Person.grants)])
    if person is None or not ticket.is_of(person):
        raise SignInFirst
    if person.must_change and not g.rule.early:
        raise ChangeFirst
    actor = access.actor(session, person, now)
    session.info["scope"] = actor.scope
    return actor


def _answer(view: Callable[..., Any], names: dict[str, Any]) -> Response:
    if not _is_genuine():
        return _keep_for_later()
    if not g.actor.may_somewhere(g.rule.right):
        raise Forbidden
    answer = make_response(view(**names))
    if answer.status_code >= 400 and not g.rule.apart:
        g.session.rollback()
    return answer


def _is_genuine() -> bool:
    return request.method in SAFE or csrf.is_genuine()


def _keep_for_later() -> Response:
    """Do nothing, but keep what was typed: the form's own page shows it again."""
    place, fields = forms.page(), forms.typed()
    if place and fields and not g.rule.apart:
        drafts.save(g.session, g.actor.person_id, place, fields, g.now)
    return errors.explain(StaleForm())
