"""A web address that takes a signed note: the way to whatever an office has of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from bpmn.errors import N_
from engine.settings import Network, Settings
from tasks import outside, webhooks
from tasks.channels.ground import BadAddress, NotSent, Refused, Unsure
from tasks.messages import Message, as_data

_GONE: Final = 410


class NoWebAddress(BadAddress):
    sentence = outside.BadAddress.sentence


class WithinTheHouse(BadAddress):
    sentence = outside.NotOutside.sentence


def open(settings: Settings) -> "Webhook | None":
    """The channel, where an operator wants it."""
    is_wanted = settings.variables.get("ALUR_WEBHOOK", "") in {"1", "ya", "true"}
    return Webhook(settings.networks) if is_wanted else None


@dataclass
class Webhook:
    """JSON by POST; whoever shares the secret can tell that it is ours and when it was sent."""

    allowed: Sequence[Network] = ()
    patience: float = outside.PATIENCE

    label = N_("Webhook")
    asks_for = N_("Alamat web penerima")
    example = "https://gerbang.kantor.go.id/alur"
    advice = N_(
        "Untuk program milik kantor, misalnya gerbang pesan. Setiap kiriman ditandatangani."
    )
    lanes = 4
    is_signed = True

    def check(self, address: str) -> str:
        try:
            return webhooks.check(address.strip(), self.allowed)
        except outside.BadAddress as wrong:
            raise NoWebAddress from wrong
        except outside.NotOutside as wrong:
            raise WithinTheHouse(**wrong.facts) from wrong

    def send(self, address: str, message: Message, secret: str | None) -> None:
        body = orjson.dumps(as_data(message))
        headers = webhooks.signed(secret or "", message.id, message.at, body)
        try:
            answer = outside.post(
                address, body, headers, allowed=self.allowed, patience=self.patience
            )
        except outside.Unsure as wrong:
            raise Unsure(why=str(wrong)) from wrong
        except outside.NotOutside as wrong:
            raise Refused(why=str(wrong)) from wrong
        except outside.OutsideError as wrong:
            raise NotSent(why=str(wrong)) from wrong
        if answer.status == _GONE:
            raise Refused(why=f"HTTP {answer.status}")
        if not 200 <= answer.status < 300:
            raise NotSent(why=f"HTTP {answer.status}")

    def close(self) -> None:
        pass
