"""Posts with nobody there: work that waits for them waits for nobody, so it is shown to all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy import case as when
from sqlalchemy.orm import Session, aliased

from engine import offices
from engine.access import Actor, in_force
from engine.db import Scope
from engine.models import Absence, Holder, Office, Person, Post, Task
from engine.models.task import is_open
from engine.paging import Page, read_cursor, write_cursor

MOST_LANES: Final = 100

_WAITS: Final = and_(is_open(), Task.status == "waiting")
_substitute = aliased(Person)
_own = aliased(Holder)


@dataclass(frozen=True)
class Gap:
    """Why nobody is there: since when, and from which day somebody will be."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Vacancy:
    """A post that nobody holds, with what waits there."""

    post: Post
    office: Office
    waiting: int
    oldest: datetime | None
    gap: Gap = Gap()


@dataclass(frozen=True)
class Lane:
    """Steps whose jabatan no post of the office bears."""

    office: Office
    name: str
    waiting: int
    oldest: datetime


@dataclass(frozen=True)
class Total:
    """How many posts nobody holds, and how many tasks wait for nobody."""

    posts: int
    waiting: int


def days(session: Session, scope: Scope, now: datetime) -> ColumnElement[date] | date:
    """Today, which is not the same day everywhere."""
    wanted = select(Office.zone).distinct()
    zones = session.scalars(wanted if scope is None else wanted.where(Office.id.in_(scope)))
    today = {zone: now.astimezone(ZoneInfo(zone)).date() for zone in zones}
    if len(set(today.values())) < 2:
        return next(iter(today.values()), now.date())
    return when(today, value=Office.zone)


def is_held(today: ColumnElement[date] | date) -> ColumnElement[bool]:
    """Somebody is there: a holder who may sign in, and is at work or has a substitute."""
    return (
        select(Holder.id)
        .join(Person, Person.id == Holder.person_id)
        .where(
            Holder.post_id == Post.id,
            _covers(Holder, today),
            Person.closed_at.is_(None),
            ~_is_away(today),
        )
        .correlate(Post, Office)
        .exists()
    )


def _is_away(today: ColumnElement[date] | date) -> ColumnElement[bool]:
    substituted = (
        select(_own.id)
        .join(_substitute, _substitute.id == _own.person_id)
        .where(
            _own.person_id == Absence.substitute_id,
            _own.office_id == Absence.office_id,
            _covers(_own, today),
            _substitute.closed_at.is_(None),
        )
        .correlate(Absence, Office)
        .exists()
    )
    return (
        select(Absence.id)
        .where(
            Absence.person_id == Holder.person_id,
            Absence.office_id == Holder.office_id,
            Absence.cancelled_at.is_(None),
            _covers(Absence, today),
            ~substituted,
        )
        .correlate(Holder, Office)
        .exists()
    )


def _covers(dated: Any, today: ColumnElement[date] | date) -> ColumnElement[bool]:
    return and_(dated.starts_on <= today, or_(dated.ends_on.is_(None), dated.ends_on >= today))


def page(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    after: str | None = None,
    limit: int = 50,
) -> Page[Vacancy]:
    """The posts nobody holds, those first where something has waited longest."""
    scope = actor.offices("vacancy.see")
    vacant = _vacant(session, scope, now)
    count = session.scalar(_posts(func.count(Post.id)).where(*vacant)) or 0
    work = _work(vacant)
    query = _posts(Post, Office, func.coalesce(work.c.waiting, 0), work.c.oldest).outerjoin(
        work, work.c.post_id == Post.id
    )
    none = when((work.c.oldest.is_(None), 1), else_=0)
    query = query.where(*vacant, *_after(work.c.oldest, after))
    rows = session.execute(query.order_by(none, work.c.oldest, Post.id).limit(limit + 1)).all()
    found = [Vacancy(*row) for row in rows[:limit]]
    more = _cursor(found[-1]) if len(rows) > limit else None
    gaps_of = gaps(session, {each.post.id: each.office for each in found}, now)
    return Page([replace(each, gap=gaps_of[each.post.id]) for each in found], count, more)


def total(session: Session, actor: Actor, now: datetime) -> Total:
    """The same in two numbers, for whoever must know before she asks."""
    scope = actor.offices("vacancy.see")
    vacant = _vacant(session, scope, now)
    posts = _posts(func.count(Post.id)).where(*vacant).scalar_subquery()
    ids = _posts(Post.id).where(*vacant)
    there = select(func.count(Task.id)).where(_WAITS, Task.post_id.in_(ids))
    nowhere = select(func.count(Task.id)).where(*_without_a_post(scope))
    row = session.execute(select(posts, there.scalar_subquery(), nowhere.scalar_subquery())).one()
    return Total(row[0], row[1] + row[2])


def unheld(session: Session, scope: Scope, now: datetime) -> Any:
    """The posts where nobody is, for whoever looks at what waits there."""
    return _posts(Post.id).where(*_vacant(session, scope, now))


def lanes(session: Session, actor: Actor) -> Sequence[Lane]:
    """What waits where the office has no such post at all, the longest first."""
    oldest = func.min(Task.opened_at, type_=Task.opened_at.type)
    rows = session.execute(
        select(Office, Task.lane, func.count(Task.id), oldest)
        .select_from(Task)
        .join(Office, Office.id == Task.office_id)
        .where(*_without_a_post(actor.offices("vacancy.see")))
        .group_by(Office.id, Task.lane)
        .order_by(oldest, Office.id, Task.lane)
        .limit(MOST_LANES)
    )
    return [Lane(*row) for row in rows]


def gap_of(session: Session, post_id: int | None, now: datetime) -> Gap | None:
    """Why nobody is at this post, or None where somebody is."""
    row = session.execute(_posts(Post, Office).where(Post.id == post_id)).one_or_none()
    if row is None:
        return Gap()
    post, office = row
    today = offices.today(office, now)
    if session.scalar(select(Post.id).where(Post.id == post.id, is_held(today))) is not None:
        return None
    return gaps(session, {post.id: office}, now)[post.id]


def gaps(session: Session, posts: Mapping[int, Office], now: datetime) -> dict[int, Gap]:
    """Since when nobody is there, and from which day somebody will be."""
    rows = session.execute(
        select(Holder, Person.closed_at, Absence)
        .join(Person, Person.id == Holder.person_id)
        .outerjoin(
            Absence,
            and_(
                Absence.person_id == Holder.person_id,
                Absence.office_id == Holder.office_id,
                Absence.cancelled_at.is_(None),
                Absence.ends_on >= now.date() - timedelta(days=1),
            ),
        )
        .where(Holder.post_id.in_(posts))
    ).all()
    told: dict[int, Gap] = {}
    for post_id, office in posts.items():
        zone = ZoneInfo(office.zone)
        mine = [tuple(row) for row in rows if row[0].post_id == post_id]
        told[post_id] = _gap(mine, zone, offices.today(office, now))
    return told


def _gap(rows: Iterable[tuple[Any, ...]], zone: ZoneInfo, today: date) -> Gap:
    left: list[date] = []
    comes: list[date] = []
    for holder, closed_at, absence in rows:
        if closed_at is not None:
            left.append(closed_at.astimezone(zone).date())
        elif holder.starts_on > today:
            comes.append(holder.starts_on)
        elif not in_force(holder, today):
            left.append(holder.ends_on + timedelta(days=1))
        elif absence is not None and in_force(absence, today):
            left.append(absence.starts_on)
            comes += _back(holder, absence)
    return Gap(max((day for day in left if day <= today), default=None), min(comes, default=None))


def _back(holder: Holder, absence: Absence) -> list[date]:
    """The day she is at her post again, if it is hers still."""
    day = absence.ends_on + timedelta(days=1)
    return [day] if in_force(holder, day) else []


def _vacant(session: Session, scope: Scope, now: datetime) -> list[ColumnElement[bool]]:
    vacant = [~is_held(days(session, scope, now))]
    return vacant if scope is None else [*vacant, Post.office_id.in_(scope)]


def _without_a_post(scope: Scope) -> list[ColumnElement[bool]]:
    wanted = [_WAITS, Task.post_id.is_(None)]
    return wanted if scope is None else [*wanted, Task.office_id.in_(scope)]


def _posts(*columns: Any) -> Any:
    return select(*columns).select_from(Post).join(Office, Office.id == Post.office_id)


def _work(vacant: list[ColumnElement[bool]]) -> Any:
    """What waits at each of these posts."""
    return (
        select(
            Task.post_id,
            func.count(Task.id).label("waiting"),
            func.min(Task.opened_at, type_=Task.opened_at.type).label("oldest"),
        )
        .where(_WAITS, Task.post_id.in_(_posts(Post.id).where(*vacant)))
        .group_by(Task.post_id)
        .subquery()
    )


def _cursor(last: Vacancy) -> str:
    return write_cursor(last.oldest.isoformat() if last.oldest else None, last.post.id)


def _after(oldest: Any, cursor: str | None) -> list[ColumnElement[bool]]:
    if cursor is None:
        return []
    at, last = read_cursor(cursor, datetime, int)
    if at is None:
        return [and_(oldest.is_(None), Post.id > last)]
    return [or_(oldest.is_(None), oldest > at, and_(oldest == at, Post.id > last))]
