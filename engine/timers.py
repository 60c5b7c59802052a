"""Wake the cases whose time has come, and open those whose round has come.

One query says which, one transaction does each; of many clocks one is first.
"""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bpmn import titles
from engine import cases, cycles, sops
from engine.history import Entry
from engine.models import Case, Office, Revision, Sop, Task
from engine.worktime import Calendar


def due(session: Session, now: datetime, limit: int = 500) -> Sequence[int]:
    """The cases to wake, the longest overdue first."""
    query = select(Case.id).where(Case.wake_at <= now).order_by(Case.wake_at, Case.id)
    return session.scalars(query.limit(limit)).all()


def due_to_climb(session: Session, now: datetime, limit: int = 500) -> Sequence[int]:
    """The tasks of whose lateness the next level is to hear."""
    query = select(Task.id).where(Task.climb_at <= now).order_by(Task.climb_at, Task.id)
    return session.scalars(query.limit(limit)).all()


def due_to_start(session: Session, now: datetime, limit: int = 100) -> Sequence[int]:
    """The SOPs whose next case is to be opened."""
    query = select(Sop.id).where(Sop.starts_at <= now).order_by(Sop.starts_at, Sop.id)
    return session.scalars(query.limit(limit)).all()


def start_round(session: Session, sop_id: int, now: datetime) -> Case | None:
    """Open the case of this round; None when another clock was faster.

    What was missed while no clock ran is opened once, not once for each round.
    """
    sop = session.get_one(Sop, sop_id)
    office = session.get_one(Office, sop.office_id)
    planned, following = sop.starts_at, _following(session, sop, office, now)
    taken = session.execute(
        update(Sop)
        .where(Sop.id == sop_id, Sop.starts_at == planned)
        .values(starts_at=following)
        .returning(Sop.id)
    ).one_or_none()
    if taken is None or planned is None:
        return None
    day = planned.astimezone(ZoneInfo(office.zone)).date()
    entry = Entry("started", now, detail={"planned": planned.isoformat()})
    return cases.begin(session, sop, _title(session, sop, day), now, entry)


def _title(session: Session, sop: Sop, day: date) -> str:
    """By the SOP's rule, of which the timetable knows the day; else by its name."""
    rule = sops.meaning(session.get_one(Revision, sop.revision_id)).judul
    return titles.compose(rule, titles.of_day(day)) if rule else f"{sop.name} ({day:%d-%m-%Y})"


def _following(session: Session, sop: Sop, office: Office, now: datetime) -> datetime | None:
    revision = session.get_one(Revision, sop.revision_id)
    pemicu = sops.meaning(revision).pemicu
    if pemicu is None:
        return None
    return cycles.following(pemicu.siklus, Calendar.from_dict(office.calendar), now)
