"""Telegram, by a bot of the office's own."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import orjson

from bpmn.errors import N_
from engine.settings import BadSetting, Network, Settings
from tasks import outside
from tasks.channels.ground import BadAddress, Down, NotSent, Refused, Unsure
from tasks.messages import Message, as_text

API: Final = "https://api.telegram.org"
LONGEST: Final = 4_000
_TOKEN: Final = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{10,80}")
_NUMBER: Final = "Tulis nomor ini di Alur, pada Atur pemberitahuan:"
_ASKING: Final = {"/start", "/id"}
_CHAT: Final = re.compile(r"-?[0-9]{3,20}")


class NoChat(BadAddress):
    sentence = N_("“%(address)s” bukan nomor obrolan Telegram. Contoh: 123456789")


def open(settings: Settings) -> "Telegram | None":
    """The channel, where a bot's token is set."""
    environ = settings.variables
    token = environ.get("ALUR_TELEGRAM_TOKEN", "")
    if not token:
        return None
    if not _TOKEN.fullmatch(token):
        # Not repeated: it is a secret.
        raise BadSetting(name="ALUR_TELEGRAM_TOKEN", value="…", wanted="token dari @BotFather")
    return Telegram(token, environ.get("ALUR_TELEGRAM_URL", API).rstrip("/"), settings.networks)


@dataclass
class Telegram:
    """What the bot says to one chat, as plain text."""

    token: str
    url: str = API
    allowed: Sequence[Network] = ()
    patience: float = outside.PATIENCE

    label = N_("Telegram")
    asks_for = N_("Nomor obrolan Telegram")
    example = "123456789"
    advice = N_(
        "Bukalah bot kantor di Telegram, tekan Mulai, dan kirim /id: bot menjawab dengan nomornya."
    )
    lanes = 1
    is_signed = False

    def check(self, address: str) -> str:
        address = address.strip()
        if not _CHAT.fullmatch(address):
            raise NoChat(address=address[:40])
        return address

    def send(self, address: str, message: Message, secret: str | None) -> None:
        self._say(int(address), as_text(message)[:LONGEST])

    def _say(self, chat: int, text: str) -> None:
        said = {"chat_id": chat, "text": text, "link_preview_options": {"is_disabled": True}}
        answer, reply = self._ask("sendMessage", said)
        if answer.status in (400, 403):
            raise Refused(why=_reason(answer.status, reply))
        if answer.status != 200 or not reply.get("ok"):
            raise Down(why=_reason(answer.status, reply))

    def _ask(self, method: str, facts: dict[str, Any]) -> tuple[outside.Answer, dict[str, Any]]:
        """What the bot is asked to do, and what came of it."""
        where = f"{self.url}/bot{self.token}/{method}"
        headers = {"Content-Type": "application/json"}
        try:
            answer = outside.post(
                where, orjson.dumps(facts), headers, allowed=self.allowed, patience=self.patience
            )
        except outside.Unsure as wrong:
            raise Unsure(why=str(wrong)) from wrong
        except outside.OutsideError as wrong:
            raise Down(why=str(wrong)) from wrong
        return answer, _read(answer.body)

    def listen(self) -> int:
        """Tell whoever asks the number of her chat; how many asked."""
        _, heard = self._ask("getUpdates", {"timeout": 0, "allowed_updates": ["message"]})
        updates = [update for update in heard.get("result", []) if isinstance(update, dict)]
        asked = {chat for update in updates if (chat := _asks(update)) is not None}
        for chat in asked:
            with suppress(NotSent, Unsure):  # who asks again is answered again
                self._say(chat, f"{_NUMBER} {chat}")
        if updates:
            # Said only afterwards: who asked while the line was cut is answered next time.
            heard_to = max(int(update["update_id"]) for update in updates)
            self._ask("getUpdates", {"timeout": 0, "offset": heard_to + 1, "limit": 1})
        return len(asked)

    def close(self) -> None:
        pass


def _asks(update: Mapping[str, Any]) -> int | None:
    """Who wants to know her number."""
    message = update.get("message") or {}
    is_asked = str(message.get("text", "")).partition(" ")[0] in _ASKING
    chat = (message.get("chat") or {}).get("id")
    return chat if is_asked and isinstance(chat, int) else None


def _read(body: bytes) -> dict[str, Any]:
    try:
        reply = orjson.loads(body)
    except ValueError:
        return {}
    return reply if isinstance(reply, dict) else {}


def _reason(status: int, reply: Mapping[str, Any]) -> str:
    return f"HTTP {status} {reply.get('description', '')}".strip()[:200]
