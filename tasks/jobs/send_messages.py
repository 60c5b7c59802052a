"""Carry out what is on its way to people's addresses."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import monotonic
from typing import Final

from engine.db import EVERYWHERE, Database
from engine.settings import Settings
from tasks import channels, deliveries
from tasks.channels.ground import Down
from tasks.jobs import USUAL, Round

# Seconds: a round makes way for the next look at what is new.
ROUND: Final = 60.0


def send_messages(database: Database, now: datetime, settings: Settings = USUAL) -> Round:
    """Each channel by lines of its own: one that is deaf keeps no other waiting."""
    with database.reading(EVERYWHERE) as session:
        waiting = deliveries.waiting(session, now)
    if not waiting:
        return Round()
    known = channels.opened(settings)
    lines = [name for name in waiting for _ in range(known[name].lanes if name in known else 1)]
    with ThreadPoolExecutor(len(lines)) as pool:
        rounds = pool.map(lambda name: _send(database, now, settings, name), lines)
        return sum(rounds, Round())


def _send(database: Database, now: datetime, settings: Settings, name: str) -> Round:
    """One message after the other, until none is left or the channel is down."""
    until, results = monotonic() + ROUND, Counter[bool]()
    with deliveries.outlet(settings, name) as outlet:
        while monotonic() < until:
            with database.transaction(EVERYWHERE) as session:
                taken = deliveries.take(session, outlet, now)
            if taken is None:
                break
            wrong = deliveries.carry(outlet, taken)
            with database.transaction(EVERYWHERE) as session:
                deliveries.put_down(session, taken, wrong, now)
            results[wrong is None] += 1
            if isinstance(wrong, Down):
                break
    return Round(results[True], results[False])
