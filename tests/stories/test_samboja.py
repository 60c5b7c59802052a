"""Kecamatan Samboja collects its performance data, as its SOP says."""

import pytest

from tasks import ground, inbox, participation
from tests.conftest import Cast
from tests.stories.table import Berkas, start


def begin(cast: Cast, when: str) -> Berkas:
    return start(cast, "camat.samboja", "pengumpulan-data-kinerja", when)


def test_the_sop_runs_from_the_camats_order_to_the_staff(cast: Cast) -> None:
    """Days are working days, at the same time of day; nothing in it is decided."""
    berkas = begin(cast, "Thu 12 Mar 11:45")
    # 1: a quarter of an hour until Ramadan's break at noon, a quarter from 12:30. 3: Friday 13,
    # Monday 16, Tuesday 17, then Nyepi and Lebaran, Wednesday 25 and Thursday 26. 4: Thursday,
    # Friday. 5: over the weekend to Monday and Tuesday. 7: Wednesday, and Thursday 2 April.
    berkas.follow(
        """
        1  camat   Thu 12 Mar 12:40  due Thu 12 Mar 12:45
        2  sekcam  Thu 12 Mar 13:30  due Thu 12 Mar 13:40
        3  tim     Wed 25 Mar 15:00  due Thu 26 Mar 13:30
        4  tim     Fri 27 Mar 14:00  due Fri 27 Mar 15:00
        5  camat   Tue 31 Mar 10:00  due Tue 31 Mar 14:00
        6  sekcam  Tue 31 Mar 10:50  due Tue 31 Mar 11:00
        7  staf    Thu 02 Apr 10:00  due Thu 02 Apr 10:50
        """
    )
    assert berkas.is_done()
    assert [line.task.step for line in berkas.look().tasks] == [f"Langkah_{n}" for n in range(1, 8)]


def test_two_days_that_end_in_a_break_end_when_it_ends(cast: Cast) -> None:
    """Opened at 12:20 in Ramadan's hours, due at 12:20 of a day whose break lasts until 13:00."""
    berkas = begin(cast, "Thu 12 Mar 09:00")
    berkas.follow(
        """
        1  camat   Thu 12 Mar 09:10  due Thu 12 Mar 09:30
        2  sekcam  Thu 12 Mar 09:20  due Thu 12 Mar 10:10
        3  tim     Tue 17 Mar 12:40  due Thu 26 Mar 09:20
        4  tim     Thu 26 Mar 13:10  due Thu 26 Mar 13:00
        """
    )


def test_the_team_writes_while_the_secretary_takes_part(cast: Cast) -> None:
    berkas = begin(cast, "Thu 12 Mar 09:00")
    for who, step in (("camat", 1), ("sekcam", 2), ("tim", 3)):
        berkas.do(who, step, "Thu 12 Mar 09:10")
    _joint(berkas, "Langkah_4", answers="tim", joins="sekcam")
    berkas.do("camat", 5, "Thu 12 Mar 10:00")
    _joint(berkas, "Langkah_6", answers="sekcam", joins="tim")
    joined = [
        (line.who, line.step) for line in berkas.look().history if line.event.kind == "joined"
    ]
    assert joined == [
        ("Rosmiati", "Menghimpun data dan menyusun konsep laporan"),
        ("Fajar Maulana", "Melakukan rapat intern dengan tim"),
    ]


def _joint(berkas: Berkas, step: str, answers: str, joins: str) -> None:
    """One has the step, the other is asked to take part and cannot take it from her."""
    now = berkas.at("Thu 12 Mar 10:00")
    task = berkas.find(answers, step, now).task.id
    assert [item.task.id for item in berkas.inbox(joins, now, "joint")] == [task]
    assert berkas.inbox(joins, now) == berkas.inbox("camat", now, "joint") == []
    with berkas.cast.at_work(f"{joins}.samboja", now) as (session, actor):
        with pytest.raises(ground.NotYours):
            inbox.claim(session, actor, task, now)
        participation.take_part(session, actor, task, now)
    berkas.finish(task, answers, now)
