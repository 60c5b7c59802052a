"""Twin of web/cases.py: the list, a new one, and one with all that happened to it."""

import re
from collections.abc import Callable

import pytest
from lxml import etree
from sqlalchemy import select, update

from engine import steering
from engine.db import EVERYWHERE, Database
from engine.models import Office as Kantor
from engine.models import Revision, Sop
from engine.workflow import Stuck, Workflow
from tests.web.conftest import Clock, Office, Visitor, seen


@pytest.fixture
def sent_back(office: Office, clock: Clock) -> int:
    """The Camat sent the letter back once; now it is numbered and waits for the Kasi."""
    case = office.starts()
    for account, outcome, reason in (
        ("kasubbag", None, ""),
        ("staf", None, ""),
        ("sekcam", None, ""),
        ("camat", "tidak", "Nomor surat salah"),
        ("sekcam", None, ""),
        ("camat", "setuju", ""),
        ("staf", None, ""),
    ):
        clock.passes(minutes=4)
        office.completes(f"{account}.gambut", case, outcome, reason)
    return case


def sops_of(database: Database, office: str) -> list[int]:
    with database.reading(EVERYWHERE) as session:
        query = select(Sop.id).join(Kantor, Kantor.id == Sop.office_id)
        return list(session.scalars(query.where(Kantor.slug == office).order_by(Sop.name)))


# --- a new one -------------------------------------------------------------------------------


def test_the_one_sop_she_may_start_is_chosen_for_her(
    visitor: Callable[[str], Visitor], database: Database
) -> None:
    [sop] = sops_of(database, "gambut")
    page = visitor("kasubbag.gambut").opens("/cases/new")
    assert f'<input type="hidden" name="sop" value="{sop}">' in page.text
    assert "BANJAR.GBT.1.1.1 CFM 06.01" in seen(page)


def test_a_case_begins_and_its_first_step_waits(
    visitor: Callable[[str], Visitor], database: Database
) -> None:
    officer = visitor("kasubbag.gambut")
    [sop] = sops_of(database, "gambut")
    answer = officer.sends("/cases", sop=str(sop), title="  Data   kinerja  ")
    assert (answer.status_code, answer.location) == (303, "/cases/1")
    page = seen(officer.opens("/cases/1"))
    assert "Langkah pertama menunggu Anda." in page
    assert "Data kinerja" in page
    assert "Tugas" in page


@pytest.mark.parametrize("title", ["", "   ", "x" * 201])
def test_a_title_that_will_not_do_is_asked_for_at_its_field(
    visitor: Callable[[str], Visitor], database: Database, title: str
) -> None:
    [sop] = sops_of(database, "gambut")
    answer = visitor("kasubbag.gambut").sends("/cases", sop=str(sop), title=title)
    assert answer.status_code == 422
    assert 'href="#title">Judul berkas harus diisi' in answer.text
    assert 'aria-describedby="title-salah title-bantuan"' in answer.text
    assert f'value="{title}"' in answer.text


@pytest.mark.parametrize("sop", ["", "0", "abc", "gambut"])
def test_an_sop_she_may_not_start_is_no_choice(visitor: Callable[[str], Visitor], sop: str) -> None:
    answer = visitor("kasubbag.gambut").sends("/cases", sop=sop, title="Data kinerja")
    assert answer.status_code == 422
    assert "Pilih SOP yang akan dijalankan." in seen(answer)


def test_the_sop_of_another_office_cannot_be_started(
    visitor: Callable[[str], Visitor], database: Database
) -> None:
    [other] = sops_of(database, "sumbang")
    officer = visitor("kasubbag.gambut")
    assert officer.sends("/cases", sop=str(other), title="Data").status_code == 422


def test_whoever_starts_nothing_is_told_who_does(visitor: Callable[[str], Visitor]) -> None:
    page = seen(visitor("camat.gambut").opens("/cases/new"))
    assert "Tidak ada SOP yang dapat Anda mulai." in page


def test_whoever_may_start_several_chooses_one(visitor: Callable[[str], Visitor]) -> None:
    page = visitor("camat.martapura-barat").opens("/cases/new").text
    assert "<select" in page
    assert page.count("<option") > 2


# --- the list --------------------------------------------------------------------------------


def test_an_empty_list_says_what_a_berkas_is(visitor: Callable[[str], Visitor]) -> None:
    page = seen(visitor("camat.gambut").opens("/cases"))
    assert "Belum ada berkas." in page
    assert "satu kali menjalankan SOP" in page


def test_the_list_is_searched_and_filtered(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    for month in ("Januari", "Februari"):
        office.starts(f"Data kinerja {month}")
    officer = visitor("camat.gambut")
    assert "2 berkas" in seen(officer.opens("/cases"))
    assert "1 berkas" in seen(officer.opens("/cases?search=januari&status=running"))
    nothing = seen(officer.opens("/cases?status=done"))
    assert "Tidak ada berkas yang cocok." in nothing


def test_a_long_list_goes_on_where_it_stopped(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    for number in range(27):
        office.starts(f"Berkas {number:02}")
    officer = visitor("camat.gambut")
    first = officer.opens("/cases").text
    onwards = re.search(r'rel="next" href="([^"]+)"', first)
    assert onwards is not None
    second = officer.opens(onwards[1].replace("&amp;", "&")).text
    found = re.findall(r"Berkas \d\d", first) + re.findall(r"Berkas \d\d", second)
    assert found == [f"Berkas {number:02}" for number in reversed(range(27))]
    assert "Dari awal" in second


def test_a_supervisor_reads_which_office_a_berkas_is_of(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    office.starts("Milik Gambut")
    office.starts("Milik Samboja", who="camat.samboja")
    page = seen(visitor("pengawas.banjar").opens("/cases"))
    assert "Milik Gambut" in page
    assert "Milik Samboja" not in page


def test_a_person_of_one_office_needs_no_column_for_it(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    office.starts("Milik Gambut")
    assert "Kecamatan Gambut" not in seen(visitor("camat.gambut").opens("/cases"))


# --- one -------------------------------------------------------------------------------------


def test_the_table_tells_every_step_done_current_and_to_come(
    visitor: Callable[[str], Visitor], sent_back: int
) -> None:
    page = visitor("camat.gambut").opens(f"/cases/{sent_back}").text
    rows = re.findall(r'(?s)<tr role="row" class="([^"]*)">(.*?)</tr>', page)
    assert [mark for mark, _ in rows] == ["is-done"] * 7 + ["is-current"] + [""] * 2
    told = [" ".join(re.sub("<[^>]+>", " ", row).split()) for _, row in rows]
    assert "Rahmadi Syahputra" in told[4]
    assert "Tidak setuju “Nomor surat salah”" in told[4]
    assert "(kali ke-2)" in told[5]
    assert "Setuju" in told[5]
    assert "belum sampai" in told[8]
    assert "1 minggu" in told[8]


def test_the_history_tells_who_did_what_and_in_which_capacity(
    visitor: Callable[[str], Visitor], sent_back: int
) -> None:
    page = seen(visitor("camat.gambut").opens(f"/cases/{sent_back}"))
    history = page[page.index("Riwayat") :]
    assert history.index("Berkas dimulai") < history.index("Langkah diambil")
    assert (
        "Kam, 12 Mar 2026 09.16 WITA Langkah selesai: Memeriksa dan menandatangani surat "
        "permintaan data · Tidak setuju Rahmadi Syahputra, Camat “Nomor surat salah” Terbuka: "
    ) in history


def test_the_case_page_names_its_sop_and_revision(
    visitor: Callable[[str], Visitor], sent_back: int
) -> None:
    page = seen(visitor("pengawas.banjar").opens(f"/cases/{sent_back}"))
    assert "Pengumpulan dan Pengukuran Data Kinerja (BANJAR.GBT.1.1.1 CFM 06.01) , revisi 1" in page
    assert "Kecamatan Gambut" in page


def test_her_own_step_is_one_tap_away(
    visitor: Callable[[str], Visitor], sent_back: int, office: Office
) -> None:
    task = office.waiting("kasi.gambut", sent_back)
    assert f'href="/tasks/{task}"' in visitor("kasi.gambut").opens(f"/cases/{sent_back}").text
    assert f'href="/tasks/{task}"' not in visitor("camat.gambut").opens(f"/cases/{sent_back}").text


def test_the_diagram_hears_how_far_the_case_has_come(
    visitor: Callable[[str], Visitor], sent_back: int
) -> None:
    state = visitor("camat.gambut").opens(f"/cases/{sent_back}/progress").json
    assert state is not None
    assert state["done"] == [f"Langkah_{number}" for number in (1, 2, 3, 4, 5)]
    [current] = state["current"]
    assert current["element"] == "Langkah_6"
    assert current["overdue"] is False
    assert current["due"] == "Kam, 26 Mar 09.28 WITA"


def test_the_diagram_hears_which_way_the_case_has_come(
    visitor: Callable[[str], Visitor], sent_back: int
) -> None:
    state = visitor("camat.gambut").opens(f"/cases/{sent_back}/progress").json
    assert state is not None
    ways = ["Alur_4", "Alur_4_tidak", "Alur_4_setuju"]
    assert state["flows"] == ["Alur_Mulai", "Alur_1", "Alur_2", "Alur_3", *ways, "Alur_5"]
    assert state["times"]["Langkah_1"] == ["menunggu 4 menit", "dikerjakan 0 menit"]


def test_the_diagram_is_the_revision_the_case_runs_on(
    visitor: Callable[[str], Visitor], sent_back: int
) -> None:
    answer = visitor("camat.gambut").opens(f"/cases/{sent_back}/diagram")
    assert answer.mimetype == "application/xml"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert etree.fromstring(answer.data).tag.endswith("definitions")


def test_a_diagram_kept_in_another_encoding_is_sent_in_utf_8(
    visitor: Callable[[str], Visitor], sent_back: int, database: Database
) -> None:
    with database.transaction(EVERYWHERE) as session:
        xml = session.scalars(
            select(Revision.xml).join(Sop, Sop.revision_id == Revision.id)
        ).first()
        assert xml is not None
        wide = xml.decode().replace("UTF-8", "UTF-16").encode("utf-16")
        session.execute(update(Revision).values(xml=wide))
    answer = visitor("camat.gambut").opens(f"/cases/{sent_back}/diagram")
    assert "definitions" in answer.data.decode("utf-8")


def test_a_suspended_case_says_so_and_its_clock_stands_still(
    visitor: Callable[[str], Visitor], office: Office, clock: Clock
) -> None:
    case = office.starts()
    clock.passes(minutes=4)
    office.does("camat.gambut", steering.suspend, case, "Menunggu data dari kabupaten")
    clock.passes(minutes=60)
    page = seen(visitor("camat.gambut").opens(f"/cases/{case}"))
    assert "Berkas ini ditangguhkan" in page
    assert "Berkas ditangguhkan Rahmadi Syahputra, Camat “Menunggu data" in page
    assert "sisa 6 menit kerja" in page
    assert "terlambat" not in page


def test_a_case_that_cannot_go_on_says_why_and_remembers_it(
    visitor: Callable[[str], Visitor], office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.starts()
    task = office.claims("kasubbag.gambut", case)

    def breaks(*_facts: object) -> None:
        raise Stuck(step="Langkah_1", why="pembagian dengan nol")

    monkeypatch.setattr(Workflow, "complete", breaks)
    officer = visitor("kasubbag.gambut")
    answer = officer.sends(f"/tasks/{task}/completion", reason="selesai")
    assert answer.status_code == 409
    assert "Yang Anda ketik selesai" in seen(answer)
    page = seen(officer.opens(f"/cases/{case}"))
    assert "Berkas ini macet sejak" in page
    assert "pembagian dengan nol" in page


def test_a_case_sent_twice_because_the_line_was_cut_is_started_once(
    visitor: Callable[[str], Visitor],
) -> None:
    kasubbag = visitor("kasubbag.gambut")
    page = kasubbag.opens("/cases/new").text
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once is not None
    sop = re.search(r'name="sop" value="(\d+)"', page)
    assert sop is not None
    fields = {"sop": sop[1], "title": "Sekali saja", "once": once[1]}
    first = kasubbag.sends("/cases", **fields)
    again = kasubbag.sends("/cases", **fields)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    assert kasubbag.opens("/cases").text.count("Sekali saja") == 1
