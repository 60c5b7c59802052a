"""Twin of web/fresh.py: a page that stays open asks little, and hears what it must."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from engine import steering
from engine.db import Database
from tasks import assigning, comments, delegation, inbox
from tests.web.conftest import Office, Visitor

AULIA, BUDI, CAMAT = "kasubbag.gambut", "staf.gambut", "camat.gambut"


@pytest.fixture
def task(office: Office) -> int:
    return office.claims(AULIA, office.starts())


def asks(who: Visitor, task: int, etag: str = "") -> Any:
    return who.opens(f"/tasks/{task}/state", headers={"If-None-Match": etag} if etag else {})


def test_nothing_new_is_answered_without_a_word(
    visitor: Callable[[str], Visitor], database: Database, task: int
) -> None:
    aulia = visitor(AULIA)
    page = aulia.opens(f"/tasks/{task}").text
    seal = page.split('data-seal="')[1].split('"')[0]
    asked: list[str] = []
    event.listen(database.bind, "before_cursor_execute", lambda *facts: asked.append(facts[2]))
    answer = asks(aulia, task, f'W/"{seal}"')
    assert answer.status_code == 304
    assert answer.data == b""
    assert len([words for words in asked if not words.startswith("BEGIN")]) <= 4


@pytest.mark.parametrize(
    ("who", "deed", "facts", "said"),
    [
        (AULIA, inbox.complete, (), "sudah diselesaikan oleh Anda"),
        (AULIA, inbox.release, (), "menunggu pemegang jabatannya"),
        (CAMAT, assigning.unassign, ("Terlalu lama",), "menunggu pemegang jabatannya"),
    ],
)
def test_what_became_of_it_is_said_in_words(
    visitor: Callable[[str], Visitor],
    office: Office,
    task: int,
    who: str,
    deed: Callable[..., Any],
    facts: tuple[str, ...],
    said: str,
) -> None:
    aulia = visitor(AULIA)
    before = asks(aulia, task).headers["ETag"]
    office.does(who, deed, task, *facts)
    answer = asks(aulia, task, before)
    assert answer.status_code == 200
    assert said in answer.json["said"]
    assert answer.json["mine"] is False


def test_a_suspension_and_a_comment_are_news(
    visitor: Callable[[str], Visitor], office: Office, task: int
) -> None:
    aulia = visitor(AULIA)
    before = asks(aulia, task).headers["ETag"]
    office.does(CAMAT, comments.say, 1, "Segera, ya.")
    answer = asks(aulia, task, before)
    assert answer.json == {"said": "Tugas ini pada Anda.", "mine": True, "comments": 1}
    office.does(CAMAT, steering.suspend, 1, "Menunggu tim")
    answer = asks(aulia, task, answer.headers["ETag"])
    assert "ditangguhkan" in answer.json["said"]


def test_a_delegation_says_who_has_it(
    visitor: Callable[[str], Visitor], office: Office, task: int
) -> None:
    with office.database.transaction(None) as session:
        aulia, budi = (office._actor(session, who) for who in (AULIA, BUDI))
        delegation.delegate(
            session, aulia, task, budi.person_id or 0, "", office.clock(), wants_check=False
        )
    answer = asks(visitor(AULIA), task)
    assert answer.json["said"] == "Tugas ini sekarang dikerjakan Budi Santoso."
    assert asks(visitor(BUDI), task).json["mine"] is True


def test_asking_is_no_sign_that_somebody_is_at_the_desk(
    visitor: Callable[[str], Visitor], office: Office, task: int
) -> None:
    aulia = visitor(AULIA)
    for _ in range(4):
        office.clock.passes(minutes=20)
        answer = asks(aulia, task)
    assert answer.status_code == 401
    assert answer.json["status"] == 401
