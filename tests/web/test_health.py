"""Twin of web/health.py: a watcher needs no token, and is told the truth."""

from flask import Flask
from sqlalchemy import text

from engine.db import EVERYWHERE, Database
from tasks import schedule
from tests.web.conftest import Clock, Visitor


def test_a_server_that_works_says_ok(stranger: Visitor, database: Database, clock: Clock) -> None:
    schedule.beat(database, clock())
    for path in ("/healthz", "/readyz"):
        answer = stranger.opens(path)
        assert (answer.status_code, answer.data, answer.mimetype) == (200, b"ok", "text/plain")


def test_a_server_without_its_tables_is_alive_but_not_ready(
    database: Database, stranger: Visitor
) -> None:
    with database.transaction(EVERYWHERE) as session:
        session.execute(text("ALTER TABLE office RENAME TO kantor"))
    assert stranger.opens("/healthz").status_code == 200
    assert stranger.opens("/readyz").status_code == 503


def test_a_server_whose_clock_is_silent_says_since_when(
    stranger: Visitor, database: Database, clock: Clock
) -> None:
    never = stranger.opens("/readyz")
    assert (never.status_code, never.text.partition(":")[0]) == (
        503,
        "the clock has not been seen yet",
    )
    schedule.tick(database, clock())
    clock.passes(seconds=59)
    assert stranger.opens("/readyz").status_code == 200
    clock.passes(seconds=1)
    silent = stranger.opens("/readyz")
    assert (silent.status_code, silent.text) == (503, "the clock has not looked for 60 s")
    assert stranger.opens("/healthz").status_code == 200
    # The server's time is set back an hour: what was seen lies ahead, and nobody has looked since.
    clock.passes(seconds=-3660)
    assert stranger.opens("/readyz").status_code == 503
    schedule.tick(database, clock())
    assert stranger.opens("/readyz").status_code == 200


def test_a_server_without_its_database_is_not_alive(app: Flask, stranger: Visitor) -> None:
    app.extensions["database"] = Database("sqlite:////tidak/ada/alur.db")
    assert stranger.opens("/healthz").status_code == 503
