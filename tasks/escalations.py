"""Who was told that a step is overdue: once for each task and level, latest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from engine.access import Actor
from engine.models import Escalation, Office, Post, Task
from engine.paging import Page, read_cursor, write_cursor

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
