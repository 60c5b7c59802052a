"""Keep what somebody typed until it is sent: a session may end, a signal may fail."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.models import Draft

LONGEST_PLACE: Final = 200
LARGEST: Final = 300_000  # characters: a page of performance data is a tenth of that
MOST: Final = 50
KEPT_FOR: Final = timedelta(days=60)


def save(
    session: Session, person_id: int, place: str, fields: dict[str, str], now: datetime
) -> None:
    """Keep the fields for the page at `place`; what was kept there before gives way."""
    if len(place) > LONGEST_PLACE or sum(map(len, fields.values())) > LARGEST:
        return
    session.merge(Draft(person_id=person_id, place=place, fields=fields, saved_at=now))
    session.flush()
    _tidy(session, person_id, now)


def _tidy(session: Session, person_id: int, now: datetime) -> None:
    """Nobody keeps more than so many, nor for ever; the latest stay."""
    latest = select(Draft.place).where(
        Draft.person_id == person_id, Draft.saved_at > now - KEPT_FOR
    )
    kept = session.scalars(latest.order_by(Draft.saved_at.desc(), Draft.place).limit(MOST)).all()
    session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.place.not_in(kept)))


def load(session: Session, person_id: int, place: str) -> Draft | None:
    return session.get(Draft, (person_id, place))


def drop(session: Session, person_id: int, place: str) -> None:
    """What was sent is no draft any more."""
    session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.place == place))


def carry(session: Session, giver: int, taker: int, place: str) -> None:
    """Let the other go on from what one typed, who keeps hers; what was typed last counts."""
    typed, there = load(session, giver, place), load(session, taker, place)
    if typed is not None and (there is None or there.saved_at < typed.saved_at):
        fields, saved_at = typed.fields, typed.saved_at
        session.merge(Draft(person_id=taker, place=place, fields=fields, saved_at=saved_at))
        session.flush()


def hand_over(session: Session, giver: int, taker: int, place: str, now: datetime) -> None:
    """What one typed goes on with the other; what the other had there before gives way."""
    draft = load(session, giver, place)
    if draft is not None:
        save(session, taker, place, draft.fields, now)
        drop(session, giver, place)
