"""What stands on whose list, in which order, page by page, and how many there are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy import case as when
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from engine.access import Actor
from engine.models import Case, Office, Participation, Person, Post, Sop, Task
from engine.models.task import OPEN
from engine.paging import BadCursor, Page, read_cursor, write_cursor

Ts = TypeVarTuple("Ts")

VIEWS: Final = ("inbox", "mine", "team", "joint", "overdue", "done")


@dataclass(frozen=True)
class Item:
    """A line of the inbox."""

    task: Task
    case_title: str
    sop_name: str
    office: Office
    post: str | None
    claimed_by: str | None


_claimer = aliased(Person)
# Steps without a due time come after all that have one, the oldest first.
_no_due = when((Task.due_at.is_(None), 1), else_=0)


def page(
    session: Session,
    actor: Actor,
    view: str,
    now: datetime,
    *,
    search: str = "",
    after: str | None = None,
    limit: int = 25,
) -> Page[Item]:
    """What waits for her, most urgent first; what she did, latest first."""
    wanted = [*_wanted(actor, view, now), *_matching(search)]
    count = session.scalar(_joined(select(func.count(Task.id))).where(*wanted)) or 0
    columns = select(Task, Case.title, Sop.name, Office, Post.name, _claimer.name)
    query = _joined(columns).where(*wanted, *_after(view, after)).limit(limit + 1)
    rows = [Item(*row) for row in session.execute(query.order_by(*_order(view)))]
    more = _cursor(view, rows[limit - 1].task) if len(rows) > limit else None
    return Page(rows[:limit], count, more)


def counts(session: Session, actor: Actor, now: datetime) -> dict[str, int]:
    """How many stand in each view."""
    row = session.execute(select(*[_counted(actor, view, now).label(view) for view in VIEWS])).one()
    return dict(row._mapping)


def _counted(actor: Actor, view: str, now: datetime) -> Any:
    return select(func.count(Task.id)).where(*_wanted(actor, view, now)).scalar_subquery()


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
    if view == "joint":
        return [Task.status.in_(OPEN), Task.id.in_(_asked(posts))]
    return [or_(mine, team)] + ([Task.due_at <= now] if view == "overdue" else [])


def _asked(posts: list[int]) -> Select[int]:
    """The joint steps where one of these posts has not taken part yet."""
    return select(Participation.task_id).where(
        Participation.post_id.in_(posts), Participation.person_id.is_(None)
    )


def _matching(search: str) -> list[ColumnElement[bool]]:
    return [
        or_(*[text.icontains(word, autoescape=True) for text in (Case.title, Sop.name, Task.name)])
        for word in search.split()[:8]
    ]


def _joined(query: Select[*Ts]) -> Select[*Ts]:
    return (
        query.select_from(Task)
        .join(Case, Case.id == Task.case_id)
        .join(Sop, Sop.id == Case.sop_id)
        .join(Office, Office.id == Task.office_id)
        .outerjoin(Post, Post.id == Task.post_id)
        .outerjoin(_claimer, _claimer.id == Task.claimed_by)
    )


def _order(view: str) -> list[ColumnElement[Any] | InstrumentedAttribute[Any]]:
    if view == "done":
        return [Task.ended_at.desc(), Task.id.desc()]
    return [_no_due, Task.due_at, Task.id]


def _cursor(view: str, last: Task) -> str:
    at = last.ended_at if view == "done" else last.due_at
    return write_cursor(at.isoformat() if at else None, last.id)


def _after(view: str, cursor: str | None) -> list[ColumnElement[bool]]:
    if cursor is None:
        return []
    at, last = read_cursor(cursor, datetime, int)
    if view == "done" and at is None:
        raise BadCursor
    if view == "done":
        return [or_(Task.ended_at < at, and_(Task.ended_at == at, Task.id < last))]
    if at is None:
        return [and_(Task.due_at.is_(None), Task.id > last)]
    later = or_(Task.due_at > at, and_(Task.due_at == at, Task.id > last))
    return [or_(Task.due_at.is_(None), later)]
