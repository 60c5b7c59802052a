"""Twin of tasks/outside.py: it goes where it should, nowhere else, and never waits for ever."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from engine.settings import networks
from tasks import outside
from tests import loopback
from tests.loopback.http import Listener, listening, say, silence

HOME = networks("127.0.0.0/8, ::1/128")


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


def test_what_is_sent_arrives_whole_and_the_answer_comes_back(listener: Listener) -> None:
    answer = outside.post(listener.url + "/hook?a=1", b"isi", {"X-Alur": "1"}, allowed=HOME)
    assert (answer.status, answer.body) == (200, b"{}")
    [came] = listener.heard
    assert (came.path, came.body, came.headers["X-Alur"]) == ("/hook?a=1", b"isi", "1")
    assert came.headers["Host"] == f"localhost:{listener.port}"


def test_over_tls_only_to_whoever_proves_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(tls=True) as listener:
        with pytest.raises(outside.Unreachable, match="certificate"):
            outside.post(listener.url, b"", {}, allowed=HOME)
        monkeypatch.setenv("SSL_CERT_FILE", str(loopback.CA))
        assert outside.post(listener.url, b"", {}, allowed=HOME).status == 200
        assert len(listener.heard) == 1


INNER = [
    "https://127.0.0.1/",
    "https://localhost/",
    "https://10.1.2.3/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://0.0.0.0/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://127.1/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[fd00::1]/",
    "https://[fe80::1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b:1::7f00:1]/",
    "https://[::ffff:0:7f00:1]/",
    "https://[::7f00:1]/",
    "https://[fec0::1]/",
    "https://[2002:7f00:1::]/",
    "https://224.0.0.1/",
    "http://93.184.215.14/",  # a stranger, and nothing to keep it secret
]


@pytest.mark.parametrize("url", INNER)
def test_nothing_goes_into_our_own_house(url: str) -> None:
    with pytest.raises(outside.NotOutside):
        outside.post(url, b"", {})


def test_an_allowed_network_opens_that_network_and_no_other(listener: Listener) -> None:
    with pytest.raises(outside.NotOutside):
        outside.post(listener.url, b"", {}, allowed=networks("10.0.0.0/8"))
    assert listener.heard == []


def test_a_name_that_changes_its_mind_gains_nothing(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First it names a stranger, the next time it is asked, us: it is asked only once."""
    asked: list[Any] = []

    def turns(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        address = "203.0.113.9" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", turns)
    tried: list[Any] = []

    def connect(_: socket.socket, address: Any) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    test_net = networks("203.0.113.0/24")
    with pytest.raises(outside.Unreachable):
        outside.post(f"http://berubah.example:{listener.port}/", b"", {}, allowed=test_net)
    assert (asked, tried) == (["berubah.example"], [("203.0.113.9", listener.port)])


def test_where_it_is_sent_on_to_is_nobodys_business(listener: Listener) -> None:
    listener.answers = lambda _, it: say(it, 302, Location=listener.url + "/inner")
    assert outside.post(listener.url, b"", {}, allowed=HOME).status == 302
    assert len(listener.heard) == 1


BAD = ["", "localhost", "ftp://a.example/", "https://", "https://a:b@c.example/", "https://a@b/"]
BAD += ["javascript:alert(1)", "https://a.example/\r\nX: y", "https://a b/", "https://é.example/"]
BAD += ["https://a.example:0/", "https://a.example:99999/", "https://[::1/", f"https://{'a' * 400}"]


@pytest.mark.parametrize("url", BAD)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(outside.BadAddress):
        outside.check(url)


def test_a_closed_door_is_surely_no_delivery() -> None:
    with silence() as port:
        pass
    with pytest.raises(outside.Unreachable):
        outside.post(f"http://127.0.0.1:{port}/", b"", {}, allowed=HOME)


def test_a_name_nobody_knows_is_surely_no_delivery() -> None:
    with pytest.raises(outside.Unreachable):
        outside.post("https://tidak-ada.invalid/", b"", {})


def test_whoever_hangs_up_in_the_middle_leaves_us_unsure(listener: Listener) -> None:
    listener.answers = lambda _, it: it.connection.shutdown(socket.SHUT_RDWR)
    with pytest.raises(outside.Unsure):
        outside.post(listener.url, b"", {}, allowed=HOME)


def drips(_: Listener, it: BaseHTTPRequestHandler) -> None:
    """A byte now and then, for ever."""
    with suppress(OSError):
        it.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            it.wfile.write(b"x")
            time.sleep(0.05)


def test_whoever_answers_for_ever_is_hung_up_on(listener: Listener) -> None:
    listener.answers = drips
    began = time.monotonic()
    with pytest.raises(outside.Unsure):
        outside.post(listener.url, b"", {}, allowed=HOME, patience=0.5)
    assert time.monotonic() - began < 60


def test_a_door_where_nobody_speaks_is_left_in_time() -> None:
    with silence() as port:
        with pytest.raises(outside.Unsure, match="tidak menjawab"):
            outside.post(f"http://127.0.0.1:{port}/", b"", {}, allowed=HOME, patience=0.3)
        with pytest.raises(outside.Unreachable):
            outside.post(f"https://127.0.0.1:{port}/", b"", {}, allowed=HOME, patience=0.3)


def test_of_a_huge_answer_only_the_beginning_is_read(listener: Listener) -> None:
    listener.answers = lambda _, it: say(it, 200, b"x" * 10_000_000)
    answer = outside.post(listener.url, b"", {}, allowed=HOME)
    assert len(answer.body) == outside.LARGEST_ANSWER
