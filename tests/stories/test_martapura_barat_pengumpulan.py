"""Kecamatan Martapura Barat collects its performance data (SOP 096/MB/2023)."""

import pytest

from tasks import ground, inbox, participation
from tests.conftest import Cast
from tests.stories.table import Berkas, start


def begin(cast: Cast, when: str) -> Berkas:
    return start(cast, "camat.martapura-barat", "pengumpulan-data-kinerja", when)


def test_the_sop_runs_over_lebaran_and_a_weekend(cast: Cast) -> None:
    """It begins on the last working day before Nyepi (18-19 March) and Lebaran (20-24 March)."""
    berkas = begin(cast, "Tue 17 Mar 14:20")
    # 2: 35 minutes until Ramadan's 15:00, 3 h 25 from 07:30 on Wed 25. Again: 1 h 40 until noon,
    # 2 h 20 from 13:00. 4: 50 minutes until 16:00, 4 h 30 and 1 h 40 on Thursday.
    # 5: 1 h 30 until Friday's 16:30, 4 h 30 and 1 h on Monday.
    berkas.follow(
        """
        1  camat     Tue 17 Mar 14:25  due Tue 17 Mar 14:30
        2  kasubbag  Wed 25 Mar 10:00  due Wed 25 Mar 10:55
        3  camat     Wed 25 Mar 10:20  due Wed 25 Mar 10:30  tidak: Sasaran belum terukur
        2  kasubbag  Wed 25 Mar 15:00  due Wed 25 Mar 15:20
        3  camat     Wed 25 Mar 15:10  due Wed 25 Mar 15:30  setuju
        4  kasubbag  Fri 27 Mar 15:00  due Thu 26 Mar 14:40
        5  kasubbag  Mon 30 Mar 13:30  due Mon 30 Mar 14:00
        """
    )
    assert berkas.is_done()


def test_of_a_late_step_the_first_penanggung_jawab_hears(cast: Cast) -> None:
    """4 names "Sekcam dan Kasubbag Perencanaan Keuangan dan Aset"."""
    berkas = begin(cast, "Thu 12 Mar 08:00")
    berkas.follow(
        """
        1  camat     Thu 12 Mar 09:00  due Thu 12 Mar 08:10
        2  kasubbag  Fri 13 Mar 09:00  due Thu 12 Mar 13:30
        3  camat     Fri 13 Mar 10:00  due Fri 13 Mar 09:30  setuju
        4  kasubbag  Tue 17 Mar 09:00  due Mon 16 Mar 10:30
        5  kasubbag  Wed 25 Mar 10:00  due Wed 25 Mar 09:00
        """
    )
    assert berkas.told() == {
        "Langkah_1": "camat",
        "Langkah_2": "sekretaris-camat",
        "Langkah_3": "camat",
        "Langkah_4": "sekretaris-camat",
        "Langkah_5": "kasubbag-perencanaan-keuangan",
    }


def test_the_plan_is_endorsed_by_the_camat_with_the_secretary_beside_him(cast: Cast) -> None:
    berkas = begin(cast, "Thu 12 Mar 08:00")
    berkas.do("camat", 1, "Thu 12 Mar 08:05")
    berkas.do("kasubbag", 2, "Thu 12 Mar 10:00")
    now = berkas.at("Thu 12 Mar 10:05")
    assert berkas.waiting() == [("Langkah_3", "camat")]
    [asked] = berkas.inbox("sekcam", now, "joint")
    with cast.at_work("sekcam.martapura-barat", now) as (session, sekcam):
        participation.take_part(session, sekcam, asked.task.id, now)
    with (
        pytest.raises(ground.NotYours),
        cast.at_work("sekcam.martapura-barat", now) as (session, sekcam),
    ):
        inbox.claim(session, sekcam, asked.task.id, now)
    berkas.do("camat", 3, "Thu 12 Mar 10:10", "setuju")
    [joined] = [line for line in berkas.look().history if line.event.kind == "joined"]
    assert joined.who == "Nurul Hidayah"
    assert joined.event.capacity == "Plt. Sekretaris Camat (SK 800/014/BKD/2026)"
