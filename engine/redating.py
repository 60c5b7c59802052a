"""Let what is open follow its office's hours: which due times move, and each case moved once.

A due time is reckoned anew from when its step was opened, its mutu baku and the times its clock
stood still. Whoever was told that something is late was told: an escalation stays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session, undefer

from engine import access, cases, sops, workflow
from engine.access import Actor
from engine.history import Entry
from engine.models import CalendarChange, Case, Revision, Task
from engine.models.task import is_open
from engine.paging import Page, read_cursor, write_cursor
from engine.worktime import Calendar
from engine.worktime.difference import changed_days

# A clock that dies leaves a change to the others after this.
LEASE: Final = timedelta(minutes=2)
BATCH: Final = 200
MOST_FAILURES: Final = 100


# --- looked at -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shift:
    """A task whose due time moves."""

    task: Task
    case_title: str
    old: datetime
    new: datetime

    def is_later(self) -> bool:
        return self.new > self.old


@dataclass(frozen=True)
class Outlook:
    """What a change would do to an office's open tasks."""

    shifts: Sequence[Shift]
    earlier: int
    later: int
    # Late at once, and late no more.
    falls_due: int
    is_saved: int


def outlook(session: Session, change: CalendarChange, now: datetime) -> Outlook:
    """Everything that would move, by when it is due now."""
    shifts = list(_shifts(session, change))
    later = sum(shift.is_later() for shift in shifts)
    return Outlook(
        shifts,
        earlier=len(shifts) - later,
        later=later,
        falls_due=sum(shift.old > now >= shift.new for shift in shifts),
        is_saved=sum(shift.new > now >= shift.old for shift in shifts),
    )


def page(shifts: Sequence[Shift], after: str | None, limit: int = 25) -> Page[Shift]:
    begin = 0
    if after is not None:
        due_at, task_id = read_cursor(after, datetime, int)
        begin = sum((shift.old, shift.task.id) <= (due_at, task_id) for shift in shifts)
    shown = shifts[begin : begin + limit]
    more = begin + limit < len(shifts)
    following = write_cursor(shown[-1].old.isoformat(), shown[-1].task.id) if more else None
    return Page(shown, len(shifts), following)


def candidates(session: Session, change: CalendarChange) -> int:
    """At most so many tasks move: those with a changed day between their opening and their due."""
    within = _within(session, change)
    return session.scalar(select(func.count(Task.id)).where(*within)) or 0 if within else 0


def _shifts(session: Session, change: CalendarChange) -> Iterator[Shift]:
    within = _within(session, change)
    if not within:
        return
    rows = session.execute(
        select(Task, Case, Revision)
        .join(Case, Case.id == Task.case_id)
        .join(Revision, Revision.id == Case.revision_id)
        .where(*within)
        .order_by(Task.due_at, Task.id)
        .options(undefer(Case.state))
    )
    calendar, known = Calendar.from_dict(change.after), dict[int, dict[str, datetime | None]]()
    for task, case, revision in rows:
        if case.id not in known:
            known[case.id] = _reckoned(case, revision, calendar)
        old, new = task.due_at, known[case.id].get(task.engine_id)
        if old is not None and new is not None and new != old:
            yield Shift(task, case.title, old, new)


def _reckoned(case: Case, revision: Revision, calendar: Calendar) -> dict[str, datetime | None]:
    running = workflow.load(sops.runnable(revision), case.state, case.started_at, calendar)
    running.redate()
    return {step.id: step.due_at for step in running.open_steps()}


def _within(session: Session, change: CalendarChange) -> list[ColumnElement[bool]]:
    """Only what has a changed day between its opening and its due time can move."""
    ours = [Task.office_id == change.office_id, is_open(), Task.due_at.is_not(None)]
    opened, due = session.execute(
        select(func.min(Task.opened_at), func.max(Task.due_at)).where(*ours)
    ).one()
    if opened is None or due is None:
        return []
    before, after = (Calendar.from_dict(each).hours for each in (change.before, change.after))
    zone = ZoneInfo(before.zone)
    span = (opened.astimezone(zone).date(), due.astimezone(zone).date())
    days = list(changed_days(before, after, *span))
    if not days:
        return []
    first, last = (datetime.combine(day, time.min, zone) for day in (days[0], days[-1]))
    return [*ours, Task.due_at >= first, Task.opened_at < last + timedelta(days=1)]


# --- done ------------------------------------------------------------------------------------


def under_way(session: Session) -> Sequence[int]:
    """The changes in force that some open cases do not follow yet."""
    query = select(CalendarChange.id).where(_is_under_way())
    return session.scalars(query.order_by(CalendarChange.id)).all()


def claim(session: Session, change_id: int, now: datetime) -> Sequence[int] | None:
    """The cases that are to follow next, for the one clock that has the change in hand now."""
    free = or_(CalendarChange.claimed_until.is_(None), CalendarChange.claimed_until <= now)
    won = session.execute(
        update(CalendarChange)
        .where(CalendarChange.id == change_id, _is_under_way(), free)
        .values(claimed_until=now + LEASE)
        .returning(CalendarChange.office_id, CalendarChange.cursor, CalendarChange.applied_at)
    ).one_or_none()
    if won is None:
        return None
    office_id, cursor, applied_at = won
    query = select(Case.id).where(
        Case.office_id == office_id, Case.id > cursor, _follows_not_yet(change_id, applied_at)
    )
    return session.scalars(query.order_by(Case.id).limit(BATCH)).all()


def follow(session: Session, change_id: int, case_id: int, now: datetime) -> int:
    """Bring one case to its office's hours, once; how many of its due times moved."""
    change = session.get_one(CalendarChange, change_id)
    case = session.scalar(
        select(Case)
        .where(Case.id == case_id, _follows_not_yet(change_id, change.applied_at))
        .with_for_update()
        .options(undefer(Case.state))
        .execution_options(populate_existing=True)
    )
    if case is None or change.applied_at is None:
        return 0  # it ended in the meantime, or another clock was faster
    _let_fall_due(session, case, change.applied_at)
    is_open = case.status in ("running", "suspended")
    moved = cases.redate(session, case, now, _Line(change, now)) if is_open else 0
    case.followed_id = change.id
    _advance(session, change_id, case_id, now, moved=CalendarChange.moved + moved)
    return moved


def _let_fall_due(session: Session, case: Case, until: datetime) -> None:
    """What was late under the old hours was late, whether or not the clock had looked by then."""
    if case.status == "running" and case.wake_at is not None and case.wake_at <= until:
        cases.advance(session, case, until, lambda _: [])


@dataclass(frozen=True)
class _Line:
    """The line of history for a due time that moved: who decided it, as what, and why."""

    change: CalendarChange
    now: datetime

    def __call__(self, task: Task, old: datetime, new: datetime) -> Entry:
        detail = {
            "reason": self.change.reason,
            "change": self.change.id,
            "was": old.isoformat(),
            "due_at": new.isoformat(),
        }
        change = self.change
        return Entry("redated", self.now, change.applied_by, change.capacity, task.id, detail)


def fail(session: Session, change_id: int, case_id: int, why: str, now: datetime) -> None:
    """A case could not follow: remember which and why, and go on with the others."""
    change = session.get_one(CalendarChange, change_id)
    known = [each for each in change.failures if each["case"] != case_id]
    failures = [*known, {"case": case_id, "why": why}][:MOST_FAILURES]
    _advance(session, change_id, case_id, now, failures=failures)


def release(session: Session, change_id: int, now: datetime, *, is_over: bool) -> None:
    """Let go of a change, for good when nothing is left to follow it."""
    over = {"ended_at": now, "total": CalendarChange.done} if is_over else {}
    values: dict[str, Any] = {"claimed_until": None, **over}
    session.execute(update(CalendarChange).where(_is(change_id)).values(**values))


def retry(session: Session, actor: Actor, change: CalendarChange) -> None:
    """Let the clock try those again that could not follow."""
    access.require(actor, "calendar.decree", change.office_id)
    failed = len(change.failures)
    session.execute(
        update(CalendarChange)
        .where(_is(change.id), CalendarChange.ended_at.is_not(None))
        .values(ended_at=None, cursor=0, failures=[], done=CalendarChange.done - failed)
        .execution_options(synchronize_session=False)
    )
    session.refresh(change)


def _advance(session: Session, change_id: int, case_id: int, now: datetime, **more: Any) -> None:
    session.execute(
        update(CalendarChange)
        .where(_is(change_id))
        .values(cursor=case_id, done=CalendarChange.done + 1, claimed_until=now + LEASE, **more)
        .execution_options(synchronize_session=False)
    )


def _is(change_id: int) -> ColumnElement[bool]:
    return CalendarChange.id == change_id


def _is_under_way() -> ColumnElement[bool]:
    return and_(CalendarChange.applied_at.is_not(None), CalendarChange.ended_at.is_(None))


def _follows_not_yet(change_id: int, applied_at: datetime | None) -> ColumnElement[bool]:
    """Open, older than the change, and not reckoned by it so far."""
    return and_(
        Case.status.in_(("running", "suspended")),
        Case.started_at <= applied_at,
        or_(Case.followed_id.is_(None), Case.followed_id < change_id),
    )
