"""Keep how long many steps took in little room, so that a million of them have a median at once.

A span goes into the part that its first seven binary digits name. Of each part only how many and
how much is kept: what lies within one differs by at most 1.6 %, and so does every median told.
"""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Final

_DIGITS: Final = 7
# How far from the truth a median may be told, as a share of it.
ERROR: Final = 1 / 2 ** (_DIGITS - 1)


class Spread:
    """Spans in seconds: how many, how much in all, and what half and nine in ten stay below."""

    __slots__ = ("_counts", "_totals")

    def __init__(self, kept: Sequence[int] = ()) -> None:
        # Two plain dicts: thousands of small tuples would keep the garbage collector busy.
        self._counts: dict[int, int] = {}
        self._totals: dict[int, int] = {}
        self.merge(kept)

    def add(self, seconds: int) -> None:
        part = _part(seconds)
        self._counts[part] = self._counts.get(part, 0) + 1
        self._totals[part] = self._totals.get(part, 0) + seconds

    def merge(self, kept: Sequence[int]) -> None:
        """Take in what another holds, as `dump` gave it."""
        counts, totals = self._counts, self._totals
        each = iter(kept)
        for part, count, total in zip(each, each, each, strict=True):
            counts[part] = counts.get(part, 0) + count
            totals[part] = totals.get(part, 0) + total

    def dump(self) -> list[int]:
        """As a database keeps it: each part's number, how many are in it and how much, in a row."""
        kept = []
        for part in sorted(self._counts):
            kept += [part, self._counts[part], self._totals[part]]
        return kept

    @property
    def count(self) -> int:
        return sum(self._counts.values())

    @property
    def total(self) -> int:
        return sum(self._totals.values())

    @property
    def median(self) -> int | None:
        """The middle one; of two in the middle, what lies between them."""
        count = self.count
        if not count:
            return None
        low, high = self._at((count + 1) // 2, count // 2 + 1)
        return round((low + high) / 2)

    @property
    def p90(self) -> int | None:
        """What nine in ten did not exceed."""
        count = self.count
        return round(next(self._at(ceil(count * 0.9)))) if count else None

    def _at(self, *ranks: int) -> Iterator[float]:
        """What stands at these places, counted from the shortest; the places in their order."""
        passed, parts = 0, iter(sorted(self._counts))
        part = -1
        for rank in ranks:
            while passed < rank:
                part = next(parts)
                passed += self._counts[part]
            yield self._totals[part] / self._counts[part]


def _part(seconds: int) -> int:
    """Parts as wide as a 64th of what they hold; below two minutes each second has its own."""
    beyond = max(0, seconds.bit_length() - _DIGITS)
    return (beyond << _DIGITS) + (seconds >> beyond)
