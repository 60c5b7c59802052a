"""Twin of web/ladders.py: who hears of lateness and when, typed in words and looked at first."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import select

from engine.db import EVERYWHERE, Database
from engine.models import Office as Kantor
from engine.models import Sop
from tasks import schedule
from tests.web.conftest import Clock, Office, Visitor, seen

Comes = Callable[[str], Visitor]
HERE = "/offices/gambut/ladder"
SOP = f"{HERE}/pengumpulan-dan-pengukuran-data-kinerja"
SOONER = {"level-2": "1 jam", "level-3": "1 hari", "level-4": "2 days", "floor": "30 menit"}


@pytest.fixture
def camat(visitor: Comes) -> Visitor:
    return visitor("camat.gambut")


def kept(database: Database) -> dict[str, str]:
    with database.reading(EVERYWHERE) as session:
        return session.scalars(select(Kantor.ladder).where(Kantor.slug == "gambut")).one()


def in_force(camat: Visitor, place: str = HERE, **fields: str) -> str:
    """What the page that looks at these rules says is in force."""
    page = camat.opens(place, query_string=fields).text
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found, seen(camat.opens(place, query_string=fields))
    return unescape(found[1])


def test_the_ladder_is_read_aloud(camat: Visitor) -> None:
    said = seen(camat.opens(HERE))
    assert "begitu tenggatnya lewat: yang memegang langkah, atau jabatannya" in said
    assert "4 jam kerja sesudah tenggat: atasan jabatan itu" in said
    assert "1 hari kerja sesudah tenggat: camat" in said
    assert "Akibatnya" not in said
    assert "4 jam kerja sesudah tenggat: atasan" in seen(camat.opens("/offices/gambut/settings"))


def test_she_sees_the_effect_then_applies_it(
    visitor: Comes, office: Office, database: Database, clock: Clock
) -> None:
    office.starts("Berkas yang terlambat")
    clock.passes(minutes=90)
    schedule.tick(database, clock())
    camat = visitor("camat.gambut")
    said = seen(camat.opens(HERE, query_string=SOONER))
    assert "Tingkat 2: atasan jabatan itu 4 jam kerja 1 jam kerja" in said
    assert "Paling cepat sejak langkah dibuka tidak dibatasi 30 menit kerja" in said
    assert "1 langkah yang sudah terlambat didengar lain dari sekarang: 1 lebih cepat" in said
    assert "1 langsung naik begitu diterapkan." in said
    assert kept(database) == {}
    answer = camat.sends(HERE, **SOONER, seen=in_force(camat, **SOONER))
    assert answer.status_code == 303
    assert kept(database) == {"2": "PT1H", "3": "P1D", "4": "P2D", "floor": "PT30M"}
    assert "1 langkah terlambat mengikutinya" in seen(camat.opens(HERE))
    assert "Tangga eskalasi diubah" in seen(camat.opens("/offices/gambut/settings"))


def test_an_sop_gets_a_ladder_of_its_own_and_gives_it_back(
    camat: Visitor, database: Database
) -> None:
    own = {"whose": "own", "level-2": "2 hari", "level-3": "", "level-4": "", "floor": ""}
    assert "SOP ini mengikuti tangga kantornya." in seen(camat.opens(SOP))
    said = seen(camat.opens(SOP, query_string=own))
    assert "Tangga Tangga kantor Tangga sendiri" in said
    assert "Tingkat 4: pengawas kabupaten 2 hari kerja tidak mendengar" in said
    assert camat.sends(SOP, **own, seen=in_force(camat, SOP, **own)).status_code == 303
    with database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Sop.ladder).where(Sop.ladder.is_not(None))).one()["3"] == ""
    assert "2 hari kerja sesudah tenggat: atasan jabatan itu" in seen(camat.opens(HERE))
    back = {"whose": "office"}
    assert camat.sends(SOP, **back, seen=in_force(camat, SOP, **back)).status_code == 303
    assert "SOP ini mengikuti tangga kantornya." in seen(camat.opens(SOP))


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"level-2": "besok"}, "level-2", "“besok” bukan lama waktu kerja"),
        ({"level-2": "0 jam"}, "level-2", "bukan lama waktu kerja"),
        ({"level-2": "-4 jam"}, "level-2", "bukan lama waktu kerja"),
        ({"level-3": "1,5 jam"}, "level-3", "bukan lama waktu kerja"),
        ({"level-2": "1 hari", "level-3": "4 jam"}, "level-3", "Tingkat 3 harus sesudah"),
        ({"level-4": "999 minggu"}, "level-4", "Paling lama 12 minggu"),
        ({"level-4": "P999W"}, "level-4", "Paling lama 12 minggu"),
        ({"floor": "<script>alert(1)</script>"}, "floor", "bukan lama waktu kerja"),
        ({"floor": "9" * 5000}, "floor", "bukan lama waktu kerja"),
    ],
)
def test_what_is_no_ladder_is_said_by_its_field_before_and_when_it_is_sent(
    camat: Visitor, database: Database, typed: dict[str, str], field: str, said: str
) -> None:
    for answer in (camat.opens(HERE, query_string=typed), camat.sends(HERE, **typed, seen="{}")):
        assert answer.status_code == 422
        assert said in seen(answer)
        assert f'id="{field}-salah"' in answer.text
        assert "<script>alert" not in answer.text
    assert kept(database) == {}


@pytest.mark.parametrize("forged", ["", "null", "[]", "{", '{"2": "PT9H"}', "[" * 100_000])
def test_what_was_not_looked_at_is_not_applied(
    camat: Visitor, database: Database, forged: str
) -> None:
    answer = camat.sends(HERE, **SOONER, seen=forged)
    assert answer.status_code == 409
    assert "Lihat lagi akibatnya" in seen(answer)
    assert kept(database) == {}


def test_the_same_ladder_says_so_and_has_nothing_to_apply(camat: Visitor) -> None:
    same = {"level-2": "240 menit", "level-3": "1 hari", "level-4": "2 hari", "floor": ""}
    page = camat.opens(HERE, query_string=same)
    assert "Tangga ini sama dengan yang berlaku." in seen(page)
    assert "Terapkan sekarang" not in page.text


def test_an_sop_of_another_office_is_not_found_here(camat: Visitor) -> None:
    assert camat.opens(f"{HERE}/pengukuran-kinerja").status_code == 404
    assert camat.opens("/offices/sumbang/ladder/pengukuran-kinerja").status_code == 404
