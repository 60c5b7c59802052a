"""Put the morning's digests on their way, office by office as they open."""

from datetime import datetime

from engine.db import EVERYWHERE, Database
from tasks import digests
from tasks.jobs import Round
from tasks.jobs.weigh_notices import weigh_notices


def open_digests(database: Database, now: datetime) -> Round:
    """Some of those that are due: all else has its turn in between."""
    weigh_notices(database, now)  # what happened just before they open belongs in them
    with database.transaction(EVERYWHERE) as session:
        return Round(digests.open_due(session, now))
