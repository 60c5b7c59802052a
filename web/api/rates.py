"""Keep a program that runs wild from taking the work of all others.

The first few requests of a minute each process grants by itself: a program that asks now and
then costs no write. Whoever asks for more draws from the one count in the database, a dozen at a
time. So the limit holds over any number of processes, give or take those first few of each.
"""

from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock
from typing import Final

from engine import allowances
from engine.db import EVERYWHERE, Database
from web.api.refusals import TooOften

# Of the limit: what a process grants by itself, and what it draws at once.
_OWN: Final = 50
_DRAWN: Final = 60
_MOST_KNOWN: Final = 10_000
# Who comes without a valid token, by address.
FAILURES: Final = 60


@dataclass
class Slot:
    """What a process may still grant to one key in this minute, as far as it knows."""

    minute: int
    held: int
    lock: Lock = field(default_factory=Lock, repr=False)
    used: int = 0
    # Drawn by all processes together, when it was last asked.
    drawn: int = 0
    is_spent: bool = False


@dataclass(frozen=True)
class Standing:
    """How a key stands: for the headers of an answer."""

    limit: int
    left: int
    seconds: int


class Meter:
    """One for each process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._slots: dict[str, Slot] = {}
        self._lock = Lock()

    def spend(self, key: str, limit: int, now: datetime) -> Standing:
        """One request of this key, or `TooOften` with the seconds to wait."""
        slot = self._slot(key, allowances.minute(now), limit)
        with slot.lock:
            if slot.held == 0 and not slot.is_spent:
                self._draw(slot, key, limit, now)
            if slot.held == 0:
                raise TooOften(limit=limit, seconds=_rest(now))
            slot.held, slot.used = slot.held - 1, slot.used + 1
            # Of what the others drew, nobody here knows how much they used.
            gone = max(slot.used, slot.drawn - slot.held)
            return Standing(limit, max(0, limit - gone), _rest(now))

    def _slot(self, key: str, minute: int, limit: int) -> Slot:
        with self._lock:
            slot = self._slots.get(key)
            if slot is None or slot.minute != minute:
                self._make_room(minute)
                slot = self._slots[key] = Slot(minute, held=limit // _OWN)
            return slot

    def _make_room(self, minute: int) -> None:
        if len(self._slots) >= _MOST_KNOWN:
            self._slots = {key: slot for key, slot in self._slots.items() if slot.minute == minute}

    def _draw(self, slot: Slot, key: str, limit: int, now: datetime) -> None:
        wanted = max(1, limit // _DRAWN)
        with self._database.transaction(EVERYWHERE) as session:
            drawn = allowances.draw(session, key, wanted, limit, now)
        if drawn is None:
            slot.drawn, slot.is_spent = limit, True
        else:
            slot.drawn, slot.held = drawn, wanted


def address(remote: str | None) -> str:
    """The key of whoever came without a token; of IPv6 the network, for a machine has many."""
    try:
        found = ip_address(remote or "")
    except ValueError:
        return "alamat:?"
    if not isinstance(found, IPv6Address):
        return f"alamat:{found}"
    return f"alamat:{found.ipv4_mapped or ip_network((found, 64), strict=False)}"


def _rest(now: datetime) -> int:
    return allowances.MINUTE - int(now.timestamp()) % allowances.MINUTE
