"""Keep what somebody typed until it is sent: a session may end, a signal may fail."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from engine.models import Draft

LONGEST_PLACE: Final = 200


def save(
    session: Session, person_id: int, place: str, fields: dict[str, str], now: datetime
) -> None:
    """Keep the fields for the page at `place`; what was kept there before gives way."""
    if len(place) <= LONGEST_PLACE:
        session.merge(Draft(person_id=person_id, place=place, fields=fields, saved_at=now))


def load(session: Session, person_id: int, place: str) -> Draft | None:
    return session.get(Draft, (person_id, place))


def drop(session: Session, person_id: int, place: str) -> None:
    """What was sent is no draft any more."""
    session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.place == place))
