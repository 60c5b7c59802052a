"""Twin of engine/people.py: who signs in, and how guessing is stopped."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from engine import people
from engine.db import EVERYWHERE, Database
from engine.models import Person
from tests.conftest import THURSDAY

PASSWORD = "rawa gambut 2026"


@pytest.fixture
def siti(database: Database) -> Person:
    with database.transaction(EVERYWHERE) as session:
        person = Person(
            account="siti", name="Siti Aminah", password_hash=people.hash_password(PASSWORD)
        )
        session.add(person)
    return person


def test_the_right_password_is_hers_and_another_is_not(siti: Person) -> None:
    assert people.verify(siti, PASSWORD) is siti
    with pytest.raises(people.WrongPassword):
        people.verify(siti, PASSWORD + " ")


def test_an_unknown_account_and_a_wrong_password_read_the_same(siti: Person) -> None:
    with pytest.raises(people.WrongPassword) as unknown:
        people.verify(None, PASSWORD)
    with pytest.raises(people.WrongPassword) as wrong:
        people.verify(siti, "kata sandi lain")
    assert str(unknown.value) == str(wrong.value)


def test_an_unknown_account_takes_as_long_as_a_wrong_password(siti: Person) -> None:
    def seconds(person: Person | None) -> float:
        started = time.perf_counter()
        with pytest.raises(people.WrongPassword):
            people.verify(person, "kata sandi lain")
        return time.perf_counter() - started

    # The best of several in turn: others may use this machine too.
    times = [(seconds(siti), seconds(None)) for _ in range(8)]
    known, unknown = map(min, zip(*times, strict=True))
    assert known / 10 < unknown < known * 10


def test_nobodys_password_is_kept_in_the_form_of_everybodys(siti: Person) -> None:
    parameters = siti.password_hash.split("$")[:4]
    assert people._NOBODYS_HASH.split("$")[:4] == parameters


@pytest.mark.parametrize("typed", ["siti", "Siti", " SITI "])
def test_an_account_is_found_as_phones_type_it(
    database: Database, siti: Person, typed: str
) -> None:
    with database.reading(EVERYWHERE) as session:
        found = people.find(session, typed)
    assert found is not None
    assert found.id == siti.id


def test_a_closed_account_is_not_found(database: Database, siti: Person) -> None:
    with database.transaction(EVERYWHERE) as session:
        session.get_one(Person, siti.id).closed_at = THURSDAY
    with database.reading(EVERYWHERE) as session:
        assert people.find(session, "siti") is None


@pytest.mark.parametrize("account", ["siti", "tidak-ada"])
def test_after_ten_attempts_an_account_waits_known_or_not(
    database: Database, siti: Person, account: str
) -> None:
    with database.transaction(EVERYWHERE) as session:
        for minute in range(10):
            people.note_attempt(session, account, THURSDAY + timedelta(minutes=minute))
        with pytest.raises(people.TooManyAttempts, match="6 menit lagi"):
            people.note_attempt(session, account, THURSDAY + timedelta(minutes=9, seconds=30))


def test_another_account_does_not_wait(database: Database) -> None:
    with database.transaction(EVERYWHERE) as session:
        for _ in range(10):
            people.note_attempt(session, "siti", THURSDAY)
        people.note_attempt(session, "budi", THURSDAY)


def test_the_limit_lifts_as_the_attempts_grow_old(database: Database) -> None:
    with database.transaction(EVERYWHERE) as session:
        for _ in range(10):
            people.note_attempt(session, "siti", THURSDAY)
        people.note_attempt(session, "siti", THURSDAY + people.WINDOW)


def test_signing_in_forgets_the_attempts_before_it(database: Database) -> None:
    with database.transaction(EVERYWHERE) as session:
        for _ in range(9):
            people.note_attempt(session, "siti", THURSDAY)
        people.forget_attempts(session, "siti")
        for _ in range(10):
            people.note_attempt(session, "siti", THURSDAY)


@pytest.mark.parametrize("text", ["sebelas-kar", " " * 12, "x" * 1001, ""])
def test_a_new_password_that_is_too_short_or_empty_is_refused(text: str) -> None:
    with pytest.raises(people.BadPassword, match="12 sampai 1000"):
        people.check_new_password(text)


def test_a_password_of_twelve_characters_will_do() -> None:
    people.check_new_password("dua-belas-hu")


def test_signing_out_ends_every_session(database: Database, siti: Person) -> None:
    with database.transaction(EVERYWHERE) as session:
        people.sign_out(session, siti.id)
    with database.reading(EVERYWHERE) as session:
        assert session.get_one(Person, siti.id).epoch == siti.epoch + 1


def test_of_many_who_guess_at_once_no_more_than_ten_are_heard(database: Database) -> None:
    def guess(_number: int) -> bool:
        with suppress(people.TooManyAttempts), database.transaction(EVERYWHERE) as session:
            people.note_attempt(session, "siti", THURSDAY)
            session.flush()
            time.sleep(0.02)
            return True
        return False

    with ThreadPoolExecutor(15) as guessers:
        assert sum(guessers.map(guess, range(15))) == people.MOST_ATTEMPTS
