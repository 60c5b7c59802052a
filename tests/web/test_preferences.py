"""Twin of web/preferences.py: she proves an address with a code that a real letter brought her."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from engine.db import Database
from engine.settings import Settings, networks
from tasks import channels
from tests.conftest import THURSDAY, Cast
from tests.tasks.outlet import Mail, mail_of, text
from tests.web.conftest import Visitor, seen

Visitors = Callable[[str], Visitor]
ADDRESS = "aulia@kantor.go.id"
STAF = "staf.gambut"


@pytest.fixture
def mail(app: Flask, database: Database) -> Iterator[Mail]:
    with mail_of(Cast(database)) as mail:
        app.config["CHANNELS"] = channels.opened(mail.settings)
        yield mail


@pytest.fixture
def staf(visitor: Visitors) -> Visitor:
    return visitor(STAF)


def gives(officer: Visitor, address: str = ADDRESS) -> str:
    answer = officer.sends("/preferences/email/address", **{"email-address": address})
    return answer.text if answer.status_code == 422 else str(answer.status_code)


def code(mail: Mail) -> str:
    found = re.search(r"Kode: (\d{6})", text(mail.came(THURSDAY)[-1]))
    assert found is not None
    return found[1]


def proves(officer: Visitor, code: str) -> str:
    officer.sends("/preferences/email/proof", **{"email-code": code})
    return seen(officer.opens("/preferences"))


def test_an_address_is_given_proved_used_as_she_chooses_and_removed(
    mail: Mail, staf: Visitor
) -> None:
    assert "Kirim kode ke alamat ini" in seen(staf.opens("/preferences"))
    assert gives(staf) == "303"
    page = seen(staf.opens("/preferences"))
    assert f"Kode dikirim ke {ADDRESS}" in page
    assert "hari ini 09.30 WITA" in page
    sent = code(mail)
    assert "Kode tidak cocok" in proves(staf, f"{(int(sent) + 1) % 10**6:06}")
    page = proves(staf, sent)
    assert "Terbukti milik Anda" in page
    assert "Ringkasan pagi berikutnya: besok 08.00 WITA" in page
    chosen = {f"email-{topic}": "off" for topic in ("waiting", "given", "sent-back", "course")}
    staf.sends("/preferences/email/choices", **{**chosen, "email-late": "at once"})
    page = staf.opens("/preferences").text
    assert page.count('<option value="off" selected>') == 4
    assert not re.search(r'name="email-any-hour"[^>]* checked', page)
    assert "Ringkasan pagi berikutnya" not in page  # nothing is left that waits for it
    staf.sends("/preferences/email/removal")
    page = seen(staf.opens("/preferences"))
    assert ADDRESS not in page
    assert "Kirim kode ke alamat ini" in page


@pytest.mark.parametrize(
    "address",
    [
        "aulia@kantor",
        "Aulia <aulia@kantor.go.id>",
        "aulia@kantor.go.id\r\nBcc: semua@lain.id",
        "aulia@kantor.go.id, lain@lain.id",
        "a" * 300 + "@kantor.go.id",
        "<script>@x.id",
        "",
    ],
)
def test_what_is_no_address_is_said_beside_its_field_and_nothing_leaves(
    mail: Mail, staf: Visitor, address: str
) -> None:
    page = gives(staf, address)
    assert 'href="#email-address"' in page
    assert "bukan alamat surel" in page
    assert "<script>@" not in page
    mail.ticks(THURSDAY)
    assert mail.post.letters == []


def test_she_sees_why_her_code_does_not_come(mail: Mail, staf: Visitor) -> None:
    mail.post.rcpt = lambda: "451 4.7.1 <b>nanti</b>"
    gives(staf)
    mail.ticks(THURSDAY)
    page = staf.opens("/preferences").text
    assert "Kodenya belum terkirim: 451 4.7.1 &lt;b&gt;nanti" in page


def test_a_code_that_nobody_awaits_is_refused_kindly(mail: Mail, staf: Visitor) -> None:
    assert "Tidak ada kode yang ditunggu" in proves(staf, "123456")


def test_the_key_of_a_webhook_is_shown_until_its_address_is_proved(
    app: Flask, staf: Visitor
) -> None:
    inner = networks("127.0.0.0/8")
    app.config["CHANNELS"] = channels.opened(
        Settings(networks=inner, variables={"ALUR_WEBHOOK": "1"})
    )
    field = {"webhook-address": "https://10.0.0.1/"}
    assert staf.sends("/preferences/webhook/address", **field).status_code == 422
    field = {"webhook-address": "https://gerbang.kantor.go.id/alur"}
    assert staf.sends("/preferences/webhook/address", **field).status_code == 303
    assert 'value="whsec_' in staf.opens("/preferences").text


def test_where_nothing_is_set_up_the_page_says_whom_to_ask(staf: Visitor) -> None:
    assert "sampaikan kepada pengelola server" in seen(staf.opens("/preferences"))
    assert staf.sends("/preferences/merpati/address").status_code == 404


def test_a_stale_form_keeps_the_address_that_was_typed(mail: Mail, staf: Visitor) -> None:
    staf.sends(
        "/preferences/email/address", **{"email-address": ADDRESS, "csrf_token": "kedaluwarsa"}
    )
    assert f'value="{ADDRESS}"' in staf.opens("/preferences").text
