"""Twin of web/assessments.py: the form that fills itself, and what a leader adds."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest

from tests.conftest import WITA
from tests.web.conftest import Clock, Office, Visitor, seen

PAGE = "/offices/gambut/assessments/2026-1"


@pytest.fixture
def sop(visitor: Callable[[str], Visitor]) -> str:
    """The number of Gambut's SOP, as its form carries it."""
    found = re.search(r'name="sop" value="(\d+)"', visitor("camat.gambut").opens(PAGE).text)
    assert found is not None
    return found[1]


@pytest.fixture
def february(office: Office, clock: Clock) -> None:
    """One berkas up to the camat, who sends it back late: three steps in time, one not."""
    clock.now = datetime(2026, 2, 2, 8, 0, tzinfo=WITA)
    case = office.starts()
    for who, outcome, minutes in (
        ("kasubbag", "", 5),
        ("staf", "", 5),
        ("sekcam", "", 5),
        ("camat", "tidak", 30),
    ):
        clock.passes(minutes=minutes)
        reason = "Tanggal salah" if outcome else ""
        office.completes(f"{who}.gambut", case, outcome or None, reason)
    clock.now = datetime(2026, 3, 12, 9, 0, tzinfo=WITA)


@pytest.mark.usefixtures("february")
def test_the_facts_fill_the_form(visitor: Callable[[str], Visitor]) -> None:
    page = seen(visitor("pengawas.banjar").opens(PAGE))
    assert "Semester I 2026 (1 Jan – 30 Jun 2026)" in page
    assert "☒ tidak berjalan baik (ya)" in page
    assert "Belum ada berkas yang selesai dalam semester ini." in page
    late = "1 dari 4 langkah terlambat (25 %), terbanyak “Memeriksa dan menandatangani surat"
    assert late in page
    assert "(100 %); melewati batas 10 persen." in page
    assert "1 dari 1 keputusan mengembalikan berkas (100 %); melewati batas 20 persen." in page
    assert "2 pertanyaan penting tentang SOP ini belum dijawab." in page
    assert "Perjelas syarat sebelum langkah “Memeriksa dan menandatangani surat" in page
    assert "Simpan penilaian" not in page
    assert "lebih dari 10 persen langkah bertenggat terlambat" in page


def test_what_nobody_ran_is_not_assessed(visitor: Callable[[str], Visitor]) -> None:
    page = seen(visitor("camat.gambut").opens(PAGE))
    assert "Tidak dijalankan dalam semester ini." in page
    assert "☒" not in page


@pytest.mark.usefixtures("february")
def test_a_leader_completes_the_form(visitor: Callable[[str], Visitor], sop: str) -> None:
    camat = visitor("camat.gambut")
    sent = camat.sends(PAGE, sop=sop, seen="0", verdict="baik", note="Sudah <b>lancar</b>.")
    assert sent.status_code == 303
    assert sent.location.endswith(f"#sop-{sop}")
    page = camat.opens(PAGE)
    assert "Sudah &lt;b&gt;lancar&lt;/b&gt;." in page.text
    assert "☒ berjalan baik (ya)" in seen(page)
    assert "berbeda dari fakta" in seen(page)
    assert "Rahmadi Syahputra, Camat" in seen(page)


def test_two_leaders_do_not_overwrite_each_other(
    visitor: Callable[[str], Visitor], sop: str
) -> None:
    visitor("camat.gambut").sends(PAGE, sop=sop, seen="0", note="Pertama")
    second = visitor("sekcam.gambut").sends(PAGE, sop=sop, seen="0", note="Kedua")
    assert second.status_code == 409
    assert "Rahmadi Syahputra baru saja mengubah penilaian ini" in seen(second)
    assert ">Kedua</textarea>" in second.text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"note": "x" * 2_001}, 422),
        ({"sop": "999"}, 404),
        ({"sop": "x"}, 404),
        ({"sop": "1"}, 404),  # another office's
        ({"seen": "-5", "verdict": "sempurna"}, 303),
    ],
)
def test_what_cannot_be_kept_is_refused(
    visitor: Callable[[str], Visitor], sop: str, fields: dict[str, str], status: int
) -> None:
    answer = visitor("camat.gambut").sends(PAGE, **{"sop": sop, **fields})
    assert answer.status_code == status


def test_what_was_typed_into_an_old_form_is_not_lost(
    visitor: Callable[[str], Visitor], sop: str
) -> None:
    camat = visitor("camat.gambut")
    refused = camat.sends(PAGE, csrf_token="x", sop=sop, note="Jangan hilang")
    assert refused.status_code == 403
    page = camat.opens(PAGE)
    assert "Isian Anda yang belum terkirim" in seen(page)
    assert ">Jangan hilang</textarea>" in page.text


def test_the_rule_is_the_offices_own(visitor: Callable[[str], Visitor]) -> None:
    camat = visitor("camat.gambut")
    wrong = camat.sends(f"{PAGE}/rule", late="banyak", worked="100")
    assert wrong.status_code == 422
    assert "Tulis bilangan bulat" in seen(wrong)
    assert 'value="banyak"' in wrong.text
    assert camat.sends(f"{PAGE}/rule", late="", worked="", returned="").status_code == 303
    assert "tidak ada batas" in seen(camat.opens(PAGE))


@pytest.mark.parametrize("half", ["2026-3", "x", "2026-1x"])
def test_a_half_that_is_none(visitor: Callable[[str], Visitor], half: str) -> None:
    assert visitor("camat.gambut").opens(f"/offices/gambut/assessments/{half}").status_code == 404


def test_the_form_of_today_is_one_tap_away(visitor: Callable[[str], Visitor]) -> None:
    answer = visitor("camat.gambut").opens("/offices/gambut/assessments")
    assert answer.location.endswith(PAGE)
