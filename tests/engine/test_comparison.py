"""Which SOPs are the same one, by what their offices call them; and how they differ."""

from datetime import date

import pytest
from sqlalchemy import select

from bpmn import library
from engine import comparison
from engine.comparison import Compared
from engine.db import EVERYWHERE
from engine.models import Grant
from engine.periods import Period
from tests.conftest import Cast

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


def test_five_offices_call_one_sop_by_four_names() -> None:
    slugs = [f"{office}/{sop}" for office in library.offices() for sop in library.sops(office)]
    families = comparison.kin({at: slug.partition("/")[2] for at, slug in enumerate(slugs)})
    assert sorted(slugs[at] for at in families[0]) == [
        "bukit-batu/pengumpulan-data-kinerja",
        "gambut/pengumpulan-dan-pengukuran-data-kinerja",
        "martapura-barat/pengumpulan-data-kinerja",
        "samboja/pengumpulan-data-kinerja",
        "sumbang/pengukuran-kinerja",
    ]
    assert [len(family) for family in families[1:]] == [1, 1]  # the two that monitor


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("surat-masuk", "surat-masuk", True),
        ("surat-masuk", "surat-keluar", False),
        ("surat", "surat-masuk", False),
        ("pelayanan-surat-keterangan", "pelayanan-surat-keterangan-domisili", True),
        ("pengukuran-kinerja", "monitoring-kinerja", False),
    ],
)
def test_one_shared_word_is_not_enough(one: str, other: str, is_same: bool) -> None:
    assert (len(comparison.kin({1: one, 2: other})) == 1) == is_same


def compared(cast: Cast, wanted: list[str], like: str = "") -> list[Compared]:
    with cast.at_work("pengawas.banjar") as (session, supervisor):
        return list(comparison.of(session, supervisor, wanted, like, MARCH).chosen)


@pytest.mark.usefixtures("database")
def test_a_supervisor_compares_within_her_kabupaten(cast: Cast) -> None:
    [gambut, martapura] = compared(cast, [])
    assert (gambut.office.slug, martapura.office.slug) == ("gambut", "martapura-barat")
    assert (len(gambut.steps), gambut.decisions, gambut.without_standard) == (8, 1, 0)
    # Five steps of ten minutes and three weeks of five days of 7.5 hours.
    assert gambut.standard == (50 + 3 * 5 * 450) * 60
    # 10 minutes, 4 hours, 30 minutes, 7 hours, 7 hours.
    assert martapura.standard == (10 + 240 + 30 + 420 + 420) * 60


@pytest.mark.usefixtures("database")
def test_what_she_may_not_see_is_not_there(cast: Cast) -> None:
    offices = {each.office.slug for each in compared(cast, ["sumbang/pengukuran-kinerja"])}
    assert "sumbang" not in offices
    assert compared(cast, [], like="sumbang/pengukuran-kinerja")[0].office.slug == "gambut"


@pytest.mark.usefixtures("database")
def test_whoever_watches_five_kabupaten_sees_five_ways_of_one_work(cast: Cast) -> None:
    with cast.database.transaction(EVERYWHERE) as session:
        watches = select(Grant).where(Grant.kabupaten == "Kabupaten Banjar")
        person = session.scalars(watches).one().person_id
        for kabupaten in ("Banyumas", "Kutai Kartanegara", "Bengkalis"):
            name = f"Kabupaten {kabupaten}"
            session.add(Grant(person_id=person, role="pengawas", kabupaten=name))
    steps = {each.office.slug: len(each.steps) for each in compared(cast, [])}
    assert steps == {
        "bukit-batu": 7,
        "gambut": 8,
        "martapura-barat": 5,
        "samboja": 7,
        "sumbang": 14,
    }


@pytest.mark.usefixtures("database")
def test_no_more_are_compared_than_can_be_seen(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "MOST", 1)
    both = ["gambut/pengumpulan-dan-pengukuran-data-kinerja", "martapura-barat/monitoring-kinerja"]
    with pytest.raises(comparison.TooMany, match="paling banyak 1"):
        compared(cast, both)
