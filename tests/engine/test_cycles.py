"""A quarter ends, and on the first working day after it the case of that quarter is there."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from engine import cycles
from engine.db import EVERYWHERE
from engine.models import Case, Event, Office, Sop
from engine.worktime import banjar, perpres
from tasks import schedule
from tests.conftest import THURSDAY, WITA, Cast

WIB = perpres("Asia/Jakarta")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_quarter_begins_on_its_first_working_day() -> None:
    # 1 April 2026 is a Wednesday; 1 January 2027 a holiday, 2 and 3 a weekend.
    assert cycles.following("R/P3M", WIB, THURSDAY) == at("2026-04-01T07:30+07:00")
    assert cycles.following("R/P3M", WIB, at("2026-04-01T07:30+07:00")) == at(
        "2026-07-01T07:30+07:00"
    )
    assert cycles.following("R/P3M", WIB, at("2026-12-01T09:00+07:00")) == at(
        "2027-01-04T07:30+07:00"
    )


def test_between_the_quarters_first_day_and_its_first_opening_the_round_is_still_to_come() -> None:
    assert cycles.following("R/P3M", WIB, at("2027-01-02T10:00+07:00")) == at(
        "2027-01-04T07:30+07:00"
    )


def test_a_weekly_round_counts_working_weeks_and_a_date_comes_once() -> None:
    assert cycles.following("R/P1W", banjar(), THURSDAY) == datetime(2026, 3, 26, 9, tzinfo=WITA)
    once = "2026-04-01T08:00+08:00"
    assert cycles.following(once, banjar(), THURSDAY) == at(once)
    assert cycles.following(once, banjar(), at("2026-05-01T08:00+08:00")) is None


def test_a_yearly_round_begins_with_the_year() -> None:
    assert cycles.following("R/P1Y", WIB, THURSDAY) == at("2027-01-04T07:30+07:00")


@pytest.mark.parametrize(
    "text", ["", "PT10M", "R/P0M", "R/P13M", "R/besok", "setiap Senin", "R/P3M/P1W", ""]
)
def test_a_cycle_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(cycles.BadCycle, match="tidak dapat dipakai"):
        cycles.following(text, WIB, THURSDAY)


def test_bukit_batu_collects_its_data_once_a_quarter_without_being_asked(cast: Cast) -> None:
    first_of_april = at("2026-04-01T07:30+07:00")
    schedule.tick(cast.database, first_of_april - timedelta(seconds=1))
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Case)).all() == []
    for _ in range(3):
        schedule.tick(cast.database, first_of_april)
    with cast.database.reading(EVERYWHERE) as session:
        case = session.scalars(select(Case)).one()
        office = session.get_one(Office, case.office_id)
        assert (office.slug, case.title) == ("bukit-batu", "Pengumpulan Data Kinerja (01-04-2026)")
        started = session.scalars(select(Event).where(Event.kind == "started")).one()
        assert started.person_id is None
        sop = session.get_one(Sop, case.sop_id)
        assert sop.starts_at == at("2026-07-01T07:30+07:00")


def test_rounds_missed_while_no_clock_ran_are_opened_once(cast: Cast) -> None:
    for _ in range(3):
        schedule.tick(cast.database, at("2026-10-05T09:00+07:00"))
    with cast.database.reading(EVERYWHERE) as session:
        assert len(session.scalars(select(Case)).all()) == 1
