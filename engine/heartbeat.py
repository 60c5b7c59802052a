"""The clock's heartbeat: a row that says when somebody last kept the time."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine import upserts
from engine.models import Chore

NAME: Final = "clock"
# Not written more often than this, however many clocks there are.
EVERY: Final = timedelta(seconds=15)
# Seen less than so long ago, it still runs.
STILL: Final = timedelta(seconds=60)


def beat(session: Session, now: datetime) -> None:
    """I keep the time, at this moment."""
    # A clock that was set back must not be silent until its old time has come again.
    stale = or_(Chore.slot <= now - EVERY, Chore.slot > now + EVERY)
    session.execute(
        upserts.insert(session, Chore)
        .values(name=NAME, slot=now, said="")
        .on_conflict_do_update(index_elements=[Chore.name], set_={"slot": now}, where=stale)
    )


def last(session: Session) -> datetime | None:
    return session.scalar(select(Chore.slot).where(Chore.name == NAME))
