"""Decide whether, where and when what people should know also leaves the house."""

from datetime import datetime

from engine.db import EVERYWHERE, Database
from tasks import weighing
from tasks.jobs import Round


def weigh_notices(database: Database, now: datetime) -> Round:
    """Until nothing is new, or another clock has it in hand."""
    done = 0
    while weighed := _weigh(database, now):
        done += weighed
    return Round(done)


def _weigh(database: Database, now: datetime) -> int:
    with database.reading(EVERYWHERE) as session:
        if not weighing.is_any_new(session):
            return 0  # known without taking a writer's place in the queue
    with database.transaction(EVERYWHERE) as session:
        return weighing.weigh(session, now)
