"""What is done every night: forget, seal, keep a copy, and let the database look after itself."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from bpmn.errors import AlurError
from engine import anchors, chores, upkeep
from engine.db import EVERYWHERE, Database
from engine.settings import Settings
from tasks import nightly, retention
from tasks.jobs import Round

log = logging.getLogger(__name__)

Chore = Callable[[Database, datetime, Settings], str]


def forget(database: Database, now: datetime, _settings: Settings) -> str:
    return f"{retention.forget(database, now)} catatan lama dihapus"


def anchor(database: Database, now: datetime, settings: Settings) -> str:
    with database.transaction(EVERYWHERE) as session:
        span = anchors.due(session, now)
    if span is None:
        return "sudah disegel hari ini"
    with database.transaction(EVERYWHERE) as session:
        cast = anchors.cast(session, span, now)
    return str(anchors.write_down(settings.data, cast))


def backup(database: Database, now: datetime, settings: Settings) -> str:
    return nightly.backup(database, now, settings)


def optimise(database: Database, _now: datetime, _settings: Settings) -> str:
    return upkeep.look_after(database)


# In this order: the copy holds what is left after forgetting, and the seal of the day.
CHORES: Final[Mapping[str, Chore]] = {
    "forget": forget,
    "anchor": anchor,
    "backup": backup,
    "optimise": optimise,
}


def keep_house(database: Database, now: datetime, settings: Settings) -> Round:
    """What of this night is not done yet."""
    with database.reading(EVERYWHERE) as session:
        due = chores.due(session, list(CHORES), now)
    if due is None:
        with database.transaction(EVERYWHERE) as session:
            chores.begin(session, list(CHORES), now)
        return Round()
    results = [_do(database, name, now, settings) for name in due]
    return Round(done=results.count(True), failed=results.count(False))


def _do(database: Database, name: str, now: datetime, settings: Settings) -> bool | None:
    with database.transaction(EVERYWHERE) as session:
        if not chores.claim(session, name, now):
            return None
    try:
        said = CHORES[name](database, now, settings)
    except Exception as wrong:
        log.exception("%s could not be done", name)
        why = str(wrong) if isinstance(wrong, AlurError) else type(wrong).__name__
        with database.transaction(EVERYWHERE) as session:
            chores.failed(session, name, why, now)
        return False
    with database.transaction(EVERYWHERE) as session:
        chores.done(session, name, said, now)
    return True
