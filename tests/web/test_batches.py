"""Twin of web/batches.py: a list is uploaded, looked at, started and watched, without a script."""

import io
from collections.abc import Callable

import pytest

from engine.db import EVERYWHERE, Database
from tasks import schedule
from tests import questionnaire
from tests.tasks.test_sheets import workbook
from tests.web.conftest import Clock, Visitor, seen

Comes = Callable[[str], Visitor]
KASUBBAG = "kasubbag.gambut"
ROWS = "Unit;Triwulan\nKasi PMD;I\n;II\nKasi Tapem;II\nKasi Tapem;II\n"


@pytest.fixture
def sop(database: Database, clock: Clock) -> str:
    with database.transaction(EVERYWHERE) as session:
        return str(questionnaire.publish(session, clock()).id)


def uploads(who: Visitor, sop: str, content: str = ROWS, name: str = "unit.csv") -> str:
    answer = who.sends("/batches", sop=sop, file=(io.BytesIO(content.encode()), name))
    assert answer.status_code == 303, seen(answer)
    return answer.location


def test_she_is_told_which_columns_to_bring(visitor: Comes, sop: str) -> None:
    kasubbag = visitor(KASUBBAG)
    page = seen(kasubbag.opens(f"/batches/new?sop={sop}"))
    assert "Triwulan salah satu dari: I, II ya" in page
    assert "Jumlah indikator angka, dengan koma untuk pecahan tidak" in page
    empty = kasubbag.opens(f"/batches/new/template.xlsx?sop={sop}")
    assert empty.headers["Content-Disposition"].endswith('.xlsx"')
    filled = workbook(["Unit", "Triwulan"], ["Kasi PMD", "I"])
    answer = kasubbag.sends("/batches", sop=sop, file=(filled, "unit.xlsx"))
    assert "Semua baris benar." in seen(kasubbag.opens(answer.location))


def test_each_row_says_what_is_wrong_before_anything_starts(visitor: Comes, sop: str) -> None:
    kasubbag = visitor(KASUBBAG)
    page = seen(kasubbag.opens(uploads(kasubbag, sop)))
    assert "2 baris perlu diperbaiki dan tidak akan dimulai." in page
    assert "3 Triwulan: II Unit : Wajib diisi." in page
    assert "Seluruh baris : Sama dengan baris 4. Hapus salah satunya." in page
    assert "Mulai 2 berkas" in page
    assert "Belum ada berkas." in seen(kasubbag.opens("/cases"))


def test_she_starts_them_and_watches_until_all_are_there(
    visitor: Comes, sop: str, database: Database, clock: Clock
) -> None:
    kasubbag = visitor(KASUBBAG)
    there = uploads(kasubbag, sop)
    assert kasubbag.sends(f"{there}/beginning").location == there
    page = kasubbag.opens(there)
    assert "0 dari 2 berkas dimulai." in seen(page)
    assert f'data-progress="{there}/progress"' in page.text
    schedule.tick(database, clock())
    assert "data-over" in kasubbag.opens(f"{there}/progress").text
    page = seen(kasubbag.opens(there))
    assert "2 berkas dimulai." in page
    assert "Data kinerja Kasi Tapem triwulan II 2026" in page
    assert "2 berkas" in seen(kasubbag.opens("/cases"))
    assert kasubbag.sends(f"{there}/removal").status_code == 409
    assert "Daftar yang sama sudah Anda mulai" in seen(kasubbag.opens(uploads(kasubbag, sop)))


def test_she_stops_it_and_lets_it_go_on(
    visitor: Comes, sop: str, database: Database, clock: Clock
) -> None:
    kasubbag = visitor(KASUBBAG)
    there = uploads(kasubbag, sop)
    kasubbag.sends(f"{there}/beginning")
    kasubbag.sends(f"{there}/stop")
    schedule.tick(database, clock())
    assert "Dihentikan. 0 dari 2 berkas dimulai." in seen(kasubbag.opens(there))
    kasubbag.sends(f"{there}/resumption")
    schedule.tick(database, clock())
    assert "Selesai. 2 berkas dimulai." in seen(kasubbag.opens(there))


def test_a_list_she_throws_away_is_gone(visitor: Comes, sop: str) -> None:
    kasubbag = visitor(KASUBBAG)
    there = uploads(kasubbag, sop)
    assert kasubbag.sends(f"{there}/removal").location == f"/batches/new?sop={sop}"
    assert kasubbag.opens(there).status_code == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Pilih berkas .xlsx atau .csv, atau tempel baris-barisnya."),
        ({"rows": "Kota\nBanjar"}, "Kolom “Kota” tidak dikenal."),
        ({"file": (io.BytesIO(b"\x89PNG\r\n\x1a\n"), "a.png")}, "“a.png” tidak dapat dibaca."),
        ({"sop": "0", "rows": "a"}, "Pilih SOP yang akan dijalankan."),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_what_was_pasted_stays(
    visitor: Comes, sop: str, fields: dict[str, object], said: str
) -> None:
    answer = visitor(KASUBBAG).sends("/batches", **{"sop": sop, **fields})
    assert answer.status_code == 422
    assert said in seen(answer)
    if fields.get("rows") == "Kota\nBanjar":
        assert "Kota\nBanjar</textarea>" in answer.text.replace("\r", "")


def test_a_start_form_with_a_table_is_filled_in_one_by_one(
    visitor: Comes, database: Database, clock: Clock
) -> None:
    table = '<sop:isian kunci="desa" label="Desa" jenis="tabel" wajib="true"><sop:isian kunci="nama"/></sop:isian>'  # noqa: E501
    form = questionnaire.FORM.replace("</sop:formulir>", f"{table}</sop:formulir>")
    with database.transaction(EVERYWHERE) as session:
        sop = questionnaire.publish(session, clock(), form).id
    page = seen(visitor(KASUBBAG).opens(f"/batches/new?sop={sop}"))
    assert "isian “Desa” wajib dan berupa tabel" in page
    assert "Periksa daftar" not in page
