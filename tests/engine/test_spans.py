"""How long a step waited and was worked on: minutes of Banjar's office hours, reckoned by hand."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from engine import spans, steering, worktime
from engine.db import EVERYWHERE
from engine.models import Pause, Task
from engine.spans import Interval
from tasks import inbox
from tests.conftest import THURSDAY, Cast
from tests.days import at
from tests.gambut import do, start

# In Ramadan, up to Tue 17 March: Mon-Thu 08:00-12:30 and 13:00-15:00, Fri to 12:00, then to 15:30.
# From the 18th to the 24th: Nyepi, Idul Fitri and cuti bersama. On the 25th again 07:30-16:00.
BANJAR = worktime.banjar()


def minutes(
    opened: datetime, claimed: datetime | None, ended: datetime, *stood: Interval
) -> tuple[float, float]:
    waited, worked = spans.reckon(BANJAR, opened, claimed, ended, stood)
    return waited / 60, worked / 60


def test_nights_and_the_weekend_are_nobodys_time() -> None:
    # Friday 15:00-15:30, Monday 08:00-09:00; then to 12:30, and 13:00-13:30 after the break.
    assert minutes(at(13, 15), at(16, 9), at(16, 13, 30)) == (30 + 60, 210 + 30)


def test_nor_are_holidays_and_the_hours_are_those_of_the_day() -> None:
    # Tuesday in Ramadan 14:00-15:00; Wednesday the 25th from 07:30, when Ramadan is over.
    assert minutes(at(17, 14), at(25, 9, 30), at(25, 9, 40)) == (60 + 120, 10)


def test_what_is_taken_before_the_office_opens_has_not_waited() -> None:
    assert minutes(at(16, 6), at(16, 7), at(16, 8, 5)) == (0, 5)


def test_a_pause_is_taken_off_the_part_in_which_it_lies() -> None:
    # 09:00-10:00 and 14:00-14:30; waiting was over by then.
    stood = (at(16, 10), at(16, 14))
    assert minutes(at(16, 8), at(16, 9), at(16, 14, 30), stood) == (60, 60 + 30)


def test_a_pause_over_the_moment_it_was_claimed_is_taken_off_both() -> None:
    # Waits 08:00-08:30; stands 08:30-09:30, claimed at 09:00; is worked on 09:30-10:00.
    stood = (at(16, 8, 30), at(16, 9, 30))
    assert minutes(at(16, 8), at(16, 9), at(16, 10), stood) == (30, 30)


def test_two_pauses_at_once_stop_one_clock_only_once() -> None:
    both = (at(16, 9), at(16, 11)), (at(16, 10), at(16, 12))
    assert minutes(at(16, 8), at(16, 8), at(16, 12, 30), *both) == (0, 60 + 30)


def test_what_nobody_claimed_has_only_waited() -> None:
    assert minutes(at(16, 8), None, at(16, 9)) == (60, 0)


def test_a_finished_step_keeps_its_spans(cast: Cast) -> None:
    start(cast)
    with cast.at_work("kasubbag.gambut", at(12, 9, 4)) as (session, kasubbag):
        task = session.scalars(select(Task.id)).one()
        inbox.claim(session, kasubbag, task, at(12, 9, 4))
        inbox.complete(session, kasubbag, task, at(12, 9, 25))
    assert kept(cast)["Langkah_1"] == (4, 21, 0)
    assert kept(cast)["Langkah_2"] is None


def test_a_suspension_is_none_of_its_steps_time(cast: Cast) -> None:
    case, six_past = start(cast), THURSDAY + timedelta(minutes=6)
    with cast.at_work("camat.gambut") as (session, camat):
        steering.suspend(session, camat, case, "Menunggu kabupaten", six_past)
    monday = at(16, 10)
    with cast.at_work("camat.gambut", monday) as (session, camat):
        steering.resume(session, camat, case, "Sudah lengkap", monday)
    do(cast, "kasubbag.gambut", "Langkah_1", now=monday + timedelta(minutes=2))
    # Thursday 09:06-12:30 and 13:00-15:00, Friday 6.5 hours, Monday 08:00-10:00.
    assert kept(cast)["Langkah_1"] == (6 + 2, 0, 204 + 120 + 390 + 120)
    with cast.database.reading(EVERYWHERE) as session:
        pause = session.scalars(select(Pause)).one()
        assert (pause.at, pause.ended_at) == (six_past, monday)


def kept(cast: Cast) -> dict[str, tuple[float, ...] | None]:
    """Minutes waited, worked and paused, step by step."""
    with cast.database.reading(EVERYWHERE) as session:
        tasks = session.scalars(select(Task)).all()
    return {
        task.step: None
        if task.waited is None or task.worked is None
        else (task.waited / 60, task.worked / 60, task.paused_for / 60)
        for task in tasks
    }


@pytest.mark.parametrize("claimed", [at(16, 7), at(17, 9)])
def test_a_claim_before_or_after_all_is_held_within(claimed: datetime) -> None:
    waited, worked = minutes(at(16, 8), claimed, at(16, 9))
    assert waited + worked == 60
