"""Twin of engine/ladderbook.py: who hears when is changed, and what is late follows at once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine import ladder, ladderbook, pauses, steering
from engine.access import Forbidden
from engine.db import EVERYWHERE
from engine.ladderbook import ChangedMeanwhile, NothingChanges, Outlook
from engine.models import Office, OfficeEvent, Sop
from tasks import schedule
from tests.conftest import THURSDAY, WITA, Cast
from tests.gambut import start
from tests.tasks.test_ladder import CAMAT, DUE, FOURTH, MINUTE, SECOND, THIRD, levels, only

NOON = datetime(2026, 3, 12, 12, 0, tzinfo=WITA)
SOONER = {"2": "1 jam", "3": "1 hari", "4": "2 hari"}
TEN_PAST = datetime(2026, 3, 12, 10, 10, tzinfo=WITA)  # an hour after the due time
Rules = Mapping[str, str] | None


@pytest.fixture
def late(cast: Cast) -> Cast:
    """A berkas late since 09:10, of which the first level has heard."""
    start(cast)
    schedule.tick(cast.database, DUE)
    return cast


def _of(session: Any, sop: bool) -> tuple[Office, Sop | None]:
    office = session.scalars(select(Office).where(Office.slug == "gambut")).one()
    its = session.scalars(select(Sop).where(Sop.office_id == office.id)).first()
    return office, its if sop else None


def looks(cast: Cast, rules: Rules, *, sop: bool = False, now: datetime = DUE) -> Outlook:
    with cast.at_work(CAMAT, now) as (session, _camat):
        wanted = ladder.read(rules) if rules is not None else None
        return ladderbook.outlook(session, *_of(session, sop), wanted, now)


def puts(
    cast: Cast, rules: Rules, *, sop: bool = False, now: datetime = DUE, who: str = CAMAT
) -> int:
    with cast.at_work(who, now) as (session, actor):
        office, its = _of(session, sop)
        wanted = ladder.read(rules) if rules is not None else None
        seen = ladderbook.written(office, its)
        return ladderbook.put_in_force(session, actor, office, its, wanted, seen, now)


def test_whoever_looks_sees_what_would_change_and_changes_nothing(late: Cast) -> None:
    seen = looks(late, SOONER)
    [shift] = seen.shifts
    assert (shift.before and shift.before.at, shift.after and shift.after.at) == (SECOND, TEN_PAST)
    assert (seen.sooner, seen.later, seen.silent, seen.at_once) == (1, 0, 0, 0)
    assert looks(late, SOONER, now=NOON).at_once == 1
    assert only(late).climb_at == SECOND


def test_what_is_late_follows_the_new_ladder_and_dates_it_from_the_due_time(late: Cast) -> None:
    assert puts(late, SOONER, now=NOON) == 1
    schedule.tick(late.database, NOON)
    assert levels(late)[1:] == [(2, TEN_PAST, "sekretaris-camat")]
    assert only(late).climb_at == THIRD


def test_a_slower_ladder_lets_it_wait_and_a_shorter_one_be_silent(late: Cast) -> None:
    assert looks(late, {"2": "2 hari", "3": "", "4": ""}).later == 1
    puts(late, {"2": "2 hari", "3": "", "4": ""})
    schedule.tick(late.database, FOURTH - MINUTE)
    assert [level for level, _, _ in levels(late)] == [1]
    assert looks(late, {"2": "", "3": "", "4": ""}).silent == 1
    puts(late, {"2": "", "3": "", "4": ""})
    assert only(late).climb_at is None
    # The levels come back, and with them whoever is to hear.
    assert looks(late, ladder.USUAL).sooner == 1
    puts(late, ladder.USUAL)
    assert only(late).climb_at == SECOND


def test_an_sop_with_a_ladder_of_its_own_does_not_follow_its_office(late: Cast) -> None:
    own = {"2": "5 jam", "3": "3 hari", "4": ""}
    assert puts(late, own, sop=True) == 1
    assert looks(late, SOONER).shifts == []
    assert puts(late, SOONER) == 0
    assert only(late).climb_at == datetime(2026, 3, 12, 14, 40, tzinfo=WITA)
    assert puts(late, None, sop=True) == 1  # it follows again
    assert only(late).climb_at == TEN_PAST


def test_what_is_not_late_yet_follows_once_it_is(cast: Cast) -> None:
    start(cast)
    seen = looks(cast, SOONER, now=THURSDAY)
    assert (seen.shifts, seen.to_come) == ([], 1)
    puts(cast, SOONER, now=THURSDAY)
    schedule.tick(cast.database, DUE)
    assert only(cast).climb_at == TEN_PAST


@pytest.mark.parametrize("rests", [pauses.pause, steering.suspend])
def test_what_rests_stays_at_rest(late: Cast, rests: Any) -> None:
    task = only(late)
    with late.at_work(CAMAT, DUE + MINUTE) as (session, camat):
        if rests is pauses.pause:
            pauses.pause(session, camat, task.id, "Kurang", "KTP", DUE + MINUTE)
        else:
            steering.suspend(session, camat, task.case_id, "Menunggu", DUE + MINUTE)
    assert looks(late, SOONER).shifts == []
    assert puts(late, SOONER) == 0
    assert only(late).climb_at is None


def test_the_office_remembers_who_changed_it_and_from_what(late: Cast) -> None:
    puts(late, SOONER)
    with late.database.reading(EVERYWHERE) as session:
        line = session.scalars(select(OfficeEvent).where(OfficeEvent.kind == "ladder")).one()
        assert line.detail["before"]["2"] == "PT4H"
        assert line.detail["after"] == {"2": "PT1H", "3": "P1D", "4": "P2D", "floor": ""}


def test_the_same_ladder_is_no_change(late: Cast) -> None:
    with pytest.raises(NothingChanges):
        puts(late, {**ladder.USUAL, "2": "240 menit"})
    with pytest.raises(NothingChanges):
        puts(late, None, sop=True)


def test_what_somebody_else_changed_meanwhile_is_looked_at_again(late: Cast) -> None:
    puts(late, SOONER)
    with pytest.raises(ChangedMeanwhile), late.at_work(CAMAT, DUE) as (session, camat):
        office, _ = _of(session, sop=False)
        old = ladder.read({}).written()
        wanted = ladder.read({"2": "3 jam"})
        ladderbook.put_in_force(session, camat, office, None, wanted, old, DUE)


def test_only_leaders_and_administrators_change_it(late: Cast) -> None:
    for who in ("kasubbag.gambut", "pengawas.banjar", "camat.sumbang"):
        with pytest.raises(Forbidden):
            puts(late, SOONER, who=who)


def test_of_many_late_steps_all_follow(cast: Cast) -> None:
    for n in range(30):
        start(cast, title=f"Berkas {n}")
    schedule.tick(cast.database, DUE)
    assert puts(cast, SOONER) == 30
    schedule.tick(cast.database, TEN_PAST + timedelta(seconds=1))
    assert len([level for level, _, _ in levels(cast) if level == 2]) == 30
