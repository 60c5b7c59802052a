"""How warm a step is, at the very limits of what is said of it."""

import pytest

from engine.reportbook import Now, StepFacts
from engine.tallies import Count


def step(standard: int | None, minutes: int | None, late: int = 0, timed: int = 0) -> StepFacts:
    """A step of so many minutes that waited so long each time."""
    count = Count(done=1 if minutes is not None else 0, late=late, timed=timed)
    if minutes is not None:
        count.waited.add(minutes * 60)
        count.worked.add(0)
    seconds = None if standard is None else standard * 60
    return StepFacts("L", "1", "Langkah", "", None, seconds, count, Now())


@pytest.mark.parametrize(
    ("standard", "minutes", "warmth"),
    [
        (10, 0, 1),
        (10, 4, 1),
        (10, 5, 2),
        (10, 10, 2),
        (10, 11, 3),
        (10, 20, 3),
        (10, 21, 4),
        (10, None, 0),
        (None, 500, 0),
    ],
)
def test_a_time_is_warm_by_its_mutu_baku(
    standard: int | None, minutes: int | None, warmth: int
) -> None:
    assert step(standard, minutes).warmth("waited") == warmth


@pytest.mark.parametrize(
    ("late", "timed", "warmth"),
    [(0, 0, 0), (0, 5_000, 1), (1, 5_000, 2), (1, 10, 3), (1, 4, 3), (2, 7, 4), (1, 1, 4)],
)
def test_lateness_is_warm_by_its_share(late: int, timed: int, warmth: int) -> None:
    assert step(10, 1, late, timed).warmth("late") == warmth
