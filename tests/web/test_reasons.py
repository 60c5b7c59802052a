"""Twin of web/reasons.py and tasks/reasons.py: why steps are late, in an office's own words."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from engine.db import EVERYWHERE, Database
from engine.models import Office as Kantor
from engine.models import OfficeEvent
from tasks import excuses, reasons
from tests.web.conftest import Visitor, seen

Comes = Callable[[str], Visitor]
HERE = "/offices/gambut/reasons"
USUAL = [each["text"] for each in excuses.USUAL]


@pytest.fixture
def camat(visitor: Comes) -> Visitor:
    return visitor("camat.gambut")


def office(database: Database) -> Kantor:
    with database.reading(EVERYWHERE) as session:
        return session.scalars(select(Kantor).where(Kantor.slug == "gambut")).one()


def listed(database: Database) -> dict[str, str]:
    return {each["code"]: each["text"] for each in excuses.reasons(office(database))}


def sends(camat: Visitor, database: Database, *rows: tuple[str, str], **more: str) -> int:
    fields = {"seen": reasons.mark(office(database)), **more}
    for number, (code, text) in enumerate(rows):
        fields |= {f"code-{number}": code, f"text-{number}": text}
    return camat.sends(HERE, **fields).status_code


def test_an_office_has_the_usual_reasons_until_it_makes_its_own(
    camat: Visitor, database: Database
) -> None:
    page = camat.opens(HERE).text
    assert all(text in page for text in USUAL)
    assert sends(camat, database, ("beban-kerja", "Beban kerja"), ("", "Banjir")) == 303
    assert listed(database) == {
        "beban-kerja": "Beban kerja",
        "banjir": "Banjir",
        "lain": "Sebab lain",
    }
    said = seen(camat.opens("/offices/gambut/settings"))
    assert "Banjir Sebab lain" in said
    assert "Daftar alasan terlambat diubah" in said


def test_what_was_said_keeps_its_words_when_the_list_changes(
    camat: Visitor, database: Database
) -> None:
    sends(camat, database, ("", "Banjir"), ("", "Listrik padam"))
    sends(camat, database, ("banjir", "Banjir atau rob"))  # other words, and one taken away
    here = office(database)
    assert excuses.text(here, "banjir") == "Banjir atau rob"
    assert excuses.text(here, "listrik-padam") == "Listrik padam"
    assert "listrik-padam" not in listed(database)
    sends(camat, database, ("banjir", "Banjir"), ("", "listrik PADAM"))  # it comes back as it was
    assert list(listed(database)) == ["banjir", "listrik-padam", "lain"]


def test_an_empty_list_is_the_usual_one(camat: Visitor, database: Database) -> None:
    sends(camat, database, ("", "Banjir"))
    assert sends(camat, database, ("banjir", " ")) == 303
    assert list(listed(database).values()) == USUAL
    assert excuses.text(office(database), "banjir") == "Banjir"


def test_two_that_sound_alike_get_codes_of_their_own(camat: Visitor, database: Database) -> None:
    sends(camat, database, ("", "Banjir!"), ("", "Banjir?"), ("", "洪水"), ("lain", "Mencuri kode"))
    assert list(listed(database)) == ["banjir", "banjir-2", "sebab", "mencuri-kode", "lain"]


def test_a_code_that_is_sent_twice_is_one_reason(camat: Visitor, database: Database) -> None:
    rows = (("beban-kerja", "Satu"), ("beban-kerja", "Dua"), ("x" * 500, "Tiga"))
    assert sends(camat, database, *rows) == 303
    assert list(listed(database)) == ["beban-kerja", "dua", "tiga", "lain"]


@pytest.mark.parametrize(
    ("rows", "field", "said"),
    [
        ([("", "x" * 101)], "text-0", "paling banyak 100 huruf"),
        ([("", "Banjir"), ("", " BANJIR ")], "text-1", "“BANJIR” sudah ada"),
        ([("", "sebab lain")], "text-0", "“sebab lain” sudah ada"),
        ([("", f"Sebab {n}") for n in range(30)], "text-29", "Paling banyak 30 sebab"),
    ],
)
def test_what_is_no_list_is_said_by_its_row_and_nothing_typed_is_lost(
    camat: Visitor, database: Database, rows: list[tuple[str, str]], field: str, said: str
) -> None:
    fields = {f"text-{number}": text for number, (_, text) in enumerate(rows)}
    answer = camat.sends(HERE, seen=reasons.mark(office(database)), **fields)
    assert answer.status_code == 422
    assert said in seen(answer)
    assert f'id="{field}-salah"' in answer.text
    assert all(f'value="{text}"' in answer.text for text in fields.values())
    assert list(listed(database).values()) == USUAL


def test_markup_is_shown_as_it_was_typed(camat: Visitor, database: Database) -> None:
    sends(camat, database, ("", "<img src=x onerror=alert(1)>"))
    assert "<img src=x" not in camat.opens(HERE).text
    assert "<img src=x" not in camat.opens("/offices/gambut/settings").text


def test_two_leaders_at_once_do_not_undo_each_other(camat: Visitor, database: Database) -> None:
    old = reasons.mark(office(database))
    sends(camat, database, ("", "Banjir"))
    assert sends(camat, database, ("", "Gempa"), seen=old) == 409
    assert list(listed(database)) == ["banjir", "lain"]
    with database.reading(EVERYWHERE) as session:
        kinds = session.scalars(select(OfficeEvent.kind).where(OfficeEvent.kind == "reasons"))
        assert len(kinds.all()) == 1
