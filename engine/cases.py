"""Change a case: the only writer of its state, its tasks and its history.

Every change goes one way: lock, load, let the clock in, do the one thing asked, save the state,
the tasks, the next wake time and the history, in the caller's one transaction. On any error the
loaded case is thrown away, and what was stored stands.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, undefer

from bpmn.errors import N_, AlurError
from engine import (
    access,
    audience,
    formdata,
    history,
    lateness,
    notices,
    places,
    search,
    sops,
    workflow,
)
from engine.access import Actor, Held
from engine.history import Entry
from engine.lateness import Late
from engine.models import Case, Office, Participation, Revision, Sop, Task
from engine.models.task import OPEN
from engine.program import Program
from engine.workflow import OpenStep, Stuck, Workflow
from engine.worktime import Calendar

LONGEST_TITLE: Final = 200


class CaseError(AlurError):
    """A case that cannot be started, found or changed."""


class NoSuchCase(CaseError):
    sentence = N_("Berkas ini tidak ada, atau bukan milik kantor Anda.")
    status = 404


class NotYoursToStart(CaseError):
    sentence = N_("SOP ini hanya dapat dimulai oleh pemegang jabatan langkah pertamanya.")
    status = 403


class BadTitle(CaseError):
    sentence = N_("Judul berkas harus diisi, paling panjang %(limit)s huruf.")
    status = 422
    field = "title"


class NotRunning(CaseError):
    sentence = N_("Berkas ini sudah tidak berjalan, jadi tidak dapat diubah.")
    status = 409


class IsSuspended(NotRunning):
    sentence = N_("Berkas ini sedang ditangguhkan. Tunggu sampai pimpinan melanjutkannya.")


class CaseStuck(CaseError):
    """The diagram failed. Nothing was saved; `incidents.record` makes it known."""

    sentence = N_(
        "%(why)s Yang baru saja Anda kirim belum tercatat; pimpinan kantor sudah diberi tahu."
    )
    status = 409

    def __init__(self, case: Case, why: str, task_id: int | None = None) -> None:
        super().__init__(why=why)
        self.case_id, self.office_id, self.task_id = case.id, case.office_id, task_id


@dataclass(frozen=True)
class Loaded:
    """A locked case with all that is needed to move it."""

    case: Case
    revision: Revision
    office: Office
    running: Workflow
    # Those open when it was loaded, and those opened since, by their step in the engine.
    tasks: dict[str, Task]
    # Who else is asked to take part in what was opened.
    invited: list[dict[str, int]] = field(default_factory=list)


def start(
    session: Session,
    actor: Actor,
    sop: Sop,
    title: str,
    now: datetime,
    *,
    data: dict[str, Any] | None = None,
) -> Case:
    """Open a berkas on the revision in force, as the holder of its first step's post."""
    title = checked_title(title)
    post = require_start(actor, sop)
    entry = history.by(actor, "started", now, post.post_id if post else None)
    return begin(session, sop, title, now, entry, formdata.check(data or {}))


def checked_title(title: str) -> str:
    title = " ".join(title.split())
    if not 0 < len(title) <= LONGEST_TITLE:
        raise BadTitle(limit=LONGEST_TITLE)
    return title


def require_start(actor: Actor, sop: Sop) -> Held | None:
    """The post as whose holder she starts it; whoever brings cases from elsewhere needs none."""
    access.require(actor, "case.start", sop.office_id)
    here = (sop.office_id, sop.starter)
    post = next((held for held in actor.posts if (held.office_id, held.slug) == here), None)
    if post is None and not actor.may("case.bring", sop.office_id):
        raise NotYoursToStart
    return post


def begin(
    session: Session,
    sop: Sop,
    title: str,
    now: datetime,
    entry: Entry,
    data: dict[str, Any] | None = None,
) -> Case:
    """Open a berkas, whoever or whatever asked for it."""
    if sop.revision_id is None:
        raise NotYoursToStart
    revision = session.get_one(Revision, sop.revision_id)
    data = {**_unanswered(revision), **(data or {})}
    office = session.get_one(Office, sop.office_id)
    program, calendar = sops.runnable(revision), Calendar.from_dict(office.calendar)
    _refuse_what_is_a_steps(program, data)
    running = workflow.start(program, data, now, calendar)
    case = Case(
        office_id=sop.office_id,
        sop_id=sop.id,
        revision_id=revision.id,
        title=title[:LONGEST_TITLE],
        state=b"",
        data=data,
        started_by=entry.person_id,
        started_at=now,
    )
    session.add(case)
    session.flush()
    search.begin(session, case, [case.title, sop.name, data])
    begun = replace(entry, detail={**(entry.detail or {}), "revision": revision.number})
    save(session, Loaded(case, revision, office, running, {}), [begun], now)
    return case


def _unanswered(revision: Revision) -> dict[str, None]:
    """Every field of the start form has its key, so that an expression finds `null` there."""
    form = sops.meaning(revision).start_form
    return {field.kunci: None for field in form.isian} if form else {}


def _refuse_what_is_a_steps(program: Program, data: dict[str, Any]) -> None:
    """Under its element's id stands what a step was answered: nobody answers it beforehand."""
    parts = (program.spec, *program.parts.values())
    taken = {spec.bpmn_id for part in parts for spec in part.task_specs.values()}
    for name in data:
        if name in taken or name in program.parts:
            raise formdata.ReservedName(name)


def advance(
    session: Session,
    case: Case,
    now: datetime,
    deed: Callable[[Workflow], list[Entry]],
) -> Case:
    """Do one thing to a running case, locked by the caller; `deed` says what to write down."""
    try:
        loaded = load(session, case, now)
        loaded.running.settle()
        entries = deed(loaded.running)
    except Stuck as wrong:
        raise CaseStuck(case, str(wrong)) from wrong
    save(session, loaded, entries, now)
    return case


def locked(session: Session, case_id: int) -> Case:
    """The case, held until the transaction ends."""
    case = session.scalar(
        select(Case)
        .where(Case.id == case_id)
        .with_for_update()
        .options(undefer(Case.state))
        .execution_options(populate_existing=True)
    )
    if case is None:
        raise NoSuchCase
    return case


def wake(session: Session, case_id: int, now: datetime) -> Case | None:
    """Let everything that fell due happen; None when someone else was faster."""
    case = session.scalar(
        select(Case)
        .where(Case.id == case_id, Case.wake_at <= now)
        .with_for_update(skip_locked=True)
        .options(undefer(Case.state))
        .execution_options(populate_existing=True)
    )
    return case and advance(session, case, now, lambda _: [])


def load(session: Session, case: Case, now: datetime) -> Loaded:
    """The running case in memory, as it was saved."""
    if case.status == "suspended":
        raise IsSuspended
    if case.status != "running":
        raise NotRunning
    return _load(session, case, now)


def _load(session: Session, case: Case, now: datetime) -> Loaded:
    revision = session.get_one(Revision, case.revision_id)
    office = session.get_one(Office, case.office_id)
    calendar = Calendar.from_dict(office.calendar)
    running = workflow.load(sops.runnable(revision), case.state, now, calendar)
    return Loaded(case, revision, office, running, open_tasks(session, case))


def save(session: Session, loaded: Loaded, entries: list[Entry], now: datetime) -> None:
    """Put away the state, the tasks, the next wake time and what is to be remembered."""
    save_all(session, [(loaded, entries)], now)


def save_all(
    session: Session, changed: Sequence[tuple[Loaded, list[Entry]]], now: datetime
) -> None:
    """The same for many cases at once: what is late of all of them is one matter."""
    late = {id(loaded): _late(session, loaded, entries) for loaded, entries in changed}
    lateness.record(session, [each for several in late.values() for each in several], now)
    lines, tellings = [], []
    for loaded, entries in changed:
        was_late = late[id(loaded)]
        told = [entry for each in was_late for entry in each.entries]
        entries = [*told, *entries, *_acts(loaded, now), *_sync_tasks(session, loaded, now)]
        entries += _ending(loaded, now)
        lines += history.lines(loaded.case, entries)
        tellings += [(loaded.case, telling) for each in was_late for telling in each.tellings]
        tellings += [(loaded.case, telling) for telling in audience.of(loaded, entries)]
    history.write(session, lines)
    session.flush()
    notices.tell_all(session, tellings, now)


def _acts(loaded: Loaded, now: datetime) -> list[Entry]:
    return [
        Entry("acted", now, detail={"step": act.element, "action": act.action, **act.data})
        for act in loaded.running.acts
    ]


def _ending(loaded: Loaded, now: datetime) -> list[Entry]:
    """The state as it is put away; a case that is done says so."""
    case, running = loaded.case, loaded.running
    case.state = running.dump()
    case.wake_at = None if running.is_done else running.wake_at
    if not running.is_done:
        return []
    case.status, case.ended_at = "done", now
    return [Entry("ended", now)]


def redate(
    session: Session,
    case: Case,
    now: datetime,
    line: Callable[[Task, datetime, datetime], Entry],
) -> int:
    """Its office's hours have changed: reckon anew what it waits for; how many tasks moved.

    It may be suspended: what is left to it then is reckoned in the new hours when it goes on.
    """
    loaded = _load(session, case, now)
    before = {task.id: task.due_at for task in loaded.tasks.values()}
    loaded.running.redate()
    keep_due_times(loaded)
    case.state = loaded.running.dump()
    case.wake_at = loaded.running.wake_at if case.status == "running" else None
    moved = [
        line(task, old, task.due_at)
        for task in loaded.tasks.values()
        if (old := before[task.id]) and task.due_at and old != task.due_at
    ]
    history.append(session, case, moved)
    if moved and case.status == "running":
        lateness.replan(session, case, list(loaded.tasks.values()))
    return len(moved)


def keep_due_times(loaded: Loaded) -> None:
    """The tasks are due when the timers at their steps ring."""
    for step in loaded.running.open_steps():
        if (task := loaded.tasks.get(step.id)) is not None:
            task.due_at = step.due_at


def open_tasks(session: Session, case: Case) -> dict[str, Task]:
    open_tasks = session.scalars(select(Task).where(Task.case_id == case.id, Task.status.in_(OPEN)))
    return {task.engine_id: task for task in open_tasks}


def _sync_tasks(session: Session, loaded: Loaded, now: datetime) -> list[Entry]:
    """Open a task for every step that now waits; close those that wait no more."""
    known = loaded.tasks
    steps = {step.id: step for step in loaded.running.open_steps()}
    gone = [task for id, task in known.items() if id not in steps and task.status in OPEN]
    for task in gone:
        task.status, task.ended_at = "cancelled", now
    if gone:
        notices.settle(session, [task.id for task in gone], now)
    opened = _open(session, loaded, [step for id, step in steps.items() if id not in known], now)
    return [Entry("withdrawn", now, task_id=task.id) for task in gone] + [
        Entry("opened", now, task_id=task.id, detail={"step": task.step}) for task in opened
    ]


def _open(session: Session, loaded: Loaded, steps: list[OpenStep], now: datetime) -> Iterable[Task]:
    if not steps:
        return []
    where = places.find(session, loaded.office, sops.meaning(loaded.revision), steps)
    tasks = [
        Task(
            office_id=loaded.case.office_id,
            case_id=loaded.case.id,
            sop_id=loaded.case.sop_id,
            engine_id=step.id,
            step=step.element,
            name=where[step.id].named(step.name),
            lane=where[step.id].lane,
            post_id=where[step.id].post_id,
            member=step.member,
            status="waiting",
            opened_at=now,
            due_at=step.due_at,
            priority=loaded.case.priority,
        )
        for step in steps
    ]
    session.add_all(tasks)
    session.flush()
    loaded.tasks.update((task.engine_id, task) for task in tasks)
    loaded.invited.extend(_invitations(tasks, where))
    if loaded.invited:
        session.execute(insert(Participation), loaded.invited)
    return tasks


def _invitations(tasks: list[Task], where: dict[str, places.Place]) -> list[dict[str, int]]:
    """A joint step asks the other posts to take part, but not the one that answers."""
    return [
        {"office_id": task.office_id, "task_id": task.id, "post_id": post_id}
        for task in tasks
        for post_id in where[task.engine_id].invited
        if post_id != task.post_id
    ]


def _late(session: Session, loaded: Loaded, entries: list[Entry]) -> list[Late]:
    """The steps whose timer has just rung, and those whose lateness was to climb meanwhile."""
    rang = {item.step_id: item.due_at for item in reversed(loaded.running.late)}
    ended = {entry.task_id for entry in entries if entry.kind == "completed"}
    by = next((entry.person_id for entry in entries if entry.person_id), None)
    found = []
    for engine_id, task in loaded.tasks.items():
        # A step with a second timer is late only once: what follows is the ladder's work.
        is_new = engine_id in rang and task.level == 0 and task.climb_at is None
        due_at = rang.get(engine_id, task.due_at)
        if due_at is not None and (is_new or (task.id in ended and task.climb_at is not None)):
            sop = session.get_one(Sop, loaded.case.sop_id)
            meaning = sops.meaning(loaded.revision)
            found.append(Late(task, loaded.case, loaded.office, sop, meaning, due_at, is_new, by))
    return found
