"""What a person may see of cases: the list, one with its history, and how far it has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVarTuple

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import Session, aliased

import bpmn.reader
from bpmn.trail import Deed, Trails
from engine import sops
from engine.access import Actor
from engine.cases import NoSuchCase
from engine.models import Case, Event, Office, Person, Post, Revision, Sop, Task
from engine.models.task import OPEN, is_open
from engine.paging import Page, read_cursor, write_cursor
from engine.search import cases_with, words_of

Ts = TypeVarTuple("Ts")


@dataclass(frozen=True)
class CaseRow:
    """A line of the list of cases."""

    case: Case
    sop: Sop
    office: Office


@dataclass(frozen=True)
class TaskLine:
    """A task of the case: who has it or did it."""

    task: Task
    post: str | None
    claimed_by: str | None
    ended_by: str | None


@dataclass(frozen=True)
class EventLine:
    """A line of the history, ready to be read."""

    event: Event
    who: str | None
    step: str | None
    # To whom a step went.
    to: str | None = None


@dataclass(frozen=True)
class CaseView:
    """A case with all that its page shows."""

    case: Case
    sop: Sop
    office: Office
    revision: Revision
    meaning: bpmn.reader.Sop
    tasks: Sequence[TaskLine]
    history: Sequence[EventLine]


def page(
    session: Session,
    actor: Actor,
    *,
    search: str = "",
    status: str = "",
    sop: int | None = None,
    step: str = "",
    office: int | None = None,
    after: str | None = None,
    limit: int = 25,
) -> Page[CaseRow]:
    """The cases of her offices, newest first."""
    wanted = _wanted(session, actor, search, status)
    if sop is not None:
        wanted.append(Case.sop_id == sop)
    if step:
        here = select(Task.case_id).where(Task.sop_id == sop, Task.step == step, is_open())
        wanted.append(Case.id.in_(here))
    if office is not None:
        wanted.append(Case.office_id == office)
    count = session.scalar(_joined(select(func.count(Case.id))).where(*wanted)) or 0
    if after is not None:
        [last] = read_cursor(after, int)
        wanted.append(Case.id < last)
    found = session.execute(
        _joined(select(Case, Sop, Office)).where(*wanted).order_by(Case.id.desc()).limit(limit + 1)
    )
    rows = [CaseRow(*row) for row in found]
    more = write_cursor(rows[limit - 1].case.id) if len(rows) > limit else None
    return Page(rows[:limit], count, more)


def _joined(query: Select[*Ts]) -> Select[*Ts]:
    return (
        query.select_from(Case)
        .join(Sop, Sop.id == Case.sop_id)
        .join(Office, Office.id == Case.office_id)
    )


def _wanted(session: Session, actor: Actor, search: str, status: str) -> list[ColumnElement[bool]]:
    offices = actor.offices("case.see")
    wanted: list[ColumnElement[bool]] = []
    if offices is not None:
        wanted.append(Case.office_id.in_(offices))
    if status == "open":
        wanted.append(Case.status.in_(("running", "suspended")))
    elif status:
        wanted.append(Case.status == status)
    words = words_of(search)
    if search.strip() and not words:
        wanted.append(false())
    if words:
        wanted.append(Case.id.in_(cases_with(session, words, offices)))
    return wanted


def view(session: Session, actor: Actor, case_id: int) -> CaseView:
    case, sop, office, revision = _found(session, actor, case_id)
    return CaseView(
        case,
        sop,
        office,
        revision,
        sops.meaning(revision),
        _tasks(session, case_id),
        _history(session, case_id),
    )


def _found(session: Session, actor: Actor, case_id: int) -> tuple[Case, Sop, Office, Revision]:
    row = session.execute(
        _joined(select(Case, Sop, Office, Revision))
        .join(Revision, Revision.id == Case.revision_id)
        .where(Case.id == case_id)
    ).one_or_none()
    if row is None or not actor.may("case.see", row[0].office_id):
        raise NoSuchCase
    case, sop, office, revision = row
    return case, sop, office, revision


def heading(session: Session, actor: Actor, case_id: int) -> CaseRow:
    """A case as a list shows it, for a page about something of it."""
    row = session.execute(
        _joined(select(Case, Sop, Office)).where(Case.id == case_id)
    ).one_or_none()
    if row is None or not actor.may("case.see", row[0].office_id):
        raise NoSuchCase
    return CaseRow(*row)


def diagram(session: Session, actor: Actor, case_id: int) -> bytes:
    """The .bpmn of the revision the case runs on."""
    revision = session.scalar(
        select(Revision).join(Case, Case.revision_id == Revision.id).where(Case.id == case_id)
    )
    if revision is None or not actor.may("case.see", revision.office_id):
        raise NoSuchCase
    return revision.xml


def _tasks(session: Session, case_id: int) -> list[TaskLine]:
    return [TaskLine(*row) for row in session.execute(_lines(case_id).order_by(Task.id))]


def _latest(session: Session, case_id: int, most: int) -> list[TaskLine]:
    """A case that goes round and round has tasks without end."""
    rows = session.execute(_lines(case_id).order_by(Task.id.desc()).limit(most))
    return [TaskLine(*row) for row in rows][::-1]


def _lines(case_id: int) -> Select[Task, str, str, str]:
    claimer, ender = aliased(Person), aliased(Person)
    return (
        select(Task, Post.name, claimer.name, ender.name)
        .outerjoin(Post, Post.id == Task.post_id)
        .outerjoin(claimer, claimer.id == Task.claimed_by)
        .outerjoin(ender, ender.id == Task.ended_by)
        .where(Task.case_id == case_id)
    )


def _history(session: Session, case_id: int) -> list[EventLine]:
    rows = session.execute(_events(case_id)).all()
    takers = {row[0].detail["to"] for row in rows if isinstance(row[0].detail.get("to"), int)}
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(takers)))
    names = dict(found.all())
    return [EventLine(*row, to=names.get(row[0].detail.get("to", 0))) for row in rows]


def _events(case_id: int) -> Select[Event, str, str]:
    return (
        select(Event, Person.name, Task.name)
        .outerjoin(Person, Person.id == Event.person_id)
        .outerjoin(Task, Task.id == Event.task_id)
        .where(Event.case_id == case_id)
        .order_by(Event.number)
    )


def progress(shown: CaseView, now: datetime) -> dict[str, Any]:
    """How far the case has come, by the diagram's own element ids."""
    current = [line for line in shown.tasks if line.task.status in OPEN]
    here = {line.task.step for line in current}
    done = [line.task for line in shown.tasks if line.task.status == "done"]
    until = shown.case.suspended_at or now
    return {
        "done": [step for step in dict.fromkeys(task.step for task in done) if step not in here],
        "current": [_now_at(line, until) for line in current],
        "flows": Trails(shown.revision.xml).of(_deeds(shown.history)),
        # Of a step that was done more than once, the last time.
        "spans": {task.step: (task.waited, task.worked) for task in done},
    }


def _now_at(line: TaskLine, now: datetime) -> dict[str, Any]:
    due = line.task.due_at
    return {
        "element": line.task.step,
        "due": due.isoformat() if due else None,
        "overdue": due is not None and due <= (line.task.paused_at or now),
        "who": line.claimed_by or line.post,
    }


def _deeds(history: Sequence[EventLine]) -> list[Deed]:
    """What moved the case, with what that opened: in history the one follows upon the other."""
    deeds: list[Deed] = []
    for line in history:
        kind, detail = line.event.kind, line.event.detail
        if kind in ("started", "completed"):
            deeds.append(Deed(detail.get("step"), detail.get("outcome")))
        elif kind in _MOVES:
            deeds.append(Deed(""))  # whatever it opens was reached along no arrow
        elif deeds and kind == "opened":
            deeds[-1].opened.add(detail.get("step", ""))
        elif deeds and kind == "ended":
            deeds[-1].ended = True
    return deeds


_MOVES: Final = frozenset({"moved", "migrated", "retried", "resumed"})


# --- for other programs --------------------------------------------------------------------------


def brief(session: Session, actor: Actor, case_id: int, most_tasks: int = 500) -> CaseView:
    """The case with its latest tasks, without its history: that is asked for page by page."""
    case, sop, office, revision = _found(session, actor, case_id)
    meaning = sops.meaning(revision)
    return CaseView(case, sop, office, revision, meaning, _latest(session, case_id, most_tasks), ())


def events(
    session: Session, actor: Actor, case_id: int, after: str | None = None, limit: int = 50
) -> Page[EventLine]:
    """The history of a case, oldest first."""
    case, *_ = _found(session, actor, case_id)
    [last] = read_cursor(after, int) if after is not None else [0]
    query = _events(case_id).where(Event.number > last).limit(limit + 1)
    lines = [EventLine(*row) for row in session.execute(query)]
    more = write_cursor(lines[limit - 1].event.number) if len(lines) > limit else None
    return Page(lines[:limit], case.events, more)


def numbers(session: Session, rows: Sequence[CaseRow]) -> dict[int, int]:
    """The number of the revision each of these cases follows."""
    ids = {row.case.revision_id for row in rows}
    found = session.execute(select(Revision.id, Revision.number).where(Revision.id.in_(ids)))
    return {row.id: row.number for row in found}
