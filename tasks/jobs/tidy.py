"""Forget what nobody will ask for any more."""

from datetime import datetime

from engine import allowances, receipts, webhooks
from engine.db import EVERYWHERE, Database
from tasks import batches, deliveries
from tasks.jobs import Round


def tidy(database: Database, now: datetime) -> Round:
    """Old answers, what old visitors asked for, and what was told long ago."""
    with database.transaction(EVERYWHERE) as session:
        receipts.forget(session, now)
        allowances.forget(session, now)
        webhooks.forget(session, now)
        deliveries.forget(session, now)
        batches.forget(session, now)
    return Round()
