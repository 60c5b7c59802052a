"""The five offices at work: filled once, and copied for every story."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.db import Database
from tests.conftest import Cast

pytest.register_assert_rewrite("tests.stories.table")


@pytest.fixture
def cast(request: pytest.FixtureRequest, filled_sqlite: Path, tmp_path: Path) -> Iterator[Cast]:
    """A story is told on SQLite; one that asks for `database` as well, on each engine."""
    if "database" in request.fixturenames:
        yield Cast(request.getfixturevalue("database"))
        return
    shutil.copy(filled_sqlite, tmp_path / "story.db")
    database = Database(f"sqlite:///{tmp_path / 'story.db'}")
    yield Cast(database)
    database.close()
