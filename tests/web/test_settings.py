"""Twin of web/office_settings.py: what an office is called, its emblem, and an office more."""

from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy import select

from engine.db import EVERYWHERE, Database
from engine.models import Emblem, Grant, OfficeEvent, Person, Post
from engine.models import Office as Kantor
from tests.engine.test_emblems import JPEG, png
from tests.web.conftest import Visitor, seen

Comes = Callable[[str], Visitor]
SETTINGS = "/offices/gambut/settings"
SOP = "/sops/gambut/pengumpulan-dan-pengukuran-data-kinerja"
GAMBUT = {
    "name": "Kecamatan Gambut",
    "code": "63.03.03",
    "kabupaten": "Kabupaten Banjar",
    "province": "Kalimantan Selatan",
}
ALUH = {
    "name": "Kecamatan Aluh-Aluh",
    "code": "63.03.01",
    "kabupaten": "Kabupaten Banjar",
    "province": "Kalimantan Selatan",
    "zone": "Asia/Makassar",
    "hours": "banjar",
}


@pytest.fixture
def admin(visitor: Comes) -> Visitor:
    return visitor("admin")


@pytest.fixture
def camat(visitor: Comes) -> Visitor:
    return visitor("camat.gambut")


def office(database: Database, slug: str = "gambut") -> Kantor:
    with database.reading(EVERYWHERE) as session:
        return session.scalars(select(Kantor).where(Kantor.slug == slug)).one()


def uploads(who: Visitor, content: bytes, name: str = "lambang.png") -> tuple[int, str]:
    sent = who.sends("/offices/gambut/emblem", emblem=(BytesIO(content), name))
    return sent.status_code, sent.text


# --- its emblem --------------------------------------------------------------------------------


def test_an_emblem_shows_at_the_head_of_the_offices_sops(
    camat: Visitor, visitor: Comes, database: Database
) -> None:
    staf = visitor("staf.gambut")
    assert "identity-logo" in staf.opens(SOP).text
    assert uploads(camat, png(4, 4))[0] == 303
    page = staf.opens(SOP).text
    assert "identity-logo" not in page
    digest = office(database).emblem
    assert digest is not None
    address = f"/offices/gambut/emblem?v={digest[:12]}"
    assert f'<img class="identity-emblem" src="{address}" alt="">' in page
    picture = staf.opens(address)
    assert picture.mimetype == "image/png"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in picture.headers["Cache-Control"]
    assert visitor("staf.sumbang").opens(address).status_code == 404

    assert uploads(camat, JPEG, "lambang.jpg")[0] == 303
    assert staf.opens("/offices/gambut/emblem").mimetype == "image/jpeg"
    said = seen(camat.opens(SETTINGS))
    assert "Lambang diubah (Rahmadi Syahputra)" in said

    camat.sends("/offices/gambut/emblem/removal")
    assert "identity-logo" in staf.opens(SOP).text
    assert staf.opens("/offices/gambut/emblem").status_code == 404
    with database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Emblem)).all() == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Pilih gambar lambangnya"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "bukan PNG atau JPEG"),
        (b"<!doctype html><script>alert(1)</script>", "bukan PNG atau JPEG"),
        (png()[:-9], "bukan PNG atau JPEG"),
        (png(5_000, 2), "terlalu besar"),
    ],
)
def test_what_is_no_emblem_is_refused_beside_its_field(
    camat: Visitor, database: Database, content: bytes, said: str
) -> None:
    status, page = uploads(camat, content)
    assert status == 422
    assert said in page[page.index('id="emblem-salah"') :]
    assert office(database).emblem is None


# --- its identity ------------------------------------------------------------------------------


def test_an_administrator_renames_an_office_and_everybody_sees_by_whom(
    admin: Visitor, camat: Visitor, database: Database
) -> None:
    assert "Simpan identitas" not in camat.opens(SETTINGS).text
    sent = admin.sends(
        "/offices/gambut/identity", **{**GAMBUT, "name": "  Kecamatan  Gambut Baru "}
    )
    assert sent.location == SETTINGS
    assert office(database).name == "Kecamatan Gambut Baru"
    said = seen(camat.opens(SETTINGS))
    assert "Identitas diubah (Administrator) Kecamatan Gambut → Kecamatan Gambut Baru" in said


def test_whoever_watches_a_kabupaten_follows_the_place(
    admin: Visitor, visitor: Comes, database: Database
) -> None:
    """Samboja is to move to the Otorita IKN."""
    moved = {**GAMBUT, "kabupaten": "Otorita Ibu Kota Nusantara"}
    assert visitor("pengawas.banjar").opens("/offices/gambut/posts").status_code == 200
    admin.sends("/offices/gambut/identity", **moved)
    assert visitor("pengawas.banjar").opens("/offices/gambut/posts").status_code == 404


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"name": " "}, "name", "Harus diisi"),
        ({"name": "x" * 121}, "name", "paling panjang 120"),
        ({"code": "6303"}, "code", "ditulis seperti 63.03.03"),
        ({"code": "33.02.21"}, "code", "sudah dipakai Kecamatan Sumbang"),
        ({"kabupaten": ""}, "kabupaten", "Harus diisi"),
        ({"province": ""}, "province", "Harus diisi"),
    ],
)
def test_an_identity_is_refused_beside_the_field_to_mend(
    admin: Visitor, database: Database, fields: dict[str, str], field: str, said: str
) -> None:
    refused = admin.sends("/offices/gambut/identity", **{**GAMBUT, **fields})
    assert refused.status_code == 422
    assert said in refused.text[refused.text.index(f'id="{field}-salah"') :]
    assert "<h1>Kecamatan Gambut</h1>" in refused.text
    assert office(database).code == "63.03.03"


# --- one more ----------------------------------------------------------------------------------


def test_a_new_office_has_hours_to_begin_with_and_waits_for_its_posts(
    admin: Visitor, database: Database
) -> None:
    made = admin.sends("/offices", **ALUH)
    assert made.location == "/offices/aluh-aluh/calendar"
    said = seen(admin.opens(made.location))
    assert "Kantor dibuat. Periksa jam kerjanya, lalu tambahkan jabatannya." in said
    assert "Senin 07.30–16.00" in said
    assert "Kantor ini belum punya jabatan." in seen(admin.opens("/offices/aluh-aluh/posts"))
    with database.reading(EVERYWHERE) as session:
        opened = session.scalars(select(OfficeEvent)).one()
        assert (opened.kind, opened.detail["code"]) == ("opened", "63.03.01")


def test_two_offices_of_one_name_get_two_addresses(admin: Visitor, database: Database) -> None:
    second = {**ALUH, "name": "Kecamatan Bukit Batu", "code": "62.71.02"}
    made = admin.sends("/offices", **second)
    assert made.location == "/offices/bukit-batu-62-71-02/calendar"
    assert office(database, "bukit-batu").code == "14.03.03"


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"slug": "gambut"}, "slug", "sudah dipakai Kecamatan Gambut"),
        ({"slug": "Aluh Aluh"}, "slug", "hanya huruf kecil"),
        ({"slug": "../etc"}, "slug", "hanya huruf kecil"),
        ({"slug": "x" * 61}, "slug", "hanya huruf kecil"),
        ({"name": "!!!"}, "slug", "hanya huruf kecil"),
        ({"code": "63.03.03"}, "code", "sudah dipakai Kecamatan Gambut"),
        ({"zone": ""}, "zone", "Pilih zona"),
        ({"zone": "Europe/Amsterdam"}, "zone", "Pilih zona"),
        ({"hours": "santai"}, "hours", "Pilih jam kerja"),
    ],
)
def test_a_new_office_is_refused_beside_the_field_to_mend(
    admin: Visitor, database: Database, fields: dict[str, str], field: str, said: str
) -> None:
    refused = admin.sends("/offices", **{**ALUH, **fields})
    assert refused.status_code == 422
    assert said in refused.text[refused.text.index(f'id="{field}-salah"') :]
    with database.reading(EVERYWHERE) as session:
        assert len(session.scalars(select(Kantor)).all()) == 5


def test_an_administrator_of_a_kabupaten_adds_no_office_and_moves_none_out_of_it(
    visitor: Comes, database: Database
) -> None:
    with database.transaction(EVERYWHERE) as session:
        person = session.scalars(select(Person).where(Person.account == "perancang.gambut")).one()
        session.add(Grant(person_id=person.id, role="admin", kabupaten="Kabupaten Banjar"))
    local = visitor("perancang.gambut")
    refused = local.sends("/offices", **ALUH)
    assert refused.status_code == 422
    assert "hanya dapat ditetapkan oleh administrator seluruh Alur" in refused.text
    refused = local.sends("/offices/gambut/identity", **{**GAMBUT, "kabupaten": "Kota Banjarbaru"})
    assert refused.status_code == 422
    assert (
        local.sends("/offices/gambut/identity", **{**GAMBUT, "name": "Gambut"}).status_code == 303
    )
    assert local.opens("/offices/sumbang/settings").status_code == 404


# --- who answers to whom -----------------------------------------------------------------------


def test_a_post_answers_to_another_and_never_to_its_own_subordinate(
    admin: Visitor, database: Database
) -> None:
    posts = "/offices/gambut/posts"
    said = seen(admin.opens(f"{posts}/pelaksana"))
    assert "Atasan tidak disebut; yang terlambat disampaikan kepada sekretaris camat" in said
    sent = admin.sends(f"{posts}/pelaksana/superior", superior="kasi-kasubbag")
    assert sent.status_code == 303
    assert "Atasan Kasi/Kasubbag" in seen(admin.opens(f"{posts}/pelaksana"))
    for wrong in ("pelaksana", "tidak-ada"):
        refused = admin.sends(f"{posts}/kasi-kasubbag/superior", superior=wrong)
        assert refused.status_code == 422
        assert 'id="superior-salah"' in refused.text
    admin.sends(f"{posts}/pelaksana/superior", superior="")
    with database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Post).where(Post.superior_id.is_not(None))).all() == []
