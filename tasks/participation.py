"""Joint steps: one answers for the step, the others take part and can be seen to have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bpmn.errors import N_
from engine import access, cases, history
from engine.access import Actor, Held
from engine.models import Participation, Person, Post, Task
from engine.models.task import OPEN
from tasks.ground import NoSuchTask, TaskError


class NotInvited(TaskError):
    sentence = N_("Langkah ini tidak meminta jabatan Anda ikut serta.")
    status = 403


class NothingToJoin(TaskError):
    sentence = N_("Keikutsertaan Anda sudah tercatat, atau langkah ini sudah selesai.")


@dataclass(frozen=True)
class Part:
    """A post that is asked to take part, and who did for it."""

    post: str
    who: str | None
    at: datetime | None


def of(session: Session, task_id: int) -> Sequence[Part]:
    """Who is asked, and who has taken part, in the order of the SOP."""
    rows = session.execute(
        select(Post.name, Person.name, Participation.at)
        .select_from(Participation)
        .join(Post, Post.id == Participation.post_id)
        .outerjoin(Person, Person.id == Participation.person_id)
        .where(Participation.task_id == task_id)
        .order_by(Participation.id)
    )
    return [Part(*row) for row in rows]


def may_join(session: Session, actor: Actor, task: Task) -> bool:
    """Is one of her posts asked, and has nobody taken part for it yet?"""
    waiting = select(Participation.id).where(
        Participation.task_id == task.id,
        Participation.person_id.is_(None),
        Participation.post_id.in_([held.post_id for held in actor.posts]),
    )
    return task.status in OPEN and session.scalar(waiting.limit(1)) is not None


def _asked(session: Session, actor: Actor, task_id: int) -> Held:
    """In which of her posts she joins: one that is asked, and if she can, has not joined yet."""
    rows = session.execute(
        select(Participation.post_id, Participation.person_id).where(
            Participation.task_id == task_id
        )
    )
    joined = dict(rows.all())
    held = [held for held in actor.posts if held.post_id in joined]
    if not held:
        raise NotInvited
    return min(held, key=lambda each: joined[each.post_id] is not None)


def take_part(session: Session, actor: Actor, task_id: int, now: datetime) -> None:
    """Write down that she took part, as the holder of her post."""
    task = session.get(Task, task_id)
    if task is None or not actor.may("task.see", task.office_id):
        raise NoSuchTask
    access.require(actor, "task.work", task.office_id)
    case = cases.locked(session, task.case_id)
    if case.status == "suspended":
        raise cases.IsSuspended
    held = _asked(session, actor, task_id)
    joined = session.execute(
        update(Participation)
        .where(
            Participation.task_id == task_id,
            Participation.post_id == held.post_id,
            Participation.person_id.is_(None),
            select(Task.id).where(Task.id == task_id, Task.status.in_(OPEN)).exists(),
        )
        .values(person_id=actor.person_id, at=now)
        .returning(Participation.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if joined is None:
        raise NothingToJoin
    entry = history.by(actor, "joined", now, held.post_id, task_id=task_id)
    history.append(session, case, [entry])
