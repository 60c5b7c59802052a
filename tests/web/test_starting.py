"""Twin of web/starting.py: a new case with its start form, without any script."""

from collections.abc import Callable

import pytest

from engine.db import EVERYWHERE, Database
from tests import questionnaire
from tests.web.conftest import Clock, Program, Visitor, seen

Comes = Callable[[str], Visitor]
KASUBBAG = "kasubbag.gambut"
FILLED = {"f": "1", "f.unit": "Kasi PMD", "f.triwulan": "2", "f.tenggat": "", "f.jumlah": "12"}


@pytest.fixture
def sop(database: Database, clock: Clock) -> str:
    with database.transaction(EVERYWHERE) as session:
        return str(questionnaire.publish(session, clock()).id)


def test_she_chooses_an_sop_and_is_asked_what_it_asks(visitor: Comes, sop: str) -> None:
    kasubbag = visitor(KASUBBAG)
    assert f'<option value="{sop}">' in kasubbag.opens("/cases/new").text
    page = kasubbag.opens(f"/cases/new?sop={sop}")
    assert "Data kinerja ‹Unit› triwulan ‹Triwulan› 2026" in seen(page)
    assert 'name="f.unit"' in page.text
    assert 'name="title"' not in page.text


def test_what_is_filled_in_begins_the_case_and_is_read_on_it(visitor: Comes, sop: str) -> None:
    kasubbag = visitor(KASUBBAG)
    answer = kasubbag.sends("/cases", sop=sop, **FILLED)
    assert (answer.status_code, answer.location) == (303, "/cases/1")
    page = seen(kasubbag.opens("/cases/1"))
    assert "Data kinerja Kasi PMD triwulan II 2026" in page
    assert "Saat berkas dimulai" in page
    assert "Jumlah indikator 12" in page
    assert "Kasi PMD" in seen(kasubbag.opens("/tasks/1"))


def test_every_mistake_stands_at_its_field_and_nothing_typed_is_lost(
    visitor: Comes, sop: str
) -> None:
    wrong = {**FILLED, "f.unit": "", "f.jumlah": "12.5"}
    answer = visitor(KASUBBAG).sends("/cases", sop=sop, **wrong)
    assert answer.status_code == 422
    assert 'href="#f.unit">Unit: Wajib diisi.' in answer.text
    assert 'href="#f.jumlah">Jumlah indikator: “12.5” bukan angka.' in answer.text
    assert 'value="12.5"' in answer.text


def test_what_is_typed_waits_for_her_and_goes_when_it_is_sent(visitor: Comes, sop: str) -> None:
    kasubbag = visitor(KASUBBAG)
    kept = kasubbag.sends("/cases/new/draft", sop=sop, **FILLED)
    assert kept.location == f"/cases/new?sop={sop}&isi=1"
    page = kasubbag.opens("/cases/new")
    assert "Isian Anda yang belum terkirim ada di bawah." in seen(page)
    assert ">Kasi PMD</" in page.text or 'value="Kasi PMD"' in page.text
    kasubbag.sends("/cases", sop=sop, **FILLED)
    assert "Kasi PMD" not in kasubbag.opens(f"/cases/new?sop={sop}").text


def test_a_program_starts_one_with_the_same_data(program: Callable[..., Program], sop: str) -> None:
    kasubbag = program(KASUBBAG)
    name = f"gambut/{questionnaire.SLUG}"
    shown = kasubbag.gets(f"/sops/{name}")
    assert shown["title"] == questionnaire.RULE
    assert [field["key"] for field in shown["fields"]] == ["unit", "triwulan", "tenggat", "jumlah"]
    data = {"unit": "Kasi PMD", "triwulan": "1", "jumlah": 3}
    answer = kasubbag.asks("POST", "/cases", json={"sop": name, "data": data})
    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["title"] == "Data kinerja Kasi PMD triwulan I 2026"
    wrong = kasubbag.asks("POST", "/cases", json={"sop": name, "data": {"unit": "PMD"}})
    assert wrong.status_code == 422
    assert wrong.json is not None
    assert [each["field"] for each in wrong.json["errors"]] == ["data.triwulan"]
