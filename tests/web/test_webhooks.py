"""Twin of web/webhooks.py: a leader lets another program be told, and sees what failed and why."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tasks import webhooks as sender
from tests.tasks.receiver import listening
from tests.tasks.test_webhooks import LOOPBACK
from tests.web.conftest import Clock, Office, Visitor, seen

Visitors = Callable[[str], Visitor]
URL = "https://sakip.example.go.id/alur"


def makes(officer: Visitor, **fields: str) -> TestResponse:
    return officer.sends("/webhooks", **{"name": "e-SAKIP", "url": URL, "topics": "case", **fields})


def test_its_secret_is_shown_once(visitor: Visitors) -> None:
    camat = visitor("camat.gambut")
    assert "Belum ada webhook" in seen(camat.opens("/webhooks"))
    answer = makes(camat, once="sekali")
    secret = re.search(r'value="(whsec_[^"]+)"', answer.text)
    assert secret is not None
    assert makes(camat, once="sekali").status_code == 303
    for path in ("/webhooks", "/webhooks/1"):
        page = camat.opens(path)
        assert URL in seen(page)
        assert secret[1] not in page.text
    assert "Kecamatan Gambut" in seen(camat.opens("/webhooks"))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"url": "http://example.org/"}, "url"),
        ({"url": "https://192.168.1.1/"}, "url"),
        ({"topics": "semua"}, "topics"),
        ({"office": "sumbang"}, "office"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    visitor: Visitors, fields: dict[str, str], field: str
) -> None:
    answer = makes(visitor("camat.gambut"), **fields)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert 'value="e-SAKIP"' in answer.text or field == "name"


def test_an_administrator_chooses_an_office_or_all(visitor: Visitors) -> None:
    admin = visitor("admin")
    assert "semua kantor" in seen(admin.opens("/webhooks"))
    makes(admin)
    makes(admin, office="samboja", name="Samboja saja")
    page = seen(admin.opens("/webhooks"))
    assert "semua kantor" in page
    assert "Kecamatan Samboja" in page


def test_what_failed_is_shown_with_the_reason_and_sent_again(
    app: Flask, visitor: Visitors, office: Office, clock: Clock
) -> None:
    app.config["NETWORKS"] = LOOPBACK
    camat = visitor("camat.gambut")
    with listening(410, 204) as receiver:
        makes(camat, url=receiver.url)
        case = office.starts()
        assert "belum dicoba" in seen(camat.opens("/webhooks/1"))
        sender.send_all(office.database, clock(), LOOPBACK)
        page = seen(camat.opens("/webhooks/1?state=dead"))
        assert "case.started" in page
        assert f"berkas nomor {case}" in page
        assert "dijawab 410" in page
        assert camat.sends("/webhooks/1/deliveries/1/retry").status_code == 303
        assert camat.sends("/webhooks/1/deliveries/1/retry").status_code == 409
        sender.send_all(office.database, clock(), LOOPBACK)
        assert "terkirim" in seen(camat.opens("/webhooks/1"))
        assert "2 kali" in seen(camat.opens("/webhooks/1"))
        camat.sends("/webhooks/1/trial")
        sender.send_all(office.database, clock(), LOOPBACK)
        assert receiver.kinds[-1] == "ping"
    camat.sends("/webhooks/1/retry")
    assert "0 kiriman dicoba lagi" in seen(camat.opens("/webhooks/1"))


def test_it_is_removed_and_gone(visitor: Visitors, office: Office) -> None:
    camat = visitor("camat.gambut")
    makes(camat)
    assert camat.sends("/webhooks/1/removal").status_code == 303
    assert "Belum ada webhook" in seen(camat.opens("/webhooks"))
    assert camat.opens("/webhooks/1").status_code == 404
