"""Twin of web/reports.py: all SOPs beside each other, and one in all its numbers."""

from collections.abc import Callable
from datetime import datetime

import pytest

from engine import statistics
from engine.db import EVERYWHERE, Database
from engine.models import Office as Kantor
from engine.models import Task
from tasks import schedule
from tests.conftest import WITA
from tests.web.conftest import Clock, Office, Visitor, seen

REPORT = "/reports/gambut/pengumpulan-dan-pengukuran-data-kinerja"


@pytest.fixture
def finished(office: Office, clock: Clock) -> int:
    """A berkas from February the 2nd, 08:00, to the 4th, 09:00; the camat sent it back once."""
    deeds = (
        (2, 8, 5, "kasubbag", "", ""),
        (2, 8, 10, "staf", "", ""),
        (2, 8, 15, "sekcam", "", ""),
        (2, 9, 0, "camat", "tidak", "Tanggal salah"),  # due at 08:25
        (2, 9, 5, "sekcam", "", ""),
        (2, 9, 10, "camat", "setuju", ""),
        (2, 9, 15, "staf", "", ""),
        (3, 8, 0, "kasi", "", ""),
        (3, 9, 0, "staf", "", ""),
        (4, 9, 0, "kasubbag", "", ""),
    )
    clock.now = datetime(2026, 2, 2, 8, 0, tzinfo=WITA)
    case = office.starts("Data Januari")
    for day, hour, minute, who, outcome, reason in deeds:
        clock.now = datetime(2026, 2, day, hour, minute, tzinfo=WITA)
        office.completes(f"{who}.gambut", case, outcome or None, reason)
    clock.now = datetime(2026, 3, 12, 9, 0, tzinfo=WITA)
    return case


def section(page: str, first: str, until: str) -> str:
    return page[page.index(first) : page.index(until, page.index(first))]


@pytest.mark.usefixtures("finished")
def test_an_sop_in_all_its_numbers(visitor: Callable[[str], Visitor]) -> None:
    page = seen(visitor("camat.gambut").opens(REPORT))
    totals = section(page, "Berkas dimulai", "Per langkah")
    assert "Berkas dimulai 1 Berkas selesai 1 Tepat waktu 0 %" in totals
    # Monday 08:00-12:00 and 13:00-16:00, Tuesday 7.5 hours, Wednesday 07:30-09:00: 16 hours.
    assert "Lama berkas (median) 2,1 hari kerja" in totals
    # Ten steps were done and all had a due time; the camat's first was late.
    assert "Langkah terlambat 10 % Dikembalikan 1" in totals
    camat = section(page, "4. Memeriksa", "5. Menomori")
    # He waited from 08:15 to 09:00, then from 09:05 to 09:10: 45 and 5 minutes.
    assert "2 10 menit 25 menit p90 45 menit" in camat
    assert "50 % 1 dari 2 1" in camat
    month = section(page, "Februari 2026", "Maret 2026")
    assert "1 selesai, 0 % tepat waktu" in month


@pytest.mark.usefixtures("finished")
def test_the_month_counts_where_it_ended_and_the_post_who_did_it(
    visitor: Callable[[str], Visitor],
) -> None:
    page = seen(visitor("pengawas.banjar").opens(f"{REPORT}?period=year"))
    table = section(page, "Kurun Dimulai", "Mengapa terlambat")
    assert "Januari 2026 0 0 0 – – 0 – Februari 2026 1 1 0 0 %" in table
    posts = section(page, "Beban per jabatan", "English")
    assert "Pelaksana 3" in posts
    assert "Camat 2 0 menit 25 menit 50 %" in posts


def test_why_it_was_late_in_the_offices_own_words(
    visitor: Callable[[str], Visitor], finished: int, database: Database
) -> None:
    with database.transaction(EVERYWHERE) as session:
        late = session.query(Task).filter(Task.case_id == finished, Task.ended_at > Task.due_at)
        late.one().late_reason = "rapat"
        gambut = session.query(Kantor).filter(Kantor.slug == "gambut").one()
        gambut.late_reasons = [{"code": "rapat", "text": "Pejabat sedang rapat"}]
    camat = visitor("camat.gambut")
    page = section(seen(camat.opens(REPORT)), "Mengapa terlambat", "Beban per jabatan")
    assert "Pejabat sedang rapat 1" in page
    assert "tanpa alasan" not in page
    assert "Tingkat 1: pemegang langkah 1" in page


@pytest.mark.usefixtures("finished")
def test_counted_or_not_the_page_says_the_same(
    visitor: Callable[[str], Visitor], database: Database, clock: Clock
) -> None:
    before = seen(visitor("camat.gambut").opens(REPORT))
    assert schedule.count_up(database, clock()).done == 11  # ten steps and a berkas
    assert seen(visitor("camat.gambut").opens(REPORT)) == before


@pytest.mark.usefixtures("finished")
def test_a_supervisor_sees_every_office_of_her_kabupaten_and_no_other(
    visitor: Callable[[str], Visitor],
) -> None:
    page = seen(visitor("pengawas.banjar").opens("/reports"))
    assert "4 SOP" in page
    assert "Kecamatan Gambut" in page
    assert "Kecamatan Martapura Barat" in page
    assert "Sumbang" not in page
    one = seen(visitor("pengawas.banjar").opens("/reports?office=martapura-barat&order=late"))
    assert "3 SOP" in one
    foreign = visitor("pengawas.banyumas").opens("/reports?office=gambut")
    assert "Gambut" not in foreign.text


def test_who_only_works_there_sees_no_report(visitor: Callable[[str], Visitor]) -> None:
    assert visitor("staf.gambut").opens("/reports").status_code == 403
    assert "Laporan" not in visitor("staf.gambut").opens("/").text
    # A camat elsewhere, but not of this office.
    assert visitor("camat.sumbang").opens(REPORT).status_code == 404


def test_a_list_made_by_hand_is_refused(visitor: Callable[[str], Visitor]) -> None:
    assert visitor("camat.gambut").opens("/reports?after=xyz").status_code == 422
    assert visitor("camat.gambut").opens("/reports?after=WzFd").status_code in (200, 422)
    page = seen(visitor("camat.gambut").opens("/reports?search=xyz"))
    assert "Tidak ada SOP yang cocok" in page


def test_while_the_clock_still_counts_the_page_says_so(
    visitor: Callable[[str], Visitor], finished: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "MOST_UNCOUNTED", 5)
    page = seen(visitor("camat.gambut").opens(REPORT))
    assert "Belum lengkap: 10 langkah selesai masih dihitung." in page
