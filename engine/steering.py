"""What an office's leaders may do to a case: cancel, suspend, resume, move. Each has a reason."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bpmn.errors import N_
from engine import access, cases, history, lateness, notices, sops
from engine.access import Actor
from engine.cases import CaseError, Loaded
from engine.history import Entry
from engine.models import Case, Pause, Revision, Task
from engine.models.task import OPEN
from engine.notices import Telling
from engine.workflow import NoSuchTarget, Workflow
from engine.worktime import Calendar

LONGEST_REASON: Final = 2_000


class NoReason(CaseError):
    sentence = N_("Tulis alasannya (paling banyak %(limit)s huruf); alasan itu masuk riwayat.")
    status = 422
    field = "reason"


class NotSuspended(CaseError):
    sentence = N_("Berkas ini tidak sedang ditangguhkan.")
    status = 409


class NotThere(CaseError):
    sentence = N_("Langkah itu tidak (lagi) menunggu. Muat ulang halaman untuk melihat yang kini.")
    status = 409


def cancel(session: Session, actor: Actor, case_id: int, reason: str, now: datetime) -> Case:
    """End a case for good, with its reason; what was done stays in its history."""
    case, reason = _reached(session, actor, case_id, reason)
    if case.status not in ("running", "suspended"):
        raise cases.NotRunning
    _say_it_is_over(session, actor, case, now)
    session.execute(
        update(Task)
        .where(Task.case_id == case_id, Task.status.in_(OPEN))
        .values(status="cancelled", ended_at=now)
    )
    case.status, case.ended_at, case.wake_at = "cancelled", now, None
    history.append(session, case, [_entry(actor, case, "cancelled", now, reason)])
    return case


def _say_it_is_over(session: Session, actor: Actor, case: Case, now: datetime) -> None:
    """To whoever began it, and to those who have a step in hand."""
    open_here = session.execute(
        select(Task.id, Task.claimed_by).where(Task.case_id == case.id, Task.status.in_(OPEN))
    ).all()
    told = [
        Telling("withdrawn", task_id, persons=[person_id], by=actor.person_id)
        for task_id, person_id in open_here
    ]
    notices.settle(session, [task_id for task_id, _ in open_here], now)
    told.append(Telling("cancelled", persons=[case.started_by], by=actor.person_id))
    notices.tell(session, case, told, now)


def suspend(session: Session, actor: Actor, case_id: int, reason: str, now: datetime) -> Case:
    """Stop the case's clock. What fell due before is done first."""
    case, reason = _reached(session, actor, case_id, reason)
    cases.advance(session, case, now, lambda _: [_entry(actor, case, "suspended", now, reason)])
    if case.status == "running":
        case.status, case.suspended_at, case.wake_at = "suspended", now, None
        for task in cases.open_tasks(session, case).values():
            task.climb_at = None
    return case


def resume(session: Session, actor: Actor, case_id: int, reason: str, now: datetime) -> Case:
    """Go on where it stopped: every due time moves by the working time in between."""
    case, reason = _reached(session, actor, case_id, reason)
    if case.status != "suspended" or case.suspended_at is None:
        raise NotSuspended
    since, case.status, case.suspended_at = case.suspended_at, "running", None
    loaded = cases.load(session, case, now)
    loaded.running.postpone(since)
    cases.keep_due_times(loaded)
    _keep_pauses(session, loaded, actor, since, reason, now)
    lateness.replan(session, case, list(loaded.tasks.values()))
    loaded.running.settle()
    entry = _entry(actor, case, "resumed", now, reason, since=since.isoformat())
    cases.save(session, loaded, [entry], now)
    return case


def _keep_pauses(
    session: Session, loaded: Loaded, actor: Actor, since: datetime, reason: str, now: datetime
) -> None:
    """Nobody could work on its steps meanwhile: that time is none of theirs."""
    stood = Calendar.from_dict(loaded.office.calendar).between(since, now)
    for task in loaded.tasks.values():
        if task.paused_at is None:  # else its own pause goes on, and holds this one
            task.paused_for += int(stood.total_seconds())
            about = {"office_id": task.office_id, "task_id": task.id, "reason": reason}
            who = {"by": actor.person_id, "ended_by": actor.person_id}
            session.add(Pause(at=since, ended_at=now, **about, **who))


def move(
    session: Session,
    actor: Actor,
    case_id: int,
    task_id: int,
    step: str,
    reason: str,
    now: datetime,
) -> Case:
    """Take the case off one step and put it before another, whatever the diagram says."""
    case, reason = _reached(session, actor, case_id, reason)
    task = session.get(Task, task_id)
    if task is None or task.case_id != case_id or task.status not in OPEN:
        raise NotThere
    _refuse_what_is_no_step(session, case, step)

    def deed(running: Workflow) -> list[Entry]:
        running.move(task.engine_id, step)
        return [_entry(actor, case, "moved", now, reason, task_id, source=task.step, target=step)]

    return cases.advance(session, case, now, deed)


def _refuse_what_is_no_step(session: Session, case: Case, element: str) -> None:
    # Moved to its end event, a case would count as done, with none of its steps done.
    meaning = sops.meaning(session.get_one(Revision, case.revision_id))
    if element not in {step.id for step in meaning.steps}:
        raise NoSuchTarget(element=element)


def _reached(session: Session, actor: Actor, case_id: int, reason: str) -> tuple[Case, str]:
    case = cases.locked(session, case_id)
    access.require(actor, "case.steer", case.office_id)
    return case, checked(reason)


def checked(reason: str) -> str:
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise NoReason(limit=LONGEST_REASON)
    return reason


def _entry(
    actor: Actor,
    case: Case,
    kind: str,
    now: datetime,
    reason: str,
    task_id: int | None = None,
    **more: Any,
) -> Entry:
    held = actor.post_in(case.office_id)
    detail = {"reason": reason, **more}
    return history.by(
        actor, kind, now, held.post_id if held else None, task_id=task_id, detail=detail
    )
