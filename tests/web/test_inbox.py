"""Twin of web/inbox.py: the first page answers what waits for me, and by when."""

import re
from collections.abc import Callable

import pytest

from tests.web.conftest import Clock, Office, Visitor, seen


def tabs(text: str) -> list[int]:
    return [int(count) for count in re.findall(r'<span class="badge [^"]+">(\d+)<', text)]


def test_an_empty_inbox_says_what_to_do_next(visitor: Callable[[str], Visitor]) -> None:
    page = seen(visitor("kasubbag.gambut").opens("/"))
    assert "Tidak ada yang menunggu Anda." in page
    assert "Mulai berkas baru" in page
    assert "Mulai berkas" not in seen(visitor("camat.gambut").opens("/"))


def test_a_waiting_step_shows_its_berkas_and_by_when(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    office.starts("Data kinerja triwulan I")
    page = seen(visitor("kasubbag.gambut").opens("/"))
    assert "Data kinerja triwulan I" in page
    assert "hari ini 09.10 WITA" in page
    assert "sisa 10 menit kerja" in page
    assert "belum mulai" in page


def test_a_step_is_taken_with_one_tap_and_its_form_opens(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    task = office.waiting("kasubbag.gambut", office.starts())
    officer = visitor("kasubbag.gambut")
    assert f'action="/tasks/{task}/claim"' in officer.opens("/").text
    answer = officer.sends(f"/tasks/{task}/claim")
    assert (answer.status_code, answer.location) == (303, f"/tasks/{task}")
    assert "Lanjutkan" in seen(officer.opens("/"))


def test_what_is_late_has_a_list_of_its_own(
    visitor: Callable[[str], Visitor], office: Office, clock: Clock
) -> None:
    office.starts("Terlambat sekali")
    clock.passes(minutes=30)
    office.starts("Baru dibuka")
    officer = visitor("kasubbag.gambut")
    page = officer.opens("/?view=overdue")
    assert tabs(page.text) == [2, 1, 0]
    assert "Terlambat sekali" in seen(page)
    assert "lewat 20 menit kerja" in seen(page)
    assert "Baru dibuka" not in seen(page)


def test_what_is_done_is_listed_with_whether_it_was_in_time(
    visitor: Callable[[str], Visitor], office: Office, clock: Clock
) -> None:
    office.completes("kasubbag.gambut", office.starts("Cepat"))
    late = office.starts("Lambat")
    clock.passes(minutes=11)
    office.completes("kasubbag.gambut", late)
    page = seen(visitor("kasubbag.gambut").opens("/?view=done"))
    assert page.index("Lambat") < page.index("Cepat")
    assert "lewat tenggat" in page
    assert "tepat waktu" in page


def test_the_list_is_searched_and_says_how_many(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    for month in ("Januari", "Februari", "Maret"):
        office.starts(f"Data kinerja {month}")
    officer = visitor("kasubbag.gambut")
    page = seen(officer.opens("/?search=februari"))
    assert "1 tugas" in page
    assert "Data kinerja Februari" in page
    assert "Data kinerja Maret" not in page
    assert "Tidak ada yang cocok dengan “<b>”." in officer.opens("/?search=<b>").text.replace(
        "&lt;b&gt;", "<b>"
    )


def test_a_long_list_is_read_page_by_page_and_loses_none(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    titles = {office.starts(f"Berkas {number:02}"): number for number in range(30)}
    officer, path, found = visitor("kasubbag.gambut"), "/", []
    while path:
        page = officer.opens(path).text
        assert "30 tugas" in page
        found += re.findall(r"Berkas \d\d", page)
        onwards = re.search(r'rel="next" href="([^"]+)"', page)
        path = onwards[1].replace("&amp;", "&") if onwards else ""
    assert len(found) == len(set(found)) == len(titles)


@pytest.mark.parametrize("query", ["view=semua", "after=xx", "after=W10", "search=%25"])
def test_an_address_written_by_hand_never_breaks_the_page(
    visitor: Callable[[str], Visitor], query: str
) -> None:
    assert visitor("camat.gambut").opens(f"/?{query}").status_code in {200, 422}


def test_a_person_of_several_offices_reads_which_one(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    office.starts("Milik Gambut")
    assert "Kecamatan Gambut" not in seen(visitor("kasubbag.gambut").opens("/"))
