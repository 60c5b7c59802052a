"""The timetable: every recurring job, on one page."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Final

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bpmn.errors import AlurError
from engine import allowances, cases, incidents, receipts, redating, tallies, timers
from engine import webhooks as dispatches
from engine.cases import CaseStuck
from engine.db import EVERYWHERE, Database
from engine.models import Absence, Case, Holder, Sop
from engine.settings import Settings
from tasks import outside, succession, webhooks

log = logging.getLogger(__name__)

USUAL: Final = Settings()
# A case that cannot be woken must not keep the others waiting: it is tried again after this.
PATIENCE: Final = timedelta(minutes=5)
# What there is to count after an upgrade must not keep this clock from all else.
LONGEST_COUNT: Final = timedelta(seconds=20)


@dataclass(frozen=True)
class Round:
    """What one round of a job did."""

    done: int = 0
    failed: int = 0


Job = Callable[[Database, datetime], Round]


def wake_cases(database: Database, now: datetime) -> Round:
    """Let every case whose time has come move on, each in a transaction of its own."""
    with database.reading(EVERYWHERE) as session:
        due = timers.due(session, now)
    results = [_wake(database, case_id, now) for case_id in due]
    return Round(done=results.count(True), failed=results.count(False))


def start_rounds(database: Database, now: datetime) -> Round:
    """Open every case that comes round by itself: each quarter, each Monday, on a date."""
    with database.reading(EVERYWHERE) as session:
        due = timers.due_to_start(session, now)
    results = [_start_round(database, sop_id, now) for sop_id in due]
    return Round(done=results.count(True), failed=results.count(False))


def send_webhooks(
    database: Database, now: datetime, allowed: Sequence[outside.Network] = ()
) -> Round:
    """Tell the addresses outside what happened."""
    results = webhooks.send_all(database, now, allowed)
    return Round(done=results.count(True), failed=results.count(False))


def tidy(database: Database, now: datetime) -> Round:
    """Forget what nobody will ask for any more."""
    with database.transaction(EVERYWHERE) as session:
        receipts.forget(session, now)
        allowances.forget(session, now)
        dispatches.forget(session, now)
    return Round()


def _start_round(database: Database, sop_id: int, now: datetime) -> bool:
    try:
        with database.transaction(EVERYWHERE) as session:
            timers.start_round(session, sop_id, now)
    except Exception:
        log.exception("a case of SOP %s could not be opened", sop_id)
        with database.transaction(EVERYWHERE) as session:
            later = update(Sop).where(Sop.id == sop_id).values(starts_at=now + PATIENCE)
            session.execute(later)
        return False
    return True


def _wake(database: Database, case_id: int, now: datetime) -> bool:
    try:
        with database.transaction(EVERYWHERE) as session:
            cases.wake(session, case_id, now)
    except CaseStuck as stuck:
        with database.transaction(EVERYWHERE) as session:
            incidents.record(session, stuck, now)
        return False
    except Exception:
        log.exception("case %s could not be woken", case_id)
        with database.transaction(EVERYWHERE) as session:
            later = update(Case).where(Case.id == case_id).values(wake_at=now + PATIENCE)
            session.execute(later)
        return False
    return True


def pass_on_work(database: Database, now: datetime) -> Round:
    """Let go on what somebody had in hand when she is away or back, or her days are over."""
    with database.reading(EVERYWHERE) as session:
        away, gone = succession.absences_due(session, now), succession.holders_due(session, now)
    results = [_settle(database, succession.settle_absence, Absence, id, now) for id in away]
    results += [_settle(database, succession.settle_holder, Holder, id, now) for id in gone]
    return Round(done=results.count(True), failed=results.count(None))


def _settle(
    database: Database,
    settle: Callable[[Session, int, datetime], bool],
    noun: type[Absence] | type[Holder],
    id: int,
    now: datetime,
) -> bool | None:
    try:
        with database.transaction(EVERYWHERE) as session:
            return settle(session, id, now)
    except Exception:
        log.exception("%s %s could not be settled", noun.__tablename__, id)
        with database.transaction(EVERYWHERE) as session:
            later = update(noun).where(noun.id == id).values(wake_at=now + PATIENCE)
            session.execute(later)
        return None


def follow_hours(database: Database, now: datetime) -> Round:
    """Let open cases follow a change of their office's hours, each in a transaction of its own."""
    with database.reading(EVERYWHERE) as session:
        changes = redating.under_way(session)
    results = [result for change_id in changes for result in _follow(database, change_id, now)]
    return Round(done=results.count(True), failed=results.count(False))


def _follow(database: Database, change_id: int, now: datetime) -> list[bool]:
    with database.transaction(EVERYWHERE) as session:
        batch = redating.claim(session, change_id, now)
    if batch is None:
        return []  # another clock has it in hand
    results = [_follows(database, change_id, case_id, now) for case_id in batch]
    with database.transaction(EVERYWHERE) as session:
        redating.release(session, change_id, now, is_over=len(batch) < redating.BATCH)
    return results


def _follows(database: Database, change_id: int, case_id: int, now: datetime) -> bool:
    try:
        with database.transaction(EVERYWHERE) as session:
            redating.follow(session, change_id, case_id, now)
    except OperationalError:
        raise  # the database is away, and the case is well: a later round goes on from here
    except Exception as wrong:
        log.exception("case %s cannot follow its office's hours", case_id)
        why = str(wrong) if isinstance(wrong, AlurError) else type(wrong).__name__
        with database.transaction(EVERYWHERE) as session:
            redating.fail(session, change_id, case_id, why, now)
        return False
    return True


def count_up(database: Database, _now: datetime) -> Round:
    """Let the months count what was finished, a little at a time: nobody waits for it."""
    done, until = 0, monotonic() + LONGEST_COUNT.total_seconds()
    while monotonic() < until:
        with database.transaction(EVERYWHERE) as session:
            counted = tallies.fold(session)
        done += counted
        if not counted:
            break
    return Round(done=done)


#             job          how often
TIMETABLE: Final[dict[Job, timedelta]] = {
    wake_cases: timedelta(seconds=1),
    start_rounds: timedelta(seconds=30),
    pass_on_work: timedelta(seconds=30),
    follow_hours: timedelta(seconds=5),
    count_up: timedelta(seconds=30),
    send_webhooks: timedelta(seconds=5),
    tidy: timedelta(minutes=10),
}


def tick(database: Database, now: datetime, settings: Settings = USUAL) -> dict[str, Round]:
    """One round of everything, at once."""
    return {job.__name__: _set_up(job, settings)(database, now) for job in TIMETABLE}


def _set_up(job: Job, settings: Settings) -> Job:
    """The job as this installation wants it."""
    return partial(job, allowed=settings.networks) if job is send_webhooks else job


def clock(
    database: Database, now: Callable[[], datetime], settings: Settings = USUAL
) -> BackgroundScheduler:
    """A clock that keeps the timetable; `start()` and `shutdown()` it."""
    scheduler = BackgroundScheduler(timezone="UTC")
    for job, every in TIMETABLE.items():
        scheduler.add_job(
            partial(_keep, _set_up(job, settings), job.__name__, database, now),
            IntervalTrigger(seconds=int(every.total_seconds()), timezone="UTC"),
            id=job.__name__,
            # A round that is late is held once, not once for each that was missed.
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    return scheduler


def _keep(job: Job, name: str, database: Database, now: Callable[[], datetime]) -> None:
    try:
        job(database, now())
    except Exception:
        # The database may be away for a moment; the next round tries again.
        log.exception("%s failed", name)
