"""Kecamatan Bukit Batu collects its performance data, unit by unit, each quarter."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from engine.db import EVERYWHERE
from engine.models import Case, Escalation, Holder, Office, Person, Post, Sop, Task
from tasks import ground, inbox, schedule
from tests.conftest import Cast
from tests.stories.table import FORM, Berkas, at, start

ZONE = "Asia/Jakarta"
UNITS = (
    "kasi-tapem",
    "kasi-pmd",
    "kasi-trantib",
    "kasi-pelayanan",
    "kasubbag",
    "kasubbag-keuangan",
    "lurah-sungai-pakning",
)


def begin(cast: Cast, when: str) -> Berkas:
    return start(cast, "sekcam.bukit-batu", "pengumpulan-data-kinerja", when)


def asked(cast: Cast) -> Berkas:
    """A berkas whose seven units have been asked for their data."""
    berkas = begin(cast, "Thu 12 Mar 09:00")
    berkas.do("sekcam", 1, "Thu 12 Mar 09:05")
    return berkas


@pytest.mark.usefixtures("database")
def test_seven_units_supply_their_data_each_at_its_own_pace(cast: Cast) -> None:
    berkas = begin(cast, "Thu 12 Mar 09:00")
    # 2: Friday 13, Monday 16, Tuesday 17, then Nyepi and Lebaran, Wednesday 25, Thursday 26; for
    # Tapem, whose data came back on Friday 13, one day later. 3 for Tapem: half an hour to
    # Friday's 15:30, due at the closing; for Trantib: ten minutes until 15:00 on Tuesday 17,
    # twenty on Wednesday 25 from 07:30. 4: Monday 30 to Thursday 2 are four days, Friday 3 is
    # Good Friday, Monday 6 is the fifth; thereafter a week without a holiday each time.
    # 5: half an hour until 16:00 on Thursday 2, half an hour on Monday 6.
    berkas.follow(
        """
        1  sekcam                       Thu 12 Mar 09:05  due Thu 12 Mar 09:10
        2  kasi-tapem                   Fri 13 Mar 15:00  due Thu 26 Mar 09:05
        3  sekcam/kasi-tapem            Fri 13 Mar 15:20  due Fri 13 Mar 15:30  tidak: Bukti kosong
        2  kasi-pmd                     Mon 16 Mar 10:00  due Thu 26 Mar 09:05
        3  sekcam/kasi-pmd              Mon 16 Mar 10:10  due Mon 16 Mar 10:30  setuju
        2  kasi-trantib                 Tue 17 Mar 14:50  due Thu 26 Mar 09:05
        3  sekcam/kasi-trantib          Wed 25 Mar 07:45  due Wed 25 Mar 07:50  setuju
        2  kasi-pelayanan               Wed 25 Mar 08:00  due Thu 26 Mar 09:05
        3  sekcam/kasi-pelayanan        Wed 25 Mar 08:20  due Wed 25 Mar 08:30  setuju
        2  kasubbag                     Wed 25 Mar 09:00  due Thu 26 Mar 09:05
        3  sekcam/kasubbag              Wed 25 Mar 09:10  due Wed 25 Mar 09:30  setuju
        2  kasubbag-keuangan            Thu 26 Mar 09:00  due Thu 26 Mar 09:05
        3  sekcam/kasubbag-keuangan     Thu 26 Mar 09:20  due Thu 26 Mar 09:30  setuju
        2  lurah-sungai-pakning         Thu 26 Mar 10:00  due Thu 26 Mar 09:05
        3  sekcam/lurah-sungai-pakning  Thu 26 Mar 10:10  due Thu 26 Mar 10:30  setuju
        2  kasi-tapem                   Fri 27 Mar 15:00  due Fri 27 Mar 15:20
        3  sekcam/kasi-tapem            Fri 27 Mar 15:10  due Fri 27 Mar 15:30  setuju
        4  kasubbag                     Thu 02 Apr 15:30  due Mon 06 Apr 15:10
        5  sekcam                       Mon 06 Apr 07:50  due Mon 06 Apr 08:00  tidak: Capaian salah
        4  kasubbag                     Tue 07 Apr 09:00  due Mon 13 Apr 07:50
        5  sekcam                       Tue 07 Apr 09:30  due Tue 07 Apr 10:00  setuju
        6  camat                        Tue 07 Apr 09:35  due Tue 07 Apr 09:40  tidak: Terlalu tipis
        4  kasubbag                     Wed 08 Apr 09:00  due Tue 14 Apr 09:35
        5  sekcam                       Wed 08 Apr 09:30  due Wed 08 Apr 10:00  setuju
        6  camat                        Wed 08 Apr 09:35  due Wed 08 Apr 09:40  setuju
        7  kasubbag                     Wed 08 Apr 10:00  due Wed 08 Apr 10:05
        """
    )
    assert berkas.is_done()
    assert berkas.told() == {"Langkah_2": "lurah-sungai-pakning"}


def test_each_unit_is_asked_for_its_own_data_and_no_other_can_give_them(cast: Cast) -> None:
    berkas = asked(cast)
    now = berkas.at("Fri 13 Mar 09:00")
    tasks = [berkas.find(unit, "Langkah_2", now).task for unit in UNITS]
    assert [task.member for task in tasks] == list(range(7))
    assert berkas.inbox("sekcam", now) == []
    with cast.at_work("kasi-pmd.bukit-batu", now) as (session, pmd):
        for task in (task for task in tasks if task.member != 1):
            with pytest.raises(ground.NotYours):
                inbox.claim(session, pmd, task.id, now)


def test_the_rejection_of_one_unit_disturbs_none_of_the_others(cast: Cast) -> None:
    berkas = asked(cast)
    berkas.do("kasi-tapem", 2, "Fri 13 Mar 09:00")
    berkas.do("kasi-pmd", 2, "Fri 13 Mar 09:00")
    with cast.at_work("kasi-trantib.bukit-batu", berkas.at("Fri 13 Mar 09:00")) as (session, her):
        mine = berkas.find("kasi-trantib", "Langkah_2", berkas.at("Fri 13 Mar 09:00")).task.id
        inbox.claim(session, her, mine, berkas.at("Fri 13 Mar 09:00"))
    before = _state(berkas)
    now = berkas.at("Fri 13 Mar 10:00")
    check = berkas.find("sekcam", "Langkah_3", now, "kasi-tapem").task.id
    berkas.finish(check, "sekcam", now, "tidak", "Bukti dukung kosong")
    after = _state(berkas)
    assert before.keys() - after.keys() == {check}
    [again] = after.keys() - before.keys()
    assert {task: after[task] for task in after if task != again} == {
        task: before[task] for task in before if task != check
    }
    assert after[again] == ("Langkah_2", 0, "waiting", berkas.at("Fri 27 Mar 10:00"))


def _state(berkas: Berkas) -> dict[int, tuple[str, int | None, str, datetime | None]]:
    """Every open task, as the other units see it."""
    with berkas.cast.database.reading(EVERYWHERE) as session:
        tasks = session.scalars(select(Task).where(Task.case_id == berkas.id))
        return {
            task.id: (task.step, task.member, task.status, task.due_at)
            for task in tasks
            if task.status in ("waiting", "claimed")
        }


def test_the_report_waits_for_the_last_of_the_seven(cast: Cast) -> None:
    berkas = asked(cast)
    now = berkas.at("Fri 13 Mar 09:00")
    for unit in UNITS:
        assert "Langkah_4" not in [step for step, _ in berkas.waiting()]
        berkas.do(unit, 2, "Fri 13 Mar 09:00")
        check = berkas.find("sekcam", "Langkah_3", now, unit).task.id
        berkas.finish(check, "sekcam", now, "setuju")
    assert berkas.waiting() == [("Langkah_4", "kasubbag-perencanaan-keuangan")]


def test_the_units_are_late_each_by_itself(cast: Cast) -> None:
    berkas = asked(cast)
    for unit in UNITS[:4]:
        berkas.do(unit, 2, "Fri 13 Mar 09:00")
    schedule.tick(cast.database, berkas.at("Thu 26 Mar 09:10"))
    with cast.database.reading(EVERYWHERE) as session:
        late = session.execute(
            select(Task.step, Post.slug, Escalation.due_at)
            .select_from(Escalation)
            .join(Task, Task.id == Escalation.task_id)
            .join(Post, Post.id == Escalation.post_id)
            .where(Escalation.level == 1)
            .order_by(Escalation.due_at, Task.member)
        ).all()
    week, check = berkas.at("Thu 26 Mar 09:05"), berkas.at("Fri 13 Mar 09:30")
    assert [tuple(row) for row in late] == [("Langkah_3", "sekretaris-camat", check)] * 4 + [
        ("Langkah_2", post, week)
        for post in ("kasubbag-perencanaan-keuangan", "kasubbag-keuangan", "lurah-sungai-pakning")
    ]


# --- whoever wrote does not check ------------------------------------------------------------


def stands_in(cast: Cast, account: str, post: str) -> None:
    """She also holds a second post of Bukit Batu, as Plh, from that day."""
    with cast.database.transaction(EVERYWHERE) as session:
        who, here = f"{account}.bukit-batu", Office.slug == "bukit-batu"
        person = session.scalars(select(Person).where(Person.account == who)).one()
        posts = select(Post).join(Office, Office.id == Post.office_id)
        held = session.scalars(posts.where(here, Post.slug == post)).one()
        session.add(
            Holder(
                office_id=held.office_id,
                post_id=held.id,
                person_id=person.id,
                capacity="plh",
                decree="SP 12/2026",
                starts_on=date(2026, 3, 12),
            )
        )


def test_who_stands_in_for_the_secretary_cannot_check_the_data_of_her_own_unit(
    cast: Cast,
) -> None:
    stands_in(cast, "kasi-pmd", "sekretaris-camat")
    berkas = asked(cast)
    now = berkas.at("Fri 13 Mar 09:00")
    for unit in ("kasi-pmd", "kasi-tapem"):
        berkas.do(unit, 2, "Fri 13 Mar 09:00")
    own = berkas.find("kasi-pmd", "Langkah_3", now, "kasi-pmd").task.id
    with pytest.raises(ground.DoneByYou):
        berkas.finish(own, "kasi-pmd", now, "setuju")
    others = berkas.find("kasi-pmd", "Langkah_3", now, "kasi-tapem").task.id
    berkas.finish(others, "kasi-pmd", now, "setuju")
    berkas.finish(own, "sekcam", now, "setuju")


def test_nor_can_she_after_a_correction_that_somebody_else_made(cast: Cast) -> None:
    """What she once wrote of this unit's data is still in them."""
    stands_in(cast, "kasi-pmd", "sekretaris-camat")
    stands_in(cast, "kasi-tapem", "kasi-pmd")
    berkas = asked(cast)
    now = berkas.at("Fri 13 Mar 09:00")
    berkas.do("kasi-pmd", 2, "Fri 13 Mar 09:00")
    check = berkas.find("sekcam", "Langkah_3", now, "kasi-pmd").task.id
    berkas.finish(check, "sekcam", now, "tidak", "Satuan salah")
    [again] = [item for item in berkas.inbox("kasi-tapem", now) if item.task.member == 1]
    berkas.finish(again.task.id, "kasi-tapem", now)
    check = berkas.find("kasi-pmd", "Langkah_3", now, "kasi-pmd").task.id
    with pytest.raises(ground.DoneByYou):
        berkas.finish(check, "kasi-pmd", now, "setuju")


def test_who_wrote_the_report_cannot_initial_it_for_the_secretary(cast: Cast) -> None:
    stands_in(cast, "kasubbag", "sekretaris-camat")
    berkas = asked(cast)
    now = berkas.at("Fri 13 Mar 09:00")
    for unit in UNITS:
        berkas.do(unit, 2, "Fri 13 Mar 09:00")
        check = berkas.find("sekcam", "Langkah_3", now, unit).task.id
        berkas.finish(check, "sekcam", now, "setuju")
    berkas.do("kasubbag", 4, "Fri 13 Mar 10:00")
    with pytest.raises(ground.DoneByYou):
        berkas.do("kasubbag", 5, "Fri 13 Mar 10:05", "setuju")
    berkas.do("sekcam", 5, "Fri 13 Mar 10:05", "setuju")


# --- once a quarter ----------------------------------------------------------------------------


def opened(cast: Cast) -> list[str]:
    """The berkas that opened by themselves."""
    with cast.database.reading(EVERYWHERE) as session:
        return list(session.scalars(select(Case.title).order_by(Case.id)))


def test_the_clock_opens_a_berkas_on_the_first_working_day_of_a_quarter(cast: Cast) -> None:
    morning = at("Wed 01 Apr 07:30", ZONE)
    schedule.tick(cast.database, morning - timedelta(minutes=1))
    assert opened(cast) == []
    for _ in range(3):
        schedule.tick(cast.database, morning)
    assert opened(cast) == ["Pengumpulan Data Kinerja (01-04-2026)"]
    with cast.database.reading(EVERYWHERE) as session:
        [case] = session.scalars(select(Case.id))
    berkas = Berkas(cast, "bukit-batu", ZONE, case)
    begun = berkas.look().history[0]
    assert (begun.event.kind, begun.who) == ("started", None)
    # A week from Wednesday 1: Thursday 2, then Good Friday, Monday 6 to Thursday 9.
    berkas.follow(
        """
        1  sekcam                       Wed 01 Apr 07:35  due Wed 01 Apr 07:40
        2  lurah-sungai-pakning         Thu 09 Apr 07:30  due Thu 09 Apr 07:35
        3  sekcam/lurah-sungai-pakning  Thu 09 Apr 07:34  due Thu 09 Apr 08:00  setuju
        """
    )


def test_a_quarter_that_begins_on_a_holiday_or_a_weekend_begins_on_the_next_working_day(
    cast: Cast,
) -> None:
    """1 January 2027 is a holiday and a Friday: the quarter begins on Monday 4."""
    begins = []
    for _ in range(5):
        with cast.database.reading(EVERYWHERE) as session:
            then = session.scalars(select(Sop.starts_at).where(Sop.starts_at.is_not(None))).one()
        assert then is not None
        begins.append(f"{then.astimezone(at('Thu 12 Mar 09:00', ZONE).tzinfo):{FORM} %Y}")
        schedule.start_rounds(cast.database, then)
    assert begins == [
        "Wed 01 Apr 07:30 2026",
        "Wed 01 Jul 07:30 2026",
        "Thu 01 Oct 07:30 2026",
        "Mon 04 Jan 07:30 2027",
        "Thu 01 Apr 07:30 2027",
    ]


def test_a_clock_that_slept_through_two_quarters_opens_one_berkas(cast: Cast) -> None:
    schedule.tick(cast.database, at("Mon 05 Oct 09:00", ZONE))
    schedule.tick(cast.database, at("Mon 05 Oct 09:01", ZONE))
    assert len(opened(cast)) == 1
