"""Kecamatan Martapura Barat writes and watches its Renstra (SOP 095/MB/2023)."""

from tests.conftest import Cast
from tests.stories.table import Berkas, start


def begin(cast: Cast, when: str) -> Berkas:
    return start(cast, "camat.martapura-barat", "monitoring-renstra", when)


def test_the_secretary_sends_the_draft_back_twice(cast: Cast) -> None:
    """It begins shortly before the weekend and ends after Lebaran."""
    berkas = begin(cast, "Fri 13 Mar 14:50")
    # 2: 35 minutes until Friday's 15:30 in Ramadan, 25 on Monday from 08:00. 4: 15 minutes until
    # the break of 12:30, 15 from 13:00. 6: ten minutes until 15:00 on Tuesday 17, the last
    # working day before Nyepi and Lebaran, five on Wednesday 25 from 07:30.
    berkas.follow(
        """
        1  camat     Fri 13 Mar 14:55  due Fri 13 Mar 15:00
        2  kasubbag  Mon 16 Mar 08:20  due Mon 16 Mar 08:25
        3  sekcam    Mon 16 Mar 08:50  due Mon 16 Mar 09:00  tidak: Rekomendasi tidak dapat diisi
        2  kasubbag  Mon 16 Mar 09:45  due Mon 16 Mar 09:50
        3  sekcam    Mon 16 Mar 10:20  due Mon 16 Mar 10:25  setuju
        4  sekcam    Mon 16 Mar 10:45  due Mon 16 Mar 10:50  tidak: Bab III belum ada
        2  kasubbag  Mon 16 Mar 11:40  due Mon 16 Mar 11:45
        3  sekcam    Mon 16 Mar 12:15  due Mon 16 Mar 12:20  setuju
        4  sekcam    Mon 16 Mar 13:10  due Mon 16 Mar 13:15  setuju
        5  camat     Tue 17 Mar 14:50  due Mon 16 Mar 13:40
        6  kasubbag  Wed 25 Mar 07:33  due Wed 25 Mar 07:35
        """
    )
    assert berkas.is_done()
    assert berkas.told() == {"Langkah_5": "camat"}


def test_each_step_waits_for_one_post_and_none_for_the_column_nobody_can_name(cast: Cast) -> None:
    """The source heads two columns alike; who holds the second has nothing to do until it says."""
    berkas = begin(cast, "Thu 12 Mar 09:00")
    now = berkas.at("Thu 12 Mar 09:00")
    met = []
    while berkas.waiting():
        [(step, post)] = berkas.waiting()
        met.append((step.removeprefix("Langkah_"), post))
        who = {"camat": "camat", "sekretaris-camat": "sekcam"}.get(post, "kasubbag")
        outcome = "setuju" if step in ("Langkah_3", "Langkah_4") else None
        berkas.finish(berkas.find(who, step, now).task.id, who, now, outcome)
    assert met == [
        ("1", "camat"),
        ("2", "kasubbag-perencanaan-keuangan"),
        ("3", "sekretaris-camat"),
        ("4", "sekretaris-camat"),
        ("5", "camat"),
        ("6", "kasubbag-perencanaan-keuangan"),
    ]
