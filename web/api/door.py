"""Let a program in: by its token, at its pace, in one transaction, and each deed of it once.

A cookie opens nothing here. A browser sends it along with whatever another site makes it ask
for, and the API, which knows no form of ours, could not tell such a request from a wanted one.
"""

import hashlib
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from flask import Response, current_app, g, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from engine import access, receipts, tokens
from engine.access import Forbidden
from engine.db import EVERYWHERE, Database
from engine.models import Person, Receipt, Token
from engine.paging import BadCursor
from web.api import answers, bodies, rates
from web.api.rates import Meter, Standing
from web.api.refusals import BadKey, BadToken, Encoded, NoSuchPage, NoToken, OutOfScope

if TYPE_CHECKING:
    from web.api.ground import Route

LONGEST_KEY: Final = 255
_KEY: Final = re.compile("[!-~]{1,255}")


def admit(route: "Route", view: Callable[..., Any], names: dict[str, Any]) -> Response:
    """The whole way of a request: who, how often, whether she may, and what she gets."""
    # As the database gives it back: what was just made reads like what was read.
    g.now = current_app.extensions["clock"]().astimezone(UTC)
    request.max_content_length = route.largest
    _refuse_what_names_nothing(names)
    token, person = _known()
    if limit := current_app.config["API_RATE"]:
        g.standing = _meter().spend(f"token:{token.id}", limit, g.now)
    _note_use(token)
    with _transaction(route) as session:
        g.session, g.actor = session, tokens.actor(session, token, person, g.now)
        session.info["scope"] = g.actor.scope
        try:
            _refuse_without_right(route)
            answer = _once(route, view, names) if route.changes else _served(route, view, names)
        finally:
            g.pop("session")
    return answer


def _refuse_what_names_nothing(names: dict[str, Any]) -> None:
    """The character that no database keeps is in the name of nothing."""
    if any("\0" in name for name in names.values() if isinstance(name, str)):
        raise NotFound


# --- who -----------------------------------------------------------------------------------------


def _known() -> tuple[Token, Person]:
    """Whose token came; who guesses is counted by where she guesses from.

    A valid token is let in from anywhere: a whole office may stand behind one address.
    """
    database: Database = current_app.extensions["database"]
    text = _bearer()
    with database.reading(EVERYWHERE) as session:
        found = tokens.find(session, text, g.now) if text else None
    if found is None:
        g.standing = _meter().spend(rates.address(request.remote_addr), rates.FAILURES, g.now)
        raise BadToken if text else NoToken
    return found


def _bearer() -> str:
    kind, _, text = request.headers.get("Authorization", "").strip().partition(" ")
    return text.strip() if kind.lower() == "bearer" else ""


def _meter() -> Meter:
    meter: Meter = current_app.extensions["meter"]
    return meter


def _note_use(token: Token) -> None:
    if not tokens.is_noted(token, g.now):
        database: Database = current_app.extensions["database"]
        with database.transaction(EVERYWHERE) as session:
            tokens.note_use(session, token.id, g.now)


def _transaction(route: "Route") -> AbstractContextManager[Session]:
    database: Database = current_app.extensions["database"]
    return database.transaction(EVERYWHERE) if route.changes else database.reading(EVERYWHERE)


def _refuse_without_right(route: "Route") -> None:
    scope = access.scope_of(route.right)
    if scope not in g.actor.scopes:
        raise OutOfScope(scope=scope)
    if not g.actor.may_somewhere(route.right):
        raise Forbidden


# --- what ----------------------------------------------------------------------------------------


def _served(route: "Route", view: Callable[..., Any], names: dict[str, Any]) -> Response:
    asked: dict[str, Any] = {"query": bodies.query(route.query)}
    if (route.body or route.takes) and request.content_encoding not in (None, "identity"):
        raise Encoded
    if route.body is not None:
        is_bare = route.bare and not request.get_data(cache=True)
        asked["body"] = None if is_bare else bodies.body(route.body)
    wanted = {name: value for name, value in asked.items() if name in route.reads}
    try:
        return answers.of(route, view(**names, **wanted))
    except BadCursor as wrong:
        raise NoSuchPage from wrong


def _once(route: "Route", view: Callable[..., Any], names: dict[str, Any]) -> Response:
    """What a program sends again with the same key is answered again, and not done again."""
    key = _key()
    if key is None:
        return _served(route, view, names)
    kept = receipts.reserve(g.session, g.actor.person_id, key, _digest(), g.now)
    if kept is not None:
        return _again(kept)
    answer = _served(route, view, names)
    place, body = answer.headers.get("Location", ""), answer.get_data(as_text=True)
    receipts.fill(g.session, g.actor.person_id, key, answer.status_code, place, body)
    return answer


def _key() -> str | None:
    """The key, quoted or bare; kept by its digest, apart from those of our own pages."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    key = key.strip().removeprefix('"').removesuffix('"')
    if not _KEY.fullmatch(key):
        raise BadKey(limit=LONGEST_KEY)
    return "api:" + hashlib.sha256(key.encode()).hexdigest()


def _digest() -> str:
    """What makes a request the same: its method, its address, its content."""
    head = f"{request.method} {request.full_path}\n{request.mimetype}\n".encode()
    return hashlib.sha256(head + request.get_data(cache=True)).hexdigest()


def _again(kept: Receipt) -> Response:
    answer = Response(kept.body, kept.status, mimetype=answers.JSON)
    if not kept.body:
        del answer.headers["Content-Type"]
    if kept.answer:
        answer.headers["Location"] = kept.answer
    answer.headers["Idempotent-Replayed"] = "true"
    return answer


def with_standing(answer: Response) -> Response:
    """How much a program may still ask, as the IETF's RateLimit headers say it."""
    standing: Standing | None = g.get("standing")
    if standing is not None:
        answer.headers["RateLimit-Policy"] = f'"minute";q={standing.limit};w=60'
        answer.headers["RateLimit"] = f'"minute";r={standing.left};t={standing.seconds}'
    return answer
