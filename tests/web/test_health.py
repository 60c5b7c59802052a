"""Twin of web/health.py: a watcher needs no token, and is told the truth."""

from flask import Flask
from sqlalchemy import text

from engine.db import EVERYWHERE, Database
from tests.web.conftest import Visitor


def test_a_server_that_works_says_ok(stranger: Visitor) -> None:
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


def test_a_server_without_its_database_is_not_alive(app: Flask, stranger: Visitor) -> None:
    app.extensions["database"] = Database("sqlite:////tidak/ada/alur.db")
    assert stranger.opens("/healthz").status_code == 503
