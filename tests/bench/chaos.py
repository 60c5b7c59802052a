"""Three clocks, killed at random while thousands of timers fall due: everything happens once."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from engine import demo, history, people, schema
from engine.db import EVERYWHERE, Database
from engine.models import Case, Escalation, Event, Notice, Task
from tests.bench import night
from tests.bench.measure import Figure
from tests.conftest import THURSDAY

CLOCKS = 3


@dataclass(frozen=True)
class Outcome:
    """What is there afterwards, and what should be."""

    kills: int
    timers: int
    escalations: int
    lines: int
    notices: int
    told_twice: int
    left: int


def figures() -> Iterator[Figure]:
    outcome = strike(timers=20_000, kills=200)
    yield Figure("chaos: clocks killed", outcome.kills, "", "200")
    yield Figure("chaos: timers due", outcome.timers, "")
    yield Figure("chaos: escalations", outcome.escalations, "", "as many as timers")
    yield Figure("chaos: lines of history that say so", outcome.lines, "", "as many as timers")
    yield Figure("chaos: notices", outcome.notices, "")
    yield Figure("chaos: notices told twice", outcome.told_twice, "", "0")
    yield Figure("chaos: left over", outcome.left, "", "0")


def strike(timers: int, kills: int) -> Outcome:
    """Let it all happen under blows; every seal of the history holds, or this raises."""
    with night.postgresql() as url:
        database = Database(url)
        schema.prepare(database.bind)
        people.hash_password = lambda _: "-"  # type: ignore[assignment]
        with database.transaction(EVERYWHERE) as session:
            demo.fill(session, THURSDAY)
        night.multiply(database, timers)
        killed = _kill(url, kills)
        night.keep_time(url)  # whatever is left, in peace
        with database.reading(EVERYWHERE) as session:
            history.verify(session)
            late = select(Event.task_id).where(Event.kind == "late")
            of = (Notice.person_id, Notice.task_id, Notice.kind, Notice.level)
            twice = select(func.count()).select_from(Notice).group_by(*of).having(func.count() > 1)
            outcome = Outcome(
                killed,
                session.scalar(select(func.count(Task.id)).where(Task.due_at <= night.DUE)) or 0,
                session.scalar(select(func.count(Escalation.id))) or 0,
                session.scalar(select(func.count()).select_from(late.subquery())) or 0,
                session.scalar(select(func.count(Notice.id)).where(Notice.kind == "late")) or 0,
                len(session.scalars(twice).all()),
                session.scalar(select(func.count(Case.id)).where(Case.wake_at <= night.DUE)) or 0,
            )
        database.close()
        return outcome


def _kill(url: str, kills: int) -> int:
    """One of the three is killed again and again, wherever it is, and another comes."""
    chance, killed = random.Random(6), 0
    clocks = [_clock(url) for _ in range(CLOCKS)]
    while killed < kills:
        at = chance.randrange(CLOCKS)
        if _is_at_work(clocks[at]):
            time.sleep(chance.uniform(0, 0.3))
            clocks[at].kill()
            killed += 1
        _ends(clocks[at])
        clocks[at] = _clock(url)
    for clock in clocks:
        clock.kill()
        _ends(clock)
    return killed


def _is_at_work(clock: subprocess.Popen[bytes]) -> bool:
    """It says so when it begins; one that has nothing left to do has ended by then."""
    return clock.stdout is not None and clock.stdout.readline() != b""


def _ends(clock: subprocess.Popen[bytes]) -> None:
    clock.wait()
    if clock.stdout is not None:
        clock.stdout.close()


def _clock(url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bench.night", url], stdout=subprocess.PIPE
    )
