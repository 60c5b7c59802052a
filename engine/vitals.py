"""How Alur itself is: what a watcher asks every few seconds, answered from the ends of indexes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlalchemy.orm import Session

from engine import chores, heartbeat
from engine.models import (
    CalendarChange,
    Case,
    Chore,
    Delivery,
    Dispatch,
    Incident,
    Notice,
    Task,
)
from engine.models.case import is_open as case_is_open
from engine.models.task import is_late, is_open

LATELY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Vitals:
    """The figures of one moment."""

    at: datetime
    running: int
    suspended: int
    open_tasks: int
    overdue: int
    paused: int
    incidents: int
    # When somebody last kept the time, and since when something has waited for it.
    clock_seen: datetime | None
    waits_since: datetime | None
    # Not weighed yet; on their way; given up within a day.
    notices_waiting: int
    deliveries_waiting: int
    deliveries_failed: int
    dispatches_waiting: int
    dispatches_dead: int
    # Cases that could not follow a change of their office's hours.
    not_following: int
    chores: Sequence[Chore]

    @property
    def lag(self) -> timedelta:
        """How late the clock is with what it should have done."""
        return max(self.at - self.waits_since, timedelta()) if self.waits_since else timedelta()

    @property
    def silence(self) -> timedelta | None:
        """For how long nobody has kept the time; None where nobody ever did."""
        return self.at - self.clock_seen if self.clock_seen else None

    @property
    def is_ticking(self) -> bool:
        return self.silence is not None and abs(self.silence) < heartbeat.STILL


def of(session: Session, now: datetime) -> Vitals:
    """Once over what is open; all else from the ends of indexes."""
    since = now - LATELY
    open_, late, paused = session.execute(_of_tasks(now)).one()
    cases = dict(iter(session.execute(_OF_CASES)))
    figures = session.execute(
        select(
            _count(Incident, Incident.resolved_at.is_(None)),
            _earliest(Case.wake_at),
            _earliest(Task.climb_at),
            _count(Notice, Notice.weighed_at.is_(None)),
            _count(Delivery, Delivery.ended_at.is_(None)),
            _count(Delivery, Delivery.ended_at >= since, _HAS_FAILED),
            _count(Dispatch, Dispatch.ended_at.is_(None)),
            _count(Dispatch, Dispatch.ended_at >= since, Dispatch.ended_as == "dead"),
        )
    ).one()
    incidents, wakes, climbs, notices, waiting, failed, on_their_way, dead = figures
    waits = min(filter(None, (wakes, climbs)), default=None)
    return Vitals(
        at=now,
        running=cases.get("running", 0),
        suspended=cases.get("suspended", 0),
        open_tasks=open_,
        overdue=late,
        paused=paused,
        incidents=incidents,
        clock_seen=heartbeat.last(session),
        waits_since=waits if waits is not None and waits < now else None,
        notices_waiting=notices,
        deliveries_waiting=waiting,
        deliveries_failed=failed,
        dispatches_waiting=on_their_way,
        dispatches_dead=dead,
        not_following=_not_following(session),
        chores=chores.all_of(session),
    )


_OF_CASES: Final = select(Case.status, func.count()).where(case_is_open()).group_by(Case.status)
# In full, not as a parameter: so that the index of just these serves.
_HAS_FAILED: Final = Delivery.ended_as == literal_column("'failed'")


def _of_tasks(now: datetime) -> Select[int, int, int]:
    late, paused = is_late(now), Task.paused_at.is_not(None)
    counts = (func.count(), func.count().filter(late), func.count().filter(paused))
    return select(*counts).select_from(Task).where(is_open())


def _count(noun: Any, *which: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(noun).where(*which).scalar_subquery()


def _earliest(column: Any) -> Any:
    """From the end of its index, not by looking at all."""
    query = select(column).where(column.is_not(None)).order_by(column).limit(1)
    return query.scalar_subquery()


def _not_following(session: Session) -> int:
    lately = select(CalendarChange.failures).order_by(CalendarChange.id.desc()).limit(200)
    return sum(map(len, session.scalars(lately)))
