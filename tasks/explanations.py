"""Ask why a step is late, and hear it before the step is done: in the office's own reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.errors import N_
from engine import access, history, notices
from engine.access import Actor
from engine.models import Event, Person, Task
from engine.models.task import OPEN
from engine.notices import Telling
from tasks import excuses, reminders
from tasks.delegation import checked_note
from tasks.excuses import Excuse
from tasks.ground import Reached, TaskError, change, lock, reach, refuse, refuse_suspended

ASKED: Final = "asked why"
GIVEN: Final = "explained"


class NotLate(TaskError):
    sentence = N_("Langkah ini belum lewat tenggat, jadi tidak ada keterlambatan untuk dijelaskan.")


class AskedAlready(TaskError):
    sentence = N_("%(who)s sudah menanyakan sebabnya; jawabannya belum datang.")


@dataclass(frozen=True)
class Line:
    """A question why it is late, or an answer."""

    kind: str
    at: datetime
    person_id: int | None
    who: str | None
    note: str


@dataclass(frozen=True)
class Talk:
    """What was asked of a late step and answered, in order."""

    lines: Sequence[Line] = ()

    @property
    def open(self) -> Sequence[Line]:
        """The questions nobody has answered yet."""
        answered = max((at for at, line in enumerate(self.lines) if line.kind == GIVEN), default=-1)
        return self.lines[answered + 1 :]

    @property
    def answer(self) -> Line | None:
        return next((line for line in reversed(self.lines) if line.kind == GIVEN), None)


def ask(session: Session, actor: Actor, task_id: int, note: str, now: datetime) -> None:
    """Let whoever has an overdue step say why; it stands on its page until she does."""
    found = lock(session, actor, task_id)
    access.require(actor, "task.remind", found.task.office_id)
    _refuse_what_needs_no_reason(session, actor, found, now)
    refuse_suspended(found.case)
    waiting = of_tasks(session, [found.task]).get(task_id, Talk()).open
    if waiting:
        raise AskedAlready(who=waiting[0].who)
    telling = reminders.to_whoever_has_it(session, actor, found, ASKED, now)
    entry = found.entry_of_leader(actor, ASKED, now, {"reason": checked_note(note)})
    history.append(session, found.case, [entry])
    notices.tell(session, found.case, [telling], now)


def give(session: Session, actor: Actor, task_id: int, said: Excuse, now: datetime) -> None:
    """Say why it is late while it still is: whoever asked hears it, and it is not asked again."""
    found = reach(session, actor, task_id)
    _refuse_what_needs_no_reason(session, actor, found, now)
    kept = excuses.check(found.office, found.task, replace(said, asked=True), now)
    # Who has it answers; while nobody has, whoever may take it.
    where = [Task.id == task_id, Task.status.in_(OPEN)]
    if found.task.claimed_by is not None:
        where.append(Task.claimed_by == actor.person_id)
    if not change(session, where, kept):
        refuse(session, actor, found.task)
    asked = of_tasks(session, [found.task]).get(task_id, Talk()).open
    history.append(session, found.case, [found.entry(actor, GIVEN, now, kept)])
    askers = [line.person_id for line in asked]
    notices.tell(
        session, found.case, [Telling(GIVEN, task_id, persons=askers, by=actor.person_id)], now
    )


def of_tasks(session: Session, tasks: Sequence[Task]) -> dict[int, Talk]:
    """What was asked and answered of these tasks, in one look; of most, nothing."""
    rows = session.execute(
        select(Event, Person.name)
        .outerjoin(Person, Person.id == Event.person_id)
        .where(
            Event.case_id.in_({task.case_id for task in tasks}),
            Event.task_id.in_([task.id for task in tasks]),
            Event.kind.in_((ASKED, GIVEN)),
        )
        .order_by(Event.case_id, Event.number)
    )
    found: dict[int, list[Line]] = {}
    for event, who in rows:
        found.setdefault(event.task_id or 0, []).append(_line(event, who))
    return {id: Talk(lines) for id, lines in found.items()}


def _line(event: Event, who: str | None) -> Line:
    detail: dict[str, Any] = event.detail
    note = detail.get("reason") or detail.get("late_note") or ""
    return Line(event.kind, event.at, event.person_id, who, note)


def _refuse_what_needs_no_reason(
    session: Session, actor: Actor, found: Reached, now: datetime
) -> None:
    if found.task.status not in OPEN:
        refuse(session, actor, found.task)
    if not excuses.is_late(found.task, now):
        raise NotLate
