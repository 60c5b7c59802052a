"""Twin of web/api/door.py: who comes in, as whom, how often, and what she is told when not."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy.exc
from flask import Flask
from sqlalchemy import Update, event, select, update

from engine import tokens
from engine.db import EVERYWHERE, Database
from engine.models import Holder, Person, Token
from tests.conftest import THURSDAY
from tests.web.conftest import Clock, Office, Program, Visitor

Programs = Callable[..., Program]


def test_without_a_token_nothing_opens_and_it_is_said_how(stranger: Visitor) -> None:
    answer = stranger.opens("/api/v1/tasks")
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Alur"'
    assert answer.json is not None
    assert answer.json["type"] == "urn:alur:problem:no-token"
    assert answer.json["instance"] == "/api/v1/tasks"
    assert "Authorization: Bearer" in answer.json["detail"]


def test_a_cookie_opens_nothing_here(visitor: Callable[[str], Visitor]) -> None:
    answer = visitor("camat.gambut").opens("/api/v1/tasks")
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize(
    "said",
    ["", "Bearer", "Bearer ", "Bearer alur_salah", "Basic YTpi", "Bearer " + "x" * 9_000],
)
def test_a_guess_is_told_no_more_than_that_it_is_wrong(stranger: Visitor, said: str) -> None:
    answer = stranger.opens("/api/v1/tasks", headers={"Authorization": said})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "end",
    [
        update(Token).values(expires_at=THURSDAY),
        update(Token).values(revoked_at=THURSDAY),
        update(Person).values(closed_at=THURSDAY),
        update(Person).values(must_change=True),
    ],
    ids=["expired", "revoked", "closed", "must choose a new password"],
)
def test_a_token_that_is_over_is_answered_like_one_that_never_was(
    program: Programs, stranger: Visitor, database: Database, end: Update
) -> None:
    other = program("camat.gambut")
    assert other.asks("GET", "/tasks").status_code == 200
    with database.transaction(EVERYWHERE) as session:
        session.execute(end)
    guess = stranger.opens("/api/v1/tasks", headers={"Authorization": "Bearer alur_salah"})
    answer = other.asks("GET", "/tasks")
    assert (answer.status_code, answer.text) == (401, guess.text)
    assert answer.headers["WWW-Authenticate"] == guess.headers["WWW-Authenticate"]


def test_a_token_loses_what_its_person_loses(program: Programs, database: Database) -> None:
    camat = program("camat.gambut")
    assert camat.gets("/cases")["count"] == 0
    with database.transaction(EVERYWHERE) as session:
        session.execute(update(Holder).values(ends_on=Holder.starts_on))
    assert camat.asks("GET", "/cases").status_code == 403


def test_a_scope_that_is_missing_is_named(program: Programs, office: Office) -> None:
    case = office.starts()
    task = office.waiting("kasubbag.gambut", case)
    reader = program("kasubbag.gambut", "read")
    assert reader.gets("/tasks")["count"] == 1
    answer = reader.asks("PUT", f"/tasks/{task}/claim")
    assert answer.status_code == 403
    assert answer.headers["WWW-Authenticate"].endswith('error="insufficient_scope", scope="work"')
    assert answer.json is not None
    assert "“work”" in answer.json["detail"]
    assert program("kasubbag.gambut", "work").asks("GET", "/tasks").status_code == 403


def test_reading_costs_no_write_once_the_last_use_is_known(
    program: Programs, app: Flask, clock: Clock, office: Office
) -> None:
    office.starts()
    camat = program("camat.gambut")
    database: Database = app.extensions["database"]
    written: list[str] = []
    event.listen(database.bind, "before_cursor_execute", lambda *a: written.append(a[2]))

    def writes() -> list[str]:
        written.clear()
        camat.gets("/cases")
        return [line for line in written if line.startswith(("UPDATE", "INSERT"))]

    assert [line.split()[:2] for line in writes()] == [["UPDATE", "token"]]
    assert writes() == []
    clock.passes(minutes=59)
    assert writes() == []
    clock.passes(minutes=1)
    assert len(writes()) == 1


def test_its_last_use_is_shown_to_the_hour(
    program: Programs, database: Database, clock: Clock
) -> None:
    program("camat.gambut").gets("/tasks")
    with database.reading(EVERYWHERE) as session:
        [token] = session.scalars(select(Token))
        assert token.used_at == clock()
        assert tokens.is_noted(token, clock() + timedelta(minutes=59))


@pytest.mark.parametrize("path", ["/nowhere", "/tasks/abc", "/tasks/99999999999999999999", ""])
def test_an_address_with_nothing_behind_it_is_said_in_json(program: Programs, path: str) -> None:
    answer = program("camat.gambut").asks("GET", path)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


def test_another_method_is_refused_and_the_right_ones_named(program: Programs) -> None:
    answer = program("camat.gambut").asks("PATCH", "/cases")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError("rahasia di dalam"), 500),
        (sqlalchemy.exc.OperationalError("UPDATE", {}, Exception("locked")), 503),
        (sqlalchemy.exc.TimeoutError("QueuePool limit reached"), 503),
    ],
)
def test_a_failure_gives_a_number_and_no_secret(
    app: Flask, program: Programs, error: Exception, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("web.api.cases.casebook.page", fail)
    answer = program("camat.gambut").asks("GET", "/cases")
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert re.fullmatch("[0-9A-F]{6}", answer.json["reference"])
    assert "rahasia" not in answer.text
    assert (status == 503) == ("Retry-After" in answer.headers)


def test_what_is_refused_keeps_nothing(
    program: Programs, office: Office, database: Database
) -> None:
    case = office.starts()
    task = office.waiting("kasubbag.gambut", case)
    kasubbag = program("kasubbag.gambut")
    before = kasubbag.gets(f"/cases/{case}/history")
    answer = kasubbag.asks("POST", f"/tasks/{task}/completion", json={})
    assert answer.status_code == 409
    assert kasubbag.gets(f"/cases/{case}/history") == before


@pytest.mark.parametrize("path", ["/sops/gambut/a%00b", "/sops/%00/b", "/sops/gambut/%FF"])
def test_a_name_that_no_database_keeps_names_nothing(program: Programs, path: str) -> None:
    assert program("camat.gambut").asks("GET", path).status_code == 404
