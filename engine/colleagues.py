"""Who works in an office today, and who holds which post: whom a task can be given to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, CompoundSelect, Select, and_, or_, select
from sqlalchemy.orm import Session

from engine.models import Absence, Holder, Office, Person, Post


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
    """Who does the work of a post today: its holders, and the substitutes of those away."""
    office_id = session.scalar(select(Post.office_id).where(Post.id == post_id))
    if office_id is None:
        return frozenset()
    duty = on_duty(_today(session, office_id, now)).subquery()
    there = select(Person.id).join(duty, duty.c.person_id == Person.id)
    there = there.where(duty.c.post_id == post_id, Person.closed_at.is_(None))
    return frozenset(session.scalars(there))


def on_duty(today: date | BindParameter[date]) -> CompoundSelect[int, int]:
    """Who holds which post on that day, and who does the work of those who are away."""
    held = select(Holder.post_id, Holder.person_id).where(_covers(Holder, today))
    stood_in_for = (
        select(Holder.post_id, Absence.substitute_id)
        .join(
            Absence,
            and_(Absence.person_id == Holder.person_id, Absence.office_id == Holder.office_id),
        )
        .where(
            _covers(Holder, today),
            _covers(Absence, today),
            Absence.cancelled_at.is_(None),
            Absence.substitute_id.is_not(None),
        )
    )
    return held.union_all(stood_in_for)


def _in_force(session: Session, office_id: int, now: datetime) -> Select[int]:
    """Everybody who holds a post there today and may sign in."""
    today = _today(session, office_id, now)
    return (
        select(Person.id)
        .select_from(Holder)
        .join(Person, Person.id == Holder.person_id)
        .where(Holder.office_id == office_id, _covers(Holder, today), Person.closed_at.is_(None))
    )


def _today(session: Session, office_id: int, now: datetime) -> date:
    """The day is the office's own."""
    zone = session.scalars(select(Office.zone).where(Office.id == office_id)).one()
    return now.astimezone(ZoneInfo(zone)).date()


def _covers(
    dated: type[Holder] | type[Absence], today: date | BindParameter[date]
) -> ColumnElement[bool]:
    return and_(dated.starts_on <= today, or_(dated.ends_on.is_(None), dated.ends_on >= today))
