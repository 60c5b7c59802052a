"""Let every case whose time has come move on."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import update

from bpmn.errors import AlurError
from engine import cases, incidents, timers, waking
from engine.cases import CaseStuck
from engine.db import EVERYWHERE, Database
from engine.models import Case
from tasks.jobs import PATIENCE, Round

log = logging.getLogger(__name__)

# So many in one transaction; whoever completes a step of one of them waits no longer than that.
BATCH: Final = 40


def wake_cases(database: Database, now: datetime) -> Round:
    """Many at once; where one of them fails, each by itself."""
    with database.reading(EVERYWHERE) as session:
        due = timers.due(session, now)
    total = Round()
    for start in range(0, len(due), BATCH):
        total += _wake_all(database, due[start : start + BATCH], now)
    return total


def _wake_all(database: Database, ids: Sequence[int], now: datetime) -> Round:
    try:
        with database.transaction(EVERYWHERE) as session:
            return Round(done=waking.wake_all(session, ids, now))
    except AlurError:
        pass  # one of them is stuck; which one shows when each goes alone
    except Exception:
        log.exception("%s cases could not be woken together", len(ids))
    results = [_wake(database, id, now) for id in ids]
    return Round(done=results.count(True), failed=results.count(False))


def _wake(database: Database, case_id: int, now: datetime) -> bool:
    try:
        with database.transaction(EVERYWHERE) as session:
            cases.wake(session, case_id, now)
    except CaseStuck as stuck:
        with database.transaction(EVERYWHERE) as session:
            incidents.record(session, stuck, now)
        return False
    except Exception:
        log.exception("case %s could not be woken", case_id)
        with database.transaction(EVERYWHERE) as session:
            later = update(Case).where(Case.id == case_id).values(wake_at=now + PATIENCE)
            session.execute(later)
        return False
    return True
