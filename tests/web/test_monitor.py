"""Twin of web/monitor.py, oversight.py and wall.py: one page at eight, and what is done from it."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import event, select

from engine import incidents, priorities
from engine.access import NATION
from engine.cases import CaseStuck
from engine.db import EVERYWHERE, Database
from engine.models import Case, Grant, Holder, Person, Task
from tasks import schedule
from tests.web.conftest import Clock, Office, Visitor, seen

AULIA, CAMAT, SEKCAM, PENGAWAS = (
    "kasubbag.gambut",
    "camat.gambut",
    "sekcam.gambut",
    "pengawas.banjar",
)
MONITOR = "/monitor"


@pytest.fixture
def late(office: Office, clock: Clock, database: Database) -> int:
    """A step that Aulia took and did not do; the clock has said so."""
    case = office.starts("Data Februari")
    task = office.claims(AULIA, case)
    clock.passes(minutes=70)
    schedule.tick(database, clock())
    return task


def case_of(office: Office, task: int) -> int:
    with office.database.reading(EVERYWHERE) as session:
        return session.get_one(Task, task).case_id


def tabs(text: str) -> dict[str, int]:
    return {n: int(c) for n, c in re.findall(r'data-count="(\w+)">(\d+)<', text)}


@pytest.mark.usefixtures("late")
def test_the_sekcam_reads_what_is_late_at_whom_and_since_when(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    office.starts("Baru saja")
    page = visitor(SEKCAM).opens(MONITOR)
    assert tabs(page.text) == {
        "attention": 2,
        "overdue": 1,
        "soon": 1,
        "unclaimed": 0,
        "vacant": 0,
        "stuck": 0,
        "paused": 0,
        "all": 2,
    }
    text = seen(page)
    assert "Yang perlu perhatian Kecamatan Gambut · Kam, 12 Mar 2026 10.10 WITA" in text
    first = text[text.index("Merumuskan") : text.index("Baru saja")]
    assert "Data Februari Pengumpulan dan Pengukuran Data Kinerja" in first
    assert "Aulia Rahmah Kasubbag Perencanaan, Keuangan dan Aset" in first
    assert "sejak hari ini 09.00 WITA , sudah 1 jam 10 menit kerja" in first
    assert "lewat 1 jam kerja" in first
    assert "Sudah disampaikan sampai tingkat 1" in first


def test_an_empty_list_says_what_that_means(visitor: Callable[[str], Visitor]) -> None:
    camat = visitor("camat.samboja")
    assert "Tidak ada yang perlu perhatian." in seen(camat.opens(MONITOR))
    for view, meaning in {
        "overdue": "Setiap langkah yang terbuka masih dalam mutu baku waktunya",
        "vacant": "ada pemegang atau penggantinya",
        "stuck": "Semua berkas dapat melanjutkan jalannya",
        "paused": "tidak ada berkas yang ditangguhkan",
        "summary": "belum ada yang dimulai",
    }.items():
        assert meaning in seen(camat.opens(f"{MONITOR}?view={view}"))
    narrowed = seen(camat.opens(f"{MONITOR}?view=all&search=xyz"))
    assert "Tidak ada yang cocok dengan saringan ini." in narrowed


def test_the_list_comes_fresh_and_is_silent_while_nothing_changes(
    visitor: Callable[[str], Visitor], office: Office, late: int
) -> None:
    camat = visitor(CAMAT)
    first = camat.opens(f"{MONITOR}/list")
    assert "<html" not in first.text
    same = camat.opens(f"{MONITOR}/list", headers={"If-None-Match": first.headers["ETag"]})
    assert same.status_code == 304
    office.does(CAMAT, priorities.set_, case_of(office, late), 2, "Diminta bupati.")
    again = camat.opens(f"{MONITOR}/list", headers={"If-None-Match": first.headers["ETag"]})
    assert "sangat segera" in seen(again)


@pytest.mark.usefixtures("late")
def test_a_supervisor_sees_her_offices_put_together_and_goes_into_one(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    office.starts("Triwulan", "camat.martapura-barat")
    pengawas = visitor(PENGAWAS)
    page = pengawas.opens(MONITOR)
    assert "Ikhtisar 2 kantor" in seen(page)
    assert "Kecamatan Gambut Kabupaten Banjar 1 0 0 0 0 1" in seen(page)
    link = re.search(r'href="([^"]+)">Kecamatan Martapura Barat<', page.text)
    assert link
    inside = seen(pengawas.opens(link[1].replace("&amp;", "&")))
    assert "Triwulan" in inside
    assert "Data Februari" not in inside
    for by in ("sop", "step", "post", "person"):
        assert "kelompok menurut" in seen(pengawas.opens(f"{MONITOR}?view=summary&by={by}"))
    assert "Ikhtisar" not in seen(visitor("staf.gambut").opens(MONITOR))


@pytest.mark.parametrize(
    "query",
    ["view=x&by=x&until=x&patience=7", "office=x&sop=²&person=-1", "after=xx", "after=W10",
     "view=summary&after=WzEsMiwzXQ", "view=summary&by=person&after=WzEsMiwiXHUwMDAwIl0",
     "search=%25&kabupaten=%27&element=%27", "view=stuck&after=W251bGwsMV0"],
)  # fmt: skip
def test_an_address_written_by_hand_breaks_nothing(
    visitor: Callable[[str], Visitor], query: str
) -> None:
    for path in ("", "/list", "/sheet", "/wall"):
        assert visitor(PENGAWAS).opens(f"{MONITOR}{path}?{query}").status_code in {200, 422}


def test_nobody_is_named_to_whom_does_not_see_her(
    visitor: Callable[[str], Visitor], database: Database
) -> None:
    with database.reading(EVERYWHERE) as session:
        aulia = session.scalars(select(Person).where(Person.account == AULIA)).one()
        post = session.scalars(select(Holder.post_id).where(Holder.person_id == aulia.id)).one()
    address = f"{MONITOR}?view=all&person={aulia.id}&post={post}"
    assert "Aulia Rahmah" in visitor(CAMAT).opens(address).text
    page = visitor("camat.sumbang").opens(address).text
    assert "Aulia" not in page


# --- what is done from it --------------------------------------------------------------------


def test_a_reminder_is_sent_from_the_row(visitor: Callable[[str], Visitor], late: int) -> None:
    camat = visitor(CAMAT)
    back = f"{MONITOR}?view=overdue"
    answer = camat.sends(f"{MONITOR}/deeds", do="remind", chosen=late, back=back)
    assert (answer.status_code, answer.location) == (303, back)
    assert "Pelaksananya sudah diingatkan." in seen(camat.opens(back))
    again = camat.sends(f"{MONITOR}/deeds", do="remind", chosen=late, back="//evil.example")
    assert "Sudah diingatkan Rahmadi Syahputra 0 menit yang lalu." in seen(again)
    assert "evil" not in again.text


def test_what_is_asked_is_shown_with_its_answer(
    visitor: Callable[[str], Visitor], late: int
) -> None:
    camat = visitor(CAMAT)
    camat.sends(f"{MONITOR}/deeds", do="ask", chosen=late, sure=1, reason="Mengapa?")
    assert "Sebabnya ditanyakan Rahmadi Syahputra" in seen(camat.opens(MONITOR))


def test_a_step_is_given_to_somebody_else_with_a_reason(
    visitor: Callable[[str], Visitor], office: Office, late: int
) -> None:
    camat = visitor(CAMAT)
    asked = camat.sends(f"{MONITOR}/deeds", do="assign", chosen=late)
    assert asked.status_code == 200
    option = re.search(r'<option value="(\d+)">Muhammad Ridwan', asked.text) or re.search(
        r'<option value="(\d+)">(?!Aulia|Rahmadi)', asked.text
    )
    assert option
    empty = camat.sends(f"{MONITOR}/deeds", do="assign", chosen=late, sure=1)
    assert empty.status_code == 422
    assert 'id="to-salah"' in empty.text
    silent = camat.sends(f"{MONITOR}/deeds", do="assign", chosen=late, sure=1, to=option[1])
    assert silent.status_code == 422
    assert 'id="reason-salah"' in silent.text
    told = camat.sends(
        f"{MONITOR}/deeds", do="assign", chosen=late, sure=1, to=option[1], reason="Aulia rapat."
    )
    assert told.status_code == 303
    page = seen(camat.opens(f"/cases/{case_of(office, late)}"))
    assert "Langkah ditugaskan oleh pimpinan" in page
    assert "“Aulia rapat.”" in page


def test_a_clock_is_stopped_for_an_applicant_and_goes_on(
    visitor: Callable[[str], Visitor], late: int
) -> None:
    camat = visitor(CAMAT)
    rest = {"do": "pause", "chosen": late, "sure": 1, "reason": "Berkas kurang"}
    assert 'id="awaited-salah"' in camat.sends(f"{MONITOR}/deeds", **rest).text
    camat.sends(f"{MONITOR}/deeds", **rest, awaited="KTP pemohon")
    assert "Menunggu: KTP pemohon" in seen(camat.opens(f"{MONITOR}?view=paused"))
    camat.sends(f"{MONITOR}/deeds", do="go-on", chosen=late)
    assert tabs(camat.opens(MONITOR).text)["paused"] == 0


def test_many_are_done_at_once_and_each_has_its_answer(
    visitor: Callable[[str], Visitor], office: Office, late: int
) -> None:
    other = office.waiting(AULIA, office.starts("Baru saja"))
    camat = visitor(CAMAT)
    both = {"do": "ask", "chosen": [late, other], "sure": 1}
    page = seen(camat.sends(f"{MONITOR}/deeds", **both))
    assert "1 berhasil." in page
    assert "1 tidak dikerjakan; sebabnya di bawah ini." in page
    assert "Langkah ini belum lewat tenggat" in page


def test_a_berkas_is_ended_once_however_many_of_its_steps_are_chosen(
    visitor: Callable[[str], Visitor], office: Office, late: int
) -> None:
    camat, case = visitor(CAMAT), case_of(office, late)
    sent = {"do": "cancel", "chosen": late, "case": case, "sure": 1, "reason": "Ganda"}
    assert camat.sends(f"{MONITOR}/deeds", **sent).status_code == 303
    assert tabs(camat.opens(MONITOR).text)["all"] == 0


def test_berkas_are_moved_together_only_along_one_drawing(
    visitor: Callable[[str], Visitor], office: Office, late: int
) -> None:
    camat = visitor(CAMAT)
    move = {"do": "move", "chosen": late, "sure": 1, "reason": "Surat sudah ada."}
    assert 'id="step-salah"' in camat.sends(f"{MONITOR}/deeds", **move).text
    assert camat.sends(f"{MONITOR}/deeds", **move, step="Langkah_5").status_code == 303
    assert "Menomori" in seen(camat.opens(f"{MONITOR}?view=all"))
    other = office.starts("Triwulan", "camat.martapura-barat")
    with office.database.reading(EVERYWHERE) as session:
        tasks = select(Task.id).where(Task.status.in_(("waiting", "claimed")))
        every = session.scalars(tasks).all()
    both = visitor(PENGAWAS).sends(f"{MONITOR}/deeds", do="move", chosen=every)
    assert "SOP dan revisi yang sama" in seen(both), other


def test_a_stuck_berkas_is_tried_again(
    visitor: Callable[[str], Visitor], office: Office, clock: Clock
) -> None:
    case = office.starts("Yang macet")
    with office.database.transaction(EVERYWHERE) as session:
        stuck = CaseStuck(session.get_one(Case, case), "Tidak ada jalan.")
        incidents.record(session, stuck, clock())
    camat = visitor(CAMAT)
    assert "Yang macet" in seen(camat.opens(f"{MONITOR}?view=stuck"))
    camat.sends(f"{MONITOR}/deeds", do="retry", case=case)
    assert tabs(camat.opens(MONITOR).text)["stuck"] == 0


def test_who_only_watches_reminds_and_does_no_more(
    visitor: Callable[[str], Visitor], late: int
) -> None:
    pengawas = visitor(PENGAWAS)
    page = pengawas.opens(f"{MONITOR}?view=overdue").text
    assert 'value="remind"' in page
    assert 'value="assign"' not in page
    sent = {"do": "cancel", "chosen": late, "sure": 1, "reason": "Ganda"}
    assert "Anda tidak berhak" in seen(pengawas.sends(f"{MONITOR}/deeds", **sent))
    assert pengawas.sends(f"{MONITOR}/deeds", do="remind", chosen=late).status_code == 303
    elsewhere = visitor("camat.sumbang").sends(f"{MONITOR}/deeds", do="remind", chosen=late)
    assert elsewhere.status_code == 422
    for odd in ({"do": "x", "chosen": late}, {"do": "remind"}, {"do": "remind", "chosen": "²"}):
        assert pengawas.sends(f"{MONITOR}/deeds", **odd).status_code == 422


# --- on paper and on the wall ----------------------------------------------------------------


@pytest.mark.usefixtures("late")
def test_the_sheet_has_all_of_it_and_nothing_to_press(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    for number in range(30):
        office.starts(f"Berkas {number:02}")
    page = visitor(CAMAT).opens(f"{MONITOR}/sheet?view=all")
    assert page.text.count("Berkas ") >= 30
    assert "Tindakan" not in page.text


@pytest.mark.usefixtures("late")
def test_the_wall_names_no_person_and_no_berkas(visitor: Callable[[str], Visitor]) -> None:
    camat = visitor(CAMAT)
    wall = camat.opens(f"{MONITOR}/wall")
    assert "1 Terlambat" in seen(wall)
    assert "lewat 1 jam kerja" in seen(wall)
    assert "Kasubbag Perencanaan, Keuangan dan Aset" in seen(wall)
    for secret in ("Aulia", "Rahmadi", "Data Februari"):
        assert secret not in wall.text
    again = camat.opens(f"{MONITOR}/wall", headers={"If-None-Match": wall.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.usefixtures("late")
def test_a_page_asks_no_more_of_thirty_steps_than_of_one(
    visitor: Callable[[str], Visitor], office: Office, database: Database
) -> None:
    statements: list[str] = []
    event.listen(database.bind, "before_cursor_execute", lambda *a: statements.append(a[2]))
    camat = visitor(CAMAT)

    def asked() -> int:
        statements.clear()
        camat.opens(f"{MONITOR}?view=all")
        return len(statements)

    few = asked()
    for number in range(30):
        office.starts(f"Berkas {number}")
    assert asked() == few


def test_the_nation_is_counted_once_for_all_who_look_within_moments(
    visitor: Callable[[str], Visitor], database: Database, office: Office, clock: Clock, late: int
) -> None:
    with database.transaction(EVERYWHERE) as session:
        grant = session.scalars(select(Grant).where(Grant.kabupaten == "Kabupaten Banyumas")).one()
        grant.kabupaten = NATION
    supervisor = visitor("pengawas.banyumas")
    assert "Semua 1" in seen(supervisor.opens("/monitor"))
    office.starts("Satu lagi")
    assert "Semua 1" in seen(supervisor.opens("/monitor"))
    assert "Semua 2" in seen(supervisor.opens("/monitor?kabupaten=Kabupaten+Banjar"))
    clock.passes(seconds=15)
    assert "Semua 2" in seen(supervisor.opens("/monitor"))
