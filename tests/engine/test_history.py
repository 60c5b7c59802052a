"""History can be added to, not changed: the database refuses, and the seals tell."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine import history
from engine.db import EVERYWHERE
from tests.conftest import Cast
from tests.gambut import do, start

STATEMENTS = ("UPDATE event SET kind = 'lain'", "DELETE FROM event")


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_database_refuses_to_change_or_remove_a_line(cast: Cast, statement: str) -> None:
    start(cast)
    with pytest.raises(DBAPIError, match="hanya dapat ditambah"):
        with cast.database.transaction(EVERYWHERE) as session:
            session.execute(text(statement))


def test_a_line_changed_behind_our_back_is_found(cast: Cast) -> None:
    start(cast)
    do(cast, "kasubbag.gambut", "Langkah_1")
    with cast.database.transaction(EVERYWHERE) as session:
        # Whoever owns the database can switch the guard off; the seals still tell.
        for statement in _unguarded(cast):
            session.execute(text(statement))
        session.execute(text("UPDATE event SET person_id = NULL WHERE number = 3"))
    with cast.database.reading(EVERYWHERE) as session:
        with pytest.raises(history.BrokenChain, match="ke-3"):
            history.verify(session)


def test_a_line_cut_off_the_end_is_found(cast: Cast) -> None:
    start(cast)
    with cast.database.transaction(EVERYWHERE) as session:
        for statement in _unguarded(cast):
            session.execute(text(statement))
        session.execute(text("DELETE FROM event WHERE number = 2"))
    with cast.database.reading(EVERYWHERE) as session:
        with pytest.raises(history.BrokenChain):
            history.verify(session)


def _unguarded(cast: Cast) -> list[str]:
    if cast.database.bind.dialect.name == "sqlite":
        return ["DROP TRIGGER event_UPDATE", "DROP TRIGGER event_DELETE"]
    return ["DROP TRIGGER event_sealed ON event"]
