"""Let go on what somebody had in hand when she is away or back, or her days are over."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.db import EVERYWHERE, Database
from engine.models import Absence, Holder
from tasks import succession
from tasks.jobs import PATIENCE, Round

log = logging.getLogger(__name__)


def pass_on_work(database: Database, now: datetime) -> Round:
    """Each absence and each holder in a transaction of its own."""
    with database.reading(EVERYWHERE) as session:
        away, gone = succession.absences_due(session, now), succession.holders_due(session, now)
    results = [_settle(database, succession.settle_absence, Absence, id, now) for id in away]
    results += [_settle(database, succession.settle_holder, Holder, id, now) for id in gone]
    return Round(done=results.count(True), failed=results.count(None))


def _settle(
    database: Database,
    settle: Callable[[Session, int, datetime], bool],
    noun: type[Absence] | type[Holder],
    id: int,
    now: datetime,
) -> bool | None:
    try:
        with database.transaction(EVERYWHERE) as session:
            return settle(session, id, now)
    except Exception:
        log.exception("%s %s could not be settled", noun.__tablename__, id)
        with database.transaction(EVERYWHERE) as session:
            later = update(noun).where(noun.id == id).values(wake_at=now + PATIENCE)
            session.execute(later)
        return None
