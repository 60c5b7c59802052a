"""Twin of web/times.py: when, as an officer says it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from engine import worktime
from engine.models import Office, Task
from engine.worktime import hours
from tests.conftest import THURSDAY, WITA
from web import times

GAMBUT = Office(zone="Asia/Makassar", calendar=worktime.banjar().to_dict())


@pytest.fixture(autouse=True)
def _indonesian(app: Flask) -> object:
    with app.test_request_context("/") as page:
        yield page


def task(status: str, due: datetime | None, **facts: object) -> Task:
    opened = THURSDAY - timedelta(minutes=5)
    return Task(status=status, opened_at=opened, due_at=due, **facts)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=WITA)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Asia/Jakarta", "Kam, 12 Mar 2026 08.00 WIB"),
        ("Asia/Makassar", "Kam, 12 Mar 2026 09.00 WITA"),
        ("Asia/Jayapura", "Kam, 12 Mar 2026 10.00 WIT"),
    ],
)
def test_a_moment_is_told_in_the_offices_zone(zone: str, words: str) -> None:
    assert times.moment(THURSDAY, zone).striptags() == words


def test_a_machine_reads_the_same_moment() -> None:
    assert 'datetime="2026-03-12T09:00+08:00"' in times.moment(THURSDAY, "Asia/Makassar")


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (at(12, 16), "hari ini 16.00 WITA"),
        (at(13, 7, 30), "besok 07.30 WITA"),
        (at(11, 7, 30), "kemarin 07.30 WITA"),
        (at(26, 9), "Kam, 26 Mar 09.00 WITA"),
        (datetime(2025, 12, 1, 9, tzinfo=WITA), "Sen, 1 Des 2025 09.00 WITA"),
    ],
)
def test_what_is_near_is_told_by_its_day(when: datetime, words: str) -> None:
    assert times.near(when, "Asia/Makassar", THURSDAY).striptags() == words


def test_the_day_is_the_offices_day_and_not_the_servers() -> None:
    late_evening = datetime(2026, 3, 12, 15, 30, tzinfo=UTC)  # 23.30 WITA
    past_midnight = datetime(2026, 3, 12, 16, 30, tzinfo=UTC)  # 00.30 WITA
    assert times.near(past_midnight, "Asia/Makassar", late_evening).startswith("<time")
    assert "besok" in times.near(past_midnight, "Asia/Makassar", late_evening)
    assert "hari ini" in times.near(past_midnight, "Asia/Jakarta", late_evening)


@pytest.mark.parametrize(
    ("status", "due", "state"),
    [
        ("waiting", at(12, 9, 30), "idle"),
        ("claimed", at(12, 9, 30), "running"),
        ("waiting", at(12, 9, 1), "soon"),
        ("claimed", at(12, 9, 1), "soon"),
        ("waiting", at(12, 8, 59), "late"),
        ("claimed", at(12, 8, 59), "late"),
        ("waiting", None, "idle"),
        ("claimed", None, "running"),
        ("done", at(12, 8, 59), "done"),
        ("cancelled", at(12, 8, 59), "cancelled"),
    ],
)
def test_a_task_stands_in_one_of_four_ways(status: str, due: datetime | None, state: str) -> None:
    ended = THURSDAY if status in {"done", "cancelled"} else None
    assert times.deadline(task(status, due, ended_at=ended), GAMBUT, THURSDAY).state == state


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (at(12, 9, 10), "sisa 10 menit kerja"),
        (at(12, 12, 20), "sisa 3 jam 20 menit kerja"),
        (at(12, 10), "sisa 1 jam kerja"),
        (at(12, 8, 30), "lewat 30 menit kerja"),
        # Ramadan: closed at 15:00 on Thursday, open again on Friday at 08:00.
        (at(13, 8, 10), "sisa 5 jam 40 menit kerja"),
        # Nyepi and Idul Fitri lie between: two weeks by the calendar, five days of work.
        (at(26, 9), "sisa 5 hari kerja"),
        (at(10, 9), "lewat 2 hari kerja"),
        (None, None),
    ],
)
def test_what_is_left_is_told_in_working_time(due: datetime | None, words: str | None) -> None:
    assert times.deadline(task("waiting", due), GAMBUT, THURSDAY).left == words


def test_at_night_a_task_loses_no_time() -> None:
    night = at(12, 22)
    assert times.deadline(task("waiting", at(13, 8, 10)), GAMBUT, night).left == (
        "sisa 10 menit kerja"
    )


def test_a_step_done_late_says_by_how_much_and_one_done_in_time_says_nothing() -> None:
    late = task("done", at(12, 8, 54), ended_at=THURSDAY)
    in_time = task("done", at(12, 9, 30), ended_at=THURSDAY)
    assert times.deadline(late, GAMBUT, at(20, 9)).left == "lewat 6 menit kerja"
    assert times.deadline(in_time, GAMBUT, at(20, 9)).left is None


def test_an_english_reader_gets_english_words(app: Flask) -> None:
    with app.test_request_context("/", headers={"Cookie": "bahasa=en"}):
        assert times.near(at(13, 7, 30), "Asia/Makassar", THURSDAY).striptags() == (
            "tomorrow 07:30 WITA"
        )
        left = times.deadline(task("waiting", at(12, 10, 1)), GAMBUT, THURSDAY).left
        assert left == "1 hour 1 minute of working time left"


def test_every_zone_of_the_offices_has_its_name() -> None:
    assert set(worktime.ZONES) == set(hours.ABBREVIATIONS)
    for zone in worktime.ZONES:
        assert ZoneInfo(zone)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (0, "0 menit"),
        (20, "kurang dari 1 menit"),
        (25 * 60, "25 menit"),
        (10 * 3600, "10 jam"),
        # A day of Banjar has 7.5 hours: 4.5 in the morning, 3 in the afternoon.
        (18.75 * 3600, "2,5 hari kerja"),
        (37.5 * 3600, "5 hari kerja"),
    ],
)
def test_how_long_something_took_is_told_in_working_time(seconds: float | None, words: str) -> None:
    assert times.length(seconds, GAMBUT) == words
