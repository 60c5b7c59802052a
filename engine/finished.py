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
    Task.sop_id,
    Task.step,
    Task.name,
    Task.member,
    Task.post_id,
    Task.ended_at,
    Task.due_at.is_not(None),
    Task.ended_at > Task.due_at,
    Task.outcome,
    Task.paused_for,
    Task.waited,
    Task.worked,
    Task.late_reason,
)


def read(session: Session, *which: Any, limit: int | None = None) -> list[Finished]:
    """Those that are meant, office by office as they ended."""
    rows: Sequence[Any] = session.execute(
        select(*_COLUMNS).where(*which).order_by(Task.office_id, Task.ended_at).limit(limit)
    ).all()
    months = _Months(session, {row[1] for row in rows})
    backs = _backs(session, [row[0] for row in rows if row[10] is not None])
    levels = _levels(session, [row[0] for row in rows if row[9]])
    reckoned = _reckoned(session, [row[0] for row in rows if row[12] is None])
    found = []
    for row in rows:
        id, office_id, sop_id, step, name, member, post_id, ended_at, timed, late = row[:10]
        _outcome, paused, waited, worked, reason = row[10:]
        if is_old := id in reckoned:
            waited, worked = reckoned[id]
        # Of a step that is done for several units, the name without the unit.
        name = name if member is None else name.partition(": ")[0]
        month = months.of(office_id, ended_at)
        told = tuple(levels.get(id, ())) if late else ()
        found.append(
            Finished(
                *(id, office_id, sop_id, step, name, post_id, month, bool(timed), bool(late)),
                *(id in backs, paused, waited, worked, told, reason if late else None, is_old),
            )
        )
    return found


class _Months:
    """In which month it was, on each office's own calendar; asked often within the same hour."""

    def __init__(self, session: Session, offices: set[int]) -> None:
        rows = session.execute(select(Office.id, Office.zone).where(Office.id.in_(offices)))
        self._zones = {id: ZoneInfo(zone) for id, zone in rows}
        self._known: dict[tuple[int, datetime], date] = {}

    def of(self, office_id: int, at: datetime) -> date:
        hour = office_id, at.replace(minute=0, second=0, microsecond=0)
        if (known := self._known.get(hour)) is None:
            known = self._known[hour] = month(at, self._zones[office_id])
        return known


def month(at: datetime, zone: ZoneInfo) -> date:
    """The first day of the month in which it was, there."""
    return at.astimezone(zone).date().replace(day=1)


def _in_parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE))


def _backs(session: Session, ids: Sequence[int]) -> set[int]:
    """Those whose outcome sent the berkas back, as their revision draws it."""
    backs: set[int] = set()
    ways: dict[int, set[tuple[str, str]]] = {}
    for some in _in_parts(ids):
        rows = session.execute(
            select(Task.id, Task.step, Task.outcome, Case.revision_id)
            .join(Case, Case.id == Task.case_id)
            .where(Task.id.in_(some))
        )
        for id, step, outcome, revision_id in rows:
            if revision_id not in ways:
                ways[revision_id] = _ways_back(session.get_one(Revision, revision_id))
            if (step, outcome) in ways[revision_id]:
                backs.add(id)
    return backs


def _ways_back(revision: Revision) -> set[tuple[str, str]]:
    return {
        (step.id, way.value)
        for step in sops.meaning(revision).steps
        if step.decision is not None
        for way in step.decision.outcomes
        if way.back
    }


def _levels(session: Session, ids: Sequence[int]) -> dict[int, list[int]]:
    levels: dict[int, list[int]] = {}
    for some in _in_parts(ids):
        query = select(Escalation.task_id, Escalation.level).where(Escalation.task_id.in_(some))
        for task_id, level in session.execute(query):
            levels.setdefault(task_id, []).append(level)
    return levels


def _reckoned(session: Session, ids: Sequence[int]) -> dict[int, spans.Spans]:
    """The spans of steps that were finished before spans were kept."""
    found: dict[int, spans.Spans] = {}
    for some in _in_parts(ids):
        rows = session.execute(
            select(Task, Office.calendar)
            .join(Office, Office.id == Task.office_id)
            .where(Task.id.in_(some))
        )
        for task, calendar in rows:
            ended = task.ended_at
            found[task.id] = spans.of(session, task, Calendar.from_dict(calendar), ended)
    return found
