"""Steps that went past their mutu baku waktu: recorded once a level, climbing until they are done.

Many at once cost as many statements as one: after a night everything falls due at the opening.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bpmn.document import Sop as Meaning
from engine import chart, ladder, sops
from engine.chart import Chart
from engine.history import Entry
from engine.ladder import Ladder
from engine.models import Case, Escalation, Grant, Office, Revision, Sop, Task
from engine.models.task import OPEN
from engine.notices import Telling
from engine.worktime import Calendar


@dataclass
class Late:
    """A step that is late, with all that decides who hears of it."""

    task: Task
    case: Case
    office: Office
    sop: Sop
    meaning: Meaning
    # When it was due: what everything about its lateness is dated from.
    due_at: datetime
    # Was it noticed just now, or has it been climbing?
    is_new: bool
    # Whose deed let us notice it; she knows.
    by: int | None = None
    entries: list[Entry] = field(default_factory=list)
    tellings: list[Telling] = field(default_factory=list)
    # Rules to be looked at; else those in force.
    rules: Ladder | None = None

    @property
    def is_open(self) -> bool:
        return self.task.status in OPEN


def replan(session: Session, case: Case, tasks: Sequence[Task]) -> None:
    """Their due times have moved, or their clocks go on: when does the ladder look next?"""
    ids = [task.id for task in tasks]
    known = set(session.scalars(select(Escalation.task_id).where(Escalation.task_id.in_(ids))))
    office, sop = session.get_one(Office, case.office_id), session.get_one(Sop, case.sop_id)
    meaning = sops.meaning(session.get_one(Revision, case.revision_id))
    over = chart.of(session, [office.id])[office.id] if known else None
    for task in tasks:
        task.climb_at = None
        if over is not None and task.id in known and task.due_at is not None:
            late = Late(task, case, office, sop, meaning, task.due_at, is_new=False)
            task.climb_at = _next(late, _rungs(late, over))


def _next(late: Late, rungs: "Sequence[Rung]") -> datetime | None:
    above = _above(late, rungs)
    return above.at if above is not None else None


def _above(late: Late, rungs: "Sequence[Rung]") -> "Rung | None":
    is_climbing = late.is_open and late.task.paused_at is None
    above = (rung for rung in rungs if rung.level > late.task.level)
    return next(above, None) if is_climbing else None


@dataclass(frozen=True)
class Rung:
    """A level of the ladder: when it is reached, and whose post hears then."""

    level: int
    at: datetime
    # None: the supervisors of the kabupaten, who hold no post here.
    post_id: int | None


def coming(late: Late, over: Chart) -> Rung | None:
    """Who hears of it next, and when; nobody does of what rests, or stands on the last level."""
    return _above(late, _rungs(late, over))


def record(session: Session, late: Sequence[Late], now: datetime) -> None:
    """Raise every level that has been reached; each leaves its lines and who must know."""
    if not late:
        return
    charts = chart.of(session, {each.office.id for each in late})
    rows = [row for each in late for row in _climb(each, charts[each.office.id], now)]
    if rows:
        session.execute(_insertion(session), rows)
    _tell_supervisors(session, late)


def _climb(late: Late, over: Chart, now: datetime) -> Iterable[dict[str, Any]]:
    """The rows of the levels reached by now; the task learns where it stands, and when to look."""
    task, rungs = late.task, _rungs(late, over)
    if late.is_new:
        yield _row(task, Rung(1, late.due_at, rungs[0].post_id), now)
        late.entries.append(_line("late", late, Rung(1, late.due_at, None), now))
    reached = [rung for rung in rungs if rung.level > task.level and rung.at <= now]
    for rung in reached:
        if rung.level > 1:
            yield _row(task, rung, now)
            late.entries.append(_line("escalated", late, rung, now))
        late.tellings.extend(_telling(late, rung))
        task.level = rung.level
    task.climb_at = _next(late, rungs)


def _rungs(late: Late, over: Chart) -> list[Rung]:
    """Level by level; a post that has heard already does not hear again."""
    rules = late.rules or ladder.of(late.office, late.sop)
    calendar = Calendar.from_dict(late.office.calendar)
    first = _first_to_hear(late, over)
    posts = {1: first, 2: over.superior(first), 3: over.camat, 4: None}
    heard: set[int | None] = set()
    rungs = []
    for level, at in (
        (each.level, each.at) for each in rules.reached(calendar, late.task, late.due_at)
    ):
        post_id = posts[level]
        if level in (1, 4) or (post_id is not None and post_id not in heard):
            rungs.append(Rung(level, at, post_id))
        heard.add(post_id)
    return rungs


def _first_to_hear(late: Late, over: Chart) -> int | None:
    """The step's penanggung jawab, where the SOP names one; else the post that has it."""
    named = late.meaning.step(late.task.step).eskalasi_ke
    return next((over.posts[slug] for slug in named if slug in over.posts), late.task.post_id)


def _telling(late: Late, rung: Rung) -> Iterable[Telling]:
    """What is over need not be told to those above; it stands in the reports."""
    task, cause = late.task, f"late-{late.task.id}-{rung.level}"
    if rung.level > 1 and not late.is_open:
        return
    if rung.level == 1:
        yield _first_telling(late, rung, cause)
    else:
        yield Telling("late", task.id, [rung.post_id], level=rung.level, by=late.by, cause=cause)


def _first_telling(late: Late, rung: Rung, cause: str) -> Telling:
    """Whoever has it, else its post; and the post that hears of it first, if that is another."""
    task, heard = late.task, rung.post_id
    posts = [heard] if task.claimed_by else [task.post_id, heard]
    if task.claimed_by and heard == task.post_id:
        posts = []
    # Whoever has just finished it, late, need not be told so.
    has_it = [task.claimed_by] if task.status == "claimed" else []
    return Telling("late", task.id, posts, has_it, level=1, by=late.by, cause=cause)


def _tell_supervisors(session: Session, late: Sequence[Late]) -> None:
    """The last level is told by name: to whoever watches the kabupaten."""
    last = {
        (each.office.kabupaten, at): telling
        for each in late
        for at, telling in enumerate(each.tellings)
        if telling.level == ladder.LEVELS[-1]
    }
    if not last:
        return
    kabupaten = {name for name, _ in last}
    rows = session.execute(
        select(Grant.kabupaten, Grant.person_id).where(
            Grant.role == "pengawas", Grant.kabupaten.in_(kabupaten)
        )
    ).all()
    for each in late:
        persons = [person for name, person in rows if name == each.office.kabupaten]
        each.tellings = [_to(telling, persons) for telling in each.tellings]


def _to(telling: Telling, persons: list[int]) -> Telling:
    if telling.level != ladder.LEVELS[-1]:
        return telling
    return Telling(
        telling.kind, telling.task_id, [], persons, telling.level, telling.by, telling.cause
    )


def _line(kind: str, late: Late, rung: Rung, now: datetime) -> Entry:
    detail = {"due_at": rung.at.isoformat(), "level": rung.level}
    if rung.post_id is not None:
        detail["post"] = rung.post_id
    return Entry(kind, now, task_id=late.task.id, detail=detail)


def _row(task: Task, rung: Rung, now: datetime) -> dict[str, Any]:
    return {
        "office_id": task.office_id,
        "task_id": task.id,
        "level": rung.level,
        "due_at": rung.at,
        "raised_at": now,
        "post_id": rung.post_id,
    }


def _insertion(session: Session) -> Any:
    """However many clocks look, a level is there once."""
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[session.get_bind().dialect.name]
    return dialect.insert(Escalation.__table__).on_conflict_do_nothing()
