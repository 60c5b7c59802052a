"""Twin of web/__init__.py: the application is made from settings, and keeps to them."""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from engine.db import Database
from engine.settings import Settings
from tests.web.conftest import Clock, Visitor
from web import create_app


def test_the_application_opens_the_database_of_its_settings(
    tmp_path: Path, database: Database
) -> None:
    app = create_app(Settings(data=tmp_path))
    assert Visitor(app.test_client()).signs_in("camat.gambut").status_code == 303
    app.extensions["database"].close()


def test_two_starts_share_the_key_so_nobody_is_signed_out(
    tmp_path: Path, database: Database
) -> None:
    keys = {create_app(Settings(data=tmp_path), database).secret_key for _ in range(2)}
    assert len(keys) == 1


@dataclass(frozen=True)
class BehindTls(Settings):
    tls: bool = True


def test_behind_a_proxy_that_speaks_tls_everything_says_so(
    tmp_path: Path, database: Database, clock: Clock
) -> None:
    app = create_app(BehindTls(data=tmp_path), database, clock)
    answer = Visitor(app.test_client()).opens("/sign-in")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in answer.headers


def test_nothing_is_served_that_was_not_asked_for(app: Flask) -> None:
    assert app.url_map.converters["number"]
    assert not app.debug
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(app.view_functions)


def test_every_page_has_one_heading_a_way_past_the_menu_and_a_title(stranger: Visitor) -> None:
    for path in ("/sign-in", "/nowhere"):
        page = stranger.opens(path).text
        assert page.count("<h1") == 1
        assert 'class="skip-link" href="#isi"' in page
        assert 'id="isi"' in page
        assert "· Alur</title>" in page
