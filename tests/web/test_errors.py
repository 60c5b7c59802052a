"""Twin of web/errors.py: one kind of page for all that goes wrong."""

import logging
import re
from collections.abc import Callable

import pytest
import sqlalchemy.exc
from flask import Flask

from bpmn.errors import AlurError
from tests.web.conftest import Office, Visitor, seen
from web.guard import allow, public


class Overbooked(AlurError):
    sentence = "Ruang %(room)s sudah dipakai %(who)s."
    status = 409


def failing(app: Flask, error: Exception, endpoint: str = "inbox.page") -> None:
    def view(**_names: object) -> None:
        raise error

    rule = app.view_functions[endpoint].rule  # type: ignore[attr-defined]
    app.view_functions[endpoint] = allow("self", form=rule.form, data=rule.data)(view)


def test_an_error_is_shown_with_its_own_sentence_and_a_way_on(
    app: Flask, visitor: Callable[[str], Visitor]
) -> None:
    failing(app, Overbooked(room="rapat", who="Anda"))
    answer = visitor("camat.gambut").opens("/")
    assert answer.status_code == 409
    assert "Ruang rapat sudah dipakai Anda." in seen(answer)
    assert "Ke daftar tugas" in seen(answer)


def test_an_error_speaks_the_readers_language(
    app: Flask, visitor: Callable[[str], Visitor]
) -> None:
    officer = visitor("camat.gambut")
    officer.client.set_cookie("bahasa", "en")
    answer = officer.opens("/tasks/99999")
    assert answer.status_code == 404
    assert "Tugas" not in seen(answer)
    assert 'lang="en"' in answer.text


def test_an_unexpected_error_gives_a_number_that_leads_to_the_log(
    app: Flask, visitor: Callable[[str], Visitor], caplog: pytest.LogCaptureFixture
) -> None:
    failing(app, RuntimeError("rahasia di dalam"))
    with caplog.at_level(logging.ERROR):
        answer = visitor("camat.gambut").opens("/")
    assert answer.status_code == 500
    number = re.search(r"font-monospace\">([0-9A-F]{6})<", answer.text)
    assert number is not None
    assert "rahasia" not in answer.text
    assert "Traceback" not in answer.text
    assert number[1] in caplog.text
    assert "rahasia di dalam" in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        sqlalchemy.exc.OperationalError("UPDATE", {}, Exception("database is locked")),
        sqlalchemy.exc.TimeoutError("QueuePool limit reached"),
    ],
)
def test_a_database_that_cannot_be_reached_is_said_so(
    app: Flask, visitor: Callable[[str], Visitor], error: Exception
) -> None:
    failing(app, error)
    answer = visitor("camat.gambut").opens("/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Belum ada yang tersimpan" in seen(answer)


def test_what_was_typed_can_be_sent_again_after_a_failure(
    app: Flask, visitor: Callable[[str], Visitor], office: Office
) -> None:
    task = office.claims("kasubbag.gambut", office.starts())
    failing(app, sqlalchemy.exc.OperationalError("", {}, Exception("locked")), "tasks.complete")
    answer = visitor("kasubbag.gambut").sends(f"/tasks/{task}/completion", reason="Panjang sekali")
    assert answer.status_code == 503
    assert "Yang Anda ketik Panjang sekali" in seen(answer)
    assert '<input type="hidden" name="reason" value="Panjang sekali">' in answer.text
    assert "Kirim lagi" in seen(answer)


def test_a_success_that_failed_at_the_last_moment_is_not_announced(
    app: Flask, visitor: Callable[[str], Visitor]
) -> None:
    from flask import flash

    def view() -> None:
        flash("Berhasil!", "success")
        raise sqlalchemy.exc.OperationalError("COMMIT", {}, Exception("disk full"))

    app.view_functions["inbox.page"] = allow("self")(view)
    assert "Berhasil!" not in visitor("camat.gambut").opens("/").text


def test_a_wrong_method_names_the_right_one(visitor: Callable[[str], Visitor]) -> None:
    answer = visitor("camat.gambut").opens("/sign-out")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"


def test_too_much_is_refused(visitor: Callable[[str], Visitor]) -> None:
    answer = visitor("kasubbag.gambut").sends("/cases", title="x" * 1_100_000)
    assert answer.status_code == 413
    assert "Kiriman terlalu besar" in seen(answer)


@pytest.mark.parametrize("path", ["/nowhere", "/tasks/abc", "/tasks/99999999999999999999"])
def test_an_address_with_nothing_behind_it_leads_back(stranger: Visitor, path: str) -> None:
    answer = stranger.opens(path)
    assert answer.status_code == 404
    assert "Halaman tidak ditemukan" in seen(answer)


def test_a_script_is_answered_in_json(app: Flask, visitor: Callable[[str], Visitor]) -> None:
    failing(app, RuntimeError("x"), "cases.progress")
    answer = visitor("camat.gambut").opens("/cases/1/progress")
    assert answer.status_code == 500
    assert answer.json is not None
    assert re.fullmatch(r"[0-9A-F]{6}", answer.json["reference"])


def test_what_is_typed_is_shown_as_text_and_never_run(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    task = office.completes("kasubbag.gambut", office.starts())
    answer = visitor("kasubbag.gambut").sends(
        f"/tasks/{task}/completion", reason="<script>alert(1)</script>"
    )
    assert answer.status_code == 409
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


def test_a_public_page_that_fails_fails_the_same_way(app: Flask, stranger: Visitor) -> None:
    def view() -> None:
        raise RuntimeError

    app.view_functions["health.alive"] = public(view)
    assert stranger.opens("/healthz").status_code == 500
