"""The same door on both databases: what two do at once, and what only one of them refuses."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine import access, tokens
from engine.db import EVERYWHERE, Database
from engine.models import Event, Person
from engine.settings import Settings
from tests import gambut
from tests.conftest import THURSDAY, Cast
from tests.conftest import database as both_databases
from tests.web.conftest import Program
from web import create_app

database = both_databases

SOP = "gambut/pengumpulan-dan-pengukuran-data-kinerja"
KEY = {"Idempotency-Key": "sekali"}


@pytest.fixture
def app(cast: Cast, database: Database, tmp_path: Path) -> Flask:
    return create_app(Settings(data=tmp_path), database, lambda: THURSDAY)


@pytest.fixture
def program(app: Flask, database: Database) -> Callable[[str], Program]:
    def admitted(account: str) -> Program:
        with database.transaction(EVERYWHERE) as session:
            person = session.scalars(select(Person).where(Person.account == account)).one()
            _, text = tokens.make(session, person, "uji", tuple(access.SCOPES), 30, THURSDAY)
        return Program(app.test_client(use_cookies=False), text)

    return admitted


def at_once(deed: Callable[[], TestResponse]) -> list[TestResponse]:
    with ThreadPoolExecutor(4) as pool:
        return [each.result() for each in [pool.submit(deed) for _ in range(4)]]


def test_what_is_sent_four_times_at_once_is_done_once_and_answered_four_times(
    program: Callable[[str], Program], cast: Cast, database: Database
) -> None:
    kasubbag = program("kasubbag.gambut")
    body = {"sop": SOP, "title": "Data kinerja"}
    answers = at_once(lambda: kasubbag.asks("POST", "/cases", json=body, headers=KEY))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.data for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 3
    [task] = kasubbag.gets("/tasks")["items"]
    kasubbag.asks("PUT", f"/tasks/{task['id']}/claim")
    done = {"Idempotency-Key": "selesai"}
    place = f"/tasks/{task['id']}/completion"
    answers = at_once(lambda: kasubbag.asks("POST", place, json={}, headers=done))
    assert [answer.status_code for answer in answers] == [200] * 4
    with database.reading(EVERYWHERE) as session:
        kinds = list(session.scalars(select(Event.kind)))
    assert (kinds.count("started"), kinds.count("completed")) == (1, 1)


def test_without_a_key_one_completes_and_the_others_are_told(
    program: Callable[[str], Program], cast: Cast
) -> None:
    gambut.start(cast)
    kasubbag = program("kasubbag.gambut")
    [task] = kasubbag.gets("/tasks")["items"]
    kasubbag.asks("PUT", f"/tasks/{task['id']}/claim")
    place = f"/tasks/{task['id']}/completion"
    answers = at_once(lambda: kasubbag.asks("POST", place, json={}))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/tasks?search=%00", None),
        ("GET", "/sops/a%00/b", None),
        ("GET", "/cases?search=%ED%A0%80", None),
        ("GET", "/tasks/999999999999999999", None),
        ("GET", "/escalations?since=0001-01-01T00:00:00%2B14:00", None),
        ("GET", "/escalations?since=9999-12-31T23:59:59-14:00", None),
        ("POST", "/cases", {"sop": SOP, "title": "\ud800"}),
        ("POST", "/cases", {"sop": SOP, "title": "a\u0000"}),
        ("POST", "/cases", {"sop": SOP, "title": "a", "data": {"b": ["\u0000"]}}),
        ("POST", "/cases", {"sop": SOP, "title": "a", "data": {"b": 2**63}}),
    ],
)
def test_what_a_database_cannot_take_never_reaches_it(
    program: Callable[[str], Program], method: str, path: str, body: object
) -> None:
    answer = program("kasubbag.gambut").asks(method, path, json=body)
    assert answer.status_code in {200, 400, 404, 422}, answer.text
    assert answer.mimetype in {"application/json", "application/problem+json"}
