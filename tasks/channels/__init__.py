"""The ways out of the house. A new one is one file, and one line in the table."""

from collections.abc import Callable, Mapping
from typing import Final

from engine.settings import Settings
from tasks.channels import email, telegram, webhook
from tasks.channels.ground import Channel

OPENERS: Final[Mapping[str, Callable[[Settings], Channel | None]]] = {
    "email": email.open,
    "telegram": telegram.open,
    "webhook": webhook.open,
}

# How each is called, also where it is not set up (any more).
LABELS: Final[Mapping[str, str]] = {
    "email": email.Email.label,
    "telegram": telegram.Telegram.label,
    "webhook": webhook.Webhook.label,
}

Channels = Mapping[str, Channel]


def opened(settings: Settings) -> Channels:
    """Those that this installation has been set up for, by name."""
    found = {name: open(settings) for name, open in OPENERS.items()}
    return {name: channel for name, channel in found.items() if channel is not None}
