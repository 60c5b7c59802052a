"""What stands on whose list, in which order, page by page, and how many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy import case as when
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from engine.access import Actor
from engine.models import Case, Delegation, Office, Participation, Person, Post, Sop, Task
from engine.models.task import OPEN
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
# Steps without a due time come after all that have one, the oldest first.
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
    count = session.scalar(_counted(wanted, narrowed)) or 0
    query = _joined(_LINE).where(*wanted, *_after(order, after)).limit(limit + 1)
    rows = [Item(*row) for row in session.execute(query.order_by(*_order(order)))]
    more = _cursor(order, rows[limit - 1].task) if len(rows) > limit else None
    return Page(rows[:limit], count, more)


def next_in_hand(session: Session, actor: Actor, now: datetime) -> int | None:
    """The most urgent task of those she has taken."""
    query = select(Task.id).where(*_wanted(actor, "mine", now)).order_by(*_order("due"))
    return session.scalar(query.limit(1))


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


def _has_days(narrowed: Filter) -> bool:
    days = (narrowed.opened_from, narrowed.opened_to, narrowed.due_from, narrowed.due_to)
    return any(days)


def zone_of(session: Session, actor: Actor) -> str:
    """Where her day begins: at her first office."""
    query = select(Office.zone).order_by(Office.id).limit(1)
    if actor.scope is not None:
        query = query.where(Office.id.in_(actor.scope))
    return session.scalar(query) or DEFAULT_ZONE


def _counted(wanted: list[ColumnElement[bool]], narrowed: Filter) -> Select[int]:
    """Without the joins that only show names: a view of many thousands is counted as well."""
    query = select(func.count(Task.id)).where(*wanted)
    return query.join(Case, Case.id == Task.case_id) if narrowed.sop else query


def with_ids(session: Session, actor: Actor, ids: Sequence[int]) -> Mapping[int, Item]:
    """These tasks as they stand now, whoever has them."""
    offices = actor.offices("task.see")
    query = _joined(_LINE).where(Task.id.in_(ids))
    if offices is not None:
        query = query.where(Task.office_id.in_(offices))
    return {row[0].id: Item(*row) for row in session.execute(query)}


def counts(session: Session, actor: Actor, now: datetime) -> dict[str, int]:
    """How many stand in each view."""
    columns = [
        select(func.count(Task.id)).where(*_wanted(actor, view, now)).scalar_subquery().label(view)
        for view in VIEWS
    ]
    return dict(session.execute(select(*columns)).one()._mapping)


def _wanted(actor: Actor, view: str, now: datetime) -> list[ColumnElement[bool]]:
    mine = and_(Task.status == "claimed", Task.claimed_by == actor.person_id)
    posts = [held.post_id for held in actor.posts]
    team = and_(Task.status == "waiting", Task.post_id.in_(posts))
    if view == "done":
        return [Task.status == "done", Task.ended_by == actor.person_id]
    if view == "mine":
        return [mine]
    if view == "team":
        return [team]
    if view == "office":
        return _overseen(actor)
    if view == "joint":
        return [Task.status.in_(OPEN), Task.id.in_(_asked(posts))]
    return [or_(mine, team)] + ([Task.due_at <= now] if view == "overdue" else [])


def _overseen(actor: Actor) -> list[ColumnElement[bool]]:
    """All that is open in the offices she leads or watches."""
    offices = actor.offices("task.oversee")
    open_here: list[ColumnElement[bool]] = [Task.status.in_(OPEN)]
    return open_here if offices is None else [*open_here, Task.office_id.in_(offices)]


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


def _order(order: str) -> list[ColumnElement[Any] | InstrumentedAttribute[Any]]:
    if order == "done":
        return [Task.ended_at.desc(), Task.id.desc()]
    if order == "opened":
        return [Task.opened_at, Task.id]
    return [_no_due, Task.due_at, Task.id]


def _cursor(order: str, last: Task) -> str:
    at = {"done": last.ended_at, "opened": last.opened_at}.get(order, last.due_at)
    return write_cursor(at.isoformat() if at else None, last.id)


def _after(order: str, cursor: str | None) -> list[ColumnElement[bool]]:
    if cursor is None:
        return []
    at, last = read_cursor(cursor, datetime, int)
    if order != "due" and at is None:
        raise BadCursor
    if order == "done":
        return [or_(Task.ended_at < at, and_(Task.ended_at == at, Task.id < last))]
    if order == "opened":
        return [or_(Task.opened_at > at, and_(Task.opened_at == at, Task.id > last))]
    if at is None:
        return [and_(Task.due_at.is_(None), Task.id > last)]
    later = or_(Task.due_at > at, and_(Task.due_at == at, Task.id > last))
    return [or_(Task.due_at.is_(None), later)]
