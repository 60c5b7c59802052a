"""The timetable: every recurring job, on one page.

What has its time in a row is looked for by one question a second, for all kinds together; the
clock sleeps until the nearest of them. Of many clocks one gets each thing.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, Final

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import select

from engine import heartbeat
from engine.db import EVERYWHERE, Database
from engine.models import Absence, Case, Contact, Holder, Sop, Task
from engine.settings import Settings
from tasks.jobs import USUAL, Job, OutsideJob, Round
from tasks.jobs.climb_ladders import climb_ladders
from tasks.jobs.count_up import count_up
from tasks.jobs.follow_hours import follow_hours
from tasks.jobs.hear_chats import hear_chats
from tasks.jobs.keep_house import keep_house
from tasks.jobs.open_digests import open_digests
from tasks.jobs.pass_on_work import pass_on_work
from tasks.jobs.send_messages import send_messages
from tasks.jobs.send_webhooks import send_webhooks
from tasks.jobs.start_batches import start_batches
from tasks.jobs.start_rounds import start_rounds
from tasks.jobs.tidy import tidy
from tasks.jobs.wake_cases import wake_cases
from tasks.jobs.weigh_notices import weigh_notices

log = logging.getLogger(__name__)

# What somebody has just set to a moment nearer than this is found at the next look.
LONGEST_SLEEP: Final = timedelta(seconds=1)

#             job          when its time has come, as rows say it
BY_ROWS: Final[dict[Job, Sequence[Any]]] = {
    wake_cases: (Case.wake_at,),
    climb_ladders: (Task.climb_at,),
    start_rounds: (Sop.starts_at,),
    pass_on_work: (Absence.wake_at, Holder.wake_at),
    open_digests: (Contact.digest_at,),
}
#             job          how often
EVERY: Final[dict[Job, timedelta]] = {
    weigh_notices: timedelta(seconds=2),
    start_batches: timedelta(seconds=2),
    follow_hours: timedelta(seconds=5),
    count_up: timedelta(seconds=30),
    tidy: timedelta(minutes=10),
}


#             job that speaks with the world outside
OUTSIDE: Final[dict[OutsideJob, timedelta]] = {
    send_messages: timedelta(seconds=2),
    send_webhooks: timedelta(seconds=5),
    hear_chats: timedelta(seconds=10),
}
#             job that keeps something in the data folder: where no settings name one, none does
BESIDE: Final[dict[OutsideJob, timedelta]] = {
    keep_house: timedelta(minutes=1),
}


@dataclass(frozen=True)
class Agenda:
    """What is due now, and when the next thing will be."""

    due: Sequence[Job]
    next: datetime | None


def tick(database: Database, now: datetime, settings: Settings | None = None) -> dict[str, Round]:
    """One round of everything, at once."""
    beat(database, now)
    inside = {job.__name__: job(database, now) for job in (*BY_ROWS, *EVERY)}
    others, chosen = _as_set(settings), settings or USUAL
    return inside | {job.__name__: job(database, now, chosen) for job in others}


def _as_set(settings: Settings | None) -> dict[OutsideJob, timedelta]:
    """The jobs that depend on how this installation is set up."""
    return OUTSIDE | (BESIDE if settings is not None else {})


def beat(database: Database, now: datetime) -> None:
    """Say that somebody keeps the time."""
    with database.transaction(EVERYWHERE) as session:
        heartbeat.beat(session, now)


def agenda(database: Database, now: datetime) -> Agenda:
    """One question, answered from the ends of indexes, however many cases are open."""
    with database.reading(EVERYWHERE) as session:
        times = session.execute(_QUESTION).one()
    known = [(job, at) for (job, _), at in zip(_LOOKED_AT, times, strict=True) if at is not None]
    due = dict.fromkeys(job for job, at in known if at <= now)
    return Agenda(list(due), min((at for _, at in known), default=None))


_LOOKED_AT: Final = [(job, column) for job, columns in BY_ROWS.items() for column in columns]
_QUESTION: Final = select(
    *(
        select(column).where(column.is_not(None)).order_by(column).limit(1).scalar_subquery()
        for _, column in _LOOKED_AT
    )
)


class Clock:
    """Keeps the timetable in threads of its own: `start()` and `shutdown()` it."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], settings: Settings | None
    ) -> None:
        self._database, self._now = database, now
        self._next_beat = 0.0
        self._scheduler = BackgroundScheduler(timezone="UTC", job_defaults=_PATIENT)
        for job, every in EVERY.items():
            self._add(job.__name__, job, every)
        for speaks, every in _as_set(settings).items():
            self._add(speaks.__name__, _as(settings or USUAL, speaks), every)

    def _add(self, name: str, job: Job, every: timedelta) -> None:
        rhythm = IntervalTrigger(seconds=int(every.total_seconds()), timezone="UTC")
        self._scheduler.add_job(partial(self._keep, name, job), rhythm, id=name)

    def start(self) -> None:
        self._scheduler.start()
        self._look_again(timedelta())

    def shutdown(self) -> None:
        self._scheduler.shutdown()

    def _look(self) -> None:
        """Do what is due, a bounded piece of each kind, and sleep until the nearest thing."""
        pause = LONGEST_SLEEP
        try:
            found = agenda(self._database, self._now())
            self._beat()
            for job in found.due:
                self._keep(job.__name__, job)
            if found.next is not None:
                pause = min(max(found.next - self._now(), timedelta()), LONGEST_SLEEP)
        except Exception:
            # The database may be away for a moment; the next look tries again.
            log.exception("the clock could not look")
        self._look_again(pause)

    def _beat(self) -> None:
        """By the world's time: a training's may stand still."""
        if monotonic() >= self._next_beat:
            beat(self._database, self._now())
            self._next_beat = monotonic() + heartbeat.EVERY.total_seconds()

    def _look_again(self, pause: timedelta) -> None:
        at = datetime.now(UTC) + pause
        self._scheduler.add_job(self._look, DateTrigger(at), id="look", replace_existing=True)

    def _keep(self, name: str, job: Job) -> None:
        try:
            job(self._database, self._now())
        except Exception:
            log.exception("%s failed", name)


def _as(settings: Settings, speaks: OutsideJob) -> Job:
    """As this installation wants it."""
    return lambda database, now: speaks(database, now, settings)


# A round that is late is held once, not once for each that was missed.
_PATIENT: Final = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


def clock(
    database: Database, now: Callable[[], datetime], settings: Settings | None = None
) -> Clock:
    return Clock(database, now, settings)
