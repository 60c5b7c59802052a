"""Kecamatan Martapura Barat plans and watches its performance (SOP 094/MB/2023)."""

import pytest

from tasks import inbox
from tests.conftest import Cast
from tests.stories.table import Berkas, start


def begin(cast: Cast, when: str) -> Berkas:
    return start(cast, "camat.martapura-barat", "monitoring-kinerja", when)


def test_the_concept_comes_back_from_the_kasubbag_and_from_the_camat(cast: Cast) -> None:
    """Three times eight hours of writing: over a weekend in Ramadan, and over Lebaran."""
    berkas = begin(cast, "Thu 12 Mar 08:00")
    # 3: four hours before the break of 12:30. 5: 20 minutes until the break, 2 h until 15:00,
    # 4 h on Friday morning, 1 h 40 after it. Again: 55 minutes on Friday, 6 h 30 on Monday,
    # 35 on Tuesday. Once more: 5 h 30 on Tuesday 17, the last day before Nyepi and Lebaran;
    # 2 h 30 on Wednesday 25, which begins at 07:30 again.
    berkas.follow(
        """
        1   camat     Thu 12 Mar 08:05  due Thu 12 Mar 08:10
        2   sekcam    Thu 12 Mar 08:10  due Thu 12 Mar 08:15
        3   kasubbag  Thu 12 Mar 12:00  due Thu 12 Mar 12:10
        4   kasubbag  Thu 12 Mar 12:10  due Thu 12 Mar 12:15
        5   kasubbag  Fri 13 Mar 14:30  due Fri 13 Mar 14:40
        6   kasubbag  Fri 13 Mar 14:35  due Fri 13 Mar 14:40  tidak: Target triwulan kosong
        5   kasubbag  Tue 17 Mar 08:30  due Tue 17 Mar 08:35
        6   kasubbag  Tue 17 Mar 08:35  due Tue 17 Mar 08:40  setuju
        7   sekcam    Tue 17 Mar 08:50  due Tue 17 Mar 08:55
        8   camat     Tue 17 Mar 09:00  due Tue 17 Mar 09:05  tidak: Indikator 3 belum sesuai
        5   kasubbag  Wed 25 Mar 09:50  due Wed 25 Mar 10:00
        6   kasubbag  Wed 25 Mar 09:55  due Wed 25 Mar 10:00  setuju
        7   sekcam    Wed 25 Mar 10:10  due Wed 25 Mar 10:15
        8   camat     Wed 25 Mar 10:20  due Wed 25 Mar 10:25  setuju
        9   sekcam    Wed 25 Mar 10:25  due Wed 25 Mar 10:30
        10  kasubbag  Wed 25 Mar 10:30  due Wed 25 Mar 10:35
        11  kasubbag  Wed 25 Mar 10:50  due Wed 25 Mar 11:00
        """
    )
    assert berkas.is_done()


def test_the_penanggung_jawab_hears_first_also_when_another_does_the_step(cast: Cast) -> None:
    """1 is the camat's and 7 the secretary's; the paper makes the kasubbag answer for both."""
    berkas = begin(cast, "Thu 12 Mar 08:00")
    # 9 is due at 15:00 sharp, when the office closes, and not the next morning.
    berkas.follow(
        """
        1   camat     Thu 12 Mar 08:20  due Thu 12 Mar 08:10
        2   sekcam    Thu 12 Mar 08:40  due Thu 12 Mar 08:30
        3   kasubbag  Thu 12 Mar 09:00  due Thu 12 Mar 13:10
        4   kasubbag  Thu 12 Mar 09:05  due Thu 12 Mar 09:15
        5   kasubbag  Thu 12 Mar 14:00  due Fri 13 Mar 10:35
        6   kasubbag  Thu 12 Mar 14:05  due Thu 12 Mar 14:10  setuju
        7   sekcam    Thu 12 Mar 14:30  due Thu 12 Mar 14:25
        8   camat     Thu 12 Mar 14:50  due Thu 12 Mar 14:45  setuju
        9   sekcam    Thu 12 Mar 14:55  due Thu 12 Mar 15:00
        10  kasubbag  Thu 12 Mar 14:56  due Fri 13 Mar 08:05
        11  kasubbag  Fri 13 Mar 08:30  due Fri 13 Mar 08:26
        """
    )
    assert berkas.told() == {
        "Langkah_1": "kasubbag-perencanaan-keuangan",
        "Langkah_2": "sekretaris-camat",
        "Langkah_7": "kasubbag-perencanaan-keuangan",
        "Langkah_8": "camat",
        # The paper names the Kasubbag Umpeg first; the office has nobody by that name.
        "Langkah_11": "kasubbag-perencanaan-keuangan",
    }


def test_neither_sends_the_concept_back_without_a_reason(cast: Cast) -> None:
    berkas = begin(cast, "Thu 12 Mar 08:00")
    berkas.do("camat", 1, "Thu 12 Mar 08:05")
    berkas.do("sekcam", 2, "Thu 12 Mar 08:10")
    berkas.do("kasubbag", 3, "Thu 12 Mar 09:00")
    berkas.do("kasubbag", 4, "Thu 12 Mar 09:10")
    berkas.do("kasubbag", 5, "Thu 12 Mar 12:00")
    with pytest.raises(inbox.ReasonMissing):
        berkas.do("kasubbag", 6, "Thu 12 Mar 12:05", "tidak")
    berkas.do("kasubbag", 6, "Thu 12 Mar 12:05", "setuju")
    berkas.do("sekcam", 7, "Thu 12 Mar 12:10")
    with pytest.raises(inbox.ReasonMissing):
        berkas.do("camat", 8, "Thu 12 Mar 12:15", "tidak")
    assert berkas.waiting() == [("Langkah_8", "camat")]
