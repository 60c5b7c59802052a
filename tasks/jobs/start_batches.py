"""Start the cases of the lists that somebody began."""

import logging
from datetime import datetime

from sqlalchemy.exc import OperationalError

from bpmn.errors import AlurError
from engine.db import EVERYWHERE, Database
from tasks import batches
from tasks.jobs import Round

log = logging.getLogger(__name__)


def start_batches(database: Database, now: datetime) -> Round:
    """Each row in a transaction of its own, a bounded piece of each list."""
    with database.reading(EVERYWHERE) as session:
        known = batches.under_way(session)
    results = [result for batch_id in known for result in _start(database, batch_id, now)]
    return Round(done=results.count(True), failed=results.count(False))


def _start(database: Database, batch_id: int, now: datetime) -> list[bool]:
    with database.transaction(EVERYWHERE) as session:
        numbers = batches.claim(session, batch_id, now)
    if numbers is None:
        return []  # another clock has it in hand
    results = [_starts(database, batch_id, number, now) for number in numbers]
    with database.transaction(EVERYWHERE) as session:
        batches.release(session, batch_id, now)
    return results


def _starts(database: Database, batch_id: int, number: int, now: datetime) -> bool:
    try:
        with database.transaction(EVERYWHERE) as session:
            batches.start(session, batch_id, number, now)
    except OperationalError:
        raise  # the database is away, and the row is well: a later round goes on from here
    except Exception as wrong:
        if not isinstance(wrong, AlurError):
            log.exception("row %s of list %s cannot be started", number, batch_id)
        why = str(wrong) if isinstance(wrong, AlurError) else type(wrong).__name__
        with database.transaction(EVERYWHERE) as session:
            batches.fail(session, batch_id, number, why)
        return False
    return True
