"""Hear whoever asks a channel something; only Telegram's bot is ever asked."""

from datetime import datetime

from engine.db import Database
from engine.settings import Settings
from tasks import channels
from tasks.channels.ground import Listener, NotSent, Unsure
from tasks.jobs import USUAL, Round


def hear_chats(_: Database, __: datetime, settings: Settings = USUAL) -> Round:
    """Answer each, once."""
    listeners = [it for it in channels.opened(settings).values() if isinstance(it, Listener)]
    try:
        return Round(sum(it.listen() for it in listeners))
    except (NotSent, Unsure):
        return Round(failed=1)  # whoever asked is heard next time
