"""Twin of engine/receipts.py: a request is done once, also when two of it come at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import func, select

from engine import receipts
from engine.db import EVERYWHERE, Database
from engine.models import Person, Receipt
from tests.conftest import THURSDAY

KEY, REQUEST = "api:kunci", "a" * 64


@pytest.fixture
def person(database: Database) -> int:
    with database.transaction(EVERYWHERE) as session:
        made = Person(account="rina", name="Rina", password_hash="")
        session.add(made)
        session.flush()
        return made.id


def test_the_second_gets_what_the_first_was_answered(database: Database, person: int) -> None:
    with database.transaction(EVERYWHERE) as session:
        assert receipts.reserve(session, person, KEY, REQUEST, THURSDAY) is None
        receipts.fill(session, person, KEY, 201, "/cases/7", '{"id":7}')
    with database.transaction(EVERYWHERE) as session:
        kept = receipts.reserve(session, person, KEY, REQUEST, THURSDAY)
        assert kept is not None
        assert (kept.status, kept.answer, kept.body) == (201, "/cases/7", '{"id":7}')


def test_the_same_key_for_another_request_is_refused(database: Database, person: int) -> None:
    with database.transaction(EVERYWHERE) as session:
        receipts.reserve(session, person, KEY, REQUEST, THURSDAY)
        receipts.fill(session, person, KEY, 200, "", "{}")
        with pytest.raises(receipts.KeyReused):
            receipts.reserve(session, person, KEY, "b" * 64, THURSDAY)


def test_a_deed_that_was_refused_leaves_its_key_free(database: Database, person: int) -> None:
    with pytest.raises(LookupError):
        with database.transaction(EVERYWHERE) as session:
            receipts.reserve(session, person, KEY, REQUEST, THURSDAY)
            raise LookupError
    with database.transaction(EVERYWHERE) as session:
        assert receipts.reserve(session, person, KEY, REQUEST, THURSDAY) is None


@pytest.mark.parametrize("is_refused", [False, True])
def test_of_two_at_once_the_second_waits_for_the_first(
    database: Database, person: int, is_refused: bool
) -> None:
    reserved = Event()

    def first() -> None:
        with database.transaction(EVERYWHERE) as session:
            receipts.reserve(session, person, KEY, REQUEST, THURSDAY)
            reserved.set()
            receipts.fill(session, person, KEY, 200, "", '{"done":1}')
            if is_refused:
                session.rollback()

    def second() -> str | None:
        reserved.wait(10)
        with database.transaction(EVERYWHERE) as session:
            kept = receipts.reserve(session, person, KEY, REQUEST, THURSDAY)
            return kept.body if kept else None

    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(second)
        pool.submit(first).result()
        assert waiting.result() == (None if is_refused else '{"done":1}')


def test_nobody_asks_again_after_so_long(database: Database, person: int) -> None:
    with database.transaction(EVERYWHERE) as session:
        receipts.reserve(session, person, KEY, REQUEST, THURSDAY)
        receipts.forget(session, THURSDAY + receipts.KEPT_FOR)
        assert session.scalar(select(func.count(Receipt.key))) == 1
        receipts.forget(session, THURSDAY + receipts.KEPT_FOR + timedelta(seconds=1))
        assert session.scalar(select(func.count(Receipt.key))) == 0
