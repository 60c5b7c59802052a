"""Twin of web/guard.py: who passes, in which transaction, and what is kept of an answer."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import event, select

from engine import access
from engine.db import EVERYWHERE, Database
from engine.models import Draft, Person, Post
from tests.web.conftest import Clock, Office, Visitor, seen
from web import guard
from web.guard import allow, public


def test_an_application_with_an_unguarded_route_is_not_served(app: Flask) -> None:
    app.view_functions["terbuka"] = lambda: "siapa saja"
    with pytest.raises(guard.Unguarded, match="terbuka"):
        guard.init_app(app)


def test_a_route_that_comes_later_is_refused_too(app: Flask, stranger: Visitor) -> None:
    app.add_url_rule("/terbuka", "terbuka", lambda: "siapa saja")
    assert stranger.opens("/terbuka").status_code == 403


def test_a_right_that_is_not_in_the_table_cannot_be_asked_for() -> None:
    with pytest.raises(LookupError):
        allow("semua")


def answering(app: Flask, view: Callable[[], Any]) -> None:
    """Let an existing page be served by another view, under the same right."""
    app.view_functions["inbox.page"] = allow("inbox.see")(view)
    app.view_functions["session.leave"] = allow("self")(view)


def test_a_person_without_the_right_anywhere_never_reaches_the_view(
    app: Flask, visitor: Callable[[str], Visitor]
) -> None:
    app.view_functions["inbox.page"] = allow("server.run")(lambda: pytest.fail("reached"))
    assert visitor("camat.gambut").opens("/").status_code == 403


def test_a_view_sees_only_the_offices_of_its_visitor(
    app: Flask, visitor: Callable[[str], Visitor], office: Office
) -> None:
    answering(
        app, lambda: {"offices": sorted(set(g.session.scalars(select(Post.office_id)).all()))}
    )
    own = visitor("camat.gambut").opens("/").json
    assert own is not None
    assert len(own["offices"]) == 1


def test_an_answer_that_refuses_keeps_nothing(
    app: Flask, database: Database, visitor: Callable[[str], Visitor]
) -> None:
    def rename_and_refuse() -> tuple[str, int]:
        g.session.get(Person, g.actor.person_id).name = "Orang Lain"
        g.session.flush()
        return "ditolak", 422

    answering(app, rename_and_refuse)
    visitor("camat.gambut").sends("/sign-out")
    with database.reading(EVERYWHERE) as session:
        names = session.scalars(select(Person.name).where(Person.account == "camat.gambut"))
        assert names.one() == "Rahmadi Syahputra"


def test_what_is_answered_is_committed_before(
    app: Flask, database: Database, visitor: Callable[[str], Visitor]
) -> None:
    order: list[str] = []
    event.listen(database.bind, "commit", lambda connection: order.append("commit"))
    app.after_request(lambda answer: order.append("answer") or answer)  # type: ignore[arg-type]
    visitor("camat.gambut").sends("/sign-out")
    assert order == ["commit", "answer"]


def test_a_page_that_only_shows_never_waits_for_a_writer(
    database: Database, visitor: Callable[[str], Visitor]
) -> None:
    officer = visitor("camat.gambut")
    with database.transaction(EVERYWHERE) as writer:
        writer.execute(select(Person.id))
        assert officer.opens("/").status_code == 200


def test_a_closed_account_is_signed_out(
    database: Database, visitor: Callable[[str], Visitor], clock: Clock
) -> None:
    officer = visitor("camat.gambut")
    with database.transaction(EVERYWHERE) as session:
        person = session.scalars(select(Person).where(Person.account == "camat.gambut")).one()
        person.closed_at = clock()
    assert officer.opens("/").status_code == 303


def test_what_a_script_fetches_is_refused_in_json(stranger: Visitor) -> None:
    answer = stranger.opens("/cases/1/progress")
    assert answer.status_code == 401
    assert answer.json == {"status": 401, "detail": "Masuk dahulu untuk melanjutkan."}


@pytest.mark.parametrize("path", ["/?search=a%00b", "/cases?after=%00", "/offices/a%00b/ladder"])
def test_a_character_no_database_keeps_is_refused(
    visitor: Callable[[str], Visitor], path: str
) -> None:
    assert visitor("camat.gambut").opens(path).status_code == 400


def test_a_null_character_in_a_form_is_refused(visitor: Callable[[str], Visitor]) -> None:
    answer = visitor("kasubbag.gambut").sends("/cases", title="a\0b")
    assert answer.status_code == 400
    file = (io.BytesIO(b"Judul"), "a\0.csv")
    for fields in ({"title": ["a", "a\0b"]}, {"file": [file]}):
        assert visitor("kasubbag.gambut").sends("/cases", **fields).status_code == 400


@pytest.mark.parametrize("path", ["/sign-in", "/language", "/tasks/1/completion"])
def test_more_fields_than_a_form_has_are_not_shown_again(stranger: Visitor, path: str) -> None:
    fields = {f"kept.{number}": "x" for number in range(2_000)}
    answer = stranger.client.post(path, data=fields)
    assert answer.status_code == 413
    assert "kept." not in answer.text


@pytest.mark.parametrize("token", ["", "bukan-base64!", "é", "QUJD", "A" * 88])
def test_a_form_without_our_token_changes_nothing_but_keeps_what_was_typed(
    visitor: Callable[[str], Visitor], office: Office, token: str
) -> None:
    case = office.starts()
    task = office.claims("kasubbag.gambut", case)
    officer = visitor("kasubbag.gambut")
    answer = officer.client.post(
        f"/tasks/{task}/completion", data={"csrf_token": token, "reason": "Sudah kami kirim"}
    )
    assert answer.status_code == 403
    assert "sudah kedaluwarsa" in seen(answer)
    assert f'href="/tasks/{task}"' in answer.text
    page = officer.opens(f"/tasks/{task}")
    assert "Sudah kami kirim" in page.text
    assert "belum terkirim" in seen(page)


def test_what_another_site_sent_is_not_kept(
    database: Database, visitor: Callable[[str], Visitor], office: Office
) -> None:
    task = office.claims("kasubbag.gambut", office.starts())
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://jahat.example"}):
        answer = visitor("kasubbag.gambut").client.post(
            f"/tasks/{task}/completion", data={"reason": "bukan dari saya"}, headers=headers
        )
        assert answer.status_code == 403
    with database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Draft)).all() == []


def test_a_public_route_asks_for_the_token_as_well(stranger: Visitor) -> None:
    assert stranger.client.post("/language", data={"language": "en"}).status_code == 403


def test_everyone_may_use_a_public_view(app: Flask, stranger: Visitor) -> None:
    app.view_functions["inbox.page"] = public(lambda: "terbuka")
    assert stranger.opens("/").text == "terbuka"


def test_the_table_of_rights_is_what_the_guard_reads() -> None:
    assert set(access.RIGHTS) >= {"self", "inbox.see", "task.see", "task.work", "case.see"}
