"""Stop the clock of a step while it waits for somebody outside the office, and let it go on."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bpmn.errors import N_
from engine import access, cases, history, lateness
from engine.access import Actor
from engine.cases import CaseError
from engine.history import Entry
from engine.models import Case, Office, Pause, Task
from engine.models.task import OPEN
from engine.workflow import Workflow
from engine.worktime import Calendar

LONGEST_REASON: Final = 1_000


class PauseError(CaseError):
    """A clock that cannot be stopped, or does not stand still."""

    status = 409


class NoReason(PauseError):
    sentence = N_("Tulis mengapa jamnya dihentikan (paling banyak %(limit)s huruf).")
    status = 422
    field = "reason"


class NothingAwaited(PauseError):
    sentence = N_("Tulis apa yang ditunggu, misalnya “KTP pemohon”, paling banyak %(limit)s huruf.")
    status = 422
    field = "awaited"


class IsPaused(PauseError):
    sentence = N_("Jam langkah ini sudah berhenti.")


class NotPaused(PauseError):
    sentence = N_("Jam langkah ini tidak sedang berhenti.")


class NotOpen(PauseError):
    sentence = N_("Langkah ini tidak (lagi) menunggu, jadi jamnya tidak dapat diubah.")


def pause(
    session: Session, actor: Actor, task_id: int, reason: str, awaited: str, now: datetime
) -> None:
    """Let the clock stand still. What fell due before is late first."""
    task, case = _reached(session, actor, task_id)
    if task.paused_at is not None:
        raise IsPaused
    reason = _checked(reason, NoReason)
    awaited = _checked(awaited, NothingAwaited)

    def deed(running: Workflow) -> list[Entry]:
        session.refresh(task)
        if task.status not in OPEN:
            raise NotOpen
        shared = running.rest(task.engine_id)
        detail = {"reason": reason, "awaited": awaited}
        return [
            _stop(session, actor, each, reason, awaited, now, detail)
            for each in _of_engine(session, case, shared)
        ]

    cases.advance(session, case, now, deed)


def resume(session: Session, actor: Actor, task_id: int, now: datetime) -> None:
    """Let the clock go on: the due time moves by the working time it stood still."""
    task, case = _reached(session, actor, task_id)
    if task.paused_at is None:
        raise NotPaused
    cases.advance(session, case, now, lambda running: go_on(session, actor, task, running, now))


def go_on(
    session: Session, actor: Actor, task: Task, running: Workflow, now: datetime
) -> list[Entry]:
    """The same within a change of the case: whoever completes a step starts its clock again."""
    since = task.paused_at
    if since is None:
        return []
    due = running.go_on(task.engine_id, since)
    case = session.get_one(Case, task.case_id)
    calendar = Calendar.from_dict(session.get_one(Office, task.office_id).calendar)
    tasks = [each for each in _of_engine(session, case, due) if each.paused_at is not None]
    stood = max(calendar.between(since, now), timedelta())
    for each in tasks:
        each.due_at, each.paused_at = due[each.engine_id], None
        each.paused_for += int(stood.total_seconds())
    _end(session, actor, tasks, now)
    lateness.replan(session, case, tasks)
    detail = {"since": since.isoformat(), "seconds": int(stood.total_seconds())}
    return [_entry(actor, each, "unpaused", now, detail) for each in tasks]


def _reached(session: Session, actor: Actor, task_id: int) -> tuple[Task, Case]:
    case_id = session.scalar(select(Task.case_id).where(Task.id == task_id))
    if case_id is None:
        raise cases.NoSuchCase
    case = cases.locked(session, case_id)
    access.require(actor, "task.pause", case.office_id)
    task = session.get_one(Task, task_id, populate_existing=True)
    if task.status not in OPEN:
        raise NotOpen
    return task, case


def _checked(text: str, error: type[PauseError]) -> str:
    text = text.strip()
    if not 0 < len(text) <= LONGEST_REASON:
        raise error(limit=LONGEST_REASON)
    return text


def _of_engine(session: Session, case: Case, ids: Iterable[str]) -> list[Task]:
    wanted = select(Task).where(
        Task.case_id == case.id, Task.engine_id.in_(list(ids)), Task.status.in_(OPEN)
    )
    return list(session.scalars(wanted.order_by(Task.id)))


def _stop(
    session: Session,
    actor: Actor,
    task: Task,
    reason: str,
    awaited: str,
    now: datetime,
    detail: dict[str, str],
) -> Entry:
    task.paused_at, task.climb_at = now, None
    session.add(
        Pause(
            office_id=task.office_id,
            task_id=task.id,
            reason=reason,
            awaited=awaited,
            at=now,
            by=actor.person_id,
        )
    )
    return _entry(actor, task, "paused", now, dict(detail))


def _end(session: Session, actor: Actor, tasks: list[Task], now: datetime) -> None:
    session.execute(
        update(Pause)
        .where(Pause.task_id.in_([task.id for task in tasks]), Pause.ended_at.is_(None))
        .values(ended_at=now, ended_by=actor.person_id)
    )


def _entry(actor: Actor, task: Task, kind: str, now: datetime, detail: dict[str, object]) -> Entry:
    held = actor.holding(task.post_id) or actor.post_in(task.office_id)
    post_id = held.post_id if held else None
    return history.by(actor, kind, now, post_id, task_id=task.id, detail=detail)
