"""What stands on whose list, in which order, page by page, and how many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, union_all
from sqlalchemy import case as when
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from engine.access import Actor
from engine.models import Case, Delegation, Office, Participation, Person, Post, Sop, Task
from engine.models.task import is_late, is_open
from engine.paging import BadCursor, Page, read_cursor, write_cursor
from tasks.filters import EVERYTHING, Filter

Ts = TypeVarTuple("Ts")

VIEWS: Final = ("inbox", "mine", "team", "joint", "overdue", "office", "done")
ORDERS: Final = ("due", "opened")
DEFAULT_ZONE: Final = "Asia/Jakarta"


@dataclass(frozen=True)
class Item:
    """A line of the list."""

    task: Task
    case_title: str
    sop_name: str
    office: Office
    post: str | None
    claimed_by: str | None
    # Who asked for it, where it is done in somebody's place, and whether it comes back.
    asked_by: str | None = None
    wants_check: bool = False


_claimer = aliased(Person)
_asker = aliased(Person)
_LINE: Final = select(
    Task,
    Case.title,
    Sop.name,
    Office,
    Post.name,
    _claimer.name,
    _asker.name,
    func.coalesce(Delegation.wants_check, false()),
)
# What is more urgent comes first; of that, steps without a due time after all that have one.
_no_due = when((Task.due_at.is_(None), 1), else_=0)


def page(
    session: Session,
    actor: Actor,
    view: str,
    now: datetime,
    *,
    narrowed: Filter = EVERYTHING,
    order: str = "due",
    after: str | None = None,
    limit: int = 25,
) -> Page[Item]:
    """What waits for her, most urgent first; what she did, latest first."""
    order = "done" if view == "done" else order
    wanted = _wanted(actor, view, now)
    if narrowed != EVERYTHING:
        zone = zone_of(session, actor) if _has_days(narrowed) else DEFAULT_ZONE
        wanted += narrowed.conditions(session, actor.scope, zone, now)
    # First which, then all about them: so no plan ever begins with the names of offices.
    first = select(Task.id).where(*wanted, *beyond(order, after))
    first = first.order_by(*in_order(order)).limit(limit + 1)
    if narrowed.search and after is None:
        ids, count = _at_once(session, first)
    else:
        count = session.scalar(select(func.count(Task.id)).where(*wanted)) or 0
        ids = session.scalars(first).all()
    known = _about(session, ids)
    items = [known[id] for id in ids if id in known]
    more = cursor(order, items[limit - 1].task) if len(items) > limit else None
    return Page(items[:limit], count, more)


def _at_once(session: Session, query: Select[int]) -> tuple[Sequence[int], int]:
    """Which, and how many in all: no index orders what is searched, so it is gone through once."""
    rows = session.execute(query.add_columns(func.count().over())).all()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def next_in_hand(session: Session, actor: Actor, now: datetime) -> int | None:
    """The most urgent task of those she has taken."""
    query = select(Task.id).where(*_wanted(actor, "mine", now)).order_by(*in_order("due"))
    return session.scalar(query.limit(1))


def with_ids(session: Session, actor: Actor, ids: Sequence[int]) -> Mapping[int, Item]:
    """These tasks as they stand now, whoever has them."""
    known = _about(session, ids)
    return {id: item for id, item in known.items() if actor.may("task.see", item.task.office_id)}


def _about(session: Session, ids: Sequence[int]) -> Mapping[int, Item]:
    if not ids:
        return {}
    rows = session.execute(_joined(_LINE).where(Task.id.in_(ids)))
    return {row[0].id: Item(*row) for row in rows}


def _has_days(narrowed: Filter) -> bool:
    days = (narrowed.opened_from, narrowed.opened_to, narrowed.due_from, narrowed.due_to)
    return any(days)


def zone_of(session: Session, actor: Actor) -> str:
    """Where her day begins: at her first office."""
    query = select(Office.zone).order_by(Office.id).limit(1)
    if actor.scope is not None:
        query = query.where(Office.id.in_(actor.scope))
    return session.scalar(query) or DEFAULT_ZONE


def counts(session: Session, actor: Actor, now: datetime) -> dict[str, int]:
    """How many stand in each view."""
    columns = [
        select(func.count(Task.id)).where(*_wanted(actor, view, now)).scalar_subquery().label(view)
        for view in VIEWS
    ]
    return dict(session.execute(select(*columns)).one()._mapping)


def _wanted(actor: Actor, view: str, now: datetime) -> list[ColumnElement[bool]]:
    mine = [is_open(), Task.status == "claimed", Task.claimed_by == actor.person_id]
    posts = [held.post_id for held in actor.posts]
    team = [is_open(), Task.status == "waiting", Task.post_id.in_(posts)]
    # Each of the two has its index; of one condition with OR, SQLite would read all open tasks.
    both = union_all(select(Task.id).where(*mine), select(Task.id).where(*team))
    waits: dict[str, list[ColumnElement[bool]]] = {
        "mine": mine,
        "team": team,
        "office": [is_open(), *_overseen(actor)],
        "joint": [is_open(), Task.id.in_(_asked(posts))],
        "overdue": [Task.id.in_(both), is_late(now)],
        "done": [Task.status == "done", Task.ended_by == actor.person_id],
    }
    return waits.get(view, [Task.id.in_(both)])


def _overseen(actor: Actor) -> list[ColumnElement[bool]]:
    """All that is open in the offices she leads or watches."""
    offices = actor.offices("task.oversee")
    return [] if offices is None else [Task.office_id.in_(offices)]


def _asked(posts: list[int]) -> Select[int]:
    """The joint steps where one of these posts has not taken part yet."""
    return select(Participation.task_id).where(
        Participation.post_id.in_(posts), Participation.person_id.is_(None)
    )


def _joined(query: Select[*Ts]) -> Select[*Ts]:
    in_force = and_(Delegation.task_id == Task.id, Delegation.ended_at.is_(None))
    return (
        query.select_from(Task)
        .join(Case, Case.id == Task.case_id)
        .join(Sop, Sop.id == Case.sop_id)
        .join(Office, Office.id == Task.office_id)
        .outerjoin(Post, Post.id == Task.post_id)
        .outerjoin(_claimer, _claimer.id == Task.claimed_by)
        .outerjoin(Delegation, in_force)
        .outerjoin(_asker, _asker.id == Delegation.from_id)
    )


# --- in order ------------------------------------------------------------------------------------


def in_order(order: str) -> list[ColumnElement[Any] | InstrumentedAttribute[Any]]:
    if order == "done":
        return [Task.ended_at.desc(), Task.id.desc()]
    if order == "opened":
        return [Task.opened_at, Task.id]
    return [Task.priority.desc(), _no_due, Task.due_at, Task.id]


def cursor(order: str, last: Task) -> str:
    if order == "due":
        due = last.due_at.isoformat() if last.due_at else None
        return write_cursor(last.priority, due, last.id)
    at = last.ended_at if order == "done" else last.opened_at
    return write_cursor(at.isoformat() if at else None, last.id)


def beyond(order: str, after: str | None) -> list[ColumnElement[bool]]:
    """What comes after the row a page ended with."""
    if after is None:
        return []
    if order == "due":
        return [_less_urgent(*read_cursor(after, int, datetime, int))]
    at, last = read_cursor(after, datetime, int)
    if at is None:
        raise BadCursor
    if order == "done":
        return [or_(Task.ended_at < at, and_(Task.ended_at == at, Task.id < last))]
    return [or_(Task.opened_at > at, and_(Task.opened_at == at, Task.id > last))]


def _less_urgent(priority: int, at: datetime | None, last: int) -> ColumnElement[bool]:
    """Whatever comes after that one: as urgent and due later, or less urgent."""
    later = and_(Task.due_at.is_(None), Task.id > last)
    if at is not None:
        timed = or_(Task.due_at > at, and_(Task.due_at == at, Task.id > last))
        later = or_(Task.due_at.is_(None), timed)
    return or_(Task.priority < priority, and_(Task.priority == priority, later))
