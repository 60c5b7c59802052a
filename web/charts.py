"""Draw numbers as bars, in parts of a whole width, with the same numbers in words above."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A piece of a bar, in hundredths of the widest one; `kind` is its colour and its legend."""

    kind: str
    left: float
    width: float


@dataclass(frozen=True)
class Bar:
    """One bar, with the words that stand above it."""

    label: str
    words: str
    parts: Sequence[Part]


def bars(
    rows: Iterable[tuple[str, str, Mapping[str, float]]], whole: float | None = None
) -> list[Bar]:
    """A bar for each row, of the pieces it is said to have; the whole width is what is said, or
    the longest bar."""
    rows = list(rows)
    widest = whole or max((sum(values.values()) for _, _, values in rows), default=0) or 1
    return [Bar(label, words, _parts(values, widest)) for label, words, values in rows]


def _parts(values: Mapping[str, float], widest: float) -> list[Part]:
    parts, left = [], 0.0
    for kind, value in values.items():
        width = round(100 * value / widest, 2)
        if width:
            parts.append(Part(kind, round(left, 2), width))
        left += width
    return parts
