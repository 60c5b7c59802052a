"""Twin of web/headers.py: what every answer carries, and how small it is."""

import gzip
from collections.abc import Callable

import pytest

from tests.web.conftest import Office, Visitor

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)


@pytest.mark.parametrize("path", ["/", "/sign-in", "/cases", "/healthz", "/nowhere"])
def test_every_answer_carries_the_rules(visitor: Callable[[str], Visitor], path: str) -> None:
    headers = visitor("camat.gambut").opens(path).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


def test_over_tls_the_browser_is_told_to_stay_there(stranger: Visitor) -> None:
    answer = stranger.client.get("/sign-in", base_url="https://alur.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_assets_are_still_kept_by_the_browser(stranger: Visitor) -> None:
    page = stranger.opens("/sign-in").text
    asset = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in stranger.opens(asset).headers["Cache-Control"]


def test_a_page_is_sent_small_to_whoever_can_read_it(stranger: Visitor) -> None:
    plain = stranger.opens("/sign-in")
    small = stranger.opens("/sign-in", headers={"Accept-Encoding": "gzip, deflate"})
    assert small.content_encoding == "gzip"
    assert len(small.data) < len(plain.data) / 2
    assert small.content_length == len(small.data)
    assert b"Masuk ke Alur" in gzip.decompress(small.data)
    assert "Accept-Encoding" in small.vary
    assert "Accept-Encoding" in plain.vary


def test_a_browser_that_refuses_gzip_gets_none(stranger: Visitor) -> None:
    answer = stranger.opens("/sign-in", headers={"Accept-Encoding": "gzip;q=0"})
    assert answer.content_encoding is None


def test_a_diagram_asked_for_again_costs_nothing(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    officer, case = visitor("camat.gambut"), office.starts()
    for path in (f"/cases/{case}/diagram", f"/cases/{case}/progress"):
        first = officer.opens(path, headers={"Accept-Encoding": "gzip"})
        again = officer.opens(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
