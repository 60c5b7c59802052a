"""An office's hours change while cases are open: their due times follow, each case once."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from bpmn import library
from engine import access, calendars, decrees, history, pauses, redating, steering, workflow
from engine.db import EVERYWHERE
from engine.decrees import OFF, WORKED, Plan
from engine.models import (
    Absence,
    CalendarChange,
    Case,
    Escalation,
    Event,
    Office,
    Sop,
    Task,
)
from engine.models.task import OPEN
from engine.program import compile
from engine.worktime import banjar, form
from tasks import schedule
from tests.conftest import THURSDAY, WITA, Cast
from tests.days import at, away
from tests.gambut import do, start

TODAY = Plan(OFF, date(2026, 3, 12), reason="Banjir; SE Bupati 8/2026")
TEN = THURSDAY.replace(hour=10)


def put_in_force(
    cast: Cast,
    plan: Plan | Mapping[str, Any],
    now: datetime = TEN,
    who: str = "camat.gambut",
    slug: str = "gambut",
    reason: str = "Perbup 9/2026",
) -> int:
    """Proposed and applied; the cases follow at the clock's next look."""
    with cast.at_work(who, now) as (session, actor):
        office = session.scalars(select(Office).where(Office.slug == slug)).one()
        if isinstance(plan, Plan):
            change = decrees.propose(session, actor, office, plan, now)
        else:
            change = calendars.propose(session, actor, office, plan, reason, now)
        calendars.put_in_force(session, actor, change, now)
        return change.id


def looks(cast: Cast, now: datetime = TEN) -> None:
    schedule.follow_hours(cast.database, now)


def open_task(cast: Cast, case: int) -> Task:
    with cast.database.reading(EVERYWHERE) as session:
        query = select(Task).where(Task.case_id == case, Task.status.in_(OPEN))
        return session.scalars(query).one()


def due(cast: Cast, case: int) -> datetime:
    due_at = open_task(cast, case).due_at
    assert due_at is not None
    return due_at.astimezone(WITA)


def moves(cast: Cast, case: int) -> list[Event]:
    with cast.database.reading(EVERYWHERE) as session:
        query = select(Event).where(Event.case_id == case, Event.kind == "redated")
        return list(session.scalars(query.order_by(Event.id)))


def change(cast: Cast, id: int) -> CalendarChange:
    with cast.database.reading(EVERYWHERE) as session:
        return session.get_one(CalendarChange, id)


def at_the_sixth_step(cast: Cast) -> int:
    """It may take a week: until Thursday the 26th, after Nyepi and Lebaran."""
    case = start(cast)
    do(cast, "kasubbag.gambut", "Langkah_1")
    do(cast, "staf.gambut", "Langkah_2")
    do(cast, "sekcam.gambut", "Langkah_3")
    do(cast, "camat.gambut", "Langkah_4", "setuju")
    do(cast, "staf.gambut", "Langkah_5")
    assert due(cast, case) == at(26, 9)
    return case


# --- what moves, and by how much ---------------------------------------------------------------


def test_a_day_decreed_off_moves_what_was_due_on_it_or_after(cast: Cast) -> None:
    week, minutes = at_the_sixth_step(cast), start(cast)
    with cast.at_work("camat.gambut") as (session, camat):
        gambut = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        friday = Plan(OFF, date(2026, 3, 13), reason="SE Bupati 8/2026")
        proposed = decrees.propose(session, camat, gambut, friday, THURSDAY)
        seen = redating.outlook(session, proposed, THURSDAY)
    [shift] = seen.shifts
    assert (shift.task.case_id, shift.old, shift.new) == (week, at(26, 9), at(27, 9))
    assert (seen.later, seen.earlier, seen.falls_due, seen.is_saved) == (1, 0, 0, 0)
    assert due(cast, week) == at(26, 9)  # it was only looked at

    with cast.at_work("camat.gambut") as (session, camat):
        calendars.put_in_force(session, camat, session.get_one(CalendarChange, proposed.id), TEN)
    looks(cast)
    assert due(cast, week) == at(27, 9)
    assert due(cast, minutes) == at(12, 9, 10)
    [moved] = moves(cast, week)
    assert moved.person_id == cast("camat.gambut").person_id
    assert moved.capacity == "Camat"
    assert moved.detail == {
        "reason": "SE Bupati 8/2026",
        "change": proposed.id,
        "was": "2026-03-26T01:00:00+00:00",
        "due_at": "2026-03-27T01:00:00+00:00",
    }
    assert moves(cast, minutes) == []
    done = change(cast, proposed.id)
    assert (done.total, done.done, done.moved, done.failures) == (2, 2, 1, [])
    assert done.ended_at == TEN
    with cast.database.reading(EVERYWHERE) as session:
        history.verify(session)


def test_an_extra_working_day_brings_a_due_time_nearer(cast: Cast) -> None:
    case = at_the_sixth_step(cast)
    put_in_force(cast, Plan(WORKED, date(2026, 3, 14), reason="Mengganti 18 Maret"))
    looks(cast)
    assert due(cast, case) == at(25, 9)


def test_a_struck_day_is_as_if_it_had_never_been_decreed(cast: Cast) -> None:
    case = at_the_sixth_step(cast)
    put_in_force(cast, TODAY)
    looks(cast)
    assert due(cast, case) == at(27, 8)  # the week began on Friday at eight
    with cast.at_work("camat.gambut", TEN) as (session, camat):
        gambut = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        struck = decrees.strike(session, camat, gambut, date(2026, 3, 12), "Dicabut", TEN)
        calendars.put_in_force(session, camat, struck, TEN)
    looks(cast)
    assert due(cast, case) == at(26, 9)
    assert [event.detail["reason"] for event in moves(cast, case)] == [TODAY.reason, "Dicabut"]


def test_other_hours_move_what_is_open_and_what_comes_after(cast: Cast) -> None:
    case = start(cast, now=at(12, 14, 55))  # ten minutes: five of them on Friday
    assert due(cast, case) == at(13, 8, 5)
    hours = banjar().to_dict()
    for key in form.WEEKDAYS:
        for week in (hours["week"], hours["periods"][0]["week"]):
            week[key] = [["09:00", "15:00"]] if week[key] else []
    put_in_force(cast, hours, now=at(12, 14, 56), who="admin")
    looks(cast, at(12, 14, 56))
    assert due(cast, case) == at(13, 9, 5)
    do(cast, "kasubbag.gambut", "Langkah_1", now=at(13, 9, 1))
    assert due(cast, case) == at(13, 9, 11)


def test_a_change_of_zone_moves_due_times_and_the_days_of_the_absent(cast: Cast) -> None:
    case = start(cast, now=at(12, 14, 55))
    away(cast, "kasi.gambut", "kasi.gambut", "kasubbag.gambut", 16, 17)
    hours = banjar().to_dict() | {"zone": "Asia/Jakarta"}
    put_in_force(cast, hours, now=at(12, 14, 56), who="admin", reason="Pindah zona")
    schedule.tick(cast.database, at(12, 14, 56))
    # 14.55 WITA is 13.55 WIB: the office is open for another hour and five minutes.
    assert due(cast, case) == at(12, 15, 5)
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Absence.wake_at)).one() == at(16, 1)
        assert session.scalars(select(Office.zone).where(Office.slug == "gambut")).one() == (
            "Asia/Jakarta"
        )


def test_a_quarters_case_opens_on_what_is_its_first_working_day_now(cast: Cast) -> None:
    with cast.database.transaction(EVERYWHERE) as session:
        sop = session.scalars(select(Sop).where(Sop.starts_at.is_not(None))).first()
        if sop is None:
            pytest.skip("no SOP that ships begins by itself")
        office = session.get_one(Office, sop.office_id)
    first = date(2026, 4, 1)
    put_in_force(cast, Plan(OFF, first, reason="Libur daerah"), who="admin", slug=office.slug)
    with cast.database.reading(EVERYWHERE) as session:
        assert session.get_one(Sop, sop.id).starts_at == sop.starts_at + timedelta(days=1)


# --- what was late, stands still, or is suspended ----------------------------------------------


@pytest.mark.parametrize("had_looked", [True, False])
def test_what_was_late_before_the_decree_was_late_and_is_due_anew(
    cast: Cast, had_looked: bool
) -> None:
    case = start(cast)  # due at 09:10
    if had_looked:
        schedule.tick(cast.database, THURSDAY + timedelta(minutes=20))
    put_in_force(cast, TODAY)
    schedule.tick(cast.database, TEN)
    assert due(cast, case) == at(13, 8, 10)  # ten minutes of Friday
    with cast.database.reading(EVERYWHERE) as session:
        escalation = session.scalars(select(Escalation)).one()
        assert escalation.due_at == at(12, 9, 10)
        assert session.scalars(select(Task).where(Task.due_at <= TEN)).all() == []
    # It is late again if nobody does it on Friday; it is said once.
    schedule.tick(cast.database, at(13, 9))
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Escalation)).one().due_at == at(12, 9, 10)
        kinds = session.scalars(select(Event.kind).where(Event.case_id == case)).all()
    assert Counter(kinds)["late"] == 1


def test_hours_that_make_a_step_late_say_so_beforehand_and_at_once(cast: Cast) -> None:
    case = at_the_sixth_step(cast)
    saturday = Plan(WORKED, date(2026, 3, 14), reason="Mengganti 18 Maret")
    wednesday = at(25, 9, 30)
    with cast.at_work("camat.gambut", wednesday) as (session, camat):
        gambut = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        proposed = decrees.propose(session, camat, gambut, saturday, wednesday)
        seen = redating.outlook(session, proposed, wednesday)
        assert (seen.earlier, seen.falls_due) == (1, 1)
        calendars.put_in_force(session, camat, proposed, wednesday)
    looks(cast, wednesday)
    schedule.tick(cast.database, wednesday)
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Escalation.due_at)).one() == at(25, 9)
    assert [event.kind for event in moves(cast, case)] == ["redated"]


def test_a_suspended_case_goes_on_with_what_was_left_in_the_new_hours(cast: Cast) -> None:
    case = at_the_sixth_step(cast)
    with cast.at_work("camat.gambut", TEN) as (session, camat):
        steering.suspend(session, camat, case, "Menunggu kabupaten", TEN)
    put_in_force(cast, Plan(OFF, date(2026, 3, 13), reason="SE 8"), now=TEN)
    looks(cast)
    assert due(cast, case) == at(27, 9)
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Case.wake_at)).one() is None  # its clock stands still
    with cast.at_work("camat.gambut", at(16)) as (session, camat):
        steering.resume(session, camat, case, "Sudah datang", at(16))
    # It stood for the rest of Thursday, 4 h 30, and the first hour of Monday.
    assert due(cast, case) == at(27, 16)


def test_the_time_a_clock_stood_still_is_counted_in_the_new_hours_too(cast: Cast) -> None:
    case = start(cast)
    with cast.at_work("camat.gambut", THURSDAY + timedelta(minutes=6)) as (session, camat):
        now = THURSDAY + timedelta(minutes=6)
        steering.suspend(session, camat, case, "Menunggu kabupaten", now)
    with cast.at_work("camat.gambut", at(16, 10)) as (session, camat):
        steering.resume(session, camat, case, "Sudah datang", at(16, 10))
    assert due(cast, case) == at(16, 10, 4)
    # Nothing between its opening and its due time is otherwise: it stays.
    put_in_force(cast, Plan(OFF, date(2026, 3, 17), reason="SE 8"), now=at(16, 10, 1))
    looks(cast, at(16, 10, 1))
    assert due(cast, case) == at(16, 10, 4)
    # The day it goes on is off after all: the four minutes are those of Tuesday, the next day.
    put_in_force(cast, Plan(OFF, date(2026, 3, 16), reason="SE 9"), now=at(16, 10, 2))
    looks(cast, at(16, 10, 2))
    assert due(cast, case) == at(25, 7, 34)


def test_a_paused_step_keeps_resting_and_goes_on_with_what_it_had_in_the_new_hours(
    cast: Cast,
) -> None:
    case = at_the_sixth_step(cast)
    with cast.at_work("camat.gambut", TEN) as (session, camat):
        pauses.pause(session, camat, open_task(cast, case).id, "Berkas kurang", "KTP", TEN)
    put_in_force(cast, Plan(OFF, date(2026, 3, 13), reason="SE 8"))
    looks(cast)
    assert due(cast, case) == at(27, 9)
    schedule.tick(cast.database, at(30, 9))
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Escalation)).all() == []  # it rests
    with cast.at_work("camat.gambut", at(16)) as (session, camat):
        pauses.resume(session, camat, open_task(cast, case).id, at(16))
    assert due(cast, case) == at(27, 16)


def test_whoever_hears_next_of_a_late_step_hears_by_the_new_hours(cast: Cast) -> None:
    case = start(cast)  # due at 09:10
    schedule.tick(cast.database, THURSDAY + timedelta(minutes=20))
    put_in_force(cast, Plan(OFF, date(2026, 3, 13), reason="SE 8"))
    looks(cast)
    before = open_task(cast, case).climb_at
    put_in_force(cast, TODAY, now=at(12, 11))
    looks(cast, at(12, 11))
    after = open_task(cast, case).climb_at
    assert due(cast, case) == at(16, 8, 10)
    assert before is not None
    assert after is not None
    assert after > due(cast, case) > before


SOP = compile(library.load("martapura-barat/pengumpulan-data-kinerja"))
MOMENTS = st.integers(0, 60 * 24 * 40).map(lambda minutes: THURSDAY + timedelta(minutes=minutes))


@given(st.lists(MOMENTS, max_size=6, unique=True).map(sorted))
def test_reckoned_anew_in_the_same_hours_nothing_moves(moments: list[datetime]) -> None:
    calendar, stored = banjar(), b""
    running = workflow.start(SOP, {}, THURSDAY, calendar)
    for since, until in zip(moments[::2], moments[1::2], strict=False):
        running = workflow.load(SOP, stored or running.dump(), until, calendar)
        running.postpone(since)
        stored = running.dump()
    before = running.wake_at, running.open_steps()
    running.redate()
    assert (running.wake_at, running.open_steps()) == before


# --- each case once ----------------------------------------------------------------------------


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redating, "BATCH", 2)


def test_a_clock_that_dies_in_the_middle_leaves_the_rest_to_the_next(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [start(cast, title=f"Berkas {n}", now=at(12, 14, 55)) for n in range(5)]
    id = put_in_force(cast, Plan(OFF, date(2026, 3, 13), reason="SE 8"), now=at(12, 14, 56))

    class Killed(BaseException):
        pass

    follow, seen = redating.follow, list[int]()

    def dies(session: Any, change_id: int, case_id: int, now: datetime) -> int:
        seen.append(case_id)
        moved = follow(session, change_id, case_id, now)
        if len(seen) == 3:
            raise Killed  # before the commit: of this one nothing is kept
        return moved

    with monkeypatch.context() as while_it_dies:
        while_it_dies.setattr(redating, "follow", dies)
        with pytest.raises(Killed):
            looks(cast, at(12, 14, 57))
    half = change(cast, id)
    assert (half.done, half.moved, half.ended_at) == (2, 2, None)
    # The dead one still has it in hand, for a while.
    looks(cast, at(12, 14, 58))
    assert change(cast, id).done == 2
    looks(cast, at(12, 14, 57) + redating.LEASE)
    whole = change(cast, id)
    assert (whole.total, whole.done, whole.moved) == (5, 5, 5)
    assert whole.ended_at is not None
    assert [len(moves(cast, case)) for case in numbers] == [1] * 5
    assert {due(cast, case) for case in numbers} == {at(16, 8, 5)}


@pytest.mark.usefixtures("small_batches")
def test_many_cases_follow_in_batches_and_say_how_far_they_are(cast: Cast) -> None:
    for n in range(5):
        start(cast, title=f"Berkas {n}", now=at(12, 14, 55))
    id = put_in_force(cast, Plan(OFF, date(2026, 3, 13), reason="SE 8"), now=at(12, 14, 56))
    seen = []
    for _ in range(3):
        looks(cast, at(12, 14, 57))
        seen.append((change(cast, id).done, change(cast, id).ended_at is not None))
    assert seen == [(2, False), (4, False), (5, True)]


def test_a_case_that_cannot_follow_is_named_and_tried_again_when_somebody_asks(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = start(cast, now=at(12, 14, 55)), start(cast, now=at(12, 14, 55))
    with cast.database.transaction(EVERYWHERE) as session:
        kept = session.scalars(select(Case.state).where(Case.id == bad)).one()
        session.execute(update(Case).where(Case.id == bad).values(state=b"{}"))
    id = put_in_force(cast, Plan(OFF, date(2026, 3, 13), reason="SE 8"), now=at(12, 14, 56))
    looks(cast, at(12, 14, 57))
    halted = change(cast, id)
    assert [failure["case"] for failure in halted.failures] == [bad]
    assert halted.ended_at is not None
    assert due(cast, good) == at(16, 8, 5)

    with cast.database.transaction(EVERYWHERE) as session:
        session.execute(update(Case).where(Case.id == bad).values(state=kept))
    with cast.at_work("camat.gambut") as (session, camat):
        redating.retry(session, camat, session.get_one(CalendarChange, id))
    looks(cast, at(12, 14, 58))
    assert due(cast, bad) == at(16, 8, 5)
    assert [len(moves(cast, case)) for case in (good, bad)] == [1, 1]
    assert change(cast, id).failures == []


# --- by whom -----------------------------------------------------------------------------------


def test_leaders_decree_days_but_the_hours_of_every_week_are_an_administrators(cast: Cast) -> None:
    hours = banjar().to_dict()
    hours["week"]["saturday"] = [["08:00", "12:00"]]
    refused: list[tuple[str, Plan | dict[str, Any]]] = [
        ("staf.gambut", TODAY),
        ("perancang.gambut", TODAY),
        ("camat.sumbang", TODAY),
        ("pengawas.banyumas", TODAY),
        ("camat.gambut", hours),
        ("pengawas.banjar", hours),
    ]
    for who, plan in refused:
        with pytest.raises(access.Forbidden):
            with cast.at_work(who) as (session, actor):
                session.info["scope"] = EVERYWHERE
                gambut = session.scalars(select(Office).where(Office.slug == "gambut")).one()
                if isinstance(plan, Plan):
                    decrees.propose(session, actor, gambut, plan, THURSDAY)
                else:
                    calendars.propose(session, actor, gambut, plan, "Coba", THURSDAY)
    put_in_force(cast, TODAY, who="pengawas.banjar")
    looks(cast)
    put_in_force(cast, hours, who="admin")


def test_a_supervisor_decrees_a_day_for_the_whole_kabupaten_at_once(cast: Cast) -> None:
    case = start(cast)
    with cast.at_work("pengawas.banjar") as (session, pengawas):
        token = decrees.propose_for_all(session, pengawas, "Kabupaten Banjar", TODAY, THURSDAY)
        found = decrees.of(session, pengawas, token)
        assert [office.slug for _, office in found] == ["gambut", "martapura-barat"]
        for proposed, _ in found:
            calendars.put_in_force(session, pengawas, proposed, THURSDAY)
    looks(cast, THURSDAY)
    assert due(cast, case) == at(13, 8, 10)
    assert moves(cast, case)[0].capacity == "Pengawas Kabupaten Banjar"
    with pytest.raises(decrees.NoSuchKabupaten):
        with cast.at_work("pengawas.banjar") as (session, pengawas):
            decrees.propose_for_all(session, pengawas, "Kabupaten Banyumas", TODAY, THURSDAY)


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (Plan("lain", date(2026, 3, 12), reason="SE"), decrees.BadKind),
        (Plan(OFF, None, reason="SE"), decrees.BadDay),
        (Plan(OFF, date(2026, 3, 13), date(2026, 3, 12), "SE"), decrees.Backwards),
        (Plan(OFF, date(2026, 3, 12), date(2026, 5, 12), "SE"), decrees.TooLong),
        (Plan(OFF, date(2026, 3, 14), date(2026, 3, 15), "SE"), decrees.AlreadyFree),
        (Plan(OFF, date(2026, 3, 12), reason="  "), calendars.NoReason),
        (Plan(OFF, date(2026, 3, 12), reason="x" * 201), calendars.NoReason),
        (Plan(WORKED, date(2026, 3, 14), reason="SE", hours=[["9", "x"]]), Exception),
    ],
)
def test_a_decree_that_says_nothing_is_refused(cast: Cast, plan: Plan, why: type[Any]) -> None:
    with pytest.raises(why):
        put_in_force(cast, plan)


def test_a_proposal_that_was_overtaken_is_refused(cast: Cast) -> None:
    with cast.at_work("camat.gambut") as (session, camat):
        gambut = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        mine = decrees.propose(session, camat, gambut, TODAY, THURSDAY)
    theirs = put_in_force(cast, Plan(OFF, date(2026, 3, 16), reason="SE 9"), who="sekcam.gambut")

    def apply() -> None:
        with cast.at_work("camat.gambut") as (session, camat):
            calendars.put_in_force(session, camat, session.get_one(CalendarChange, mine.id), TEN)

    with pytest.raises(calendars.UnderWay):
        apply()
    looks(cast)
    assert change(cast, theirs).ended_at is not None
    with pytest.raises(calendars.Stale):
        apply()


def test_put_in_force_twice_it_is_in_force_once(cast: Cast) -> None:
    id = put_in_force(cast, TODAY)
    with cast.at_work("camat.gambut", at(13)) as (session, camat):
        calendars.put_in_force(session, camat, session.get_one(CalendarChange, id), at(13))
    assert change(cast, id).applied_at == TEN


def test_nothing_changes_where_it_is_so_already(cast: Cast) -> None:
    with pytest.raises(calendars.NothingChanges):
        put_in_force(cast, banjar().to_dict(), who="admin")
