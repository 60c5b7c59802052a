"""Medians of many spans, kept in little room: exact where they can be, and never far off."""

import math
import statistics
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.spread import ERROR, Spread

spans = st.lists(st.integers(0, 10**9), min_size=1, max_size=300)


def spread(*seconds: int) -> Spread:
    made = Spread()
    for each in seconds:
        made.add(each)
    return made


def test_of_nothing_there_is_no_median() -> None:
    assert (Spread().median, Spread().p90, Spread().count, Spread().total) == (None, None, 0, 0)


def test_a_few_spans_are_told_to_the_second() -> None:
    # 25 minutes, 3 hours 7 minutes and 2 days: three parts, each with one.
    assert spread(1_500, 11_220, 54_000).median == 11_220
    assert spread(1_500, 11_220).median == (1_500 + 11_220) / 2
    # Of ten, nine did not exceed the ninth.
    assert spread(*range(600, 6_600, 600)).p90 == 5_400


def test_the_same_span_however_often_is_told_to_the_second() -> None:
    assert spread(*[100_000] * 999, 7).median == 100_000


@given(spans)
def test_no_median_is_further_off_than_is_said(seconds: list[int]) -> None:
    told, ordered = spread(*seconds), sorted(seconds)
    assert told.median is not None and told.p90 is not None
    true = statistics.median(ordered)
    assert abs(told.median - true) <= true * ERROR + 1
    ninth = ordered[math.ceil(len(ordered) * 0.9) - 1]
    assert abs(told.p90 - ninth) <= ninth * ERROR + 1
    assert (told.count, told.total) == (len(seconds), sum(seconds))


@given(spans, spans)
def test_what_was_kept_apart_merges_into_the_same(one: list[int], other: list[int]) -> None:
    merged = Spread(spread(*one).dump())
    merged.merge(spread(*other).dump())
    assert merged.dump() == spread(*one, *other).dump()


def test_a_million_different_spans_need_little_room() -> None:
    # Up to a month of working time, in seconds: 64 parts each time it doubles.
    kept = spread(*range(0, 600_000, 7)).dump()
    parts = [kept[at : at + 3] for at in range(0, len(kept), 3)]
    assert len(parts) < 64 * 15
    assert all(low[0] < high[0] for low, high in pairwise(parts))
    assert all(low[2] / low[1] < high[2] / high[1] for low, high in pairwise(parts))
