"""Who works in an office today, and who holds which post: whom a task can be given to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from engine.models import Holder, Office, Person, Post


@dataclass(frozen=True)
class Colleague:
    """Somebody of the office, with the posts she holds there today."""

    id: int
    name: str
    posts: tuple[str, ...]


def of_office(session: Session, office_id: int, now: datetime) -> Sequence[Colleague]:
    """Everybody who holds a post there today, by name."""
    rows = session.execute(
        _in_force(session, office_id, now)
        .add_columns(Person.name, Post.name)
        .join(Post, Post.id == Holder.post_id)
        .order_by(Person.name, Person.id, Post.id)
    )
    found: dict[int, Colleague] = {}
    for person_id, name, post in rows:
        known = found.get(person_id, Colleague(person_id, name, ()))
        found[person_id] = Colleague(person_id, name, (*known.posts, post))
    return list(found.values())


def find(session: Session, office_id: int, person_id: int, now: datetime) -> Person | None:
    """This person, if she holds a post of the office today."""
    holders = _in_force(session, office_id, now).where(Person.id == person_id)
    return session.scalar(select(Person).where(Person.id.in_(holders)))


def of_post(session: Session, post_id: int | None, now: datetime) -> frozenset[int]:
    """Who holds a post today."""
    office_id = session.scalar(select(Post.office_id).where(Post.id == post_id))
    if office_id is None:
        return frozenset()
    holders = _in_force(session, office_id, now).where(Holder.post_id == post_id)
    return frozenset(session.scalars(holders))


def _in_force(session: Session, office_id: int, now: datetime) -> Select[int]:
    """The day is the office's own."""
    zone = session.scalars(select(Office.zone).where(Office.id == office_id)).one()
    today = now.astimezone(ZoneInfo(zone)).date()
    return (
        select(Person.id)
        .select_from(Holder)
        .join(Person, Person.id == Holder.person_id)
        .where(
            Holder.office_id == office_id,
            Holder.starts_on <= today,
            or_(Holder.ends_on.is_(None), Holder.ends_on >= today),
            Person.closed_at.is_(None),
        )
    )
