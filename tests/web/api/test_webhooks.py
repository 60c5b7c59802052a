"""Twin of web/api/webhooks.py: a program asks to be told, sees what it was sent, and asks again."""

from collections.abc import Callable
from typing import Any

import pytest

from tasks import webhooks as sender
from tests.tasks.receiver import listening
from tests.tasks.test_webhooks import LOOPBACK
from tests.web.conftest import Clock, Office, Program

Programs = Callable[..., Program]

BODY = {"name": "e-SAKIP", "url": "https://sakip.example.go.id/alur", "office": "gambut"}


def made(program: Program, **facts: Any) -> Any:
    answer = program.asks("POST", "/webhooks", json={**BODY, **facts})
    assert answer.status_code == 201, answer.text
    return answer.json


def test_it_is_made_seen_and_ended_and_its_secret_is_told_once(program: Programs) -> None:
    camat = program("camat.gambut")
    new = made(camat)
    assert new["secret"].startswith("whsec_")
    assert new["topics"] == ["case", "task", "escalation"]
    [listed] = camat.gets("/webhooks")["items"]
    assert "secret" not in listed
    assert {**listed, "secret": new["secret"]} == new
    assert camat.gets(f"/webhooks/{new['id']}") == listed
    ended = camat.asks("DELETE", f"/webhooks/{new['id']}")
    assert (ended.status_code, ended.data) == (204, b"")
    assert camat.gets("/webhooks")["count"] == 0
    assert camat.asks("GET", f"/webhooks/{new['id']}").status_code == 404
    assert program("kasubbag.gambut").asks("POST", "/webhooks", json=BODY).status_code == 403


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"url": "http://sakip.example.go.id/"}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "https://169.254.169.254/latest"}, "url"),
        ({"url": "https://localhost:8000/"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"topics": []}, "topics"),
        ({"topics": ["semua"]}, "topics"),
        ({"topics": "case"}, "topics"),
        ({"name": "  "}, "name"),
        ({"office": None}, "office"),  # only an administrator hears of every office
    ],
)
def test_what_cannot_be_told_is_refused_by_field(
    program: Programs, facts: dict[str, Any], field: str
) -> None:
    answer = program("camat.gambut").asks("POST", "/webhooks", json={**BODY, **facts})
    assert answer.status_code == 422
    assert answer.json is not None
    assert [each["field"] for each in answer.json["errors"]] == [field]


def test_an_administrator_hears_of_every_office(program: Programs) -> None:
    assert made(program("admin"), office=None)["office"] is None
    assert program("camat.gambut").gets("/webhooks")["count"] == 0


def test_what_died_is_listed_with_its_attempts_and_sent_again(
    program: Programs, office: Office, clock: Clock
) -> None:
    camat = program("camat.gambut")
    with listening(410, 204) as receiver:
        camat.client.application.config["NETWORKS"] = LOOPBACK
        place = f"/webhooks/{made(camat, url=receiver.url, topics=['case'])['id']}"
        office.starts()
        sender.send_all(office.database, clock(), LOOPBACK)
        assert camat.gets(place)["dead"] == 1
        [dead] = camat.gets(f"{place}/deliveries?state=dead")["items"]
        assert dead["type"] == "case.started"
        assert [each["status"] for each in dead["attempts"]] == [410]
        again = f"{place}/deliveries/{dead['id']}/retry"
        assert camat.asks("POST", again).json == {"count": 1}
        assert camat.asks("POST", again).status_code == 409
        sender.send_all(office.database, clock(), LOOPBACK)
        [sent] = camat.gets(f"{place}/deliveries?state=sent")["items"]
        assert [each["status"] for each in sent["attempts"]] == [410, 204]
        assert camat.asks("POST", f"{place}/retry").json == {"count": 0}
        trial = camat.asks("POST", f"{place}/trial")
        assert trial.status_code == 202
        assert camat.gets(f"{place}/deliveries?state=waiting")["items"] == [trial.json]
        sender.send_all(office.database, clock(), LOOPBACK)
        assert receiver.kinds == ["case.started", "case.started", "ping"]
