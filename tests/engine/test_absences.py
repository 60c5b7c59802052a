"""Twin of engine/absences.py: who records whose absence, for which days, with whom instead."""

from datetime import date, datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import event, select

from engine import absencebook, absences, access, holders, offices, people
from engine.absences import AbsenceError, Plan
from engine.db import EVERYWHERE, Database
from engine.models import Absence, Office, Person
from tests.conftest import THURSDAY, Cast
from tests.days import at, away, ends, is_back, march, names

ADMIN, CAMAT, SEKCAM, KASUBBAG, KASI, STAF = (
    "admin",
    *(f"{post}.gambut" for post in ("camat", "sekcam", "kasubbag", "kasi", "staf")),
)


def lines(cast: Cast, view: str, now: datetime = THURSDAY) -> list[tuple[str, str]]:
    with cast.database.reading(EVERYWHERE) as session:
        office = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        found = absencebook.page(session, office, view, now)
        today = offices.today(office, now)
        return [(row.name, row.state(today)) for row in found.items]


# --- by right --------------------------------------------------------------------------------


def test_everyone_records_her_own_absence_and_leaders_and_administrators_others(
    cast: Cast,
) -> None:
    away(cast, STAF, STAF, KASI, 16, 17)
    away(cast, SEKCAM, KASUBBAG, None, 16, 17)
    away(cast, ADMIN, CAMAT, None, 16, 17)
    with pytest.raises(access.Forbidden):
        away(cast, STAF, SEKCAM, KASI, 23, 24)


def test_nobody_records_one_in_another_office(cast: Cast) -> None:
    with pytest.raises(offices.NoSuchOffice):
        away(cast, "camat.sumbang", STAF, None, 16, 17)
    with pytest.raises(absences.NotAnEmployee):
        away(cast, CAMAT, "staf.sumbang", None, 16, 17)


# --- days and people -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (None, march(17), "starts_on"),
        (march(16), None, "ends_on"),
        (date(1949, 1, 1), march(17), "starts_on"),
        (march(16), date(2945, 1, 1), "ends_on"),
        (march(17), march(16), "ends_on"),
        (march(9), march(11), "ends_on"),
    ],
)
def test_what_is_wrong_with_the_days_is_said_by_the_field(
    cast: Cast, first: date | None, last: date | None, field: str
) -> None:
    with cast.at_work(STAF) as (session, actor):
        office = offices.find(session, actor, "gambut", "absence.record")
        plan = Plan(actor.person_id or 0, None, first, last, "cuti")
        with pytest.raises(AbsenceError) as wrong:
            absences.record(session, actor, office, plan, THURSDAY)
        assert wrong.value.field == field  # type: ignore[attr-defined]


def test_why_is_one_of_four_words_and_nobodys_illness(cast: Cast) -> None:
    with pytest.raises(absences.NoReason):
        away(cast, STAF, STAF, None, 16, 17, reason="sakit gigi")


def test_one_that_began_yesterday_may_still_be_written_down(cast: Cast) -> None:
    assert away(cast, STAF, STAF, None, 11, 12).wake_at == at(11, 0)


def test_the_substitute_is_a_colleague_who_is_there_all_those_days(cast: Cast) -> None:
    with pytest.raises(absences.OwnSubstitute):
        away(cast, STAF, STAF, STAF, 16, 17)
    for stranger in ("staf.sumbang", ADMIN, "perancang.gambut"):
        with pytest.raises(absences.NoSubstitute):
            away(cast, STAF, STAF, stranger, 16, 17)
    with cast.database.transaction(EVERYWHERE) as session:
        session.scalars(select(Person).where(Person.account == KASI)).one().closed_at = THURSDAY
    with pytest.raises(absences.NoSubstitute):
        away(cast, STAF, STAF, KASI, 16, 17)


def test_a_substitute_whose_own_days_end_before_is_refused(cast: Cast) -> None:
    holder = names(
        cast,
        ADMIN,
        "pelaksana",
        "staf.sumbang",
        holders.Term("definitif", "", march(12), march(17)),
    )
    away(cast, STAF, STAF, "staf.sumbang", 16, 17)
    ends(cast, ADMIN, holder.id, march(18))
    with pytest.raises(absences.NoSubstitute):
        away(cast, STAF, STAF, "staf.sumbang", 18, 19)


# --- overlaps, refused in words --------------------------------------------------------------


def test_nobody_is_away_twice_on_one_day(cast: Cast) -> None:
    away(cast, STAF, STAF, None, 16, 18)
    with pytest.raises(absences.AwayAlready, match="2026-03-16 – 2026-03-18"):
        away(cast, STAF, STAF, KASI, 18, 20)
    away(cast, STAF, STAF, KASI, 19, 20)


def test_no_chain_from_either_end(cast: Cast) -> None:
    away(cast, STAF, STAF, KASI, 16, 18)
    with pytest.raises(absences.StandsIn, match="menggantikan Budi Santoso"):
        away(cast, KASI, KASI, SEKCAM, 18, 20)
    away(cast, KASI, KASI, SEKCAM, 19, 20)
    with pytest.raises(absences.SubstituteAway, match="Hendra Gunawan juga tidak masuk"):
        away(cast, KASUBBAG, KASUBBAG, KASI, 17, 19)


def test_a_cancelled_absence_is_in_nobodys_way(cast: Cast) -> None:
    absence = away(cast, STAF, STAF, KASI, 16, 18).id
    is_back(cast, STAF, absence, THURSDAY)
    away(cast, STAF, STAF, SEKCAM, 16, 18)
    with pytest.raises(absences.EndedAlready):
        is_back(cast, STAF, absence, THURSDAY)


def test_of_two_who_name_each_other_at_once_one_is_refused(cast: Cast) -> None:
    barrier, results = Barrier(2), []

    def record(who: str, substitute: str) -> None:
        barrier.wait()
        try:
            away(cast, who, who, substitute, 16, 18)
            results.append("recorded")
        except AbsenceError:
            results.append("refused")

    threads = [Thread(target=record, args=pair) for pair in ((STAF, KASI), (KASI, STAF))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["recorded", "refused"]


# --- back again ------------------------------------------------------------------------------


def test_only_herself_and_those_who_may_record_it_end_it(cast: Cast) -> None:
    absence = away(cast, STAF, STAF, KASI, 16, 18).id
    with pytest.raises(access.Forbidden):
        is_back(cast, KASI, absence, at(16))
    with pytest.raises(absences.NoSuchAbsence):
        is_back(cast, "staf.sumbang", absence, at(16), slug="sumbang")
    is_back(cast, CAMAT, absence, at(16))


def test_what_is_over_is_not_ended(cast: Cast) -> None:
    absence = away(cast, STAF, STAF, KASI, 16, 18).id
    is_back(cast, STAF, absence, at(18, 23, 59))
    other = away(cast, STAF, STAF, KASI, 23, 24).id
    with pytest.raises(absences.EndedAlready):
        is_back(cast, STAF, other, at(25, 0))


# --- what is seen ----------------------------------------------------------------------------


def test_the_list_tells_who_is_away_who_will_be_and_who_was(cast: Cast) -> None:
    away(cast, STAF, STAF, KASI, 12, 13)
    away(cast, SEKCAM, SEKCAM, None, 16, 18)
    gone = away(cast, KASUBBAG, KASUBBAG, None, 23, 24).id
    is_back(cast, KASUBBAG, gone, THURSDAY)
    assert lines(cast, "current") == [("Budi Santoso", "now"), ("Siti Norhayati", "coming")]
    assert lines(cast, "past") == [("Aulia Rahmah", "cancelled")]
    assert lines(cast, "past", at(14)) == [("Aulia Rahmah", "cancelled"), ("Budi Santoso", "over")]


def test_the_list_is_paged_both_ways(cast: Cast) -> None:
    for day in range(16, 26):
        away(cast, STAF, STAF, None, day, day)
    with cast.database.reading(EVERYWHERE) as session:
        office = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        for view, now in (("current", at(12)), ("past", at(27))):
            days, after = [], None
            while True:
                page = absencebook.page(session, office, view, now, after=after, limit=4)
                assert page.count == 10
                days += [row.absence.starts_on.day for row in page.items]
                after = page.next
                if after is None:
                    break
            assert days == sorted(range(16, 26), reverse=view == "past")


# --- what it costs ---------------------------------------------------------------------------


def statements(database: Database, account: str) -> int:
    """How many it takes to know who she is."""
    counted: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted.append(statement)

    event.listen(database.bind, "before_cursor_execute", count)
    with database.reading(EVERYWHERE) as session:
        person = people.find(session, account)
        assert person is not None
        counted.clear()
        access.actor(session, person, at(16))
    event.remove(database.bind, "before_cursor_execute", count)
    return len([each for each in counted if each.startswith("SELECT")])


def test_knowing_who_she_is_takes_three_statements_however_much_she_stands_in_for(
    cast: Cast,
) -> None:
    assert statements(cast.database, KASI) == 3
    for who in (CAMAT, SEKCAM, KASUBBAG, STAF):
        away(cast, SEKCAM, who, KASI, 16, 18)
    assert len(cast(KASI, at(16)).posts) == 5
    assert statements(cast.database, KASI) == 3
    assert statements(cast.database, ADMIN) == 2


def test_absences_of_years_ago_are_not_even_looked_at(cast: Cast) -> None:
    with cast.database.transaction(EVERYWHERE) as session:
        staf, kasi = (people.find(session, who) for who in (STAF, KASI))
        assert staf is not None and kasi is not None
        office = cast(KASI).posts[0].office_id
        session.add_all(
            Absence(
                office_id=office,
                person_id=staf.id,
                substitute_id=kasi.id,
                starts_on=date(year, 3, 1),
                ends_on=date(year, 3, 30),
                reason="cuti",
                recorded_by=staf.id,
                recorded_at=THURSDAY,
            )
            for year in range(2005, 2026)
        )
    assert len(cast(KASI, at(16)).posts) == 1
