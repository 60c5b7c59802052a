"""Who was told that a step is overdue, once for each task and level, and who says she knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from bpmn.errors import N_
from engine import access, history, ladder
from engine.access import Actor, Role
from engine.models import Escalation, Office, Person, Post, Task
from engine.paging import Page, read_cursor, write_cursor
from tasks.ground import TaskError, lock

Ts = TypeVarTuple("Ts")


@dataclass(frozen=True)
class EscalationLine:
    """An escalation, and which post heard of it."""

    escalation: Escalation
    case_id: int
    office: str
    to: str | None


def page(
    session: Session,
    actor: Actor,
    *,
    office: str | None = None,
    case_id: int | None = None,
    since: datetime | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[EscalationLine]:
    """Those of her offices, latest first."""
    wanted = _wanted(actor, office, case_id, since)
    count = session.scalar(_joined(select(func.count(Escalation.id))).where(*wanted)) or 0
    if after is not None:
        [last] = read_cursor(after, int)
        wanted.append(Escalation.id < last)
    query = _joined(select(Escalation, Task.case_id, Office.slug, Post.slug)).outerjoin(
        Post, Post.id == Escalation.post_id
    )
    found = session.execute(query.where(*wanted).order_by(Escalation.id.desc()).limit(limit + 1))
    rows = [EscalationLine(*row) for row in found]
    more = write_cursor(rows[limit - 1].escalation.id) if len(rows) > limit else None
    return Page(rows[:limit], count, more)


def _joined(query: Select[*Ts]) -> Select[*Ts]:
    return (
        query.select_from(Escalation)
        .join(Task, Task.id == Escalation.task_id)
        .join(Office, Office.id == Escalation.office_id)
    )


def _wanted(
    actor: Actor, office: str | None, case_id: int | None, since: datetime | None
) -> list[ColumnElement[bool]]:
    offices = actor.offices("task.see")
    wanted: list[ColumnElement[bool]] = []
    if offices is not None:
        wanted.append(Escalation.office_id.in_(offices))
    if office is not None:
        wanted.append(Office.slug == office)
    if case_id is not None:
        wanted.append(Task.case_id == case_id)
    if since is not None:
        wanted.append(Escalation.raised_at >= since)
    return wanted


# --- knowing of it -------------------------------------------------------------------------------


class NotToldYou(TaskError):
    sentence = N_("Keterlambatan langkah ini tidak (atau belum) disampaikan kepada Anda.")
    status = 403


class KnownAlready(TaskError):
    sentence = N_("%(who)s sudah menyatakan mengetahuinya.")


def acknowledge(session: Session, actor: Actor, task_id: int, now: datetime) -> None:
    """Say that she knows what she was told, once; it goes on climbing until the step is done."""
    found = lock(session, actor, task_id)
    access.require(actor, "task.acknowledge", found.task.office_id)
    hers = [each for each in of_task(session, task_id) if is_told(actor, found.task, each)]
    if not hers:
        raise NotToldYou
    new = [each for each in hers if each.acknowledged_at is None]
    if not new:
        raise KnownAlready(who=session.get_one(Person, hers[-1].acknowledged_by).name)
    # Its case is locked: nobody else can say so meanwhile.
    for each in new:
        each.acknowledged_by, each.acknowledged_at = actor.person_id, now
    as_what = (new[-1].post_id, found.task.post_id)
    post_id = next((post_id for post_id in as_what if actor.holding(post_id)), None)
    detail = {"levels": [each.level for each in new]}
    entry = history.by(actor, "acknowledged", now, post_id, task_id=task_id, detail=detail)
    history.append(session, found.case, [entry])


def of_task(session: Session, task_id: int) -> Sequence[Escalation]:
    """As far as it has climbed."""
    query = select(Escalation).where(Escalation.task_id == task_id).order_by(Escalation.level)
    return session.scalars(query.execution_options(populate_existing=True)).all()


@dataclass(frozen=True)
class Told:
    """One level of it: which post heard, and who said that she knows."""

    escalation: Escalation
    post: str | None
    known_by: str | None


def told(session: Session, task_id: int) -> list[Told]:
    """As far as it has climbed, in names."""
    rows = session.execute(
        select(Escalation, Post.name, Person.name)
        .outerjoin(Post, Post.id == Escalation.post_id)
        .outerjoin(Person, Person.id == Escalation.acknowledged_by)
        .where(Escalation.task_id == task_id)
        .order_by(Escalation.level)
    )
    return [Told(*row) for row in rows]


def is_told(actor: Actor, task: Task, escalation: Escalation) -> bool:
    """Whether this level of it was hers to hear."""
    if escalation.level == ladder.LEVELS[-1]:
        watched = actor.roles.get(Role.PENGAWAS, access.NOWHERE)
        return watched is None or task.office_id in watched
    posts = [escalation.post_id]
    if escalation.level == 1:
        if task.claimed_by is not None and task.claimed_by == actor.person_id:
            return True
        posts.append(task.post_id)
    return any(held.post_id in posts for held in actor.posts)
