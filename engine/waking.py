"""Let what fell due happen, for many cases in one transaction: after a night all fall due at once.

Of many clocks one gets each case; where one case fails, each is done by itself (`cases.wake`).
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, undefer

from engine import cases, history, lateness, notices, sops, workflow
from engine.cases import Loaded
from engine.lateness import Late
from engine.models import Base, Case, Office, Revision, Sop, Task
from engine.models.task import is_open
from engine.worktime import Calendar

Noun = TypeVar("Noun", bound=Base)


def wake_all(session: Session, case_ids: Collection[int], now: datetime) -> int:
    """Move every one of these that is due and that nobody else has in hand; how many were."""
    locked = _locked(session, Case.id.in_(case_ids), Case.wake_at <= now)
    kept = _about(session, locked)
    loaded = [_loaded(session, case, kept, now) for case in locked]
    for each in loaded:
        each.running.settle()
    cases.save_all(session, [(each, []) for each in loaded], now)
    return len(loaded)


def climb_all(session: Session, task_ids: Collection[int], now: datetime) -> int:
    """Tell the next level of every one of these that is still late; how many were."""
    theirs = select(Task.case_id).where(Task.id.in_(task_ids))
    locked = {case.id: case for case in _locked(session, Case.id.in_(theirs))}
    # Held here, or the session would forget them before they are asked for.
    kept = _about(session, list(locked.values()))
    tasks = session.scalars(
        select(Task)
        .where(Task.id.in_(task_ids), Task.climb_at <= now, Task.case_id.in_(locked))
        .order_by(Task.climb_at, Task.id)
        .execution_options(populate_existing=True)
    )
    late = [_late(session, task, locked[task.case_id]) for task in tasks]
    lateness.record(session, late, now)
    lines = [line for each in late for line in history.lines(each.case, each.entries)]
    history.write(session, lines)
    session.flush()
    tellings = [(each.case, telling) for each in late for telling in each.tellings]
    notices.tell_all(session, tellings, now)
    del kept
    return len(late)


def _locked(session: Session, *which: ColumnElement[bool]) -> Sequence[Case]:
    """Those that nobody else has in hand, held until the transaction ends."""
    return session.scalars(
        select(Case)
        .where(*which)
        .order_by(Case.id)
        .with_for_update(skip_locked=True)
        .options(undefer(Case.state))
        .execution_options(populate_existing=True)
    ).all()


def _about(session: Session, locked: Sequence[Case]) -> dict[str, Any]:
    """All that these cases have in common, each asked for once; the session finds it again."""
    return {
        "revisions": _all(session, Revision, {case.revision_id for case in locked}),
        "offices": _all(session, Office, {case.office_id for case in locked}),
        "sops": _all(session, Sop, {case.sop_id for case in locked}),
        "tasks": _open_tasks(session, [case.id for case in locked]),
    }


def _all(session: Session, noun: type[Noun], ids: Collection[int]) -> Sequence[Noun]:
    column: Any = noun.__table__.c.id
    return session.scalars(select(noun).where(column.in_(ids))).all()


def _open_tasks(session: Session, case_ids: Collection[int]) -> dict[int, list[Task]]:
    found: dict[int, list[Task]] = {}
    query = select(Task).where(Task.case_id.in_(case_ids), is_open()).order_by(Task.id)
    for task in session.scalars(query.execution_options(populate_existing=True)):
        found.setdefault(task.case_id, []).append(task)
    return found


def _loaded(session: Session, case: Case, kept: dict[str, Any], now: datetime) -> Loaded:
    revision = session.get_one(Revision, case.revision_id)
    office = session.get_one(Office, case.office_id)
    calendar = Calendar.from_dict(office.calendar)
    running = workflow.load(sops.runnable(revision), case.state, now, calendar)
    tasks = {task.engine_id: task for task in kept["tasks"].get(case.id, ())}
    return Loaded(case, revision, office, running, tasks)


def _late(session: Session, task: Task, case: Case) -> Late:
    office, sop = session.get_one(Office, case.office_id), session.get_one(Sop, case.sop_id)
    meaning = sops.meaning(session.get_one(Revision, case.revision_id))
    due_at = task.due_at or task.opened_at
    return Late(task, case, office, sop, meaning, due_at, is_new=False)
