"""What Gambut's work comes to: minutes reckoned by hand, counted by the month or one by one."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from engine import pauses, periods, statistics, tallies
from engine.db import EVERYWHERE
from engine.models import Office, Sop, Task
from engine.periods import Period
from engine.statistics import Reading
from engine.tallies import Count
from tasks import inbox, schedule
from tests import fillings
from tests.conftest import THURSDAY, Cast
from tests.stories.table import Berkas, start

SOP = "pengumpulan-dan-pengukuran-data-kinerja"
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
APRIL = Period(date(2026, 4, 1), date(2026, 4, 30))
QUARTERS = Period(date(2026, 1, 1), date(2026, 6, 30))


def works(
    berkas: Berkas, who: str, step: int, taken: str, done: str, outcome: str = "", reason: str = ""
) -> None:
    """She takes the step at one moment and completes it at another."""
    begun, now = berkas.at(taken), berkas.at(done)
    task = berkas.find(who, f"Langkah_{step}", begun).task.id
    with berkas.cast.at_work(f"{who}.{berkas.office}", begun) as (session, actor):
        inbox.claim(session, actor, task, begun)
    with berkas.cast.at_work(f"{who}.{berkas.office}", now) as (session, actor):
        data = fillings.least(session, task)
        inbox.complete(session, actor, task, now, outcome=outcome or None, reason=reason, data=data)


def begin(cast: Cast, when: str) -> Berkas:
    return start(cast, "kasubbag.gambut", SOP, when)


@pytest.fixture
def march_and_april(cast: Cast) -> Cast:
    """Ramadan until the 17th: Mon-Thu 08:00-12:30, 13:00-15:00; Fri 08:00-12:00, 13:00-15:30."""
    one = begin(cast, "Thu 12 Mar 09:00")
    works(one, "kasubbag", 1, "Thu 12 Mar 09:04", "Thu 12 Mar 09:08")  # 4 and 4
    # 09:08-12:00 is 172; 12:00-12:30 and 13:00-13:15 are 45: due at 09:18, so late.
    works(one, "staf", 2, "Thu 12 Mar 12:00", "Thu 12 Mar 13:15")
    works(one, "sekcam", 3, "Thu 12 Mar 13:20", "Thu 12 Mar 13:25")  # 5 and 5, at the last moment
    # 13:25-15:00 is 95, and 30 on Friday: late, and sent back.
    works(one, "camat", 4, "Fri 13 Mar 08:30", "Fri 13 Mar 08:40", "tidak", "Salah nomor")
    works(one, "sekcam", 3, "Fri 13 Mar 08:45", "Fri 13 Mar 08:50")  # 5 and 5 again
    works(one, "camat", 4, "Fri 13 Mar 08:52", "Fri 13 Mar 08:55", "setuju")  # 2 and 3
    # Friday 08:55-12:00 is 185 and 13:00-15:30 is 150; the weekend; Monday 60.
    works(one, "staf", 5, "Mon 16 Mar 09:00", "Mon 16 Mar 09:05")
    # April has its usual hours, from 07:30.
    two = begin(cast, "Wed 01 Apr 08:00")
    works(two, "kasubbag", 1, "Wed 01 Apr 08:00", "Wed 01 Apr 08:10")  # 0 and 10
    works(two, "staf", 2, "Wed 01 Apr 08:30", "Wed 01 Apr 08:50")  # 20 and 20: due at 08:20
    return cast


def read(cast: Cast, period: Period) -> Reading:
    with cast.database.reading(EVERYWHERE) as session:
        rows = session.execute(select(Sop.id, Office).join(Office).where(Office.slug == "gambut"))
        return statistics.read(session, dict(rows.all()), period)


def minutes(count: Count) -> tuple[Any, ...]:
    """How many; waited and worked, the median and p90 of each, in minutes."""
    told = (count.waited.median, count.waited.p90, count.worked.median, count.worked.p90)
    return (count.done, *(each and each / 60 for each in told))


def steps(reading: Reading) -> dict[str, tuple[Any, ...]]:
    return {step: minutes(count) for step, count in reading.by(lambda row: row.step).items()}


def count_all(cast: Cast) -> int:
    return schedule.count_up(cast.database, THURSDAY).done


def count_nothing(cast: Cast) -> int:
    return 0


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("clock", [count_nothing, count_all])
def test_what_march_and_april_brought(march_and_april: Cast, clock: Callable[[Cast], int]) -> None:
    clock(march_and_april)
    assert steps(read(march_and_april, MARCH)) == {
        "Langkah_1": (1, 4, 4, 4, 4),
        "Langkah_2": (1, 172, 172, 45, 45),
        "Langkah_3": (2, 5, 5, 5, 5),
        # Of 2 and 125 minutes half lies below 63.5, of 3 and 10 below 6.5.
        "Langkah_4": (2, 63.5, 125, 6.5, 10),
        "Langkah_5": (1, 395, 395, 5, 5),
    }
    both = read(march_and_april, QUARTERS)
    assert steps(both)["Langkah_1"] == (2, 2, 4, 7, 10)
    assert steps(both)["Langkah_2"] == (2, 96, 172, 32.5, 45)
    by_month = both.by(lambda row: row.month)
    assert {month.month: minutes(count)[0] for month, count in by_month.items()} == {3: 7, 4: 2}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("clock", [count_nothing, count_all])
def test_what_was_late_and_what_was_sent_back(
    march_and_april: Cast, clock: Callable[[Cast], int]
) -> None:
    clock(march_and_april)
    by_step = read(march_and_april, MARCH).by(lambda row: row.step)
    late = {step: (count.late, count.timed) for step, count in by_step.items() if count.late}
    # The camat's first decision was late, his second was not.
    assert late == {"Langkah_2": (1, 1), "Langkah_4": (1, 2), "Langkah_5": (1, 1)}
    assert {step: count.returned for step, count in by_step.items() if count.returned} == {
        "Langkah_4": 1
    }
    assert dict(by_step["Langkah_2"].levels) == {1: 1}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("clock", [count_nothing, count_all])
def test_a_period_may_begin_and_end_on_any_day(
    march_and_april: Cast, clock: Callable[[Cast], int]
) -> None:
    clock(march_and_april)
    friday = Period(date(2026, 3, 13), date(2026, 3, 13))
    assert {step: done for step, (done, *_) in steps(read(march_and_april, friday)).items()} == {
        "Langkah_3": 1,
        "Langkah_4": 2,
    }
    # From the middle of a month through a whole one: nothing twice.
    on = Period(date(2026, 3, 13), date(2026, 4, 30))
    assert sum(done for done, *_ in steps(read(march_and_april, on)).values()) == 4 + 2
    assert steps(read(march_and_april, Period(date(2026, 5, 2), date(2026, 5, 3)))) == {}


@pytest.mark.usefixtures("database")
def test_what_is_counted_is_counted_once(march_and_april: Cast) -> None:
    assert count_all(march_and_april) == 9
    before = steps(read(march_and_april, QUARTERS))
    assert count_all(march_and_april) == 0
    three = begin(march_and_april, "Thu 02 Apr 08:00")
    works(three, "kasubbag", 1, "Thu 02 Apr 08:05", "Thu 02 Apr 08:10")
    after = steps(read(march_and_april, QUARTERS))
    assert after["Langkah_1"] == (3, 4, 5, 5, 10)
    assert count_all(march_and_april) == 1
    assert steps(read(march_and_april, QUARTERS)) == after != before


@pytest.mark.usefixtures("database")
def test_steps_finished_before_spans_were_kept_get_them_when_they_are_counted(
    march_and_april: Cast,
) -> None:
    told = steps(read(march_and_april, QUARTERS))
    with march_and_april.database.transaction(EVERYWHERE) as session:
        kept = session.execute(select(Task.id, Task.waited, Task.worked).order_by(Task.id)).all()
        session.execute(update(Task).values(waited=None, worked=None))
    assert steps(read(march_and_april, QUARTERS)) == told
    count_all(march_and_april)
    with march_and_april.database.reading(EVERYWHERE) as session:
        again = select(Task.id, Task.waited, Task.worked).order_by(Task.id)
        assert session.execute(again).all() == kept
    assert steps(read(march_and_april, QUARTERS)) == told


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("clock", [count_nothing, count_all])
def test_berkas_are_counted_by_when_they_began_and_ended(
    cast: Cast, clock: Callable[[Cast], int]
) -> None:
    quick = begin(cast, "Mon 30 Mar 08:00")
    for step, who, when, outcome in (
        (1, "kasubbag", "Mon 30 Mar 08:05", ""),
        (2, "staf", "Mon 30 Mar 08:10", ""),
        (3, "sekcam", "Mon 30 Mar 08:15", ""),
        (4, "camat", "Mon 30 Mar 08:20", "setuju"),
        (5, "staf", "Mon 30 Mar 08:25", ""),
        (6, "kasi", "Tue 31 Mar 08:00", ""),
        (7, "staf", "Tue 31 Mar 09:00", ""),
        (8, "kasubbag", "Wed 01 Apr 08:00", ""),
    ):
        works(quick, who, step, when, when, outcome)
    begin(cast, "Tue 31 Mar 10:00")
    clock(cast)
    counts = read(cast, QUARTERS).cases_by(lambda row: row.month.month)
    assert {month: (each.started, each.done, each.late) for month, each in counts.items()} == {
        3: (2, 0, 0),
        4: (0, 1, 0),
    }
    # Monday 08:00-12:00, 13:00-16:00; Tuesday 07:30-12:00, 13:00-16:00; Wednesday 07:30-08:00.
    assert counts[4].lasted.median == timedelta(hours=7 + 7.5 + 0.5).total_seconds()


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("clock", [count_nothing, count_all])
def test_a_clock_that_stood_still_is_none_of_the_steps_time(
    cast: Cast, clock: Callable[[Cast], int]
) -> None:
    berkas = begin(cast, "Mon 16 Mar 08:00")
    taken, stopped, goes_on = (berkas.at(f"Mon 16 Mar {it}") for it in ("08:05", "08:07", "13:10"))
    task = berkas.find("kasubbag", "Langkah_1", taken).task.id
    with cast.at_work("kasubbag.gambut", taken) as (session, kasubbag):
        inbox.claim(session, kasubbag, task, taken)
    with cast.at_work("sekcam.gambut", stopped) as (session, sekcam):
        pauses.pause(session, sekcam, task, "Berkas kurang", "KTP pemohon", stopped)
    with cast.at_work("sekcam.gambut", goes_on) as (session, sekcam):
        pauses.resume(session, sekcam, task, goes_on)
    done = berkas.at("Mon 16 Mar 13:12")  # three minutes were left of its ten
    with cast.at_work("kasubbag.gambut", done) as (session, kasubbag):
        inbox.complete(session, kasubbag, task, done)
    clock(cast)
    [count] = read(cast, MARCH).by(lambda row: row.step).values()
    # Waited 08:00-08:05, worked on 08:05-08:07 and 13:10-13:12.
    assert minutes(count) == (1, 5, 5, 4, 4)
    # 08:07-12:30 is 263 minutes, then the break, then ten.
    assert (count.paused / 60, count.late) == (263 + 10, 0)


def test_a_month_ends_at_midnight_in_the_offices_own_zone(cast: Cast) -> None:
    begin_, end = MARCH.instants("Asia/Makassar")
    assert (begin_.isoformat(), end.isoformat()) == (
        "2026-02-28T16:00:00+00:00",
        "2026-03-31T16:00:00+00:00",
    )


@pytest.mark.usefixtures("database")
def test_two_clocks_do_not_count_at_once(march_and_april: Cast) -> None:
    database = march_and_april.database
    if database.bind.dialect.name == "sqlite":
        return  # there, a second writer waits for the first
    with database.transaction(EVERYWHERE) as first, database.transaction(EVERYWHERE) as second:
        assert tallies.fold(first) > 0
        assert tallies.fold(second) == 0


def test_periods_around_a_day() -> None:
    today = date(2026, 2, 14)
    assert periods.around(today, "month") == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert periods.around(today, "quarter") == Period(date(2026, 1, 1), date(2026, 3, 31))
    assert periods.around(today, "quarter", 1) == Period(date(2025, 10, 1), date(2025, 12, 31))
    assert periods.around(today, "half", 1) == Period(date(2025, 7, 1), date(2025, 12, 31))
    assert periods.around(today, "year") == Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("first", "last", "error"),
    [
        (None, date(2026, 1, 1), periods.NoDays),
        (date(2026, 1, 2), date(2026, 1, 1), periods.Backwards),
        (date(2019, 1, 1), date(2026, 1, 1), periods.TooLong),
        (date(1, 1, 1), date(2026, 1, 1), periods.TooFar),
        (date(2026, 1, 1), date(9999, 12, 31), periods.TooFar),
    ],
)
def test_days_no_report_can_speak_of(
    first: date | None, last: date, error: type[periods.PeriodError]
) -> None:
    with pytest.raises(error):
        periods.chosen(first, last)
