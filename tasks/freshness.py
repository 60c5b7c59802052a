"""What a task's page must know while it stays open: who has the task now, and what was said."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from engine.access import Actor
from engine.models import Case, Comment, Delegation, Person, Task
from tasks.ground import NoSuchTask

_claimer, _ender = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class State:
    """A task in a few words; another seal, another state."""

    task_id: int
    status: str
    case_status: str
    claimed_by: int | None
    claimer: str | None
    ended_by: int | None
    ender: str | None
    due: str | None
    # The delegation under which somebody has it, and whether it comes back for a check.
    delegation: int | None
    comments: int

    def is_hers(self, actor: Actor) -> bool:
        return self.status == "claimed" and self.claimed_by == actor.person_id


def of(session: Session, actor: Actor, task_id: int) -> State:
    """As it stands now, in one question."""
    said = select(func.count(Comment.id)).where(Comment.case_id == Task.case_id).scalar_subquery()
    stands_in = select(func.max(Delegation.id)).where(
        Delegation.task_id == Task.id, Delegation.ended_at.is_(None)
    )
    row = session.execute(
        select(Task, Case.status, _claimer.name, _ender.name, stands_in.scalar_subquery(), said)
        .join(Case, Case.id == Task.case_id)
        .outerjoin(_claimer, _claimer.id == Task.claimed_by)
        .outerjoin(_ender, _ender.id == Task.ended_by)
        .where(Task.id == task_id)
    ).one_or_none()
    if row is None or not actor.may("task.see", row[0].office_id):
        raise NoSuchTask
    task, case_status, claimer, ender, delegation, comments = row
    due = task.due_at.isoformat() if task.due_at else None
    return State(
        task.id,
        task.status,
        case_status,
        task.claimed_by,
        claimer,
        task.ended_by,
        ender,
        due,
        delegation,
        comments,
    )
