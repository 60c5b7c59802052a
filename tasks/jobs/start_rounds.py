"""Open every case that comes round by itself."""

import logging
from datetime import datetime

from sqlalchemy import update

from engine import timers
from engine.db import EVERYWHERE, Database
from engine.models import Sop
from tasks.jobs import PATIENCE, Round

log = logging.getLogger(__name__)


def start_rounds(database: Database, now: datetime) -> Round:
    """Each quarter, each Monday, on a date."""
    with database.reading(EVERYWHERE) as session:
        due = timers.due_to_start(session, now)
    results = [_start_round(database, sop_id, now) for sop_id in due]
    return Round(done=results.count(True), failed=results.count(False))


def _start_round(database: Database, sop_id: int, now: datetime) -> bool:
    try:
        with database.transaction(EVERYWHERE) as session:
            timers.start_round(session, sop_id, now)
    except Exception:
        log.exception("a case of SOP %s could not be opened", sop_id)
        with database.transaction(EVERYWHERE) as session:
            later = update(Sop).where(Sop.id == sop_id).values(starts_at=now + PATIENCE)
            session.execute(later)
        return False
    return True
