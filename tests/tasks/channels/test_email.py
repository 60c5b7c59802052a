"""Twin of tasks/channels/email.py, against a real mail server on loopback."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from engine.settings import BadSetting, Settings
from tasks.channels import email
from tasks.channels.email import Email
from tasks.channels.ground import NotSent, Refused, Unsure
from tasks.messages import REPEAT, Line, Message
from tests import loopback
from tests.conftest import THURSDAY
from tests.loopback.http import silence
from tests.loopback.mail import PASSWORD, USER, PostOffice, open_post_office

TO = "aulia@gambut.go.id"
LATE = Line(
    "Lewat tenggat",
    "Menandatangani surat <penting>",
    "Pengumpulan Data Kinerja",
    "Kecamatan Gambut",
    "https://alur.example/tasks/7",
    "tenggat hari ini 09.10 WITA",
)
MESSAGE = Message(
    "notices-1-7",
    "notices",
    THURSDAY,
    "Alur: 1 langkah lewat tenggat",
    ("Satu kabar baru.",),
    "https://alur.example/notices",
    "https://alur.example/preferences",
    (LATE,),
    more=3,
)


@pytest.fixture
def post() -> Iterator[PostOffice]:
    with open_post_office() as post:
        yield post


Dial = Callable[..., Email]


@pytest.fixture
def line_to() -> Iterator[Dial]:
    """`line_to(post)` is a line to it, which is closed at the end of the story."""
    lines: list[Email] = []

    def dial(post: PostOffice | None, **facts: Any) -> Email:
        usual = {"port": post.port if post else 0, "security": "tidak"}
        line = Email("localhost", sender="alur@banjarkab.go.id", **{**usual, **facts})
        lines.append(line)
        return line

    yield dial
    for line in lines:
        line.close()


def test_a_letter_arrives_in_plain_text_and_in_html(line_to: Dial, post: PostOffice) -> None:
    line_to(post).send(TO, MESSAGE, None)
    [letter] = post.letters
    assert post.to == [TO]
    assert (letter["To"], letter["From"]) == (TO, "Alur <alur@banjarkab.go.id>")
    assert letter["Subject"] == "Alur: 1 langkah lewat tenggat"
    assert letter["List-Unsubscribe"] == "<https://alur.example/preferences>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "multipart/alternative"
    plain, html = (letter.get_body([kind]).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    for told in ("Lewat tenggat", "Pengumpulan Data Kinerja", "09.10 WITA", "dan 3 lainnya"):
        assert told in plain
        assert told in html
    assert "https://alur.example/tasks/7" in plain
    assert "Menandatangani surat &lt;penting&gt;" in html
    assert "Menandatangani surat <penting>" in plain


def test_sent_again_it_is_the_same_letter_and_says_so(line_to: Dial, post: PostOffice) -> None:
    line = line_to(post)
    line.send(TO, MESSAGE, None)
    line.send(TO, replace(MESSAGE, is_repeat=True), None)
    first, second = post.letters
    assert first["Message-ID"] == second["Message-ID"] == "<notices-1-7@banjarkab.go.id>"
    body = second.get_body(["plain"])
    assert body is not None
    assert body.get_content().startswith(REPEAT)


def test_no_name_of_a_step_becomes_a_header(line_to: Dial, post: PostOffice) -> None:
    named = replace(MESSAGE, subject="Alur: Menandatangani\r\nBcc: semua@lain.id\n\nsurat")
    line_to(post).send(TO, named, None)
    [letter] = post.letters
    assert letter["Subject"] == "Alur: Menandatangani Bcc: semua@lain.id surat"
    assert (letter["Bcc"], post.to) == (None, [TO])


def test_one_line_carries_many_letters(line_to: Dial, post: PostOffice) -> None:
    line = line_to(post)
    for _ in range(5):
        line.send(TO, MESSAGE, None)
    line.close()
    assert (len(post.letters), post.lines) == (5, 1)
    line.send(TO, MESSAGE, None)
    assert post.lines == 2


def test_a_line_that_was_cut_between_two_letters_is_dialled_again(
    line_to: Dial, post: PostOffice
) -> None:
    line = line_to(post)
    line.send(TO, MESSAGE, None)
    assert line._line is not None and line._line.sock is not None
    line._line.sock.close()
    line.send(TO, MESSAGE, None)
    assert len(post.letters) == 2


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_over_tls_with_a_password(
    line_to: Dial, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(loopback.CA))
    with open_post_office(security, asks_who=True) as post:
        line_to(post, security=security, user=USER, password=PASSWORD).send(TO, MESSAGE, None)
        assert (len(post.letters), post.signed_in) == (1, [USER])
        with pytest.raises(NotSent, match="535"):
            line_to(post, security=security, user=USER, password="salah").send(TO, MESSAGE, None)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_cannot_prove_its_name_gets_nothing(line_to: Dial, security: str) -> None:
    with open_post_office(security, asks_who=True) as post:
        with pytest.raises(NotSent, match="certificate"):
            line_to(post, security=security, user=USER, password=PASSWORD).send(TO, MESSAGE, None)
        assert post.signed_in == []


def test_a_server_without_tls_gets_nothing_where_tls_is_wanted(
    line_to: Dial, post: PostOffice
) -> None:
    with pytest.raises(NotSent):
        line_to(post, security="starttls").send(TO, MESSAGE, None)
    assert post.letters == []


def test_an_address_nobody_has_is_told_apart_from_a_full_one(
    line_to: Dial, post: PostOffice
) -> None:
    line = line_to(post)
    post.rcpt = lambda: "550 5.1.1 no such user"
    with pytest.raises(Refused, match="no such user"):
        line.send(TO, MESSAGE, None)
    post.rcpt = lambda: "452 4.2.2 mailbox full"
    with pytest.raises(NotSent, match="mailbox full") as full:
        line.send(TO, MESSAGE, None)
    assert not isinstance(full.value, Refused)
    post.rcpt = lambda: "250 OK"
    line.send(TO, MESSAGE, None)  # the line is as good as before
    assert len(post.letters) == 1


def test_a_letter_that_is_not_taken_may_be_taken_later(line_to: Dial, post: PostOffice) -> None:
    for answer in ("451 later", "554 looks like spam"):
        post.data = lambda answer=answer: answer  # type: ignore[misc]
        with pytest.raises(NotSent, match=answer[4:]) as wrong:
            line_to(post).send(TO, MESSAGE, None)
        assert not isinstance(wrong.value, Refused)


def test_a_line_cut_after_the_letter_leaves_us_unsure(line_to: Dial, post: PostOffice) -> None:
    post.data = lambda: ""  # it takes the letter, and hangs up without a word
    with pytest.raises(Unsure, match="closed"):
        line_to(post).send(TO, MESSAGE, None)
    assert len(post.letters) == 1


def test_a_server_that_is_not_there_or_says_nothing_is_no_delivery(line_to: Dial) -> None:
    with silence() as port:
        mute = line_to(None, port=port, patience=0.3)
        with pytest.raises(NotSent, match="tidak menjawab"):
            mute.send(TO, MESSAGE, None)
    with pytest.raises(NotSent):
        mute.send(TO, MESSAGE, None)


GOOD = ["a@b.id", "nama.lain+alur@kantor.go.id", "O'Neil@x-y.co.id"]
BAD = ["", "a", "a@b", "a b@c.id", "a@b.id\nBcc: x@y.id", "a@b.id, c@d.id", "<a@b.id>", "é@b.id"]
BAD += ["a@b..id", "@b.id", "a@.id", "a@b.id\r", f"{'a' * 65}@b.id", f"a@{'b' * 300}.id", "a@@b.id"]


def test_an_address_is_taken_as_it_is_meant(line_to: Dial, post: PostOffice) -> None:
    line = line_to(post)
    for address in GOOD:
        assert line.check(f" {address} ") == address


@pytest.mark.parametrize("address", [bad for bad in BAD if bad.strip() == bad])
def test_what_is_no_address_is_refused(line_to: Dial, post: PostOffice, address: str) -> None:
    with pytest.raises(email.NoEmail):
        line_to(post).check(address)


HOST = {"ALUR_SMTP_HOST": "surel.banjarkab.go.id", "ALUR_SMTP_FROM": "alur@banjarkab.go.id"}


def opened(**variables: str) -> Email | None:
    return email.open(Settings(variables={**HOST, **variables}))


def test_the_settings_say_which_server_and_how() -> None:
    assert email.open(Settings()) is None
    usual = opened()
    assert usual is not None
    assert (usual.port, usual.security) == (587, "starttls")
    tls = opened(ALUR_SMTP_TLS="tls", ALUR_SMTP_USER="alur")
    assert tls is not None
    assert (tls.port, tls.user) == (465, "alur")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALUR_SMTP_TLS", "ya"),
        ("ALUR_SMTP_PORT", "0"),
        ("ALUR_SMTP_PORT", "surel"),
        ("ALUR_SMTP_FROM", "alur"),
        ("ALUR_SMTP_FROM", ""),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        opened(**{name: value})


def test_a_password_never_travels_in_the_open() -> None:
    with pytest.raises(BadSetting, match="ALUR_SMTP_TLS"):
        opened(ALUR_SMTP_TLS="tidak", ALUR_SMTP_USER="alur")
