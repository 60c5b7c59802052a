"""Start the cases of the lists that somebody began."""

from datetime import datetime

from engine.db import EVERYWHERE, Database
from tasks import batches
from tasks.jobs import Round
from tasks.jobs.alone import alone


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
    return alone(
        database,
        f"to start row {number} of list {batch_id}",
        lambda session: batches.start(session, batch_id, number, now),
        lambda session, why: batches.fail(session, batch_id, number, why),
    )
