"""What a person may do with a task: look, claim, release, complete."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

import bpmn.reader
from bpmn.errors import N_
from engine import cases, history, notices, pauses, search, sops, spans
from engine.access import Actor
from engine.history import Entry
from engine.models import Case, Office, Person, Post, Revision, Sop, Task
from engine.models.task import OPEN
from engine.workflow import Workflow
from engine.worktime import Calendar
from tasks import answers, delegation, documents, excuses
from tasks.excuses import Excuse
from tasks.ground import (
    WAITING,
    NoSuchTask,
    Reached,
    TaskError,
    change,
    is_hers,
    reach,
    refuse,
    refuse_own_work,
    refuse_suspended,
)

LONGEST_REASON: Final = 2_000
NONE: Final = Excuse()

_claimer = aliased(Person)
_ender = aliased(Person)


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


class NotComplete(TaskError):
    sentence = N_(
        "Langkah ini baru dapat diselesaikan bila seluruh kelengkapannya ada. Belum dicentang: "
        "%(items)s."
    )
    status = 422
    field = "tick"


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


def look(session: Session, actor: Actor, task_id: int) -> TaskView:
    """One task, for whoever may see its office's work."""
    row = session.execute(
        select(Task, Case, Sop, Office, Revision, Post.name, _claimer.name, _ender.name)
        .join(Case, Case.id == Task.case_id)
        .join(Sop, Sop.id == Case.sop_id)
        .join(Office, Office.id == Task.office_id)
        .join(Revision, Revision.id == Case.revision_id)
        .outerjoin(Post, Post.id == Task.post_id)
        .outerjoin(_claimer, _claimer.id == Task.claimed_by)
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


def claim(session: Session, actor: Actor, task_id: int, now: datetime) -> None:
    """Take a waiting task. Of two who reach for it, one gets it; the other is told who has it."""
    found = reach(session, actor, task_id)
    refuse_suspended(found.case)
    refuse_own_work(session, actor, found)
    taken = change(
        session,
        [Task.id == task_id, Task.status == "waiting"],
        {"status": "claimed", "claimed_by": actor.person_id, "claimed_at": now},
    )
    if not taken:
        refuse(session, actor, found.task)
    notices.settle(session, [task_id], now)
    history.append(session, found.case, [found.entry(actor, "claimed", now)])


def release(session: Session, actor: Actor, task_id: int, now: datetime) -> None:
    """Give a task back: to all who hold its post, or to whoever asked her to do it."""
    found = reach(session, actor, task_id)
    if found.delegation is not None and found.delegation.kind == "delegated":
        delegation.give_back(session, actor, task_id, "", now)
        return
    given = change(
        session,
        is_hers(actor, task_id),
        WAITING,
    )
    if not given:
        refuse(session, actor, found.task)
    delegation.end(found, "moved on", now)
    history.append(session, found.case, [found.entry(actor, "released", now)])
    found.tell(session, actor.person_id, now, {}, its_post=True)


def complete(
    session: Session,
    actor: Actor,
    task_id: int,
    now: datetime,
    *,
    outcome: str | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
    excuse: Excuse = NONE,
    checked: Iterable[int] = (),
) -> Case:
    """Finish a claimed task; the case moves on in the same transaction, or nothing happened."""
    found = hers(session, actor, task_id)
    return finish(
        session,
        actor,
        found,
        now,
        outcome=outcome,
        reason=reason,
        data=data,
        excuse=excuse,
        checked=checked,
    )


def finish(
    session: Session,
    actor: Actor,
    found: Reached,
    now: datetime,
    *,
    outcome: str | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
    excuse: Excuse = NONE,
    checked: Iterable[int] = (),
    key: str | None = None,
) -> Case:
    """The same for a task that `hers` has found, as whoever must see its form first does.

    `checked` is what of the kelengkapan was ticked off, from 1; `key` names the request, so that
    it is known when it comes again.
    """
    delegation.refuse_unchecked(session, found)
    task, step, reason = found.task, found.step, reason.strip()
    refuse_suspended(found.case)
    refuse_own_work(session, actor, found)
    outcome = _decided(step, outcome, reason)
    ticked = _ticked(step, checked)
    files = documents.of_task(session, task.id) if found.has_files else {}
    answer = answers.check(session, task, step, data, files)
    late = excuses.final(found.office, task, excuse, now)
    absent = found.absent(actor)
    took = spans.of(session, task, Calendar.from_dict(found.office.calendar), now)
    end = {
        "status": "done",
        "ended_by": actor.person_id,
        "ended_for": absent.person_id if absent is not None else None,
        "ended_at": now,
        **took._asdict(),
        **late,
        "checked": ticked or None,
        "sent_as": key,
    }

    def deed(running: Workflow) -> list[Entry]:
        said = {"outcome": outcome, "reason": reason or None, "data": answer or None}
        # A clock that stood still goes on first: what is done is dated fairly.
        went_on = pauses.go_on(session, actor, task, running, now)
        if not change(session, is_hers(actor, task.id), {**end, **said}):
            refuse(session, actor, task)
        running.complete(task.engine_id, outcome, {**answer, "reason": reason})
        delegation.end(found, "completed", now)
        search.remember(session, found.case, answer)
        detail = {"step": task.step, "outcome": outcome, "reason": reason, **answers.seal(answer)}
        detail |= {**late, **_beside(ticked, files.get(documents.OUTPUT, []))}
        return [*went_on, found.entry(actor, "completed", now, detail)]

    return cases.advance(session, found.case, now, deed)


def _ticked(step: bpmn.reader.Step, checked: Iterable[int]) -> list[int]:
    """A list to work by, and no gate, unless the diagram makes it one."""
    items = dict(enumerate(step.mutu_baku.items, 1))
    ticked = sorted(items.keys() & set(checked))
    missing = [item for number, item in items.items() if number not in ticked]
    if step.mutu_baku.wajib_lengkap and missing:
        raise NotComplete(items="; ".join(missing))
    return ticked


def _beside(ticked: list[int], output: list[dict[str, Any]]) -> dict[str, Any]:
    """What history keeps beside the answer: enough to prove which documents it were."""
    said: dict[str, Any] = {"checked": ticked} if ticked else {}
    return said | ({"output": [each["sha256"] for each in output]} if output else {})


def is_sent_again(actor: Actor, task: Task, key: str | None) -> bool:
    """Whether this is the very completion that did the task, come once more."""
    is_known = key is not None and task.sent_as == key
    return is_known and task.status == "done" and task.ended_by == actor.person_id


def hers(session: Session, actor: Actor, task_id: int) -> Reached:
    """The task she has claimed, to be worked on."""
    found = reach(session, actor, task_id)
    if found.task.status not in OPEN or found.task.claimed_by != actor.person_id:
        refuse(session, actor, found.task)
    return found


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
