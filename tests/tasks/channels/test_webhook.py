"""Twin of tasks/channels/webhook.py, against a real web server on loopback."""

import hashlib
import hmac
import socket
from base64 import b64encode
from collections.abc import Iterator

import orjson
import pytest

from engine.settings import Settings, networks
from tasks.channels import webhook
from tasks.channels.ground import NotSent, Refused, Unsure
from tasks.channels.webhook import Webhook
from tests.loopback.http import Listener, listening, say
from tests.tasks.channels.test_email import MESSAGE

HOME = networks("127.0.0.0/8, ::1/128")
SECRET = "whsec_" + b64encode(b"kunci-bersama").decode()


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


def test_a_note_is_signed_so_that_its_receiver_can_tell(listener: Listener) -> None:
    Webhook(HOME).send(listener.url + "/alur", MESSAGE, SECRET)
    [came] = listener.heard
    moment = came.headers["webhook-timestamp"]
    signed = f"{MESSAGE.id}.{moment}.".encode() + came.body
    seal = b64encode(hmac.new(b"kunci-bersama", signed, hashlib.sha256).digest()).decode()
    assert came.headers["webhook-signature"] == f"v1,{seal}"
    assert int(moment) == int(MESSAGE.at.timestamp())
    assert came.headers["webhook-id"] == MESSAGE.id
    told = orjson.loads(came.body)
    assert (told["id"], told["repeated"], told["more"]) == (MESSAGE.id, False, 3)
    assert told["lines"][0]["step"] == "Menandatangani surat <penting>"


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_what_was_taken_was_taken(listener: Listener, status: int) -> None:
    listener.answers = lambda _, it: say(it, status)
    Webhook(HOME).send(listener.url, MESSAGE, SECRET)


@pytest.mark.parametrize("status", [302, 400, 404, 429, 500, 503])
def test_what_was_not_taken_may_be_taken_later(listener: Listener, status: int) -> None:
    listener.answers = lambda _, it: say(it, status, Location="http://127.0.0.1/")
    with pytest.raises(NotSent, match=str(status)) as wrong:
        Webhook(HOME).send(listener.url, MESSAGE, SECRET)
    assert not isinstance(wrong.value, Refused)
    assert len(listener.heard) == 1


def test_whoever_is_gone_is_gone(listener: Listener) -> None:
    listener.answers = lambda _, it: say(it, 410)
    with pytest.raises(Refused):
        Webhook(HOME).send(listener.url, MESSAGE, SECRET)


def test_inner_addresses_are_refused_for_good(listener: Listener) -> None:
    with pytest.raises(Refused):
        Webhook().send(listener.url, MESSAGE, SECRET)
    assert listener.heard == []


def test_a_line_cut_in_the_middle_leaves_us_unsure(listener: Listener) -> None:
    listener.answers = lambda _, it: it.connection.shutdown(socket.SHUT_RDWR)
    with pytest.raises(Unsure):
        Webhook(HOME).send(listener.url, MESSAGE, SECRET)


def test_an_operator_must_want_it() -> None:
    assert webhook.open(Settings(networks=HOME)) is None
    opened = webhook.open(Settings(networks=HOME, variables={"ALUR_WEBHOOK": "1"}))
    assert opened is not None
    assert opened.allowed == HOME


def test_an_address_is_checked_before_it_is_kept() -> None:
    assert Webhook().check(" https://gerbang.example/alur ") == "https://gerbang.example/alur"
    for bad in ("", "gerbang", "ftp://x.example/", "https://a:b@c.example/"):
        with pytest.raises(webhook.NoWebAddress):
            Webhook().check(bad)
    with pytest.raises(webhook.WithinTheHouse):
        Webhook().check("https://10.1.2.3/alur")
    assert Webhook(HOME).check("http://127.0.0.1:9/alur") == "http://127.0.0.1:9/alur"
