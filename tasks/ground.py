"""What every verb on a task stands on: reach it, settle the race, say why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NoReturn, cast

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session, undefer

import bpmn.reader
from bpmn.errors import N_, AlurError
from engine import access, cases, history, notices, sops
from engine.access import Absent, Actor
from engine.history import Entry
from engine.models import Case, Delegation, Document, Office, Person, Revision, Task
from engine.notices import Telling

# As it stands before all who hold its post.
WAITING: Final[dict[str, Any]] = {"status": "waiting", "claimed_by": None, "claimed_at": None}


class TaskError(AlurError):
    """A task that is not there, not hers, or not as she thought."""

    status = 409


class NoSuchTask(TaskError):
    sentence = N_("Tugas ini tidak ada, atau bukan milik kantor Anda.")
    status = 404


class NotYours(TaskError):
    sentence = N_("Tugas ini untuk pemegang jabatan %(post)s, jadi tidak dapat Anda kerjakan.")
    status = 403


class AlreadyClaimed(TaskError):
    sentence = N_("Tugas ini sudah diambil oleh %(who)s.")


class AlreadyDone(TaskError):
    sentence = N_("Tugas ini sudah diselesaikan oleh %(who)s. Tidak ada yang tercatat dua kali.")


class Withdrawn(TaskError):
    sentence = N_("Tugas ini sudah ditarik: berkasnya berlanjut tanpa langkah ini.")


class NotClaimed(TaskError):
    sentence = N_("Ambil tugas ini dahulu, baru selesaikan.")


class DoneByYou(TaskError):
    sentence = N_(
        "Anda sendiri yang mengerjakan “%(step)s” pada berkas ini; langkah ini harus dikerjakan "
        "orang lain."
    )
    status = 403


class DoneInThisName(TaskError):
    """What she may not do herself, nobody does in her name."""

    sentence = N_(
        "Anda bertindak a.n. %(who)s, yang mengerjakan “%(step)s” pada berkas ini; langkah ini "
        "harus dikerjakan orang lain."
    )
    status = 403


class DoneByThem(TaskError):
    sentence = N_(
        "%(who)s sendiri yang mengerjakan “%(step)s” pada berkas ini; langkah ini harus "
        "dikerjakan orang lain."
    )
    field = "to"


@dataclass(frozen=True)
class Reached:
    """A task and its case, locked, for whoever may work on it."""

    task: Task
    case: Case
    revision: Revision
    # The delegation under which somebody else than the post's holder has it.
    delegation: Delegation | None
    office: Office
    # Most tasks have none: then nobody need ask which.
    has_files: bool

    @property
    def step(self) -> bpmn.reader.Step:
        return sops.meaning(self.revision).step(self.task.step)

    def absent(self, actor: Actor) -> Absent | None:
        """In whose name she does it, where she is the substitute of somebody who is away."""
        held = actor.holding(self.task.post_id)
        return held.absent if held is not None else None

    def entry(
        self, actor: Actor, kind: str, now: datetime, detail: dict[str, Any] | None = None
    ) -> Entry:
        """The line of history for a deed of hers, in the capacity in which she has the task."""
        task, stands_in, capacity = self.task, self.delegation, None
        is_hers = actor.holding(task.post_id) is not None
        if not is_hers and stands_in is not None and stands_in.to_id == actor.person_id:
            capacity = stands_in.capacity
        return history.by(
            actor, kind, now, task.post_id, capacity=capacity, task_id=task.id, detail=detail
        )

    def entry_of_leader(
        self, actor: Actor, kind: str, now: datetime, detail: dict[str, Any] | None = None
    ) -> Entry:
        """The line for a deed over the office's work, in the capacity in which she leads."""
        held = actor.post_in(self.task.office_id)
        post_id = held.post_id if held else None
        return history.by(actor, kind, now, post_id, task_id=self.task.id, detail=detail)

    def tell(
        self,
        session: Session,
        by: int | None,
        now: datetime,
        persons: Mapping[str, int | None],
        *,
        its_post: bool = False,
    ) -> None:
        """Let those know who lost it or got it, and all who hold its post: each of them once."""
        about: dict[str, Any] = {
            "task_id": self.task.id,
            "by": by,
            "cause": f"deed-{self.case.id}-{self.case.events}-{self.task.id}",
        }
        told = [Telling(kind, persons=[person], **about) for kind, person in persons.items()]
        if its_post:
            told.append(Telling("released", posts=[self.task.post_id], **about))
        notices.tell(session, self.case, told, now)


def reach(session: Session, actor: Actor, task_id: int) -> Reached:
    """The task and its case, locked, for whoever may work on it."""
    found = lock(session, actor, task_id)
    access.require(actor, "task.work", found.task.office_id)
    if actor.holding(found.task.post_id) is None and not _stands_in(actor, found):
        raise NotYours(post=found.task.lane)
    return found


def lock(session: Session, actor: Actor, task_id: int) -> Reached:
    """The task and its case, locked, for whoever may see it."""
    found = locked(session, task_id)
    if found is None or not actor.may("task.see", found.task.office_id):
        raise NoSuchTask
    return found


_has_files: Final = select(Document.id).where(Document.task_id == Task.id).exists()


def locked(session: Session, task_id: int) -> Reached | None:
    """The task and its case, held until the transaction ends, for whatever needs no right."""
    row = session.execute(
        select(Task, Case, Revision, Delegation, Office, _has_files)
        .join(Case, Case.id == Task.case_id)
        .join(Revision, Revision.id == Case.revision_id)
        .join(Office, Office.id == Task.office_id)
        .outerjoin(Delegation, and_(Delegation.task_id == Task.id, Delegation.ended_at.is_(None)))
        .where(Task.id == task_id)
        .with_for_update(of=Case)
        .options(undefer(Case.state))
        .execution_options(populate_existing=True)
    ).one_or_none()
    return Reached(*row) if row is not None else None


def _stands_in(actor: Actor, found: Reached) -> bool:
    return found.delegation is not None and found.delegation.to_id == actor.person_id


def refuse_suspended(case: Case) -> None:
    if case.status == "suspended":
        raise cases.IsSuspended


def refuse_own_work(session: Session, actor: Actor, found: Reached) -> None:
    """Four eyes: through whatever post she comes, who did the one step does not do the other."""
    own = done_before(session, actor.person_id, found)
    if own is not None:
        raise DoneByYou(step=own)
    absent = found.absent(actor)
    if absent and (theirs := done_before(session, absent.person_id, found)) is not None:
        raise DoneInThisName(who=absent.name, step=theirs)


def done_before(session: Session, person_id: int | None, found: Reached) -> str | None:
    """The step that keeps this person from doing this one, if there is any.

    Who asked another to do it for her counts as well, and so does the one in whose name a
    substitute did it: or she would check her own work.
    """
    if not found.step.bukan_pelaku:
        return None
    task, asked = found.task, Delegation.kind == "delegated"
    hand = or_(Delegation.to_id == person_id, and_(asked, Delegation.from_id == person_id))
    delegated = select(Delegation.task_id).where(
        hand, Delegation.ended_as.in_(("returned", "completed"))
    )
    return session.scalar(
        select(Task.name)
        .where(
            Task.case_id == task.case_id,
            Task.step.in_(found.step.bukan_pelaku),
            or_(
                Task.ended_by == person_id,
                Task.ended_for == person_id,
                Task.id.in_(delegated),
            ),
            or_(Task.member.is_(None), Task.member.is_not_distinct_from(task.member)),
        )
        .limit(1)
    )


def is_hers(actor: Actor, task_id: int) -> list[ColumnElement[bool]]:
    return [Task.id == task_id, Task.status == "claimed", Task.claimed_by == actor.person_id]


def change(session: Session, where: list[ColumnElement[bool]], values: dict[str, Any]) -> bool:
    """The one conditional UPDATE that settles every race: True for the one who won it."""
    result = session.execute(update(Task).where(*where).values(**values))
    return bool(cast("CursorResult[Any]", result).rowcount == 1)


def refuse(session: Session, actor: Actor, task: Task) -> NoReturn:
    """Say why the task is not hers to change, as it stands now."""
    session.refresh(task)
    if task.status == "done":
        raise AlreadyDone(who=_name(session, actor, task.ended_by))
    if task.status == "cancelled":
        raise Withdrawn
    if task.status == "claimed":
        raise AlreadyClaimed(who=_name(session, actor, task.claimed_by))
    raise NotClaimed


def _name(session: Session, actor: Actor, person_id: int | None) -> str:
    if person_id == actor.person_id:
        return "Anda"
    return session.get_one(Person, person_id).name
