"""Let the months count what was finished, a little at a time: nobody waits for it."""

from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from engine import tallies
from engine.db import EVERYWHERE, Database
from tasks.jobs import Round

# What there is to count after an upgrade must not keep this clock from all else.
LONGEST: Final = timedelta(seconds=20)


def count_up(database: Database, _now: datetime) -> Round:
    """Until nothing is left, or for so long."""
    done, until = 0, monotonic() + LONGEST.total_seconds()
    while monotonic() < until:
        with database.transaction(EVERYWHERE) as session:
            counted = tallies.fold(session)
        done += counted
        if not counted:
            break
    return Round(done=done)
