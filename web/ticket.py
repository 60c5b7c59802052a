"""Remember in a signed cookie who is signed in, and for how long that holds."""

from datetime import UTC, datetime, timedelta
from typing import Final

from flask import session

from engine.models import Person

IDLE: Final = timedelta(minutes=60)
LONGEST: Final = timedelta(hours=12)
# Not at every request: a cookie written by two requests at once would lose a message of one.
_REFRESH: Final = timedelta(minutes=1)


def issue(person: Person, now: datetime) -> None:
    """Begin a session anew: nothing of an earlier one, nor its form secret, stays."""
    session.clear()
    session.update(
        person=person.id, epoch=person.epoch, since=now.timestamp(), seen=now.timestamp()
    )


def holder(now: datetime) -> int | None:
    """Whose session this is, if it is neither idle for too long nor too old."""
    if "person" not in session:
        return None
    # A clock that stands before the sign-in would make the session live for ever.
    fresh = now <= _at("seen") + IDLE and _at("since") <= now + _REFRESH
    return session["person"] if fresh and now <= _at("since") + LONGEST else None


def is_of(person: Person | None) -> bool:
    """Whether the account is still open and was not signed out everywhere."""
    return person is not None and person.closed_at is None and person.epoch == session["epoch"]


def touch(now: datetime) -> None:
    if now - _at("seen") > _REFRESH:
        session["seen"] = now.timestamp()


def tear() -> None:
    """End the session; whose it was stays, so that what she typed is given to nobody else."""
    session["former"] = session.pop("person", None) or session.get("former")


def former() -> int | None:
    """Who was signed in here until the session ended by itself."""
    return session.get("former") or session.get("person")


def _at(moment: str) -> datetime:
    return datetime.fromtimestamp(session[moment], UTC)
