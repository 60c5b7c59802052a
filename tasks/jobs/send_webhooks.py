"""Tell other programs what happened."""

from datetime import datetime

from engine.db import Database
from engine.settings import Settings
from tasks import webhooks
from tasks.jobs import USUAL, Round


def send_webhooks(database: Database, now: datetime, settings: Settings = USUAL) -> Round:
    """All that is due, each webhook in its turn."""
    results = webhooks.send_all(database, now, settings.networks)
    return Round(done=results.count(True), failed=results.count(False))
