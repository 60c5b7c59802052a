"""Keep how long many steps took in little room, so that a million of them have a median at once.

A span goes into the part that its first seven binary digits name. Of each part only how many and
how much is kept: what lies within one differs by at most 1.6 %, and so does every median told.
"""

from collections.abc import Iterable, Iterator
from math import ceil
from typing import Final

_DIGITS: Final = 7
# How far from the truth a median may be told, as a share of it.
ERROR: Final = 1 / 2 ** (_DIGITS - 1)

Part = tuple[int, int, int]


class Spread:
    """Spans in seconds: how many, how much in all, and what half and nine in ten stay below."""

    __slots__ = ("_parts",)

    def __init__(self, parts: Iterable[Iterable[int]] = ()) -> None:
        self._parts = {at: (count, total) for at, count, total in parts}

    def add(self, seconds: int) -> None:
        self._put(_part(seconds), 1, seconds)

    def merge(self, parts: Iterable[Iterable[int]]) -> None:
        """Take in what another holds, as `dump` gave it."""
        for at, count, total in parts:
            self._put(at, count, total)

    def _put(self, at: int, count: int, total: int) -> None:
        had, sum_ = self._parts.get(at, (0, 0))
        self._parts[at] = (had + count, sum_ + total)

    def dump(self) -> list[Part]:
        """As a database keeps it."""
        return [(at, *self._parts[at]) for at in sorted(self._parts)]

    @property
    def count(self) -> int:
        return sum(count for count, _ in self._parts.values())

    @property
    def total(self) -> int:
        return sum(total for _, total in self._parts.values())

    @property
    def median(self) -> int | None:
        """The middle one; of two in the middle, what lies between them."""
        count = self.count
        if not count:
            return None
        low, high = self._at((count + 1) // 2), self._at(count // 2 + 1)
        return round((low + high) / 2)

    @property
    def p90(self) -> int | None:
        """What nine in ten did not exceed."""
        count = self.count
        return round(self._at(ceil(count * 0.9))) if count else None

    def _at(self, rank: int) -> float:
        for count, total in self._ordered():
            rank -= count
            if rank <= 0:
                return total / count
        raise IndexError(rank)

    def _ordered(self) -> Iterator[tuple[int, int]]:
        return (self._parts[at] for at in sorted(self._parts))


def _part(seconds: int) -> int:
    """Parts as wide as a 64th of what they hold; below two minutes each second has its own."""
    beyond = max(0, seconds.bit_length() - _DIGITS)
    return (beyond << _DIGITS) + (seconds >> beyond)
