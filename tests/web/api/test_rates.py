"""Twin of web/api/rates.py: a program that runs wild is slowed, and nobody else."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from engine.db import Database
from tests.conftest import THURSDAY
from tests.web.conftest import Clock, Program, Visitor
from web.api import rates
from web.api.rates import Meter
from web.api.refusals import TooOften

Programs = Callable[..., Program]


def spent(meter: Meter, key: str, limit: int, minutes: int = 0) -> int:
    """How many requests are let in before the first that is not."""
    for count in range(10 * limit):
        try:
            meter.spend(key, limit, THURSDAY + timedelta(minutes=minutes))
        except TooOften:
            return count
    raise AssertionError("never refused")


def test_the_limit_holds_for_each_key_and_each_minute(database: Database) -> None:
    meter = Meter(database)
    assert spent(meter, "token:1", 300) == 306  # with the few that a process grants by itself
    assert spent(meter, "token:2", 300) == 306
    assert spent(meter, "token:1", 300) == 0
    assert spent(meter, "token:1", 300, minutes=1) == 306


def test_the_limit_holds_over_several_processes(database: Database) -> None:
    processes = [Meter(database) for _ in range(4)]
    assert sum(spent(each, "token:1", 300) for each in processes) == 300 + 4 * 6


def test_whoever_asks_now_and_then_costs_no_write(database: Database) -> None:
    meter, statements = Meter(database), []
    event.listen(database.bind, "before_cursor_execute", lambda *a: statements.append(a[2]))
    for _ in range(60):
        meter.spend("token:1", 3_000, THURSDAY)
    assert statements == []
    for _ in range(50):
        meter.spend("token:1", 3_000, THURSDAY)
    assert sum(line.startswith("INSERT") for line in statements) == 1


def test_minutes_that_are_over_take_no_room(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "_MOST_KNOWN", 10)
    meter = Meter(database)
    for minute in range(4):
        for number in range(8):
            meter.spend(f"token:{number}", 3_000, THURSDAY + timedelta(minutes=minute))
    assert len(meter._slots) <= 16


def test_a_program_is_told_how_it_stands_and_when_to_come_back(
    program: Programs, app: Flask, clock: Clock
) -> None:
    app.config["API_RATE"] = 5
    clock.passes(seconds=20)
    wild, calm = program("camat.gambut"), program("sekcam.gambut")
    left = []
    for _ in range(5):
        answer = wild.asks("GET", "/tasks")
        assert answer.headers["RateLimit-Policy"] == '"minute";q=5;w=60'
        found = re.fullmatch(r'"minute";r=(\d+);t=40', answer.headers["RateLimit"])
        assert found is not None
        left.append(int(found[1]))
    assert left == [4, 3, 2, 1, 0]
    answer = wild.asks("GET", "/tasks")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "40"
    assert answer.json is not None
    assert "40 detik" in answer.json["detail"]
    assert calm.asks("GET", "/tasks").status_code == 200
    clock.passes(seconds=40)
    assert wild.asks("GET", "/tasks").status_code == 200


def test_guessing_is_slowed_by_address_but_keeps_nobody_out(
    program: Programs, stranger: Visitor
) -> None:
    guess = {"Authorization": "Bearer alur_salah"}
    statuses = [
        stranger.opens("/api/v1/tasks", headers=guess).status_code
        for _ in range(rates.FAILURES + 5)
    ]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert program("camat.gambut").asks("GET", "/tasks").status_code == 200


def test_a_house_without_a_limit_may_do_without(app: Flask, program: Programs) -> None:
    app.config["API_RATE"] = 0
    answer = program("camat.gambut").asks("GET", "/tasks")
    assert answer.status_code == 200
    assert "RateLimit" not in answer.headers


@pytest.mark.parametrize(
    ("remote", "key"),
    [
        ("203.0.113.7", "alamat:203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "alamat:2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "alamat:203.0.113.7"),
        (None, "alamat:?"),
        ("/run/alur.sock", "alamat:?"),
    ],
)
def test_an_address_is_known_by_what_one_machine_can_have(remote: str | None, key: str) -> None:
    assert rates.address(remote) == key
