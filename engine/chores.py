"""What is done once a night, whichever clock does it: of many one is first, and one that died in
the middle leaves it to the others."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from engine import heartbeat, upserts
from engine.models import Chore

# 02.00 in Jakarta, 04.00 in Jayapura.
NIGHT: Final = timedelta(hours=19)
# Whoever has not said so long after beginning that it is done has died.
LEASE: Final = timedelta(hours=3)
# When what failed is tried again.
AGAIN: Final = timedelta(hours=1)
LONGEST: Final = 500


def this_night(now: datetime) -> datetime:
    """When the last night began by which everything should be done."""
    moment = now.astimezone(UTC)
    night = moment.replace(hour=0, minute=0, second=0, microsecond=0) + NIGHT
    return night if night <= moment else night - timedelta(days=1)


def due(session: Session, names: Sequence[str], now: datetime) -> Sequence[str] | None:
    """Which of these are to be done now; None where they have yet to `begin`."""
    query = select(Chore.name, _is_due(now)).where(Chore.name.in_(names))
    known = dict(iter(session.execute(query)))
    if len(known) < len(names):
        return None
    return [name for name in names if known[name]]


def begin(session: Session, names: Sequence[str], now: datetime) -> None:
    """From the next night on: in the first there is nothing to do yet."""
    for name in names:
        session.execute(
            upserts.insert(session, Chore)
            .values(name=name, slot=this_night(now), done_at=now, said="")
            .on_conflict_do_nothing()
        )


def claim(session: Session, name: str, now: datetime) -> bool:
    """Whether it is mine to do."""
    won = session.execute(
        update(Chore)
        .where(Chore.name == name, _is_due(now))
        .values(slot=this_night(now), taken_until=now + LEASE)
        .returning(Chore.name)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return won is not None


def done(session: Session, name: str, said: str, now: datetime) -> None:
    """It is done; how it went."""
    session.execute(
        update(Chore)
        .where(Chore.name == name)
        .values(done_at=now, said=said[:LONGEST], taken_until=None)
    )


def failed(session: Session, name: str, why: str, now: datetime) -> None:
    """It could not be done: tried again after a while, and said until it is done."""
    session.execute(
        update(Chore)
        .where(Chore.name == name)
        .values(said=f"! {why}"[:LONGEST], taken_until=now + AGAIN)
    )


def all_of(session: Session) -> Sequence[Chore]:
    query = select(Chore).where(Chore.name != heartbeat.NAME).order_by(Chore.name)
    return session.scalars(query).all()


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Nor does what was done in a future that never came, by a clock set wrongly, count."""
    is_dead = or_(Chore.taken_until <= now, Chore.taken_until > now + LEASE)
    is_free = or_(Chore.taken_until.is_(None), is_dead)
    is_undone = or_(Chore.done_at.is_(None), Chore.done_at < Chore.slot, Chore.done_at > now)
    return and_(is_free, or_(Chore.slot < this_night(now), Chore.slot > now, is_undone))
