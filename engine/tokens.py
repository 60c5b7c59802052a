"""Let other programs in: each token is known by its hash alone, and may no more than its person."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload

from bpmn.errors import N_, AlurError
from engine import access
from engine.access import SCOPES, Actor
from engine.models import Person, Token

# So that whoever finds one in a file or a log knows what it opens.
PREFIX: Final = "alur_"
LONGEST_NAME: Final = 60
USUAL_LIFE: Final = 90  # days
LONGEST_LIFE: Final = 366
MOST: Final = 50
USED_WITHIN: Final = timedelta(hours=1)


class TokenError(AlurError):
    """A token that cannot be made or found."""

    status = 422


class BadName(TokenError):
    sentence = N_("Beri token ini nama, paling panjang %(limit)s huruf, misalnya: aplikasi absen.")
    field = "name"


class NoScope(TokenError):
    sentence = N_("Pilih sedikitnya satu kegunaan: %(known)s.")
    field = "scopes"


class BadLife(TokenError):
    sentence = N_("Masa berlaku harus 1 sampai %(limit)s hari.")
    field = "days"


class TooMany(TokenError):
    sentence = N_("Sudah ada %(most)s token yang berlaku. Cabut dahulu yang tidak dipakai lagi.")
    field = "name"


class NoSuchToken(TokenError):
    sentence = N_("Token ini tidak ada, atau sudah dicabut.")
    status = 404


def make(
    session: Session,
    person: Person,
    name: str,
    scopes: Collection[str],
    days: int,
    now: datetime,
) -> tuple[Token, str]:
    """A new token, and its text: nobody can read that again, we keep only its hash."""
    text = PREFIX + secrets.token_urlsafe(32)
    token = Token(
        person_id=person.id,
        name=_checked_name(name),
        hash=_hash(text),
        scopes=" ".join(_checked_scopes(scopes)),
        made_at=now,
        expires_at=now + _checked_life(days),
    )
    if len(in_force(session, person.id, now)) >= MOST:
        raise TooMany(most=MOST)
    session.add(token)
    session.flush()
    return token, text


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadName(limit=LONGEST_NAME)
    return name


def _checked_scopes(scopes: Collection[str]) -> list[str]:
    if not scopes or not set(scopes) <= set(SCOPES):
        raise NoScope(known=", ".join(SCOPES))
    return [scope for scope in SCOPES if scope in scopes]


def _checked_life(days: int) -> timedelta:
    if not 0 < days <= LONGEST_LIFE:
        raise BadLife(limit=LONGEST_LIFE)
    return timedelta(days=days)


def _hash(text: str) -> str:
    """Of 256 random bits: what makes a password's hash slow would protect nothing here."""
    return hashlib.sha256(text.encode()).hexdigest()


def find(session: Session, text: str, now: datetime) -> tuple[Token, Person] | None:
    """Whose token this is, while it holds and her account is open."""
    query = (
        select(Token, Person)
        .join(Person, Person.id == Token.person_id)
        .where(
            Token.hash == _hash(text),
            Token.revoked_at.is_(None),
            Token.expires_at > now,
            Person.closed_at.is_(None),
            Person.must_change.is_(False),
        )
        .options(joinedload(Person.grants))
    )
    row = session.execute(query).unique().one_or_none()
    return None if row is None else (row[0], row[1])


def actor(session: Session, token: Token, person: Person, now: datetime) -> Actor:
    """She, as she is today, narrowed to what the token is good for."""
    scopes = frozenset(token.scopes.split())
    return replace(access.actor(session, person, now), token=token.id, scopes=scopes)


def is_noted(token: Token, now: datetime) -> bool:
    """Whether its last use is known well enough: to the hour, for each note is a write."""
    return token.used_at is not None and now < token.used_at + USED_WITHIN


def note_use(session: Session, token_id: int, now: datetime) -> None:
    stale = or_(Token.used_at.is_(None), Token.used_at <= now - USED_WITHIN)
    session.execute(update(Token).where(Token.id == token_id, stale).values(used_at=now))


def in_force(session: Session, person_id: int, now: datetime) -> Sequence[Token]:
    """Her tokens that still open something, newest first."""
    query = select(Token).where(
        Token.person_id == person_id, Token.revoked_at.is_(None), Token.expires_at > now
    )
    return session.scalars(query.order_by(Token.id.desc())).all()


def everyones(session: Session, now: datetime) -> Sequence[tuple[Token, Person]]:
    """All that still open something, account by account."""
    rows = session.execute(
        select(Token, Person)
        .join(Person, Person.id == Token.person_id)
        .where(Token.revoked_at.is_(None), Token.expires_at > now, Person.closed_at.is_(None))
        .order_by(Person.account, Token.id)
    )
    return [(token, person) for token, person in rows]


def revoke(session: Session, token_id: int, now: datetime, *, of: int | None = None) -> None:
    """Void at once and for good; `of` one person, where it must be hers."""
    which = [Token.id == token_id, Token.revoked_at.is_(None)]
    if of is not None:
        which.append(Token.person_id == of)
    done = session.execute(
        update(Token).where(*which).values(revoked_at=now).returning(Token.id)
    ).one_or_none()
    if done is None:
        raise NoSuchToken
