"""Let open cases follow a change of their office's hours."""

from datetime import datetime

from engine import redating
from engine.db import EVERYWHERE, Database
from tasks.jobs import Round
from tasks.jobs.alone import alone


def follow_hours(database: Database, now: datetime) -> Round:
    """Each case in a transaction of its own."""
    with database.reading(EVERYWHERE) as session:
        changes = redating.under_way(session)
    results = [result for change_id in changes for result in _follow(database, change_id, now)]
    return Round(done=results.count(True), failed=results.count(False))


def _follow(database: Database, change_id: int, now: datetime) -> list[bool]:
    with database.transaction(EVERYWHERE) as session:
        batch = redating.claim(session, change_id, now)
    if batch is None:
        return []  # another clock has it in hand
    results = [_follows(database, change_id, case_id, now) for case_id in batch]
    with database.transaction(EVERYWHERE) as session:
        redating.release(session, change_id, now, is_over=len(batch) < redating.BATCH)
    return results


def _follows(database: Database, change_id: int, case_id: int, now: datetime) -> bool:
    return alone(
        database,
        f"to let case {case_id} follow its office's hours",
        lambda session: redating.follow(session, change_id, case_id, now),
        lambda session, why: redating.fail(session, change_id, case_id, why, now),
    )
