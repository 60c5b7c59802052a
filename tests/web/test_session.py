"""Twin of web/session.py: signing in and out, and a session that ends in the middle of a form."""

import re
import time
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import select

from engine import demo
from engine.db import EVERYWHERE, Database
from engine.models import Draft
from tests.web.conftest import Clock, Office, Visitor, seen

TYPED = "Lampiran indikator <belum> lengkap."


def test_a_stranger_is_asked_to_sign_in_first(stranger: Visitor) -> None:
    answer = stranger.opens("/")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    page = stranger.opens(answer.location)
    assert "Masuk ke Alur" in seen(page)
    assert "Hubungi pengelola akun" in seen(page)


def test_after_signing_in_an_officer_sees_what_waits_for_her(stranger: Visitor) -> None:
    answer = stranger.signs_in("camat.gambut")
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Yang menunggu Anda" in seen(stranger.opens("/"))


def test_an_officer_returns_to_the_page_she_wanted(stranger: Visitor) -> None:
    answer = stranger.opens("/cases?status=done")
    page = stranger.opens(answer.location)
    wanted = re.search(r'name="to" value="([^"]+)"', page.text)
    assert wanted is not None
    assert stranger.signs_in("camat.gambut", to=wanted[1]).location == "/cases?status=done"


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "/\\evil.example", "https://evil.example", "http:evil", "/\t/evil", "evil"],
)
def test_signing_in_never_leads_to_another_site(stranger: Visitor, elsewhere: str) -> None:
    assert stranger.signs_in("camat.gambut", to=elsewhere).location == "/"


def test_a_wrong_password_and_an_unknown_account_read_the_same(stranger: Visitor) -> None:
    wrong = stranger.signs_in("camat.gambut", "kata sandi lain")
    unknown = stranger.signs_in("tidak.ada", "kata sandi lain")
    assert wrong.status_code == unknown.status_code == 401
    assert "Akun atau kata sandi tidak cocok" in seen(wrong)
    assert seen(wrong) == seen(unknown)


def test_a_wrong_password_and_an_unknown_account_take_the_same_time(stranger: Visitor) -> None:
    def seconds(account: str) -> float:
        started = time.perf_counter()
        stranger.signs_in(account, "kata sandi lain")
        return time.perf_counter() - started

    times = [(seconds("camat.gambut"), seconds("tidak.ada")) for _ in range(5)]
    known, unknown = map(min, zip(*times, strict=True))
    assert known / 10 < unknown < known * 10


def test_the_account_typed_stays_and_the_password_does_not(stranger: Visitor) -> None:
    answer = stranger.signs_in("Camat.Gambut", "kata sandi lain")
    assert 'value="Camat.Gambut"' in answer.text
    assert "kata sandi lain" not in answer.text


@pytest.mark.parametrize("account", ["camat.gambut", "tidak.ada"])
def test_after_ten_failures_even_the_right_password_must_wait(
    stranger: Visitor, clock: Clock, account: str
) -> None:
    for _ in range(10):
        assert stranger.signs_in(account, "salah").status_code == 401
    answer = stranger.signs_in(account)
    assert answer.status_code == 429
    assert "coba lagi 15 menit lagi" in seen(answer)
    assert answer.headers["Retry-After"]
    clock.passes(minutes=15)
    assert stranger.signs_in(account).status_code == (303 if account == "camat.gambut" else 401)


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(stranger: Visitor) -> None:
    cookie = stranger.signs_in("camat.gambut").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_over_tls_the_cookie_never_travels_in_the_clear(stranger: Visitor) -> None:
    page = stranger.client.get("/sign-in", base_url="https://alur.example")
    assert "Secure" in page.headers["Set-Cookie"]


def test_signing_in_leaves_nothing_of_the_session_before_it(stranger: Visitor) -> None:
    stranger.opens("/sign-in")
    with stranger.client.session_transaction() as before:
        planted = before["csrf"]
    stranger.signs_in("camat.gambut")
    with stranger.client.session_transaction() as after:
        assert after.get("csrf") != planted


def test_signing_out_ends_the_session_even_for_a_copied_cookie(stranger: Visitor) -> None:
    stranger.signs_in("camat.gambut")
    copied = stranger.client.get_cookie("alur")
    assert copied is not None
    answer = stranger.sends("/sign-out")
    assert answer.location == "/sign-in"
    assert "Anda sudah keluar" in seen(stranger.opens("/sign-in"))
    stranger.client.set_cookie("alur", copied.value)
    assert stranger.opens("/").status_code == 303


def test_an_idle_session_ends_after_an_hour(
    visitor: Callable[[str], Visitor], clock: Clock
) -> None:
    officer = visitor("camat.gambut")
    clock.passes(minutes=59)
    assert officer.opens("/").status_code == 200
    clock.passes(minutes=59)
    assert officer.opens("/").status_code == 200
    clock.passes(minutes=61)
    answer = officer.opens("/")
    assert answer.status_code == 303
    assert "Sesi Anda berakhir" in seen(officer.opens(answer.location))


def test_a_page_left_open_does_not_keep_a_session_alive(
    visitor: Callable[[str], Visitor], clock: Clock, office: Office
) -> None:
    case, officer = office.starts(), visitor("camat.gambut")
    for _ in range(3):
        clock.passes(minutes=25)
        answer = officer.opens(f"/cases/{case}/progress")
    assert answer.status_code == 401


def test_no_session_lasts_longer_than_twelve_hours(
    visitor: Callable[[str], Visitor], clock: Clock
) -> None:
    officer = visitor("camat.gambut")
    for _ in range(24):
        assert officer.opens("/").status_code == 200
        clock.passes(minutes=31)
    assert officer.opens("/").status_code == 303


def test_a_forged_cookie_is_no_session(stranger: Visitor) -> None:
    stranger.client.set_cookie("alur", "eyJwZXJzb24iOjF9.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    assert stranger.opens("/").status_code == 303


# --- a session that ends in the middle of a form -----------------------------------------------


def carried(page: str) -> dict[str, str]:
    fields = re.findall(r'type="hidden" name="(kept\.[^"]+|to)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in fields if name != "to" or value != "/"}


def test_what_was_typed_survives_the_end_of_the_session(
    visitor: Callable[[str], Visitor], clock: Clock, office: Office
) -> None:
    case = office.starts()
    for account in ("kasubbag", "staf", "sekcam"):
        office.completes(f"{account}.gambut", case)
    task = office.claims("camat.gambut", case)
    officer = visitor("camat.gambut")
    clock.passes(minutes=61)

    answer = officer.sends(f"/tasks/{task}/completion", outcome="tidak", reason=TYPED)
    assert answer.status_code == 401
    assert "Sesi Anda berakhir; yang Anda ketik tidak hilang." in seen(answer)

    again = officer.signs_in("camat.gambut", "salah", **carried(answer.text))
    assert again.status_code == 401
    back = officer.signs_in("camat.gambut", **carried(again.text))
    assert back.location == f"/tasks/{task}"

    page = officer.opens(back.location)
    assert "belum terkirim" in seen(page)
    assert "Lampiran indikator &lt;belum&gt; lengkap." in page.text
    assert re.search(r'value="tidak"\s+checked', page.text)

    # An hour later the step is late as well.
    late = {"late_reason": "jaringan"}
    sent = officer.sends(f"/tasks/{task}/completion", outcome="tidak", reason=TYPED, **late)
    assert sent.status_code == 303
    assert "belum terkirim" not in seen(officer.opens(f"/tasks/{task}"))


def test_a_new_case_typed_too_late_is_kept(visitor: Callable[[str], Visitor], clock: Clock) -> None:
    officer = visitor("kasubbag.gambut")
    clock.passes(hours=13)
    answer = officer.sends("/cases", title="Data kinerja triwulan II")
    back = officer.signs_in("kasubbag.gambut", **carried(answer.text))
    assert back.location == "/cases/new"
    assert 'value="Data kinerja triwulan II"' in officer.opens(back.location).text


def test_what_she_typed_is_not_given_to_whoever_signs_in_next(
    visitor: Callable[[str], Visitor], clock: Clock, office: Office, database: Database
) -> None:
    task = office.claims("kasubbag.gambut", office.starts())
    officer = visitor("kasubbag.gambut")
    clock.passes(minutes=61)
    answer = officer.sends(f"/tasks/{task}/completion", reason="untuk saya sendiri")
    officer.signs_in("camat.gambut", **carried(answer.text))
    with database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Draft)).all() == []


def test_a_form_with_nothing_typed_just_asks_to_sign_in_again(
    visitor: Callable[[str], Visitor], clock: Clock, office: Office
) -> None:
    case = office.starts()
    task = office.waiting("kasubbag.gambut", case)
    officer = visitor("kasubbag.gambut")
    clock.passes(minutes=61)
    answer = officer.sends(f"/tasks/{task}/claim")
    assert answer.status_code == 401
    assert "Sesi Anda berakhir. Masuk lagi" in seen(answer)
    assert officer.signs_in("kasubbag.gambut", **carried(answer.text)).location == f"/tasks/{task}"


def test_a_sign_in_page_that_grew_stale_is_shown_anew(stranger: Visitor) -> None:
    answer = stranger.client.post(
        "/sign-in", data={"account": "camat.gambut", "password": demo.PASSWORD, "to": "/cases"}
    )
    assert answer.status_code == 403
    assert "Masuk sekali lagi" in seen(answer)
    assert carried(answer.text)["to"] == "/cases"
