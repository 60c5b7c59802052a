"""Read finished steps one by one, as what each adds to a count."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import sops, spans
from engine.models import Case, Escalation, Office, Revision, Task
from engine.worktime import Calendar

# As many numbers as a statement of either database takes.
_AT_ONCE: Final = 5_000


class Finished(NamedTuple):
    """A finished step: where and when, for how long, and what was the matter with it."""

    id: int
    office_id: int
    sop_id: int
    step: str
    name: str
    post_id: int | None
    month: date
    is_timed: bool
    is_late: bool
    is_back: bool
    paused: int
    waited: int
    worked: int
    levels: tuple[int, ...]
    reason: str | None
    # Its spans were not kept when it was finished: they were reckoned just now.
    is_old: bool


_COLUMNS: Final = (
    Task.id,
    Task.office_id,
    Case.sop_id,
    Case.revision_id,
    Task.step,
    Task.name,
    Task.member,
    Task.post_id,
    Task.ended_at,
    Task.due_at.is_not(None).label("is_timed"),
    (Task.ended_at > Task.due_at).label("is_late"),
    Task.outcome,
    Task.paused_for,
    Task.waited,
    Task.worked,
    Task.late_reason,
)


def read(session: Session, *which: Any, limit: int | None = None) -> Iterator[Finished]:
    """Those that are meant, office by office as they ended."""
    rows = session.execute(
        select(*_COLUMNS)
        .join(Case, Case.id == Task.case_id)
        .where(*which)
        .order_by(Task.office_id, Task.ended_at)
        .limit(limit)
    ).all()
    zones = _zones(session, {row.office_id for row in rows})
    backs = _backs(session, {row.revision_id for row in rows if row.outcome is not None})
    levels = _levels(session, [row.id for row in rows if row.is_late])
    reckoned = _reckoned(session, [row.id for row in rows if row.waited is None])
    for row in rows:
        waited, worked = reckoned.get(row.id) or (row.waited, row.worked)
        yield Finished(
            row.id,
            row.office_id,
            row.sop_id,
            row.step,
            # Of a step that is done for several units, without the unit.
            row.name if row.member is None else row.name.partition(": ")[0],
            row.post_id,
            month(row.ended_at, zones[row.office_id]),
            bool(row.is_timed),
            bool(row.is_late),
            (row.revision_id, row.step, row.outcome) in backs,
            row.paused_for,
            waited,
            worked,
            tuple(levels.get(row.id, ())),
            row.late_reason if row.is_late else None,
            row.id in reckoned,
        )


def month(at: datetime, zone: ZoneInfo) -> date:
    """The first day of the month in which it was, there."""
    return at.astimezone(zone).date().replace(day=1)


def _zones(session: Session, offices: set[int]) -> dict[int, ZoneInfo]:
    rows = session.execute(select(Office.id, Office.zone).where(Office.id.in_(offices)))
    return {id: ZoneInfo(zone) for id, zone in rows}


def _backs(session: Session, revisions: set[int]) -> set[tuple[int, str, str]]:
    """The outcomes that send a berkas back, by revision and step."""
    found = session.scalars(select(Revision).where(Revision.id.in_(revisions)))
    return {
        (revision.id, step.id, way.value)
        for revision in found
        for step in sops.meaning(revision).steps
        if step.decision is not None
        for way in step.decision.outcomes
        if way.back
    }


def _levels(session: Session, ids: Sequence[int]) -> dict[int, list[int]]:
    levels: dict[int, list[int]] = {}
    for at in range(0, len(ids), _AT_ONCE):
        some = Escalation.task_id.in_(ids[at : at + _AT_ONCE])
        for task_id, level in session.execute(
            select(Escalation.task_id, Escalation.level).where(some)
        ):
            levels.setdefault(task_id, []).append(level)
    return levels


def _reckoned(session: Session, ids: Sequence[int]) -> dict[int, spans.Spans]:
    """The spans of steps that were finished before spans were kept."""
    found: dict[int, spans.Spans] = {}
    for at in range(0, len(ids), _AT_ONCE):
        rows = session.execute(
            select(Task, Office.calendar)
            .join(Office, Office.id == Task.office_id)
            .where(Task.id.in_(ids[at : at + _AT_ONCE]))
        )
        for task, calendar in rows:
            ended = task.ended_at
            found[task.id] = spans.of(session, task, Calendar.from_dict(calendar), ended)
    return found
