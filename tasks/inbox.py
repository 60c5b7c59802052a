"""What waits for a person, and what she may do with it: claim, release, complete."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NoReturn, TypeVarTuple, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Select,
    and_,
    func,
    or_,
    select,
    update,
)
from sqlalchemy import case as when
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, undefer

import bpmn.reader
from bpmn.errors import N_, AlurError
from engine import access, cases, history, sops
from engine.access import Actor
from engine.history import Entry
from engine.models import Case, Office, Participation, Person, Post, Revision, Sop, Task
from engine.models.task import OPEN
from engine.paging import BadCursor, Page, read_cursor, write_cursor
from engine.workflow import Workflow
from tasks import answers

Ts = TypeVarTuple("Ts")

VIEWS: Final = ("inbox", "mine", "team", "joint", "overdue", "done")
LONGEST_REASON: Final = 2_000


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


class OutcomeMissing(TaskError):
    sentence = N_("Pilih salah satu keputusan.")
    status = 422
    field = "outcome"


class ReasonMissing(TaskError):
    sentence = N_("Tulis alasannya, agar yang menerima kembali tahu apa yang harus diperbaiki.")
    status = 422
    field = "reason"


class ReasonTooLong(TaskError):
    sentence = N_("Alasan terlalu panjang: %(length)s huruf, paling banyak %(limit)s.")
    status = 422
    field = "reason"


@dataclass(frozen=True)
class Item:
    """A line of the inbox."""

    task: Task
    case_title: str
    sop_name: str
    office: Office
    post: str | None
    claimed_by: str | None


@dataclass(frozen=True)
class TaskView:
    """A task with all that its page shows."""

    task: Task
    case: Case
    sop: Sop
    office: Office
    step: bpmn.reader.Step
    post: str | None
    claimed_by: str | None
    ended_by: str | None
    earlier: Sequence["Earlier"]


@dataclass(frozen=True)
class Earlier:
    """A step of the case that was done before."""

    task: Task
    who: str | None


# --- seeing ----------------------------------------------------------------------------------

_claimer = aliased(Person)
_ender = aliased(Person)
# Steps without a due time come after all that have one, the oldest first.
_no_due = when((Task.due_at.is_(None), 1), else_=0)


def page(
    session: Session,
    actor: Actor,
    view: str,
    now: datetime,
    *,
    search: str = "",
    after: str | None = None,
    limit: int = 25,
) -> Page[Item]:
    """What waits for her, most urgent first; what she did, latest first."""
    wanted = [*_wanted(actor, view, now), *_matching(search)]
    count = session.scalar(_joined(select(func.count(Task.id))).where(*wanted)) or 0
    columns = select(Task, Case.title, Sop.name, Office, Post.name, _claimer.name)
    query = _joined(columns).where(*wanted, *_after(view, after)).limit(limit + 1)
    rows = [Item(*row) for row in session.execute(query.order_by(*_order(view)))]
    more = _cursor(view, rows[limit - 1].task) if len(rows) > limit else None
    return Page(rows[:limit], count, more)


def counts(session: Session, actor: Actor, now: datetime) -> dict[str, int]:
    """How many stand in each view."""
    row = session.execute(select(*[_counted(actor, view, now).label(view) for view in VIEWS])).one()
    return dict(row._mapping)


def _counted(actor: Actor, view: str, now: datetime) -> Any:
    return select(func.count(Task.id)).where(*_wanted(actor, view, now)).scalar_subquery()


def _wanted(actor: Actor, view: str, now: datetime) -> list[ColumnElement[bool]]:
    mine = and_(Task.status == "claimed", Task.claimed_by == actor.person_id)
    posts = [held.post_id for held in actor.posts]
    team = and_(Task.status == "waiting", Task.post_id.in_(posts))
    if view == "done":
        return [Task.status == "done", Task.ended_by == actor.person_id]
    if view == "mine":
        return [mine]
    if view == "team":
        return [team]
    if view == "joint":
        return [Task.status.in_(OPEN), Task.id.in_(_asked(posts))]
    return [or_(mine, team)] + ([Task.due_at <= now] if view == "overdue" else [])


def _asked(posts: list[int]) -> Select[int]:
    """The joint steps where one of these posts has not taken part yet."""
    return select(Participation.task_id).where(
        Participation.post_id.in_(posts), Participation.person_id.is_(None)
    )


def _matching(search: str) -> list[ColumnElement[bool]]:
    return [
        or_(*[text.icontains(word, autoescape=True) for text in (Case.title, Sop.name, Task.name)])
        for word in search.split()[:8]
    ]


def _joined(query: Select[*Ts]) -> Select[*Ts]:
    return (
        query.select_from(Task)
        .join(Case, Case.id == Task.case_id)
        .join(Sop, Sop.id == Case.sop_id)
        .join(Office, Office.id == Task.office_id)
        .outerjoin(Post, Post.id == Task.post_id)
        .outerjoin(_claimer, _claimer.id == Task.claimed_by)
    )


def _order(view: str) -> list[ColumnElement[Any] | InstrumentedAttribute[Any]]:
    if view == "done":
        return [Task.ended_at.desc(), Task.id.desc()]
    return [_no_due, Task.due_at, Task.id]


def _cursor(view: str, last: Task) -> str:
    at = last.ended_at if view == "done" else last.due_at
    return write_cursor(at.isoformat() if at else None, last.id)


def _after(view: str, cursor: str | None) -> list[ColumnElement[bool]]:
    if cursor is None:
        return []
    at, last = read_cursor(cursor, datetime, int)
    if view == "done" and at is None:
        raise BadCursor
    if view == "done":
        return [or_(Task.ended_at < at, and_(Task.ended_at == at, Task.id < last))]
    if at is None:
        return [and_(Task.due_at.is_(None), Task.id > last)]
    later = or_(Task.due_at > at, and_(Task.due_at == at, Task.id > last))
    return [or_(Task.due_at.is_(None), later)]


def look(session: Session, actor: Actor, task_id: int) -> TaskView:
    """One task, for whoever may see its office's work."""
    row = session.execute(
        _joined(select(Task, Case, Sop, Office, Revision, Post.name, _claimer.name, _ender.name))
        .join(Revision, Revision.id == Case.revision_id)
        .outerjoin(_ender, _ender.id == Task.ended_by)
        .where(Task.id == task_id)
    ).one_or_none()
    if row is None or not actor.may("task.see", row[0].office_id):
        raise NoSuchTask
    task, case, sop, office, revision, post, claimed_by, ended_by = row
    step = sops.meaning(revision).step(task.step)
    earlier = _earlier(session, task)
    return TaskView(task, case, sop, office, step, post, claimed_by, ended_by, earlier)


def _earlier(session: Session, task: Task) -> list[Earlier]:
    rows = session.execute(
        select(Task, _ender.name)
        .outerjoin(_ender, _ender.id == Task.ended_by)
        .where(Task.case_id == task.case_id, Task.status == "done", Task.id != task.id)
        .order_by(Task.ended_at, Task.id)
    )
    return [Earlier(*row) for row in rows]


# --- doing -----------------------------------------------------------------------------------


def claim(session: Session, actor: Actor, task_id: int, now: datetime) -> None:
    """Take a waiting task. Of two who reach for it, one gets it; the other is told who has it."""
    task, case, revision = _reach(session, actor, task_id)
    if case.status == "suspended":
        raise cases.IsSuspended
    _refuse_own_work(session, actor, task, sops.meaning(revision).step(task.step))
    taken = _change(
        session,
        [Task.id == task_id, Task.status == "waiting"],
        {"status": "claimed", "claimed_by": actor.person_id, "claimed_at": now},
    )
    if not taken:
        _refuse(session, actor, task)
    entry = history.by(actor, "claimed", now, task.post_id, task_id=task_id)
    history.append(session, case, [entry])


def release(session: Session, actor: Actor, task_id: int, now: datetime) -> None:
    """Give a task back to all who hold its post."""
    task, case, _ = _reach(session, actor, task_id)
    given = _change(
        session,
        _is_hers(actor, task_id),
        {"status": "waiting", "claimed_by": None, "claimed_at": None},
    )
    if not given:
        _refuse(session, actor, task)
    entry = history.by(actor, "released", now, task.post_id, task_id=task_id)
    history.append(session, case, [entry])


def complete(
    session: Session,
    actor: Actor,
    task_id: int,
    now: datetime,
    *,
    outcome: str | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> Case:
    """Finish a claimed task; the case moves on in the same transaction, or nothing happened."""
    task, case, revision = _reach(session, actor, task_id)
    if task.status not in OPEN or task.claimed_by != actor.person_id:
        _refuse(session, actor, task)
    step, reason = sops.meaning(revision).step(task.step), reason.strip()
    _refuse_own_work(session, actor, task, step)
    outcome = _decided(step, outcome, reason)
    answer = answers.check(session, task, step, data)
    end = {"status": "done", "ended_by": actor.person_id, "ended_at": now}

    def deed(running: Workflow) -> list[Entry]:
        said = {"outcome": outcome, "reason": reason or None, "data": answer or None}
        if not _change(session, _is_hers(actor, task_id), {**end, **said}):
            _refuse(session, actor, task)
        running.complete(task.engine_id, outcome, {**answer, "reason": reason})
        detail = {"step": task.step, "outcome": outcome, "reason": reason, **answers.seal(answer)}
        return [history.by(actor, "completed", now, task.post_id, task_id=task_id, detail=detail)]

    return cases.advance(session, case, now, deed)


def hers(session: Session, actor: Actor, task_id: int) -> Task:
    """The task she has claimed, to be worked on."""
    task, _, _ = _reach(session, actor, task_id)
    if task.status not in OPEN or task.claimed_by != actor.person_id:
        _refuse(session, actor, task)
    return task


def _reach(session: Session, actor: Actor, task_id: int) -> tuple[Task, Case, Revision]:
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


def _refuse_own_work(session: Session, actor: Actor, task: Task, step: bpmn.reader.Step) -> None:
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


def _is_hers(actor: Actor, task_id: int) -> list[ColumnElement[bool]]:
    return [Task.id == task_id, Task.status == "claimed", Task.claimed_by == actor.person_id]


def _change(session: Session, where: list[ColumnElement[bool]], values: dict[str, Any]) -> bool:
    """The one conditional UPDATE that settles every race: True for the one who won it."""
    result = session.execute(update(Task).where(*where).values(**values))
    return bool(cast("CursorResult[Any]", result).rowcount == 1)


def _refuse(session: Session, actor: Actor, task: Task) -> NoReturn:
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


def _decided(step: bpmn.reader.Step, outcome: str | None, reason: str) -> str | None:
    """The outcome as the diagram names it. Who sends a file back says why."""
    if len(reason) > LONGEST_REASON:
        raise ReasonTooLong(length=len(reason), limit=LONGEST_REASON)
    if step.decision is None:
        return None
    chosen = next((way for way in step.decision.outcomes if way.value == outcome), None)
    if chosen is None:
        raise OutcomeMissing
    if chosen.back and not reason:
        raise ReasonMissing
    return chosen.value
