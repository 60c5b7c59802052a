"""Count what programs ask for, over all our processes and without a broker: one UPDATE a dozen."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import case, delete, or_
from sqlalchemy.orm import Session

from engine import upserts
from engine.models import Allowance

MINUTE: Final = 60
FORGOTTEN_AFTER: Final = timedelta(minutes=10)


def minute(now: datetime) -> int:
    return int(now.timestamp()) // MINUTE


def draw(session: Session, key: str, wanted: int, most: int, now: datetime) -> int | None:
    """Draw so many requests from what a key may ask this minute.

    What has been drawn of it by now, by anybody; None when there are not so many left.
    """
    this = minute(now)
    is_older = Allowance.minute < this
    query = (
        upserts.insert(session, Allowance)
        .values(key=key, minute=this, drawn=wanted)
        .on_conflict_do_update(
            index_elements=[Allowance.key],
            set_={
                "minute": this,
                "drawn": case((is_older, wanted), else_=Allowance.drawn + wanted),
            },
            where=or_(is_older, Allowance.drawn + wanted <= most),
        )
        .returning(Allowance.drawn)
    )
    return session.scalar(query) if wanted <= most else None


def forget(session: Session, now: datetime) -> None:
    """Drop the minutes that are over."""
    session.execute(delete(Allowance).where(Allowance.minute < minute(now - FORGOTTEN_AFTER)))
