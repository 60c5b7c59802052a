"""A duration means what the SOP's author wrote, and nothing is rounded on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn.durations import BadDuration, Duration, parse, spoken


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PT10M", "10 menit"),
        ("PT60M", "1 jam"),
        ("PT90M", "1 jam 30 menit"),
        ("PT4H", "4 jam"),
        ("P1W", "1 minggu"),
        ("P5D", "5 hari"),
        ("P2DT4H", "2 hari 4 jam"),
        ("PT120S", "2 menit"),
        ("P1W2DT3H4M", "1 minggu 2 hari 3 jam 4 menit"),
    ],
)
def test_an_officer_reads_the_duration_in_words(text: str, words: str) -> None:
    assert parse(text).words == words


@pytest.mark.parametrize("text", ["'PT10M'", '"PT10M"', "  PT10M\n ", "' PT10M '"])
def test_quotes_and_white_space_around_a_duration_do_not_matter(text: str) -> None:
    assert parse(text) == Duration(minutes=10)


def test_days_are_not_turned_into_hours_nor_weeks_into_days() -> None:
    assert parse("P7D") == Duration(days=7)
    assert parse("P1W") == Duration(weeks=1)
    assert parse("PT24H") == Duration(minutes=24 * 60)


@pytest.mark.parametrize(
    "text",
    [
        *("", "P", "PT", "P1DT", "P0D", "PT0M", "-PT1H", "PT-1H", "P1M", "P1Y", "P1Y2M", "PT30S"),
        *("PT90S", "PT1.5H", "P1D2W", "PT1M1H", "10 menit", "R/P3M", "pt10m", "PT١M", "'PT10M"),
        *("PT99999999M", "${waktu}", "2026-03-12T09:00:00Z", "PT10M PT5M"),
    ],
)
def test_what_is_no_working_time_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(BadDuration) as refused:
        parse(text)
    assert f"“{text}”" in str(refused.value)


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 9999))
def test_every_duration_survives_its_iso_spelling(weeks: int, days: int, minutes: int) -> None:
    duration = Duration(weeks, days, minutes)
    if duration != Duration():
        assert parse(duration.iso) == duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("60 Menit", Duration(minutes=60)),
        ("4 jam", Duration(minutes=240)),
        ("1 minggu 2 hari 3 jam", Duration(1, 2, 180)),
        ("  1 hari  4 jam ", Duration(0, 1, 240)),
        ("2 days 1 hour", Duration(0, 2, 60)),
        ("", None),
        ("besok", None),
        ("0 jam", None),
        ("1,5 jam", None),
        ("-1 hari", None),
        ("1 hari 1 hari", None),
        ("1 harian", None),
        ("1234567 menit", None),
        ("٣ jam", None),
    ],
)
def test_a_length_of_time_may_be_said_in_plain_words(text: str, duration: Duration | None) -> None:
    assert spoken(text) == duration
