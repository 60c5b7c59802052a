"""The five offices at work: filled once, and copied for every story."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import demo, people, schema
from engine.db import EVERYWHERE, Database
from tests.conftest import THURSDAY, Cast

pytest.register_assert_rewrite("tests.stories.table")


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all five offices, their SOPs and people."""
    path = tmp_path_factory.mktemp("stories") / "alur.db"
    database = Database(f"sqlite:///{path}")
    schema.prepare(database.bind)
    _fill(database)
    database.close()  # folds the journal into the one file
    return path


@pytest.fixture
def cast(request: pytest.FixtureRequest, filled: Path, tmp_path: Path) -> Iterator[Cast]:
    """A story is told on SQLite; one that asks for `database` as well, on each engine."""
    if "database" in request.fixturenames:
        database = request.getfixturevalue("database")
        _fill(database)
        yield Cast(database)
        return
    shutil.copy(filled, tmp_path / "story.db")
    database = Database(f"sqlite:///{tmp_path / 'story.db'}")
    yield Cast(database)
    database.close()


def _fill(database: Database) -> None:
    with pytest.MonkeyPatch.context() as quick, database.transaction(EVERYWHERE) as session:
        quick.setattr(people, "hash_password", lambda _: "not a hash")
        demo.fill(session, THURSDAY)
