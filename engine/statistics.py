"""What finished work comes to, over any days: months that are counted, and the rest one by one."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy import case as when
from sqlalchemy.orm import Session

from engine import finished, tallies
from engine.models import Case, CaseTally, Office, Tally, Task
from engine.models import case as case_model
from engine.models import task as task_model
from engine.models.task import is_late, is_open
from engine.periods import Period
from engine.tallies import CaseCell, CaseCount, Cell, Count

K = TypeVar("K", bound=Hashable)

# More than these are not read one by one while somebody waits for a page.
MOST_UNCOUNTED: Final = 5_000
MOST_ON_EDGES: Final = 50_000

# Whose work: the SOPs by their ids, each with its office.
Subjects = Mapping[int, Office]


@dataclass(frozen=True)
class Reading:
    """All that was finished in a period, month by month."""

    # As asked for; of very much work, the whole months around it.
    period: Period
    steps: list[Tally]
    cases: list[CaseTally]
    # So many finished steps are missing: their months have not counted them yet.
    uncounted: int = 0

    def by(self, key: Callable[[Tally], K], *, spans: bool = True) -> dict[K, Count]:
        """The steps, put together by whatever is asked."""
        counts: dict[K, Count] = {}
        for row in self.steps:
            counts.setdefault(key(row), Count()).take(row, spans=spans)
        return counts

    def cases_by(self, key: Callable[[CaseTally], K], *, spans: bool = True) -> dict[K, CaseCount]:
        counts: dict[K, CaseCount] = {}
        for row in self.cases:
            counts.setdefault(key(row), CaseCount()).take(row, spans=spans)
        return counts


def read(session: Session, subjects: Subjects, period: Period) -> Reading:
    """What these SOPs' steps and berkas came to."""
    if not subjects:
        return Reading(period, [], [])
    period = _affordable(session, subjects, period)
    rest, uncounted = _uncounted(session, subjects, period)
    counted = _counted(session, Tally, subjects, period)
    alone = _one_by_one(session, subjects, [_edges(Task.ended_at, subjects, period), rest])
    return Reading(period, [*counted, *alone], _cases(session, subjects, period), uncounted)


def sums(session: Session, subjects: Subjects, period: Period) -> Reading:
    """The same in numbers alone, all steps of a month together: cheap for very many SOPs."""
    if not subjects:
        return Reading(period, [], [])
    rest, uncounted = _uncounted(session, subjects, period)
    steps = [
        *_summed(session, subjects, period),
        *_summed_edges(session, subjects, period),
        *_one_by_one(session, subjects, [rest]),
    ]
    return Reading(period, steps, _cases(session, subjects, period), uncounted)


def _uncounted(
    session: Session, subjects: Subjects, period: Period
) -> tuple[ColumnElement[bool] | None, int]:
    """What whole months have not counted yet, or how many if these are too many to be read."""
    left = tallies.left(session, {office.id for office in subjects.values()})
    if left > MOST_UNCOUNTED:
        return None, left
    uncounted = task_model.is_uncounted()
    return _rest(Task.ended_at, subjects, period, uncounted) if left else None, 0


def _affordable(session: Session, subjects: Subjects, period: Period) -> Period:
    """The period, or the whole months around it where its first and last days hold too much."""
    there = _edges(Task.ended_at, subjects, period)
    if there is None:
        return period
    query = select(func.count(Task.id)).where(Task.status == "done", there)
    return period if (session.scalar(query) or 0) <= MOST_ON_EDGES else period.rounded()


# --- which days ----------------------------------------------------------------------------------


def _edges(column: Any, subjects: Subjects, period: Period) -> ColumnElement[bool] | None:
    """On days whose months are not whole: there, the counted and the uncounted."""
    edges = [_within(column, subjects, edge) for edge in period.edges()]
    return or_(*edges) if edges else None


def _rest(
    column: Any, subjects: Subjects, period: Period, uncounted: Any
) -> ColumnElement[bool] | None:
    """In whole months, what they have not counted yet."""
    core = period.core()
    return and_(uncounted, _within(column, subjects, core)) if core else None


def _within(column: Any, subjects: Subjects, period: Period) -> ColumnElement[bool]:
    """Between the first and last moment of the period, as each office's own clock has them."""
    there: dict[str, set[int]] = {}
    for office in subjects.values():
        there.setdefault(office.zone, set()).add(office.id)
    parts = []
    for zone, offices in there.items():
        begin, end = period.instants(zone)
        parts.append(and_(column.class_.office_id.in_(offices), column >= begin, column < end))
    return or_(*parts)


# --- steps ---------------------------------------------------------------------------------------


def _counted(session: Session, noun: Any, subjects: Subjects, period: Period) -> list[Any]:
    months = period.whole_months()
    rows = session.scalars(select(noun).where(noun.sop_id.in_(subjects), noun.month.in_(months)))
    return list(rows)


_NUMBERS: Final = ("done", "timed", "late", "returned", "paused")
# What only a step of its own has.
_NO_SPANS: Final[dict[str, Any]] = {
    "step": "",
    "name": "",
    "waited": (),
    "worked": (),
    "levels": {},
    "reasons": {},
}


def _summed(session: Session, subjects: Subjects, period: Period) -> list[Tally]:
    cell = (Tally.office_id, Tally.sop_id, Tally.month)
    rows = session.execute(
        select(*cell, *(func.sum(getattr(Tally, name)).label(name) for name in _NUMBERS))
        .where(Tally.sop_id.in_(subjects), Tally.month.in_(period.whole_months()))
        .group_by(*cell)
    )
    return [Tally(**row._mapping, **_NO_SPANS) for row in rows]


def _summed_edges(session: Session, subjects: Subjects, period: Period) -> Iterator[Tally]:
    for edge in period.edges():
        for month in edge.months():
            yield from _summed_edge(session, subjects, edge.within(month), month)


def _summed_edge(
    session: Session, subjects: Subjects, days: Period, month: date
) -> Iterator[Tally]:
    is_late = when((Task.ended_at > Task.due_at, 1), else_=0)
    rows = session.execute(
        select(
            Task.office_id,
            Task.sop_id,
            func.count(Task.id),
            func.count(Task.due_at),
            func.sum(is_late),
            func.sum(Task.paused_for),
        )
        .where(Task.status == "done", _within(Task.ended_at, subjects, days))
        .group_by(Task.office_id, Task.sop_id)
    )
    for office_id, sop_id, done, timed, late, paused in rows:
        if sop_id in subjects:
            numbers = {"done": done, "timed": timed, "late": late, "returned": 0, "paused": paused}
            yield Tally(office_id=office_id, sop_id=sop_id, month=month, **numbers, **_NO_SPANS)


def _one_by_one(
    session: Session, subjects: Subjects, which: Iterable[ColumnElement[bool] | None]
) -> Iterator[Tally]:
    cells: dict[Cell, Count] = {}
    for where in which:
        if where is None:
            continue
        done = (Task.status == "done", Task.sop_id.in_(subjects), where)
        for step in finished.read(session, *done):
            cell = Cell(step.office_id, step.sop_id, step.month, step.step, step.post_id)
            cells.setdefault(cell, Count()).add(step)
    for cell, count in cells.items():
        row = Tally(**cell._asdict())
        count.write(row)
        yield row


# --- berkas --------------------------------------------------------------------------------------


def _cases(session: Session, subjects: Subjects, period: Period) -> list[CaseTally]:
    cells: dict[CaseCell, CaseCount] = {}
    for where in (
        _edges(Case.ended_at, subjects, period),
        _rest(Case.ended_at, subjects, period, case_model.is_uncounted()),
    ):
        if where is not None:
            mine = (Case.ended_at.is_not(None), Case.sop_id.in_(subjects), where)
            for case in tallies.over(session, *mine):
                cell = CaseCell(case.office_id, case.sop_id, case.month)
                cells.setdefault(cell, CaseCount()).add(case)
    for cell, begun in _begun(session, subjects, period):
        cells.setdefault(cell, CaseCount()).started += begun
    rows = _counted(session, CaseTally, subjects, period)
    return [*rows, *(_row(cell, count) for cell, count in cells.items())]


def _row(cell: CaseCell, count: CaseCount) -> CaseTally:
    row = CaseTally(**cell._asdict())
    count.write(row)
    return row


def _begun(session: Session, subjects: Subjects, period: Period) -> Iterator[tuple[CaseCell, int]]:
    """How many were begun, but for those that a month has counted: they are in its row."""
    parts = [
        (month, and_(~Case.tallied, _within(Case.started_at, subjects, Period(month, last))))
        for month, last in _whole(period)
    ]
    parts += [
        (edge.first.replace(day=1), _within(Case.started_at, subjects, edge))
        for edge in period.edges()
    ]
    sums = [func.sum(when((where, 1), else_=0)) for _, where in parts]
    rows = session.execute(
        select(Case.office_id, Case.sop_id, *sums)
        .where(Case.sop_id.in_(subjects), or_(*(where for _, where in parts)))
        .group_by(Case.office_id, Case.sop_id)
    )
    for office_id, sop_id, *counts in rows:
        for (month, _), count in zip(parts, counts, strict=True):
            if count:
                yield CaseCell(office_id, sop_id, month), count


def _whole(period: Period) -> Iterator[tuple[date, date]]:
    for month in period.whole_months():
        yield month, Period(month, month).rounded().last


# --- now -----------------------------------------------------------------------------------------


class Standing(NamedTuple):
    """What is open of one step at one post, at this moment."""

    sop_id: int
    step: str
    post_id: int | None
    open: int
    late: int
    paused: int
    unclaimed: int


def standing(session: Session, subjects: Subjects, now: datetime) -> list[Standing]:
    """What stands where now."""
    if not subjects:
        return []
    late = is_late(now)
    states = (late, Task.paused_at.is_not(None), Task.status == "waiting")
    cell = (Task.sop_id, Task.step, Task.post_id)
    sums = [func.sum(when((state, 1), else_=0)) for state in states]
    query = select(*cell, func.count(), *sums).where(is_open(), Task.sop_id.in_(subjects))
    found = {row[:3]: Standing(*row) for row in session.execute(query.group_by(*cell))}
    for where, late_there, paused in _suspended(session, subjects, late):
        one = found[where]
        found[where] = one._replace(late=one.late - late_there, paused=one.paused + paused)
    return list(found.values())


def _suspended(
    session: Session, subjects: Subjects, late: ColumnElement[bool]
) -> Iterator[tuple[Any, int, int]]:
    """Of a suspended berkas no step's clock runs, whatever its due time says."""
    offices = {office.id for office in subjects.values()}
    stopped = session.scalars(
        select(Case.id).where(Case.office_id.in_(offices), Case.status == "suspended")
    ).all()
    if not stopped:
        return
    cell = (Task.sop_id, Task.step, Task.post_id)
    rows = session.execute(
        select(*cell, func.sum(when((late, 1), else_=0)), func.count())
        .where(Task.case_id.in_(stopped), Task.sop_id.in_(subjects), is_open())
        .where(Task.paused_at.is_(None))
        .group_by(*cell)
    )
    for row in rows:
        yield row[:3], row[3], row[4]
