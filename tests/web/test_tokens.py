"""Twin of web/tokens.py: an officer lets a program work in her name, and ends it."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from engine import demo
from tests.web.conftest import Clock, Program, Visitor, seen

Visitors = Callable[[str], Visitor]


def makes(officer: Visitor, **fields: str) -> str:
    """The token she is shown."""
    answer = sent(officer, **fields)
    assert answer.status_code == 200, seen(answer)
    found = re.search(r'value="(alur_[A-Za-z0-9_-]{43})"', answer.text)
    assert found is not None
    return found[1]


def sent(officer: Visitor, **fields: str) -> TestResponse:
    usual = {
        "name": "Aplikasi absen",
        "scopes": "read",
        "days": "30",
        "current_password": demo.PASSWORD,
    }
    return officer.sends("/tokens", **{**usual, **fields})


def test_a_token_is_shown_once_and_opens_what_it_was_made_for(
    app: Flask, visitor: Visitors
) -> None:
    kasubbag = visitor("kasubbag.gambut")
    assert "Belum ada token" in seen(kasubbag.opens("/tokens"))
    text = makes(kasubbag)
    page = kasubbag.opens("/tokens")
    assert text not in page.text
    assert "Aplikasi absen" in seen(page)
    assert "belum pernah" in seen(page)
    program = Program(app.test_client(use_cookies=False), text)
    assert program.gets("/tasks")["count"] == 0
    assert program.asks("POST", "/cases", json={}).status_code == 403
    assert "hari ini 09.00 WITA" in seen(kasubbag.opens("/tokens"))


def test_she_ends_it_and_nobody_else_does(app: Flask, visitor: Visitors) -> None:
    kasubbag, camat = visitor("kasubbag.gambut"), visitor("camat.gambut")
    program = Program(app.test_client(use_cookies=False), makes(kasubbag))
    number = re.search(r"/tokens/(\d+)/revocation", kasubbag.opens("/tokens").text)
    assert number is not None
    assert camat.sends(number[0]).status_code == 404
    assert program.asks("GET", "/tasks").status_code == 200
    assert kasubbag.sends(number[0]).status_code == 303
    assert program.asks("GET", "/tasks").status_code == 401
    assert "Belum ada token" in seen(kasubbag.opens("/tokens"))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "n" * 61}, "name"),
        ({"scopes": "semua"}, "scopes"),
        ({"scopes": "design"}, "scopes"),  # a kasubbag designs nothing
        ({"days": "9999"}, "days"),
        ({"days": "٣٠"}, "days"),
        ({"current_password": ""}, "current_password"),
        ({"current_password": "salah-sekali-lagi"}, "current_password"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    visitor: Visitors, fields: dict[str, str], field: str
) -> None:
    kasubbag = visitor("kasubbag.gambut")
    answer = sent(kasubbag, **fields)
    assert answer.status_code == 422
    assert f'id="{field}-salah"' in answer.text
    assert "alur_" not in answer.text
    assert "Belum ada token" in seen(kasubbag.opens("/tokens"))


def test_guessing_the_password_here_is_limited_as_at_the_door(visitor: Visitors) -> None:
    kasubbag = visitor("kasubbag.gambut")
    statuses = [sent(kasubbag, current_password=f"tebakan-{n}").status_code for n in range(11)]
    assert statuses == [422] * 10 + [429]


def test_sent_twice_it_is_one_token(visitor: Visitors) -> None:
    kasubbag = visitor("kasubbag.gambut")
    makes(kasubbag, once="sekali-saja")
    again = sent(kasubbag, once="sekali-saja")
    assert again.status_code == 303
    assert kasubbag.opens("/tokens").text.count("/revocation") == 1


def test_a_token_that_is_over_is_on_no_list(visitor: Visitors, clock: Clock) -> None:
    makes(visitor("kasubbag.gambut"))
    clock.passes(days=30)
    assert "Belum ada token" in seen(visitor("kasubbag.gambut").opens("/tokens"))
