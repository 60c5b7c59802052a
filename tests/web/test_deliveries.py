"""Twin of web/deliveries.py: an administrator sees what did not arrive, and sends it again."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from engine.db import Database
from tasks import channels, schedule
from tests.conftest import THURSDAY, Cast
from tests.tasks import outlet
from tests.tasks.outlet import Mail, all_off, change, mail_of, reached
from tests.tasks.test_telling import given
from tests.web.conftest import Visitor, seen

Visitors = Callable[[str], Visitor]
STAF = "staf.gambut"


@pytest.fixture
def mail(app: Flask, database: Database) -> Iterator[Mail]:
    with mail_of(Cast(database)) as mail:
        app.config["CHANNELS"] = channels.opened(mail.settings)
        yield mail


@pytest.fixture
def admin(visitor: Visitors) -> Visitor:
    return visitor("admin")


def fails(mail: Mail, answer: str) -> None:
    """She is told of a task, and it does not arrive."""
    reached(mail.cast, STAF, **{**all_off(), "given": "at once"})
    given(mail.cast, STAF, THURSDAY)
    schedule.weigh_notices(mail.cast.database, THURSDAY)
    mail.post.rcpt = lambda: answer
    while (one := outlet.deliveries(mail.cast)[0]).ended_at is None:
        schedule.send_messages(mail.cast.database, one.send_at, mail.settings)


def test_what_was_given_up_is_listed_with_its_reason_and_sent_again(
    mail: Mail, admin: Visitor
) -> None:
    assert "Tidak ada pengiriman yang gagal" in seen(admin.opens("/deliveries/failed"))
    fails(mail, "451 4.7.1 <b>nanti</b>")
    page = admin.opens("/deliveries/failed")
    said = seen(page)
    for told in ("staf@gambut.go.id", "Surel, pemberitahuan", "8 kali dicoba", "1 kiriman"):
        assert told in said
    assert "451 4.7.1 &lt;b&gt;nanti" in page.text
    assert "staf@gambut.go.id" in seen(admin.opens("/deliveries/failed?search=nanti"))
    assert "Tidak ada kiriman yang cocok" in seen(admin.opens("/deliveries/failed?search=xyz"))
    assert admin.sends("/deliveries/1/retry").status_code == 303
    assert admin.sends("/deliveries/1/retry").status_code == 404
    said = seen(admin.opens("/deliveries/failed"))
    assert "Tidak ada pengiriman yang gagal" in said
    assert "1 kiriman masih dalam perjalanan" in said
    mail.post.rcpt = lambda: "250 OK"
    assert len(mail.came(THURSDAY)) == 1


def test_an_address_that_refuses_waits_for_its_owner(mail: Mail, admin: Visitor) -> None:
    fails(mail, "550 5.1.1 no such user")
    assert "pemiliknya perlu membuktikannya lagi" in seen(admin.opens("/deliveries/failed"))
    assert admin.sends("/deliveries/1/retry").status_code == 404
    admin.sends("/deliveries/failed/retry")
    assert "0 kiriman dicoba lagi" in seen(admin.opens("/deliveries/failed"))
    change(mail.cast, STAF, refused_at=None)
    admin.sends("/deliveries/failed/retry")
    assert "1 kiriman dicoba lagi" in seen(admin.opens("/deliveries/failed"))
