"""What the sekcam finds at eight: late, soon, untaken, nobody there, stuck, standing still."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from engine import cases, incidents, pauses, sops, steering
from engine.access import NATION
from engine.cases import CaseStuck
from engine.db import EVERYWHERE
from engine.models import Case, Grant, Holder, Person, Task
from tasks import inbox, lists, marks, monitor, overview
from tasks.filters import EVERYTHING, Filter
from tests.conftest import THURSDAY, Cast
from tests.gambut import start
from tests.tasks.people import id_of

AULIA, BUDI, CAMAT, PENGAWAS = (
    "kasubbag.gambut",
    "staf.gambut",
    "camat.gambut",
    "pengawas.banjar",
)
MINUTE = timedelta(minutes=1)
TEN = THURSDAY + 60 * MINUTE


@pytest.fixture
def office(cast: Cast) -> Cast:
    """At ten: one late with Aulia, one late that nobody took, one just opened, and worse."""
    taken = start(cast, "Diambil", THURSDAY)
    with cast.at_work(AULIA) as (session, aulia):
        inbox.claim(session, aulia, the_task(session, taken), THURSDAY + 5 * MINUTE)
    start(cast, "Dibiarkan", THURSDAY - 30 * MINUTE)
    start(cast, "Baru", TEN - MINUTE)
    resting = start(cast, "Menunggu pemohon", TEN - 5 * MINUTE)
    stopped = start(cast, "Ditangguhkan", TEN - 5 * MINUTE)
    broken = start(cast, "Macet", TEN - 2 * MINUTE)
    with cast.at_work(CAMAT) as (session, camat):
        task = the_task(session, resting)
        pauses.pause(session, camat, task, "Belum lengkap", "KTP pemohon", TEN - 4 * MINUTE)
        steering.suspend(session, camat, stopped, "Menunggu tim.", TEN - 4 * MINUTE)
    with cast.database.transaction(EVERYWHERE) as session:
        case = session.get_one(Case, broken)
        incidents.record(session, CaseStuck(case, "Tidak ada jalan."), TEN)
    return cast


def the_task(session: Any, case: int) -> int:
    return session.scalars(select(Task.id).where(Task.case_id == case)).one()


def titles(
    cast: Cast,
    view: str,
    who: str = CAMAT,
    now: datetime = TEN,
    narrowed: Filter = EVERYTHING,
    **how: Any,
) -> list[str]:
    """What stands in a view; the number on its tab says the same."""
    with cast.at_work(who, now) as (session, actor):
        seen = monitor.look(session, actor, now, narrowed, **how)
        known = monitor.counts(session, seen)
        if view == "stuck":
            found: Any = monitor.stuck(session, seen, known)
        else:
            found = monitor.page(session, seen, view, known)
        assert found.count == len(found.items)
        return [line.case.title for line in found.items]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("overdue", ["Dibiarkan", "Diambil"]),
        ("soon", ["Macet", "Baru"]),
        ("unclaimed", ["Dibiarkan"]),
        ("vacant", []),
        ("stuck", ["Macet"]),
        ("paused", ["Menunggu pemohon", "Ditangguhkan"]),
        ("attention", ["Dibiarkan", "Diambil", "Macet", "Baru"]),
    ],
)
def test_each_view_shows_what_it_says(office: Cast, view: str, expected: list[str]) -> None:
    assert titles(office, view) == expected
    assert titles(office, view, PENGAWAS) == expected
    assert titles(office, view, "pengawas.banyumas") == []


def test_a_line_says_at_whom_it_is_since_when_and_why_it_is_shown(office: Cast) -> None:
    with office.at_work(CAMAT, TEN) as (session, camat):
        seen = monitor.look(session, camat, TEN, EVERYTHING)
        found = monitor.page(session, seen, "all", monitor.counts(session, seen))
    lines = {line.case.title: line for line in found.items}
    taken, left, rests = (lines[title] for title in ("Diambil", "Dibiarkan", "Menunggu pemohon"))
    assert (taken.claimed_by, taken.since) == ("Aulia Rahmah", THURSDAY + 5 * MINUTE)
    assert (left.claimed_by, left.since) == (None, THURSDAY - 30 * MINUTE)
    assert (taken.why, left.why) == ({"overdue"}, {"overdue", "unclaimed"})
    assert rests.pause is not None
    assert (rests.pause.awaited, rests.why) == ("KTP pemohon", {"paused"})


def test_what_is_too_long_and_what_is_soon_is_hers_to_say(office: Cast) -> None:
    assert titles(office, "unclaimed", patience=240) == []
    assert titles(office, "unclaimed", patience=30) == ["Dibiarkan"]
    # At eleven the next day's noon is what "tomorrow" holds.
    for horizon in marks.HORIZONS:
        assert titles(office, "soon", horizon=horizon) == ["Macet", "Baru"]
    evening = THURSDAY.replace(hour=17)
    start(office, "Setelah kantor tutup", evening)
    assert titles(office, "soon", now=evening, horizon="today") == []
    assert titles(office, "soon", now=evening, horizon="tomorrow") == ["Setelah kantor tutup"]


def test_a_night_does_not_count_as_waiting(cast: Cast) -> None:
    start(cast, "Sore", THURSDAY.replace(hour=14, minute=20))  # in Ramadan they close at three
    morning = THURSDAY.replace(hour=7, minute=45) + timedelta(days=1)
    assert titles(cast, "unclaimed", now=morning, patience=240) == []
    assert titles(cast, "unclaimed", now=morning, patience=30) == ["Sore"]


def test_where_nobody_holds_the_post_the_step_says_so(office: Cast) -> None:
    with office.database.transaction(EVERYWHERE) as session:
        aulia = session.scalars(select(Person).where(Person.account == AULIA)).one()
        held = session.scalars(select(Holder).where(Holder.person_id == aulia.id)).one()
        held.ends_on = THURSDAY.date() - timedelta(days=1)
    found = titles(office, "vacant")
    assert "Dibiarkan" in found
    assert "Diambil" not in found  # somebody has it in hand


def test_it_is_narrowed_to_a_step_a_post_a_person(office: Cast) -> None:
    with office.at_work(AULIA) as (session, aulia):  # the one in hand goes on to Budi
        [mine] = lists.page(session, aulia, "mine", TEN).items
        inbox.complete(session, aulia, mine.task.id, TEN)
    aulia = id_of(office, AULIA)
    assert titles(office, "all", narrowed=Filter(person=aulia)) == []
    assert titles(office, "all", narrowed=Filter(element="Langkah_2")) == ["Diambil"]
    assert titles(office, "stuck", narrowed=Filter(element="Langkah_2")) == []
    assert titles(office, "stuck", narrowed=Filter(search="macet")) == ["Macet"]
    assert titles(office, "all", narrowed=Filter(kabupaten="Kabupaten Banyumas")) == []
    [budi] = [held.post_id for held in office(BUDI).posts]
    assert titles(office, "all", narrowed=Filter(post=budi)) == ["Diambil"]


@pytest.mark.parametrize("by", overview.GROUPS)
def test_it_is_put_together_page_by_page(office: Cast, by: str) -> None:
    with office.at_work("camat.martapura-barat") as (session, camat):
        sop, _ = sops.startable(session, camat)[0]
        cases.start(session, camat, sop, "Martapura", TEN)
    with office.at_work(PENGAWAS, TEN) as (session, pengawas):
        seen = monitor.look(session, pengawas, TEN, EVERYTHING)
        total, groups, after = monitor.counts(session, seen), [], None
        while True:
            found, whole = overview.groups(session, seen, by, after=after, limit=1)
            assert whole == total
            groups += found.items
            if (after := found.next) is None:
                break
    assert len(groups) == found.count == (1 if by == "kabupaten" else 2)
    assert groups[0].counts["overdue"] == max(each.counts["overdue"] for each in groups)
    assert sum(each.counts["all"] for each in groups) == total["all"]
    assert all(each.name or each.key == "0" for each in groups)


def test_who_watches_the_nation_sees_it_kabupaten_by_kabupaten(office: Cast) -> None:
    with office.database.transaction(EVERYWHERE) as session:
        grant = session.scalars(select(Grant).where(Grant.kabupaten == "Kabupaten Banyumas")).one()
        grant.kabupaten = NATION
    with office.at_work("camat.sumbang", TEN) as (session, camat):
        sop, _ = sops.startable(session, camat)[0]
        cases.start(session, camat, sop, "Sumbang", TEN)
    with office.at_work("pengawas.banyumas", TEN) as (session, pengawas):
        assert pengawas.scope is EVERYWHERE
        seen = monitor.look(session, pengawas, TEN, EVERYTHING)
        found, known = overview.groups(session, seen, "kabupaten")
        assert [each.name for each in found.items] == ["Kabupaten Banjar", "Kabupaten Banyumas"]
        assert found.items[0].counts["overdue"] == known["overdue"] == 2
        assert known["unclaimed"] == 1
        inside = Filter(kabupaten="Kabupaten Banyumas")
        seen = monitor.look(session, pengawas, TEN, inside)
        page = monitor.page(session, seen, "all", monitor.counts(session, seen))
        assert [line.case.title for line in page.items] == ["Sumbang"]


def test_it_asks_no_more_of_a_thousand_steps_than_of_one(cast: Cast) -> None:
    statements: list[str] = []
    event.listen(cast.database.bind, "before_cursor_execute", lambda *a: statements.append(a[2]))

    def asked() -> int:
        with cast.at_work(PENGAWAS, TEN) as (session, pengawas):
            statements.clear()
            seen = monitor.look(session, pengawas, TEN, EVERYTHING)
            known = monitor.counts(session, seen)
            monitor.page(session, seen, "attention", known)
            monitor.stuck(session, seen, known)
            for by in overview.GROUPS:
                overview.groups(session, seen, by)
            return len(statements)

    start(cast, "Satu")
    few = asked()
    for number in range(12):
        start(cast, f"Berkas {number}")
    assert asked() == few
