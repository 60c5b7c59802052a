"""Let what is still late be heard of one level higher."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import update

from engine import timers, waking
from engine.db import EVERYWHERE, Database
from engine.models import Task
from tasks.jobs import PATIENCE, Round

log = logging.getLogger(__name__)

BATCH: Final = 40


def climb_ladders(database: Database, now: datetime) -> Round:
    """Many at once; where one of them fails, each by itself."""
    with database.reading(EVERYWHERE) as session:
        due = timers.due_to_climb(session, now)
    total = Round()
    for start in range(0, len(due), BATCH):
        total += _climb(database, due[start : start + BATCH], now)
    return total


def _climb(database: Database, ids: Sequence[int], now: datetime) -> Round:
    try:
        with database.transaction(EVERYWHERE) as session:
            return Round(done=waking.climb_all(session, ids, now))
    except Exception:
        log.exception("the lateness of %s tasks could not climb", len(ids))
    if len(ids) > 1:
        return sum((_climb(database, [id], now) for id in ids), Round())
    with database.transaction(EVERYWHERE) as session:
        later = update(Task).where(Task.id.in_(ids)).values(climb_at=now + PATIENCE)
        session.execute(later)
    return Round(failed=1)
