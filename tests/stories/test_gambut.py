"""Kecamatan Gambut collects and measures its performance data, as its SOP says."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import casebook, history, sops
from engine.db import EVERYWHERE
from engine.models import Case, Escalation
from tasks import inbox, lists, schedule
from tests.conftest import THURSDAY, Cast
from tests.stories.table import Berkas, start


def begin(cast: Cast, when: str = "Thu 12 Mar 09:00") -> Berkas:
    return start(cast, "kasubbag.gambut", "pengumpulan-dan-pengukuran-data-kinerja", when)


@pytest.mark.usefixtures("database")
def test_the_sop_runs_from_the_kasubbag_to_the_kasubbag(cast: Cast) -> None:
    berkas = begin(cast, "Thu 12 Mar 14:30")
    # 3 again: six minutes until Ramadan's 15:00, four on Friday from 08:00. 5: two until Friday's
    # 15:30, eight on Monday. 6: Tuesday 17, then Nyepi and Lebaran, Wednesday 25 to Friday 27,
    # Monday 30. 7: four days to Thursday 2, Good Friday, and Monday 6 is the fifth.
    berkas.follow(
        """
        1  kasubbag  Thu 12 Mar 14:35  due Thu 12 Mar 14:40
        2  staf      Thu 12 Mar 14:40  due Thu 12 Mar 14:45
        3  sekcam    Thu 12 Mar 14:45  due Thu 12 Mar 14:50
        4  camat     Thu 12 Mar 14:54  due Thu 12 Mar 14:55  tidak: Nomor surat belum benar
        3  sekcam    Fri 13 Mar 08:02  due Fri 13 Mar 08:04
        4  camat     Fri 13 Mar 15:28  due Fri 13 Mar 08:12  setuju
        5  staf      Mon 16 Mar 08:05  due Mon 16 Mar 08:08
        6  kasi      Fri 27 Mar 16:00  due Mon 30 Mar 08:05
        7  staf      Mon 06 Apr 15:00  due Mon 06 Apr 16:00
        8  kasubbag  Mon 13 Apr 14:00  due Mon 13 Apr 15:00
        """
    )
    assert berkas.is_done()

    seen = berkas.look()
    kinds = [line.event.kind for line in seen.history]
    assert kinds[0] == "started"
    assert kinds[-1] == "ended"
    assert kinds.count("completed") == 10
    assert kinds.count("late") == 1
    rejected = next(line for line in seen.history if line.event.detail.get("outcome") == "tidak")
    assert rejected.event.detail["reason"] == "Nomor surat belum benar"
    assert rejected.event.capacity == "Camat"
    assert rejected.who == "Rahmadi Syahputra"
    with cast.database.reading(EVERYWHERE) as session:
        assert history.verify(session) == len(kinds)


def test_each_step_waits_only_for_the_post_of_its_lane(cast: Cast) -> None:
    berkas = begin(cast)
    assert [item.task.step for item in berkas.inbox("kasubbag", THURSDAY)] == ["Langkah_1"]
    for account in ("camat", "sekcam", "kasi", "staf"):
        assert berkas.inbox(account, THURSDAY) == []
    with cast.at_work("camat.sumbang") as (session, stranger):
        assert lists.page(session, stranger, "inbox", THURSDAY).items == []


def test_six_is_due_two_weeks_later_because_nyepi_and_lebaran_lie_between(cast: Cast) -> None:
    berkas = begin(cast)
    # Fri 13, Mon 16, Tue 17, then Nyepi 18-19, Lebaran 20-24, Wed 25, Thu 26: five working days.
    berkas.follow(
        """
        1  kasubbag  Thu 12 Mar 09:00  due Thu 12 Mar 09:10
        2  staf      Thu 12 Mar 09:00  due Thu 12 Mar 09:10
        3  sekcam    Thu 12 Mar 09:00  due Thu 12 Mar 09:10
        4  camat     Thu 12 Mar 09:00  due Thu 12 Mar 09:10  setuju
        5  staf      Thu 12 Mar 09:00  due Thu 12 Mar 09:10
        6  kasi      Thu 12 Mar 09:00  due Thu 26 Mar 09:00
        """
    )


@pytest.mark.usefixtures("database")
def test_a_step_that_is_late_is_escalated_once_and_dated_from_its_due_time(cast: Cast) -> None:
    berkas = begin(cast)
    late = THURSDAY + timedelta(minutes=25)
    for _ in range(3):
        schedule.tick(cast.database, late)
    with cast.database.reading(EVERYWHERE) as session:
        escalation = session.scalars(select(Escalation)).one()
        assert escalation.due_at == THURSDAY + timedelta(minutes=10)
        assert escalation.raised_at == late
        assert session.scalars(select(Case.wake_at)).one() is None
    assert berkas.told() == {"Langkah_1": "kasubbag-perencanaan-keuangan"}


def test_completing_a_late_step_before_the_clock_looked_still_records_its_escalation(
    cast: Cast,
) -> None:
    berkas = begin(cast)
    berkas.do("kasubbag", 1, "Thu 12 Mar 09:25")
    assert berkas.escalated() == [(THURSDAY + timedelta(minutes=10), "Langkah_1")]
    kinds = [line.event.kind for line in berkas.look().history]
    assert kinds == ["started", "opened", "claimed", "late", "completed", "opened"]


def test_who_sends_a_file_back_must_say_why(cast: Cast) -> None:
    berkas = begin(cast)
    berkas.do("kasubbag", 1, "Thu 12 Mar 09:00")
    berkas.do("staf", 2, "Thu 12 Mar 09:00")
    berkas.do("sekcam", 3, "Thu 12 Mar 09:00")
    with pytest.raises(inbox.ReasonMissing):
        berkas.do("camat", 4, "Thu 12 Mar 09:05", "tidak", "  ")
    with pytest.raises(inbox.OutcomeMissing):
        berkas.do("camat", 4, "Thu 12 Mar 09:05", "mungkin")
    assert berkas.waiting() == [("Langkah_4", "camat")]


def test_the_secretary_reads_why_the_letter_came_back(cast: Cast) -> None:
    berkas = begin(cast)
    for who, step in (("kasubbag", 1), ("staf", 2), ("sekcam", 3)):
        berkas.do(who, step, "Thu 12 Mar 09:00")
    berkas.do("camat", 4, "Thu 12 Mar 09:05", "tidak", "Nomor surat belum benar")
    again = berkas.find("sekcam", "Langkah_3", THURSDAY).task.id
    with cast.at_work("sekcam.gambut") as (session, sekcam):
        last = inbox.look(session, sekcam, again).earlier[-1]
    assert (last.task.step, last.task.reason) == ("Langkah_4", "Nomor surat belum benar")
    assert last.who == "Rahmadi Syahputra"


def test_two_berkas_of_one_sop_go_their_own_ways(cast: Cast) -> None:
    first, second = begin(cast), begin(cast)
    first.do("kasubbag", 1, "Thu 12 Mar 09:05")
    assert first.waiting() == [("Langkah_2", "pelaksana")]
    assert second.waiting() == [("Langkah_1", "kasubbag-perencanaan-keuangan")]
    with cast.at_work("camat.gambut") as (session, camat):
        assert casebook.page(session, camat).count == 2


def test_only_the_holder_of_the_first_post_may_start(cast: Cast) -> None:
    with cast.at_work("camat.gambut") as (session, camat):
        assert sops.startable(session, camat) == []
