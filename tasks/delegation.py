"""Ask a colleague to do a step: it comes back for a check, or she finishes it in your place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from bpmn.errors import N_
from engine import colleagues, history
from engine.access import Actor
from engine.models import Delegation, Person, Task
from tasks import drafts, heirs
from tasks.ground import (
    WAITING,
    DoneByThem,
    Reached,
    TaskError,
    change,
    done_before,
    is_hers,
    lock,
    reach,
    refuse,
    refuse_suspended,
)

LONGEST_NOTE: Final = 1_000


class NoColleague(TaskError):
    sentence = N_("Pilih seorang pegawai kantor ini yang akun dan jabatannya masih berlaku.")
    status = 422
    field = "to"


class IsAway(TaskError):
    sentence = N_("%(who)s tidak masuk sampai %(until)s. Pilih orang lain.")
    status = 422
    field = "to"


class ToYourself(TaskError):
    sentence = N_("Tugas ini sudah pada Anda. Pilih orang lain.")
    status = 422
    field = "to"


class NoteTooLong(TaskError):
    sentence = N_("Pesan terlalu panjang: %(length)s huruf, paling banyak %(limit)s.")
    status = 422
    field = "note"


class AlreadyDelegated(TaskError):
    sentence = N_(
        "Tugas ini didelegasikan kepada Anda, jadi tidak dapat Anda delegasikan lagi. "
        "Kembalikan kepada %(who)s bila tidak dapat mengerjakannya."
    )


class WantsCheck(TaskError):
    sentence = N_("%(who)s ingin memeriksa dahulu: kembalikan tugas ini kepadanya.")


class NotDelegated(TaskError):
    sentence = N_("Tugas ini tidak (lagi) didelegasikan. Muat ulang halaman.")


@dataclass(frozen=True)
class Line:
    """One time that somebody was asked to stand in: who by, for whom, and what came of it."""

    delegation: Delegation
    asked_by: str
    asked: str


def delegate(
    session: Session,
    actor: Actor,
    task_id: int,
    to_id: int,
    note: str,
    now: datetime,
    *,
    wants_check: bool,
) -> None:
    """Give a task she has to a colleague, whatever post that colleague holds."""
    found = reach(session, actor, task_id)
    refuse_suspended(found.case)
    if found.task.status == "waiting" or found.task.claimed_by != actor.person_id:
        refuse(session, actor, found.task)
    if found.delegation is not None:
        raise AlreadyDelegated(who=session.get_one(Person, found.delegation.from_id).name)
    to = colleague(session, found, to_id, now)
    held = actor.holding(found.task.post_id)
    words = held.words if held else found.task.lane
    # A substitute's own capacity says so already.
    capacity = words if held is not None and held.absent else f"a.n. {words}"[:300]
    note = checked_note(note)
    if not change(session, is_hers(actor, task_id), {"claimed_by": to.id}):
        refuse(session, actor, found.task)
    begin(session, found, "delegated", actor, to, capacity, note, now, wants_check=wants_check)
    if actor.person_id is not None:
        drafts.carry(session, actor.person_id, to.id, f"/tasks/{task_id}")
    detail = {"to": to.id, "reason": note, "wants_check": wants_check}
    history.append(session, found.case, [found.entry(actor, "delegated", now, detail)])
    found.tell(session, actor.person_id, now, {"delegated": to.id})


def give_back(session: Session, actor: Actor, task_id: int, note: str, now: datetime) -> None:
    """Hand a delegated task back to whoever asked, with all that was typed into its form."""
    found = reach(session, actor, task_id)
    given = found.delegation
    if given is None or given.kind != "delegated" or given.to_id != actor.person_id:
        raise NotDelegated
    note = checked_note(note)
    # Whoever asked may be away by now: then her substitute checks it, or who else holds the post.
    heir = heirs.of(session, found, given.from_id, now)
    to = heir.person_id if heir is not None else None
    back = {"claimed_by": to} if to is not None else WAITING
    if not change(session, is_hers(actor, task_id), back):
        refuse(session, actor, found.task)
    given.answer = note
    drafts.hand_over(session, given.to_id, to or given.from_id, f"/tasks/{task_id}", now)
    entry = found.entry(actor, "returned", now, {"to": to, "reason": note})
    end(found, "returned", now)
    history.append(session, found.case, [entry])
    found.tell(session, actor.person_id, now, {"returned": to or given.from_id})


def recall(session: Session, actor: Actor, task_id: int, now: datetime) -> None:
    """Take back what she delegated and is not done yet."""
    found = lock(session, actor, task_id)
    given = found.delegation
    if given is None or given.kind != "delegated" or given.from_id != actor.person_id:
        raise NotDelegated
    with_them = [Task.id == task_id, Task.status == "claimed", Task.claimed_by == given.to_id]
    if not change(session, with_them, {"claimed_by": actor.person_id}):
        refuse(session, actor, found.task)
    end(found, "recalled", now)
    drafts.carry(session, given.to_id, given.from_id, f"/tasks/{task_id}")
    entry = history.by(
        actor, "recalled", now, found.task.post_id, task_id=task_id, detail={"from": given.to_id}
    )
    history.append(session, found.case, [entry])
    found.tell(session, actor.person_id, now, {"recalled": given.to_id})


def refuse_unchecked(session: Session, found: Reached) -> None:
    """Who was asked to prepare a step does not finish it."""
    if found.delegation is not None and found.delegation.wants_check:
        raise WantsCheck(who=session.get_one(Person, found.delegation.from_id).name)


def begin(
    session: Session,
    found: Reached,
    kind: str,
    actor: Actor,
    to: Person,
    capacity: str,
    note: str,
    now: datetime,
    *,
    wants_check: bool = False,
) -> None:
    task = found.task
    session.add(
        Delegation(
            office_id=task.office_id,
            task_id=task.id,
            kind=kind,
            from_id=actor.person_id,
            to_id=to.id,
            capacity=capacity,
            note=note,
            wants_check=wants_check,
            at=now,
        )
    )
    session.flush()


def end(found: Reached, how: str, now: datetime) -> None:
    """Nothing more is to come of it: the task went on, back or to somebody else."""
    if found.delegation is not None:
        found.delegation.ended_at, found.delegation.ended_as = now, how


def colleague(session: Session, found: Reached, to_id: int, now: datetime) -> Person:
    """Whom she may give it to: somebody who is there and did not do what this step checks."""
    if to_id == found.task.claimed_by:
        raise ToYourself
    to = colleagues.find(session, found.task.office_id, to_id, now)
    if to is None:
        raise NoColleague
    away = heirs.absence(session, found.task.office_id, to.id, now)
    if away is not None:
        raise IsAway(who=to.name, until=away.ends_on)
    if (own := done_before(session, to.id, found)) is not None:
        raise DoneByThem(who=to.name, step=own)
    return to


def checked_note(note: str) -> str:
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise NoteTooLong(length=len(note), limit=LONGEST_NOTE)
    return note


def of_task(session: Session, task_id: int) -> Sequence[Line]:
    """Every time somebody stood in for this task, the latest first."""
    asking, asked = aliased(Person), aliased(Person)
    rows = session.execute(
        select(Delegation, asking.name, asked.name)
        .join(asking, asking.id == Delegation.from_id)
        .join(asked, asked.id == Delegation.to_id)
        .where(Delegation.task_id == task_id)
        .order_by(Delegation.id.desc())
    )
    return [Line(*row) for row in rows]
