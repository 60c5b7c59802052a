"""What stays late is heard of one desk higher each time: once, dated, and only while it runs."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bpmn import durations
from engine import history, ladder, pauses, steering
from engine.db import EVERYWHERE
from engine.models import Escalation, Event, Notice, Office, Pause, Person, Post, Task
from tasks import inbox, schedule
from tasks.excuses import Excuse, NoteMissing, NoteTooLong, ReasonMissing
from tests.conftest import THURSDAY, WITA, Cast
from tests.gambut import do, start

AULIA, SEKCAM, CAMAT, PENGAWAS = (
    "kasubbag.gambut",
    "sekcam.gambut",
    "camat.gambut",
    "pengawas.banjar",
)
MINUTE = timedelta(minutes=1)
DUE = THURSDAY + 10 * MINUTE
# In Ramadan Gambut works 08:00-12:30 and 13:00-15:00. Due 09:10; four hours of work later, with
# half an hour's break between, is 13:40. A working day later Fri 13 Mar 09:10; two, Mon 16 Mar.
SECOND = datetime(2026, 3, 12, 13, 40, tzinfo=WITA)
THIRD = datetime(2026, 3, 13, 9, 10, tzinfo=WITA)
FOURTH = datetime(2026, 3, 16, 9, 10, tzinfo=WITA)


def levels(cast: Cast) -> list[tuple[int, datetime, str | None]]:
    with cast.database.reading(EVERYWHERE) as session:
        history.verify(session)
        rows = session.execute(
            select(Escalation.level, Escalation.due_at, Post.slug)
            .outerjoin(Post, Post.id == Escalation.post_id)
            .order_by(Escalation.level)
        )
        return [(level, at, post) for level, at, post in rows]


def told(cast: Cast) -> dict[int, set[str]]:
    """Who was told of which level."""
    found: dict[int, set[str]] = {}
    with cast.database.reading(EVERYWHERE) as session:
        rows = session.execute(
            select(Notice.level, Person.account)
            .join(Person, Person.id == Notice.person_id)
            .where(Notice.kind == "late")
        )
        for level, account in rows:
            found.setdefault(level, set()).add(account)
    return found


def only(cast: Cast) -> Task:
    with cast.database.reading(EVERYWHERE) as session:
        return session.scalars(select(Task).where(Task.status.in_(("waiting", "claimed")))).one()


def test_it_climbs_from_the_officer_to_the_kabupaten(cast: Cast) -> None:
    start(cast)
    for now, count in ((DUE, 1), (SECOND - MINUTE, 1), (SECOND, 2), (THIRD, 3), (FOURTH, 4)):
        schedule.tick(cast.database, now)
        assert len(levels(cast)) == count, now
    assert levels(cast) == [
        (1, DUE, "kasubbag-perencanaan-keuangan"),
        (2, SECOND, "sekretaris-camat"),
        (3, THIRD, "camat"),
        (4, FOURTH, None),
    ]
    assert told(cast) == {1: {AULIA}, 2: {SEKCAM}, 3: {CAMAT}, 4: {PENGAWAS}}
    assert only(cast).climb_at is None


def test_after_a_week_without_a_clock_every_level_is_there_once_with_its_own_date(
    cast: Cast,
) -> None:
    start(cast)
    late = THURSDAY + timedelta(days=30)
    for _ in range(3):
        schedule.tick(cast.database, late)
    assert [at for _, at, _ in levels(cast)] == [DUE, SECOND, THIRD, FOURTH]


def test_it_stops_when_the_step_is_done(cast: Cast) -> None:
    start(cast)
    schedule.tick(cast.database, DUE)
    do(cast, AULIA, "Langkah_1", now=SECOND - MINUTE)
    schedule.tick(cast.database, SECOND)
    assert [level for level, _, _ in levels(cast)][:1] == [1]
    assert (2, SECOND, "sekretaris-camat") not in levels(cast)


def test_levels_that_were_reached_before_it_was_done_are_recorded_though_nobody_looked(
    cast: Cast,
) -> None:
    start(cast)
    do(cast, AULIA, "Langkah_1", now=THIRD + MINUTE)
    assert [level for level, _, _ in levels(cast)] == [1, 2, 3]
    assert 2 not in told(cast)  # it is over: the reports know, nobody is alarmed


def test_whoever_hears_already_does_not_hear_twice(cast: Cast) -> None:
    """The secretary's own step: her superior is the camat, and the camat hears once."""
    start(cast)
    for account, step in ((AULIA, "Langkah_1"), ("staf.gambut", "Langkah_2")):
        do(cast, account, step)
    schedule.tick(cast.database, THURSDAY + timedelta(days=30))
    assert [(level, post) for level, _, post in levels(cast)] == [
        (1, "sekretaris-camat"),
        (2, "camat"),
        (4, None),
    ]


def test_an_office_names_another_superior_and_other_intervals(cast: Cast) -> None:
    with cast.database.transaction(EVERYWHERE) as session:
        office = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        office.ladder = {"2": "PT30M", "3": "", "4": "P1D"}
        posts = select(Post).where(Post.office_id == office.id)
        by_slug = {post.slug: post for post in session.scalars(posts)}
        by_slug["kasubbag-perencanaan-keuangan"].superior_id = by_slug["kasi-kasubbag"].id
    start(cast)
    schedule.tick(cast.database, THURSDAY + timedelta(days=30))
    assert [(level, at, post) for level, at, post in levels(cast)] == [
        (1, DUE, "kasubbag-perencanaan-keuangan"),
        (2, DUE + 30 * MINUTE, "kasi-kasubbag"),
        (4, THIRD, None),
    ]


def test_a_step_of_minutes_alarms_nobody_before_the_floor(cast: Cast) -> None:
    with cast.database.transaction(EVERYWHERE) as session:
        office = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        office.ladder = {"floor": "PT30M"}
    start(cast)
    schedule.tick(cast.database, DUE)
    assert [level for level, _, _ in levels(cast)] == [1]  # a fact, dated from its due time
    assert told(cast) == {}
    schedule.tick(cast.database, THURSDAY + 30 * MINUTE)
    assert told(cast) == {1: {AULIA}}
    assert levels(cast) == [(1, DUE, "kasubbag-perencanaan-keuangan")]


def test_what_is_done_before_the_floor_was_late_and_alarmed_nobody(cast: Cast) -> None:
    with cast.database.transaction(EVERYWHERE) as session:
        office = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        office.ladder = {"floor": "PT30M"}
    start(cast)
    schedule.tick(cast.database, DUE)
    do(cast, AULIA, "Langkah_1", now=DUE + 5 * MINUTE)
    schedule.tick(cast.database, THURSDAY + 31 * MINUTE)
    assert AULIA not in told(cast).get(1, set())


# --- a clock that stands still ---------------------------------------------------------------


def pauses_(cast: Cast, now: datetime, who: str = CAMAT) -> int:
    task = only(cast).id
    with cast.at_work(who, now) as (session, actor):
        pauses.pause(session, actor, task, "Berkas pemohon kurang.", "KTP pemohon", now)
    return task


def test_while_the_clock_stands_nothing_is_late_and_then_it_has_what_it_had(cast: Cast) -> None:
    start(cast)
    task = pauses_(cast, THURSDAY + 6 * MINUTE)
    monday = datetime(2026, 3, 16, 10, 0, tzinfo=WITA)
    schedule.tick(cast.database, monday)
    assert levels(cast) == []
    with cast.at_work(CAMAT, monday) as (session, camat):
        pauses.resume(session, camat, task, monday)
    assert only(cast).due_at == monday + 4 * MINUTE
    schedule.tick(cast.database, monday + 3 * MINUTE)
    assert levels(cast) == []
    schedule.tick(cast.database, monday + 4 * MINUTE)
    assert [(level, at) for level, at, _ in levels(cast)] == [(1, monday + 4 * MINUTE)]


def test_the_history_and_the_task_know_how_long_it_stood(cast: Cast) -> None:
    start(cast)
    task = pauses_(cast, THURSDAY)
    later = datetime(2026, 3, 13, 9, 0, tzinfo=WITA)
    with cast.at_work(CAMAT, later) as (session, camat):
        pauses.resume(session, camat, task, later)
    with cast.database.reading(EVERYWHERE) as session:
        # Thu 09:00-12:30 and 13:00-15:00, Fri 08:00-09:00: 6 h 30 min of work.
        assert session.get_one(Task, task).paused_for == 6.5 * 3600
        pause = session.scalars(select(Pause)).one()
        assert (pause.awaited, pause.ended_at) == ("KTP pemohon", later)
        kinds = select(Event.kind).where(Event.task_id == task).order_by(Event.number)
        assert list(session.scalars(kinds)) == ["opened", "paused", "unpaused"]


def test_what_is_late_already_does_not_climb_while_it_stands(cast: Cast) -> None:
    start(cast)
    schedule.tick(cast.database, DUE + MINUTE)
    noon = datetime(2026, 3, 12, 12, 0, tzinfo=WITA)
    task = pauses_(cast, noon)
    friday = datetime(2026, 3, 13, 9, 0, tzinfo=WITA)
    schedule.tick(cast.database, friday)
    assert [level for level, _, _ in levels(cast)] == [1]
    with cast.at_work(CAMAT, friday) as (session, camat):
        pauses.resume(session, camat, task, friday)
    # It stood 12:00-12:30, 13:00-15:00 and 08:00-09:00: 3 h 30 min. Due 09:10 becomes 13:10 (the
    # break is no work), and four hours later is Fri 09:10 + ... = 1 h 50 on Thursday, 2 h 10 on
    # Friday from 08:00.
    assert only(cast).due_at == datetime(2026, 3, 12, 13, 10, tzinfo=WITA)
    schedule.tick(cast.database, datetime(2026, 3, 13, 10, 9, tzinfo=WITA))
    assert [level for level, _, _ in levels(cast)] == [1]
    schedule.tick(cast.database, datetime(2026, 3, 13, 10, 10, tzinfo=WITA))
    assert [level for level, _, _ in levels(cast)] == [1, 2]


def test_whoever_completes_it_sets_its_clock_going_first(cast: Cast) -> None:
    start(cast)
    task = pauses_(cast, THURSDAY + 6 * MINUTE)
    friday = datetime(2026, 3, 13, 9, 0, tzinfo=WITA)
    do(cast, AULIA, "Langkah_1", now=friday)
    with cast.database.reading(EVERYWHERE) as session:
        done = session.get_one(Task, task)
        assert done.due_at == friday + 4 * MINUTE
        assert done.paused_at is None
        assert (done.waited, done.worked) == (6 * 60, 0)
    assert levels(cast) == []


@pytest.mark.parametrize(
    ("who", "reason", "awaited", "error"),
    [
        (CAMAT, " ", "KTP", pauses.NoReason),
        (CAMAT, "Kurang", "", pauses.NothingAwaited),
        (CAMAT, "x" * 1001, "KTP", pauses.NoReason),
    ],
)
def test_a_clock_is_stopped_with_a_reason_and_for_something(
    cast: Cast, who: str, reason: str, awaited: str, error: type[Exception]
) -> None:
    start(cast)
    task = only(cast).id
    with pytest.raises(error):
        with cast.at_work(who) as (session, actor):
            pauses.pause(session, actor, task, reason, awaited, THURSDAY)


def test_only_leaders_stop_clocks_and_only_once(cast: Cast) -> None:
    start(cast)
    with pytest.raises(Exception, match="tidak berhak"):
        pauses_(cast, THURSDAY, AULIA)
    task = pauses_(cast, THURSDAY)
    with pytest.raises(pauses.IsPaused):
        pauses_(cast, THURSDAY + MINUTE)
    with cast.at_work(CAMAT) as (session, camat):
        pauses.resume(session, camat, task, THURSDAY + MINUTE)
    with pytest.raises(pauses.NotPaused):
        with cast.at_work(CAMAT) as (session, camat):
            pauses.resume(session, camat, task, THURSDAY + MINUTE)


def test_a_suspended_case_does_not_climb_either(cast: Cast) -> None:
    case = start(cast)
    schedule.tick(cast.database, DUE)
    with cast.at_work(CAMAT) as (session, camat):
        steering.suspend(session, camat, case, "Menunggu tim.", DUE + MINUTE)
    schedule.tick(cast.database, FOURTH)
    assert [level for level, _, _ in levels(cast)] == [1]
    with cast.at_work(CAMAT, FOURTH) as (session, camat):
        steering.resume(session, camat, case, "Tim sudah datang.", FOURTH)
    schedule.tick(cast.database, FOURTH + timedelta(hours=1))
    assert [level for level, _, _ in levels(cast)] == [1]
    assert only(cast).climb_at is not None


# --- why it was late -------------------------------------------------------------------------


def completes(cast: Cast, now: datetime, excuse: Any) -> Task:
    with cast.at_work(AULIA, now) as (session, aulia):
        task = only(cast).id
        inbox.claim(session, aulia, task, now)
        inbox.complete(session, aulia, task, now, excuse=excuse)
    with cast.database.reading(EVERYWHERE) as session:
        return session.get_one(Task, task)


def test_whoever_is_late_says_why(cast: Cast) -> None:
    start(cast)
    now = DUE + MINUTE
    for excuse, error in (
        (Excuse(asked=True), ReasonMissing),
        (Excuse("bosan", asked=True), ReasonMissing),
        (Excuse("lain", " ", asked=True), NoteMissing),
        (Excuse("lain", "x" * 501, asked=True), NoteTooLong),
    ):
        with pytest.raises(error):
            completes(cast, now, excuse)
    done = completes(cast, now, Excuse("lain", "Listrik padam.", asked=True))
    assert (done.late_reason, done.late_note) == ("lain", "Listrik padam.")


def test_whoever_is_in_time_is_not_asked(cast: Cast) -> None:
    start(cast)
    done = completes(cast, DUE - MINUTE, Excuse("lain", "Tidak perlu.", asked=True))
    assert done.late_reason is None


# --- the rules themselves --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "field", "error"),
    [
        ({"2": "besok"}, "2", ladder.BadInterval),
        ({"floor": "PT0M"}, "floor", ladder.BadInterval),
        ({"2": "P1D", "3": "PT4H"}, "3", ladder.OutOfOrder),
        ({"2": "", "3": "P2D", "4": "P2D"}, "4", ladder.OutOfOrder),
        ({"3": "P1W", "4": "P4D"}, "4", ladder.OutOfOrder),
    ],
)
def test_rules_that_cannot_hold_are_refused_by_their_field(
    written: dict[str, str], field: str, error: type[ladder.LadderError]
) -> None:
    with pytest.raises(error) as refused:
        ladder.read(written)
    assert refused.value.field == field


def test_rules_are_written_as_they_were_read() -> None:
    rules = ladder.read({"2": "PT2H", "3": "", "floor": "PT15M"})
    assert rules.intervals[3] is None
    assert rules.floor == durations.parse("PT15M")
    assert ladder.read(rules.written()) == rules
