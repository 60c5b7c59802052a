"""Kecamatan Sumbang measures its performance, as its SOP says."""

import pytest

from tasks import participation
from tests.conftest import Cast
from tests.stories.table import Berkas, start


def begin(cast: Cast, when: str) -> Berkas:
    return start(cast, "camat.sumbang", "pengukuran-kinerja", when)


TABLE = """
    1   camat   Thu 12 Mar 09:10  due -
    2   staf    Thu 12 Mar 10:00  due -
    3   staf    Thu 12 Mar 11:00  due -
    4   sekcam  Thu 12 Mar 13:00  due -
    5   camat   Thu 12 Mar 13:30  due -
    6   staf    Thu 12 Mar 14:00  due -
    7   kasi    Fri 13 Mar 09:30  due -
    8   kasi    Fri 13 Mar 10:30  due -
    9   camat   Mon 16 Mar 07:50  due Mon 16 Mar 08:00
    10  sekcam  Tue 17 Mar 14:00  due Mon 16 Mar 08:15
    11  camat   Tue 17 Mar 14:05  due Tue 17 Mar 14:10
    12  staf    Tue 17 Mar 14:15  due Tue 17 Mar 14:20
    13  staf    Tue 17 Mar 14:38  due Tue 17 Mar 14:40
    14  staf    Wed 25 Mar 07:16  due Wed 25 Mar 07:18
"""


def test_the_sop_runs_from_the_camats_order_to_the_archive(cast: Cast) -> None:
    """Only 9-14 have a mutu baku: 1-8 are never late."""
    berkas = begin(cast, "Thu 12 Mar 09:00")
    # 9: half an hour until 11:00, when a Friday in Ramadan ends in Banyumas, half an hour on
    # Monday from 07:30. 14: seven minutes until 14:45 on Tuesday 17, the last working day before
    # Nyepi and Lebaran, three on Wednesday 25 from 07:15.
    berkas.follow(TABLE)
    assert berkas.is_done()
    # Sumbang names no penanggung jawab: whoever has the step hears.
    assert berkas.told() == {"Langkah_10": "sekretaris-camat"}


def test_its_camat_signs_as_plh(cast: Cast) -> None:
    berkas = begin(cast, "Thu 12 Mar 09:00")
    berkas.follow(TABLE)
    signed = [line.event.capacity for line in berkas.look().history if line.step]
    assert "Plh. Camat (SP 800/021/2026)" in signed


def test_a_step_without_mutu_baku_waits_for_months_and_is_not_late(cast: Cast) -> None:
    berkas = begin(cast, "Thu 12 Mar 09:00")
    assert berkas.inbox("camat", berkas.at("Wed 01 Jul 09:00"), "overdue") == []
    berkas.do("camat", 1, "Wed 01 Jul 09:00")
    assert berkas.escalated() == []
    assert berkas.waiting() == [("Langkah_2", "pelaksana")]


def test_the_meeting_is_one_step_for_four_posts(cast: Cast) -> None:
    """The camat answers for it; the others can be seen to have been there, or not."""
    berkas = begin(cast, "Thu 12 Mar 09:00")
    for who, step in (("camat", 1), ("staf", 2), ("staf", 3), ("sekcam", 4)):
        berkas.do(who, step, "Thu 12 Mar 10:00")
    now = berkas.at("Thu 12 Mar 13:00")
    assert berkas.waiting() == [("Langkah_5", "camat")]
    meeting = berkas.find("camat", "Langkah_5", now).task.id
    for who in ("kasi", "sekcam"):
        assert [item.task.id for item in berkas.inbox(who, now, "joint")] == [meeting]
        with cast.at_work(f"{who}.sumbang", now) as (session, actor):
            participation.take_part(session, actor, meeting, now)
        assert berkas.inbox(who, now, "joint") == []
    with cast.at_work("kasi.sumbang", now) as (session, kasi):
        with pytest.raises(participation.NothingToJoin):
            participation.take_part(session, kasi, meeting, now)
    berkas.do("camat", 5, "Thu 12 Mar 14:00")
    with cast.at_work("camat.sumbang", now) as (session, _):
        seen = [(part.post, part.who) for part in participation.of(session, meeting)]
    assert seen == [
        ("Sekretaris Camat", "Endang Lestari"),
        ("Kasi/Kasubbag", "Agus Prasetyo"),
        ("Pengelola", None),
    ]
