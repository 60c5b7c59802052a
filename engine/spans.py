"""Say how long a step waited, and was worked on: the office's working time, pauses apart."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.models import Pause, Task
from engine.worktime import Calendar

Interval = tuple[datetime, datetime]


class Spans(NamedTuple):
    """Seconds of working time, as a finished task keeps them."""

    waited: int
    worked: int


def of(session: Session, task: Task, calendar: Calendar, ended_at: datetime) -> Spans:
    """What became of its time; its pauses are asked for only where it has any."""
    stood = pauses(session, [task.id], ended_at) if task.paused_for or task.paused_at else []
    return reckon(calendar, task.opened_at, task.claimed_at, ended_at, stood)


def pauses(session: Session, task_ids: Sequence[int], until: datetime) -> list[Interval]:
    """When the clocks of these tasks stood still; one that still stands, until then."""
    rows = session.execute(
        select(Pause.at, Pause.ended_at).where(Pause.task_id.in_(task_ids)).order_by(Pause.at)
    )
    return [(at, ended_at or until) for at, ended_at in rows]


def reckon(
    calendar: Calendar,
    opened_at: datetime,
    claimed_at: datetime | None,
    ended_at: datetime,
    stood: Iterable[Interval] = (),
) -> Spans:
    """The same from its moments alone; what was never claimed only waited."""
    claimed_at = min(max(claimed_at or ended_at, opened_at), ended_at)
    stood = _apart(stood)
    return Spans(
        _worked(calendar, opened_at, claimed_at, stood),
        _worked(calendar, claimed_at, ended_at, stood),
    )


def _apart(stood: Iterable[Interval]) -> list[Interval]:
    """Without what two pauses share: it is taken off once."""
    apart: list[Interval] = []
    for start, end in sorted(stood):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(apart[-1][1], end))
        else:
            apart.append((start, end))
    return apart


def _worked(calendar: Calendar, start: datetime, end: datetime, stood: list[Interval]) -> int:
    total = calendar.between(start, end)
    for since, until in stood:
        first, last = max(since, start), min(until, end)
        if first < last:
            total -= calendar.between(first, last)
    return max(0, int(total.total_seconds()))
