"""Count what is finished into its month, so that a report over a million steps reads a few rows.

What a month has counted is marked, and is counted once. What is not counted yet is read one by one
by whoever asks (engine/statistics.py): numbers are right at any moment, counted or not.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine import finished
from engine.finished import Finished
from engine.models import Case, CaseTally, Office, Setting, Tally, Task
from engine.models import case as case_model
from engine.models import task as task_model
from engine.spread import Spread
from engine.worktime import Calendar

BATCH: Final = 1_000


class Cell(NamedTuple):
    """What is counted apart: a month of a step at a post."""

    office_id: int
    sop_id: int
    month: date
    step: str
    post_id: int | None


@dataclass
class Count:
    """What many finished steps come to."""

    name: str = ""
    done: int = 0
    timed: int = 0
    late: int = 0
    returned: int = 0
    paused: int = 0
    waited: Spread = field(default_factory=Spread)
    worked: Spread = field(default_factory=Spread)
    levels: Counter[int] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, step: Finished) -> None:
        """One more."""
        self.name = step.name
        self.done += 1
        self.timed += step.is_timed
        self.late += step.is_late
        self.returned += step.is_back
        self.paused += step.paused
        self.waited.add(step.waited)
        self.worked.add(step.worked)
        self.levels.update(step.levels)
        if step.reason:
            self.reasons[step.reason] += 1

    def merge(self, other: "Count", *, spans: bool = True) -> None:
        """All of another; without its spans where only numbers are wanted."""
        self._take_numbers(other)
        self.levels.update(other.levels)
        if spans:
            self.waited.merge(other.waited.dump())
            self.worked.merge(other.worked.dump())

    def take(self, row: Tally, *, spans: bool = True) -> None:
        """All that a month has counted."""
        self._take_numbers(row)
        self.levels.update({int(level): count for level, count in row.levels.items()})
        if spans:
            self.waited.merge(row.waited)
            self.worked.merge(row.worked)

    def _take_numbers(self, other: "Count | Tally") -> None:
        self.name = self.name or other.name
        self.done += other.done
        self.timed += other.timed
        self.late += other.late
        self.returned += other.returned
        self.paused += other.paused
        self.reasons.update(other.reasons)

    def write(self, row: Tally) -> None:
        row.name = self.name
        row.done, row.timed, row.late = self.done, self.timed, self.late
        row.returned, row.paused = self.returned, self.paused
        row.waited, row.worked = self.waited.dump(), self.worked.dump()
        row.levels = {str(level): count for level, count in sorted(self.levels.items())}
        row.reasons = dict(sorted(self.reasons.items()))


@dataclass
class CaseCount:
    """What many berkas come to."""

    started: int = 0
    done: int = 0
    cancelled: int = 0
    late: int = 0
    lasted: Spread = field(default_factory=Spread)

    def add(self, case: "Over") -> None:
        """One more that is over."""
        if not case.is_done:
            self.cancelled += 1
            return
        self.done += 1
        self.late += case.is_late
        self.lasted.add(case.lasted)

    def merge(self, other: "CaseCount") -> None:
        """All of another."""
        row = CaseTally()
        other.write(row)
        self.take(row)

    def take(self, row: CaseTally, *, spans: bool = True) -> None:
        """All that a month has counted."""
        self.started += row.started
        self.done += row.done
        self.cancelled += row.cancelled
        self.late += row.late
        if spans:
            self.lasted.merge(row.lasted)

    def write(self, row: CaseTally) -> None:
        row.started, row.done, row.late = self.started, self.done, self.late
        row.cancelled, row.lasted = self.cancelled, self.lasted.dump()


def fold(session: Session, limit: int = BATCH) -> int:
    """Count some of what is finished; how much that was."""
    # Two at once would count into one cell and lose what the other did.
    alone = select(Setting).where(Setting.key == "tally").with_for_update(skip_locked=True)
    if session.scalar(alone) is None:
        return 0
    return _fold_steps(session, limit) + _fold_cases(session, limit)


def left(session: Session, offices: Iterable[int] | None = None) -> int:
    """How many finished steps no month has counted yet."""
    query = select(func.count(Task.id)).where(task_model.is_uncounted())
    if offices is not None:
        query = query.where(Task.office_id.in_(offices))
    return session.scalar(query) or 0


def _fold_steps(session: Session, limit: int) -> int:
    steps = finished.read(session, task_model.is_uncounted(), limit=limit)
    cells: dict[Cell, Count] = {}
    for step in steps:
        cell = Cell(step.office_id, step.sop_id, step.month, step.step, step.post_id)
        cells.setdefault(cell, Count()).add(step)
    rows = _stored(session, cells)
    for cell, count in cells.items():
        row = rows.get(cell) or _new(session, cell)
        count.take(row)
        count.write(row)
    _mark(session, steps)
    return len(steps)


def _stored(session: Session, cells: Mapping[Cell, Count]) -> dict[Cell, Tally]:
    found = session.scalars(
        select(Tally).where(
            Tally.sop_id.in_({cell.sop_id for cell in cells}),
            Tally.month.in_({cell.month for cell in cells}),
        )
    )
    rows = {Cell(row.office_id, row.sop_id, row.month, row.step, row.post_id): row for row in found}
    return {cell: row for cell, row in rows.items() if cell in cells}


def _new(session: Session, cell: Cell) -> Tally:
    row = Tally(**cell._asdict(), **_ZERO)
    session.add(row)
    return row


_ZERO: Final[dict[str, Any]] = {
    **dict.fromkeys(("done", "timed", "late", "returned", "paused"), 0),
    "name": "",
    "waited": (),
    "worked": (),
    "levels": {},
    "reasons": {},
}


def _mark(session: Session, steps: list[Finished]) -> None:
    old = [
        {"id": step.id, "waited": step.waited, "worked": step.worked}
        for step in steps
        if step.is_old
    ]
    if old:
        session.execute(update(Task), old)
    ids = [step.id for step in steps]
    session.execute(
        update(Task)
        .where(Task.id.in_(ids))
        .values(tallied=True)
        .execution_options(synchronize_session=False)
    )


# --- berkas --------------------------------------------------------------------------------------


class CaseCell(NamedTuple):
    """What is counted apart: a month of an SOP."""

    office_id: int
    sop_id: int
    month: date


class Over(NamedTuple):
    """A berkas that is over: one that was done, or cancelled."""

    id: int
    office_id: int
    sop_id: int
    began: date
    month: date
    is_done: bool
    is_late: bool
    lasted: int


_was_late: Final = (
    select(Task.id)
    .where(Task.case_id == Case.id, Task.status == "done", Task.ended_at > Task.due_at)
    .exists()
)


def over(session: Session, *which: Any, limit: int | None = None) -> list[Over]:
    """Those that are meant, with how long each lasted."""
    rows: Sequence[Any] = session.execute(
        select(
            Case.id,
            Case.office_id,
            Case.sop_id,
            Case.status,
            Case.started_at,
            Case.ended_at,
            _was_late,
        )
        .where(*which)
        .order_by(Case.office_id, Case.ended_at)
        .limit(limit)
    ).all()
    offices = _calendars(session, {row[1] for row in rows})
    return [_over(row, *offices[row[1]]) for row in rows]


def _calendars(session: Session, offices: set[int]) -> dict[int, tuple[ZoneInfo, Calendar]]:
    query = select(Office.id, Office.zone, Office.calendar).where(Office.id.in_(offices))
    return {
        id: (ZoneInfo(zone), Calendar.from_dict(calendar))
        for id, zone, calendar in session.execute(query)
    }


def _over(row: Any, zone: ZoneInfo, calendar: Calendar) -> Over:
    id, office_id, sop_id, status, start, end, is_late = row
    began, month = finished.month(start, zone), finished.month(end, zone)
    lasted = int(calendar.between(start, end).total_seconds())
    return Over(id, office_id, sop_id, began, month, status == "done", bool(is_late), lasted)


def _fold_cases(session: Session, limit: int) -> int:
    ended = over(session, case_model.is_uncounted(), limit=limit)
    cells: dict[CaseCell, CaseCount] = {}
    for case in ended:
        began = CaseCell(case.office_id, case.sop_id, case.began)
        cells.setdefault(began, CaseCount()).started += 1
        cells.setdefault(began._replace(month=case.month), CaseCount()).add(case)
    rows = _stored_of_cases(session, cells)
    for cell, count in cells.items():
        row = rows.get(cell) or _new_of_cases(session, cell)
        count.take(row)
        count.write(row)
    session.execute(
        update(Case)
        .where(Case.id.in_([case.id for case in ended]))
        .values(tallied=True)
        .execution_options(synchronize_session=False)
    )
    return len(ended)


def _stored_of_cases(
    session: Session, cells: Mapping[CaseCell, CaseCount]
) -> dict[CaseCell, CaseTally]:
    found = session.scalars(
        select(CaseTally).where(
            CaseTally.sop_id.in_({cell.sop_id for cell in cells}),
            CaseTally.month.in_({cell.month for cell in cells}),
        )
    )
    return {CaseCell(row.office_id, row.sop_id, row.month): row for row in found}


def _new_of_cases(session: Session, cell: CaseCell) -> CaseTally:
    row = CaseTally(**cell._asdict(), started=0, done=0, cancelled=0, late=0, lasted=())
    session.add(row)
    return row
