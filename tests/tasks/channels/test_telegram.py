"""Twin of tasks/channels/telegram.py, against a small server that speaks like Telegram's."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import orjson
import pytest

from engine.settings import BadSetting, Settings, networks
from tasks.channels import telegram
from tasks.channels.ground import NotSent, Refused
from tasks.channels.telegram import Telegram
from tests.loopback.http import Listener, listening, say
from tests.tasks.channels.test_email import MESSAGE

HOME = networks("127.0.0.0/8, ::1/128")
TOKEN = "123456:abcdefghijklmnopqrstuvwxyz"


class Bots:
    """Telegram, as far as a bot sees it."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.said: list[tuple[int, str]] = []

    def __call__(self, listener: Listener, it: BaseHTTPRequestHandler) -> None:
        came = listener.heard[-1]
        facts = orjson.loads(came.body)
        if came.path != f"/bot{TOKEN}/{came.path.rpartition('/')[2]}":
            return say(it, 401, b'{"ok":false,"description":"Unauthorized"}')
        if came.path.endswith("sendMessage"):
            self.said.append((facts["chat_id"], facts["text"]))
            return say(it, 200, b'{"ok":true,"result":{}}')
        heard_to = facts.get("offset", 0)
        self.updates = [update for update in self.updates if update["update_id"] >= heard_to]
        return say(it, 200, orjson.dumps({"ok": True, "result": self.updates}))

    def hears(self, number: int, chat: Any, text: str) -> None:
        self.updates.append({"update_id": number, "message": {"chat": {"id": chat}, "text": text}})


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


@pytest.fixture
def bots(listener: Listener) -> Bots:
    listener.answers = bots = Bots()
    return bots


def bot(listener: Listener) -> Telegram:
    return Telegram(TOKEN, listener.url, HOME)


def test_the_bot_says_it_to_the_chat_in_plain_text(listener: Listener, bots: Bots) -> None:
    bot(listener).send("4711", MESSAGE, None)
    [(chat, text)] = bots.said
    assert chat == 4711
    assert "Menandatangani surat <penting>" in text


def test_who_blocked_the_bot_is_not_tried_again(listener: Listener) -> None:
    listener.answers = lambda _, it: say(it, 403, b'{"description":"bot was blocked by the user"}')
    with pytest.raises(Refused, match="blocked"):
        bot(listener).send("4711", MESSAGE, None)


def test_a_bot_in_a_hurry_or_a_stumbling_server_is_tried_later(listener: Listener) -> None:
    for status, body in ((429, b'{"description":"Too Many"}'), (502, b"<html>"), (200, b"[]")):
        listener.answers = lambda _, it, s=status, b=body: say(it, s, b)  # type: ignore[misc]
        with pytest.raises(NotSent) as wrong:
            bot(listener).send("4711", MESSAGE, None)
        assert not isinstance(wrong.value, Refused)


def test_whoever_asks_the_bot_is_told_her_number_once(listener: Listener, bots: Bots) -> None:
    bots.hears(7, 4711, "/start")
    bots.hears(8, 4712, "/id")
    bots.hears(9, 4713, "Halo?")
    bots.hears(10, None, "/id")
    assert bot(listener).listen() == 2
    assert sorted(chat for chat, _ in bots.said) == [4711, 4712]
    assert bots.said[0][1].endswith(f" {bots.said[0][0]}")
    assert bot(listener).listen() == 0


def test_the_token_is_a_secret(listener: Listener, bots: Bots) -> None:
    with pytest.raises(BadSetting) as wrong:
        telegram.open(Settings(variables={"ALUR_TELEGRAM_TOKEN": "123:rahasia"}))
    assert "rahasia" not in str(wrong.value)
    with pytest.raises(NotSent) as refused:
        Telegram("999999:zyxwvutsrqponmlkjihgfedcba", listener.url, HOME).send("1", MESSAGE, None)
    assert "zyx" not in str(refused.value)


def test_the_settings_name_the_bot() -> None:
    assert telegram.open(Settings()) is None
    opened = telegram.open(Settings(variables={"ALUR_TELEGRAM_TOKEN": TOKEN}))
    assert opened is not None
    assert opened.url == "https://api.telegram.org"


@pytest.mark.parametrize("address", ["", "@aulia", "12", "1e5", "4711\n5", "9" * 30])
def test_what_is_no_chat_is_refused(address: str) -> None:
    with pytest.raises(telegram.NoChat):
        Telegram(TOKEN).check(address)
    assert Telegram(TOKEN).check(" -1001234 ") == "-1001234"
