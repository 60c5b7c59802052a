"""The clock at rest, whatever the number of open cases; and how late it is when it must act."""

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import event, func, select, text

from engine import access, cases, demo, people, schema, sops
from engine.db import EVERYWHERE, Database
from engine.models import Case, Escalation, Person
from tasks import schedule
from tests.bench import night
from tests.bench.country import NOW, Size
from tests.bench.measure import Figure
from tests.bench.scale import Place, database_on, started_server
from tests.conftest import THURSDAY

LOOKS = 400
TIMERS = 200
APART = timedelta(milliseconds=150)
HUNDRED = Size(tasks=500, open_tasks=100, busy_offices=1, busy_open=20)


def figures() -> Iterator[Figure]:
    for engine in ("postgresql", "sqlite"):
        yield from _lateness(engine)
    for engine in ("postgresql", "sqlite"):
        yield from _rest(engine)


# --- at rest -------------------------------------------------------------------------------------


def _rest(engine: str) -> Iterator[Figure]:
    country = Size() if not os.environ.get("ALUR_SMALL") else Size().tenth()
    folder = Path(tempfile.mkdtemp(prefix="alur-bench-"))
    server = started_server(folder) if engine == "postgresql" else None
    places = []
    try:
        for name, size in (("sedikit", HUNDRED), ("banyak", country)):
            (folder / name).mkdir()
            url = f"sqlite:///{folder / name / 'alur.db'}"
            places.append(Place(database_on(server, name) if server else url, size, folder / name))
        yield from _looks(engine, places[0], places[1])
    finally:
        for place in places:
            place.close()
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _looks(engine: str, few: Place, many: Place) -> Iterator[Figure]:
    pairs = [(_look(few.database), _look(many.database)) for _ in range(LOOKS)]
    head = f"clock on {engine}: an idle look"
    for name, place, times in zip(
        ("100 open cases", "all of a country"), (few, many), zip(*pairs, strict=True), strict=True
    ):
        with place.database.reading(EVERYWHERE) as session:
            open_cases = session.scalar(select(func.count(Case.id)).where(Case.status == "running"))
        yield Figure(f"{head}, {name}: open cases", open_cases or 0, "")
        yield Figure(f"{head}, {name}: statements", _statements(place.database), "", "1")
        yield Figure(f"{head}, {name}: median", statistics.median(times), "ms")
        yield Figure(f"{head}, {name}: p95", statistics.quantiles(times, n=20)[-1], "ms", "<= 5")
    alike = _plan(few.database) == _plan(many.database)
    yield Figure(f"{head}: the same plan for both", int(alike), "", "1")


def _look(database: Database) -> float:
    began = time.perf_counter()
    schedule.agenda(database, NOW)
    return (time.perf_counter() - began) * 1e3


def _statements(database: Database) -> int:
    said: list[str] = []

    def hear(*facts: object) -> None:
        if facts[2] != "BEGIN":
            said.append(str(facts[2]))

    event.listen(database.bind, "before_cursor_execute", hear)
    schedule.agenda(database, NOW)
    event.remove(database.bind, "before_cursor_execute", hear)
    return len(said)


def _plan(database: Database) -> list[str]:
    """What it reads, without what it reckons that costs."""
    asked = str(schedule._QUESTION.compile(database.bind, compile_kwargs={"literal_binds": True}))
    with database.bind.connect() as connection:
        if connection.dialect.name == "sqlite":
            return [row[-1] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {asked}"))]
        return list(connection.execute(text(f"EXPLAIN (COSTS OFF) {asked}")).scalars())


# --- at work -------------------------------------------------------------------------------------


def _lateness(engine: str) -> Iterator[Figure]:
    """Steps fall due one by one while a clock runs; how long after its time each is escalated."""
    if engine == "postgresql":
        with night.postgresql() as url:
            late = _watch(Database(url))
    else:
        with tempfile.TemporaryDirectory() as folder:
            late = _watch(Database(f"sqlite:///{folder}/alur.db"))
    head = f"clock on {engine}: lateness of a timer"
    yield Figure(f"{head}: timers", len(late), "")
    yield Figure(f"{head}, median", statistics.median(late), "s")
    yield Figure(f"{head}, p99", statistics.quantiles(late, n=100)[-1], "s", "<= 1")


def _watch(database: Database) -> list[float]:
    schema.prepare(database.bind)
    people.hash_password = lambda _: "-"  # type: ignore[assignment]
    with database.transaction(EVERYWHERE) as session:
        demo.fill(session, THURSDAY)
    due = _starts(database)
    began = time.monotonic()

    def now() -> datetime:
        return due[0] - timedelta(seconds=2) + timedelta(seconds=time.monotonic() - began)

    clock = schedule.clock(database, now)
    clock.start()
    seen: list[datetime] = []
    while len(seen) < len(due):
        with database.reading(EVERYWHERE) as session:
            raised = session.scalar(select(func.count(Escalation.id))) or 0
        seen += [now()] * (raised - len(seen))
        time.sleep(0.01)
    clock.shutdown()
    database.close()
    return [(at - each).total_seconds() for each, at in zip(due, seen, strict=True)]


def _starts(database: Database) -> list[datetime]:
    """Cases begun one shortly after the other; when the first step of each is late."""
    for number in range(TIMERS):
        with database.transaction(EVERYWHERE) as session:
            her = select(Person).where(Person.account == "kasubbag.gambut")
            actor = access.actor(session, session.scalars(her).one(), THURSDAY)
            sop, _ = sops.startable(session, actor)[0]
            cases.start(session, actor, sop, f"Berkas {number}", THURSDAY + number * APART)
    with database.reading(EVERYWHERE) as session:
        return list(session.scalars(select(Case.wake_at).order_by(Case.wake_at)))
