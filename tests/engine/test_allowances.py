"""Twin of engine/allowances.py: what is drawn by many together is never more than the limit."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from engine import allowances
from engine.db import EVERYWHERE, Database
from engine.models import Allowance
from tests.conftest import THURSDAY


def draw(database: Database, wanted: int, most: int = 100, minutes: int = 0) -> int | None:
    with database.transaction(EVERYWHERE) as session:
        now = THURSDAY + timedelta(minutes=minutes)
        return allowances.draw(session, "token:1", wanted, most, now)


def test_a_minute_holds_so_many_and_the_next_begins_anew(database: Database) -> None:
    assert [draw(database, 40) for _ in range(3)] == [40, 80, None]
    assert draw(database, 20) == 100
    assert draw(database, 1) is None
    assert draw(database, 40, minutes=1) == 40
    assert draw(database, 101, minutes=1) is None


def test_many_processes_together_draw_no_more(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda _: draw(database, 7), range(24)))
    assert sorted(each for each in drawn if each) == [7 * n for n in range(1, 15)]


def test_minutes_that_are_over_are_forgotten(database: Database) -> None:
    draw(database, 1)
    for minutes, left in ((5, 1), (11, 0)):
        with database.transaction(EVERYWHERE) as session:
            allowances.forget(session, THURSDAY + timedelta(minutes=minutes))
            assert session.scalar(select(func.count(Allowance.key))) == left
