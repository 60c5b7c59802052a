"""Twin of web/inbox.py: the first page answers what waits for me, and by when."""

import re
from collections.abc import Callable

import pytest

from tests.web.conftest import Clock, Office, Visitor, seen


def tabs(text: str) -> dict[str, int]:
    """How many stand in each view, by its name."""
    found = re.findall(r'data-count="(\w+)">(\d+)<', text)
    return {view: int(count) for view, count in found}


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
    assert tabs(page.text) == {"inbox": 2, "team": 2, "overdue": 1, "done": 0}
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
        found += re.findall(r"<div>(Berkas \d\d)<", page)
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


# --- narrowed --------------------------------------------------------------------------------


def test_the_camat_sees_all_of_the_office_and_at_whom_it_is(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    office.claims("kasubbag.gambut", office.starts("Triwulan I"))
    office.starts("Triwulan II")
    camat = visitor("camat.gambut")
    page = camat.opens("/?view=office")
    assert tabs(page.text)["office"] == 2
    assert "Aulia Rahmah" in seen(page)
    assert "belum diambil" in seen(page)
    assert "Sekantor" not in seen(visitor("staf.gambut").opens("/"))
    assert "Yang menunggu Anda" in seen(visitor("staf.gambut").opens("/?view=office"))


def test_a_day_that_is_none_is_said_by_its_field(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    office.starts()
    page = visitor("kasubbag.gambut").opens("/?due_to=2026-02-30")
    assert 'id="due_to-salah"' in page.text
    assert "“2026-02-30” bukan tanggal." in seen(page)


def test_a_filter_is_kept_found_and_forgotten(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    office.starts("Triwulan I")
    officer = visitor("kasubbag.gambut")
    answer = officer.sends("/filters?search=triwulan&late=1&view=team", name="Mendesak")
    assert answer.location == "/?search=triwulan&late=1&view=team"
    page = officer.opens("/")
    assert 'href="/?search=triwulan&amp;late=1&amp;view=team"' in page.text
    assert "Mendesak" not in seen(visitor("camat.gambut").opens("/"))
    [number] = re.findall(r"/filters/(\d+)/removal", page.text)
    assert visitor("camat.gambut").sends(f"/filters/{number}/removal").status_code == 404
    assert officer.sends(f"/filters/{number}/removal").status_code == 303
    assert "Mendesak" not in seen(officer.opens("/"))


def test_a_shared_filter_is_its_offices_and_nobody_elses(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    visitor("kasubbag.gambut").sends("/filters?late=1", name="Terlambat", shared="1")
    assert "Terlambat (Aulia Rahmah)" in seen(visitor("camat.gambut").opens("/"))
    assert "Aulia" not in seen(visitor("camat.sumbang").opens("/"))


def test_a_filter_without_a_name_or_a_wish_is_not_kept(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    office.starts()
    officer = visitor("kasubbag.gambut")
    answer = officer.sends("/filters?late=1", name=" ")
    assert answer.status_code == 422
    assert 'id="name-salah"' in answer.text
    assert officer.sends("/filters", name="Semua").status_code == 422


# --- fresh -----------------------------------------------------------------------------------


def test_a_list_that_did_not_change_is_not_sent_again(
    visitor: Callable[[str], Visitor], office: Office, clock: Clock
) -> None:
    office.starts()
    officer = visitor("kasubbag.gambut")
    first = officer.opens("/list")
    same = officer.opens("/list", headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    clock.passes(minutes=1)  # what is left of its time has changed
    assert officer.opens("/list", headers={"If-None-Match": first.headers["ETag"]}).data
    assert "<html" not in first.text


def test_what_somebody_else_took_says_who_has_it(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    case = office.starts()
    task = office.waiting("kasubbag.gambut", case)
    office.claims("kasubbag.gambut", case)
    page = seen(visitor("camat.gambut").opens(f"/list?view=team&seen={task},999,x"))
    assert "sudah diambil Aulia Rahmah" in page
    assert "Aulia" not in seen(visitor("camat.sumbang").opens(f"/list?view=team&seen={task}"))


# --- many at once ----------------------------------------------------------------------------


def chosen(office: Office, titles: str = "A B C") -> list[int]:
    return [office.waiting("kasubbag.gambut", office.starts(each)) for each in titles.split()]


def test_several_are_claimed_at_once(visitor: Callable[[str], Visitor], office: Office) -> None:
    officer = visitor("kasubbag.gambut")
    page = officer.sends("/bulk", do="claim", chosen=chosen(office))
    assert "3 tugas berhasil." in seen(page)
    assert tabs(officer.opens("/").text)["mine"] == 3


def test_several_are_completed_when_she_is_sure(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    officer, tasks = visitor("kasubbag.gambut"), chosen(office)
    asked = officer.sends("/bulk", do="complete", chosen=tasks)
    assert "Selesaikan 3 tugas" in seen(asked)
    assert tabs(officer.opens("/").text)["done"] == 0
    done = officer.sends("/bulk", do="complete", sure="1", chosen=tasks)
    assert "3 tugas berhasil." in seen(done)
    again = officer.sends("/bulk", do="complete", sure="1", chosen=tasks)
    assert "3 tugas dilewati" in seen(again)
    assert "Tidak ada yang tercatat dua kali." in seen(again)


def test_they_are_handed_over_to_somebody(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    officer, tasks = visitor("kasubbag.gambut"), chosen(office)
    asked = officer.sends("/bulk", do="handover", chosen=tasks)
    assert "Budi Santoso (Pelaksana)" in seen(asked)
    missing = officer.sends("/bulk", do="handover", sure="1", chosen=tasks)
    assert missing.status_code == 422
    assert "Pilih kepada siapa tugas ini diserahkan." in seen(missing)
    [budi] = re.findall(r'value="(\d+)">Budi Santoso', asked.text)
    done = officer.sends("/bulk", do="handover", sure="1", to=budi, chosen=tasks)
    assert "Budi Santoso tidak memegang jabatan" in seen(done)


@pytest.mark.parametrize("fields", [{}, {"do": "claim"}, {"do": "burn", "chosen": ["1"]}])
def test_a_bulk_without_a_deed_or_a_task_is_said(
    visitor: Callable[[str], Visitor], fields: dict[str, str]
) -> None:
    assert visitor("kasubbag.gambut").sends("/bulk", **fields).status_code == 422
