"""Give a task to somebody: its holder to another of the same post, a leader to anyone."""

from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Session

from bpmn.errors import N_
from engine import access, colleagues, history, notices
from engine.access import Actor
from engine.models import Task
from engine.models.task import OPEN
from tasks import delegation, drafts
from tasks.delegation import checked_note, colleague
from tasks.ground import (
    WAITING,
    Reached,
    TaskError,
    change,
    is_hers,
    lock,
    reach,
    refuse,
    refuse_suspended,
)


class NotOfThisPost(TaskError):
    sentence = N_(
        "%(who)s tidak memegang jabatan %(post)s. Serahkan kepada sesama pemegangnya, atau "
        "delegasikan."
    )
    status = 422
    field = "to"


class NoReason(TaskError):
    sentence = N_("Tulis alasannya; alasan itu dibaca oleh yang bersangkutan dan masuk riwayat.")
    status = 422
    field = "note"


class NobodyHasIt(TaskError):
    sentence = N_("Tugas ini sudah menunggu semua pemegang jabatannya.")


def hand_over(
    session: Session, actor: Actor, task_id: int, to_id: int, note: str, now: datetime
) -> None:
    """Give a task she has, or may take, to another holder of its post: it is his from now on."""
    found = reach(session, actor, task_id)
    refuse_suspended(found.case)
    to = colleague(session, found, to_id, now)
    if to.id not in colleagues.of_post(session, found.task.post_id, now):
        raise NotOfThisPost(who=to.name, post=found.task.lane)
    note = checked_note(note)
    where = is_hers(actor, task_id)
    if found.task.status == "waiting":
        where = [Task.id == task_id, Task.status == "waiting"]
    _give(session, actor, found, where, to.id, now)
    if actor.person_id is not None:
        drafts.hand_over(session, actor.person_id, to.id, f"/tasks/{task_id}", now)
    detail = {"to": to.id, "reason": note}
    entry = found.entry(actor, "handed over", now, detail)
    delegation.end(found, "moved on", now)
    history.append(session, found.case, [entry])
    notices.settle(session, [task_id], now)
    found.tell(session, actor.person_id, now, {"handed over": to.id})


def assign(
    session: Session, actor: Actor, task_id: int, to_id: int, note: str, now: datetime
) -> None:
    """Let a leader decide who does it, wherever it is now; the reason is read by who gets it."""
    found = _led(session, actor, task_id)
    refuse_suspended(found.case)
    note = _reason(note)
    to, before = colleague(session, found, to_id, now), found.task.claimed_by
    delegation.end(found, "moved on", now)
    _give(session, actor, found, [Task.id == task_id, Task.status.in_(OPEN)], to.id, now)
    if to.id not in colleagues.of_post(session, found.task.post_id, now):
        held = actor.post_in(found.task.office_id)
        capacity = f"ditugasi {held.words if held else actor.name}"[:300]
        session.flush()
        delegation.begin(session, found, "assigned", actor, to, capacity, note, now)
    entry = found.entry_of_leader(actor, "assigned", now, {"to": to.id, "reason": note})
    history.append(session, found.case, [entry])
    notices.settle(session, [task_id], now)
    found.tell(session, actor.person_id, now, {"unassigned": before, "assigned": to.id})


def unassign(session: Session, actor: Actor, task_id: int, note: str, now: datetime) -> None:
    """Let a leader put a task back before all who hold its post."""
    found = _led(session, actor, task_id)
    note = _reason(note)
    if found.task.status == "waiting":
        raise NobodyHasIt
    before = found.task.claimed_by
    if not change(session, [Task.id == task_id, Task.status == "claimed"], WAITING):
        refuse(session, actor, found.task)
    delegation.end(found, "moved on", now)
    entry = found.entry_of_leader(actor, "unassigned", now, {"from": before, "reason": note})
    history.append(session, found.case, [entry])
    found.tell(session, actor.person_id, now, {"unassigned": before}, its_post=True)


def _led(session: Session, actor: Actor, task_id: int) -> Reached:
    found = lock(session, actor, task_id)
    access.require(actor, "task.assign", found.task.office_id)
    return found


def _reason(note: str) -> str:
    note = checked_note(note)
    if not note:
        raise NoReason
    return note


def _give(
    session: Session,
    actor: Actor,
    found: Reached,
    where: list[ColumnElement[bool]],
    to_id: int,
    now: datetime,
) -> None:
    # Work that was begun goes on: how long it takes is counted from then.
    begun = func.coalesce(Task.claimed_at, now)
    values = {"status": "claimed", "claimed_by": to_id, "claimed_at": begun}
    if not change(session, where, values):
        refuse(session, actor, found.task)
