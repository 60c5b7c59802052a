"""What every verb on a task stands on: reach it, settle the race, say why not."""

from typing import Any, NoReturn, cast

from sqlalchemy import ColumnElement, CursorResult, or_, select, update
from sqlalchemy.orm import Session, undefer

import bpmn.reader
from bpmn.errors import N_, AlurError
from engine import access
from engine.access import Actor
from engine.models import Case, Person, Revision, Task


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


def reach(session: Session, actor: Actor, task_id: int) -> tuple[Task, Case, Revision]:
    """The task and its case, locked, for whoever may work on it."""
    row = session.execute(
        select(Task, Case, Revision)
        .join(Case, Case.id == Task.case_id)
        .join(Revision, Revision.id == Case.revision_id)
        .where(Task.id == task_id)
        .with_for_update(of=Case)
        .options(undefer(Case.state))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None or not actor.may("task.see", row[0].office_id):
        raise NoSuchTask
    task, case, revision = row
    access.require(actor, "task.work", task.office_id)
    if actor.holding(task.post_id) is None:
        raise NotYours(post=task.lane)
    return task, case, revision


def refuse_own_work(session: Session, actor: Actor, task: Task, step: bpmn.reader.Step) -> None:
    """Four eyes: through whatever post she comes, who did the one step does not do the other."""
    if not step.bukan_pelaku:
        return
    own = session.scalar(
        select(Task.name)
        .where(
            Task.case_id == task.case_id,
            Task.step.in_(step.bukan_pelaku),
            Task.ended_by == actor.person_id,
            or_(Task.member.is_(None), Task.member.is_not_distinct_from(task.member)),
        )
        .limit(1)
    )
    if own is not None:
        raise DoneByYou(step=own)


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
