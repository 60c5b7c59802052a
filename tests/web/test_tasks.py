"""Twin of web/tasks.py: what to do, and the form that finishes it."""

import hashlib
import io
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

import tasks
from bpmn import library
from engine import sops, steering
from engine.access import MACHINE
from engine.db import EVERYWHERE, Database
from engine.models import Event
from engine.models import Office as Kantor
from tests import fillings
from tests.web.conftest import Clock, Office, Visitor, seen


@pytest.fixture
def decision(office: Office) -> int:
    """The Camat has step 4 in hand: agree, or send it back to the Sekretaris."""
    case = office.starts()
    office.completes("kasubbag.gambut", case)
    office.completes("staf.gambut", case, reason="Draf di folder bersama")
    office.completes("sekcam.gambut", case)
    return office.claims("camat.gambut", case)


def test_the_page_says_what_to_do_with_what_and_by_when(
    visitor: Callable[[str], Visitor], decision: int
) -> None:
    page = seen(visitor("camat.gambut").opens(f"/tasks/{decision}"))
    for told in (
        "4. Memeriksa konsep surat permintaan data kinerja. Jika setuju, menandatangani dan",
        "Kelengkapan Surat pemberitahuan dan permintaan data yang diverifikasi",
        "Output Surat pemberitahuan dan permintaan data yang ditandatangani",
        "Mutu baku waktu 10 menit",
        "Tenggat hari ini 09.10 WITA · sisa 10 menit kerja",
        "“Draf di folder bersama”",
        "Budi Santoso",
    ):
        assert told in page


def test_completing_leads_to_the_next_task_in_hand_else_to_the_list(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    one = office.claims("kasubbag.gambut", office.starts())
    other = office.claims("kasubbag.gambut", office.starts())
    officer = visitor("kasubbag.gambut")
    assert officer.sends(f"/tasks/{one}/completion").location == f"/tasks/{other}"
    assert "Ini tugas Anda berikutnya." in seen(officer.opens(f"/tasks/{other}"))
    assert officer.sends(f"/tasks/{other}/completion").location == "/"
    assert "Langkah selesai." in seen(officer.opens("/"))


def test_a_decision_without_a_choice_is_asked_for_at_its_field(
    visitor: Callable[[str], Visitor], decision: int
) -> None:
    officer = visitor("camat.gambut")
    answer = officer.sends(f"/tasks/{decision}/completion", reason="Saya ketik panjang")
    assert answer.status_code == 422
    assert '<a class="alert-link" href="#outcome">Pilih salah satu keputusan.</a>' in answer.text
    assert 'aria-describedby="outcome-salah"' in answer.text
    assert "Saya ketik panjang</textarea>" in answer.text


def test_sending_back_needs_a_reason_and_keeps_the_choice(
    visitor: Callable[[str], Visitor], decision: int
) -> None:
    officer = visitor("camat.gambut")
    answer = officer.sends(f"/tasks/{decision}/completion", outcome="tidak", reason="  ")
    assert answer.status_code == 422
    assert 'href="#reason">Tulis alasannya' in answer.text
    assert 'id="reason-salah"' in answer.text
    assert 'aria-describedby="reason-salah reason-bantuan"' in answer.text
    assert "checked" in answer.text
    assert "Kirim keputusan" in seen(officer.opens(f"/tasks/{decision}"))


def test_a_reason_that_is_too_long_is_kept_to_be_shortened(
    visitor: Callable[[str], Visitor], decision: int
) -> None:
    long = "panjang " * 300
    answer = visitor("camat.gambut").sends(
        f"/tasks/{decision}/completion", outcome="tidak", reason=long
    )
    assert answer.status_code == 422
    assert long.strip() in answer.text


def test_whoever_gets_it_back_reads_why_first(
    visitor: Callable[[str], Visitor], decision: int, office: Office
) -> None:
    visitor("camat.gambut").sends(
        f"/tasks/{decision}/completion", outcome="tidak", reason="Nomor surat salah"
    )
    page = seen(visitor("sekcam.gambut").opens("/"))
    assert "Memverifikasi" in page
    task = office.waiting("sekcam.gambut", 1)
    page = seen(visitor("sekcam.gambut").opens(f"/tasks/{task}"))
    assert "Dikembalikan oleh Rahmadi Syahputra untuk diperbaiki: “Nomor surat salah”" in page
    assert "Tidak setuju" in page


def test_of_two_who_claim_the_second_is_told_who_has_it(
    visitor: Callable[[str], Visitor], decision: int
) -> None:
    answer = visitor("camat.gambut").sends(f"/tasks/{decision}/claim")
    assert answer.status_code == 409
    assert "sudah diambil oleh Anda" in seen(answer)


def test_a_step_is_not_completed_twice(visitor: Callable[[str], Visitor], decision: int) -> None:
    officer = visitor("camat.gambut")
    sent = {"outcome": "setuju", "reason": "Ditandatangani"}
    assert officer.sends(f"/tasks/{decision}/completion", **sent).status_code == 303
    again = officer.sends(f"/tasks/{decision}/completion", **sent)
    assert again.status_code == 409
    assert "Tidak ada yang tercatat dua kali." in seen(again)
    case = seen(officer.opens("/cases/1"))
    assert case.count("Langkah selesai: Memeriksa") == 1


def test_a_released_step_waits_for_all_who_hold_the_post(
    visitor: Callable[[str], Visitor], decision: int
) -> None:
    officer = visitor("camat.gambut")
    assert officer.sends(f"/tasks/{decision}/release").location == "/"
    page = seen(officer.opens(f"/tasks/{decision}"))
    assert "Ambil tugas ini" in page
    assert "Kirim keputusan" not in page


@pytest.mark.parametrize(
    ("account", "told"),
    [("sekcam.gambut", "Sedang dikerjakan Rahmadi Syahputra"), ("pengawas.banjar", "Sedang")],
)
def test_others_see_who_has_it_and_no_form(
    visitor: Callable[[str], Visitor], decision: int, account: str, told: str
) -> None:
    page = visitor(account).opens(f"/tasks/{decision}")
    assert told in seen(page)
    assert "/completion" not in page.text


def test_whoever_does_not_hold_the_post_cannot_take_it(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    task = office.waiting("kasubbag.gambut", office.starts())
    officer = visitor("staf.gambut")
    assert "Hanya pemegang jabatan itu" in seen(officer.opens(f"/tasks/{task}"))
    answer = officer.sends(f"/tasks/{task}/claim")
    assert answer.status_code == 403
    assert "Kasubbag" in seen(answer)


def listening(database: Database) -> list[str]:
    """All that the database is asked from now on."""
    statements: list[str] = []
    event.listen(database.bind, "before_cursor_execute", lambda *facts: statements.append(facts[2]))
    return statements


def is_little(asked: list[str]) -> None:
    assert sum(words.startswith("BEGIN") for words in asked) == 1
    statements = [words for words in asked if not words.startswith("BEGIN")]
    assert len(statements) <= 15, "\n".join(statements)


def test_a_decision_asks_the_database_little(
    visitor: Callable[[str], Visitor], database: Database, decision: int
) -> None:
    officer = visitor("camat.gambut")
    asked = listening(database)
    sent = officer.sends(f"/tasks/{decision}/completion", outcome="setuju")
    assert sent.status_code == 303
    is_little(asked)


def test_a_step_with_the_longest_form_asks_the_database_little(
    visitor: Callable[[str], Visitor], database: Database, office: Office, decision: int
) -> None:
    camat = visitor("camat.gambut")
    camat.sends(f"/tasks/{decision}/completion", outcome="setuju")
    office.completes("staf.gambut", 1)
    task, officer = office.claims("kasi.gambut", 1), visitor("kasi.gambut")
    row = {f"f.kinerja.0.{column}": text for column, text in fillings.ROW.items()}
    asked = listening(database)
    assert officer.sends(f"/tasks/{task}/completion", f="1", **row).status_code == 303
    is_little(asked)


def test_from_the_door_to_the_row_a_completion_crosses_few_files(
    visitor: Callable[[str], Visitor], database: Database, decision: int
) -> None:
    root, crossed = Path(tasks.__file__).parents[1], set()

    def look_back(*facts: Any) -> None:
        if facts[2].startswith("UPDATE task"):
            way = (Path(frame.f_code.co_filename) for frame, _ in traceback.walk_stack(None))
            floors = {root / floor for floor in ("web", "tasks", "engine", "bpmn")}
            crossed.update(file.name for file in way if floors & set(file.parents))

    event.listen(database.bind, "before_cursor_execute", look_back)
    visitor("camat.gambut").sends(f"/tasks/{decision}/completion", outcome="setuju")
    assert crossed == {"guard.py", "tasks.py", "inbox.py", "cases.py", "ground.py"}


def test_a_step_of_a_suspended_case_says_that_its_clock_stands_still(
    visitor: Callable[[str], Visitor], decision: int, office: Office, clock: Clock
) -> None:
    office.does("camat.gambut", steering.suspend, 1, "Menunggu kabupaten")
    clock.passes(hours=3)
    officer = visitor("camat.gambut")
    page = seen(officer.opens(f"/tasks/{decision}"))
    assert "Berkas ini ditangguhkan; jam kerjanya berhenti sejak hari ini 09.00 WITA" in page
    assert "sisa 10 menit kerja" in page
    assert officer.sends(f"/tasks/{decision}/completion", outcome="setuju").status_code == 409


def test_a_step_of_a_suspended_case_is_not_offered(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    case = office.starts()
    task = office.waiting("kasubbag.gambut", case)
    office.does("camat.gambut", steering.suspend, case, "Menunggu kabupaten")
    page = visitor("kasubbag.gambut").opens(f"/tasks/{task}")
    assert "Tugas ini dapat diambil setelah pimpinan melanjutkan" in seen(page)
    assert f"/tasks/{task}/claim" not in page.text


def test_a_finished_decision_says_what_was_decided(
    visitor: Callable[[str], Visitor], decision: int
) -> None:
    officer = visitor("camat.gambut")
    officer.sends(f"/tasks/{decision}/completion", outcome="tidak", reason="Nomor kosong")
    page = seen(officer.opens(f"/tasks/{decision}"))
    assert "Langkah ini sudah selesai Setuju? Tidak setuju “Nomor kosong”" in page


def test_a_step_of_a_cancelled_case_has_no_form(
    visitor: Callable[[str], Visitor], decision: int, office: Office
) -> None:
    office.does("camat.gambut", steering.cancel, 1, "Salah berkas")
    page = visitor("camat.gambut").opens(f"/tasks/{decision}")
    assert "Tugas ini sudah ditarik" in seen(page)
    assert "/completion" not in page.text


# --- what the step needs, and what it yields -------------------------------------------------

PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


def file(name: str = "surat.pdf", content: bytes = PDF) -> Any:
    return (io.BytesIO(content), name)


def event_of(database: Database, kind: str) -> dict[str, Any]:
    with database.reading(EVERYWHERE) as session:
        return session.scalars(select(Event.detail).where(Event.kind == kind)).all()[-1]


def test_what_is_there_is_ticked_off_kept_and_recorded(
    visitor: Callable[[str], Visitor], office: Office, database: Database
) -> None:
    case = office.starts("Data kinerja triwulan I", "sekcam.bukit-batu")
    task, sekcam = office.claims("sekcam.bukit-batu", case), visitor("sekcam.bukit-batu")
    page = sekcam.opens(f"/tasks/{task}").text
    assert page.count('name="tick.') == 5
    sekcam.sends(f"/tasks/{task}/draft", f="1", **{"tick.1": "1", "tick.5": "1", "tick.9": "1"})
    page = sekcam.opens(f"/tasks/{task}").text
    assert 'id="tick.5" value="1" checked' in page
    assert 'id="tick.2" value="1">' in page
    sent = sekcam.sends(f"/tasks/{task}/completion", f="1", **{"tick.1": "1", "tick.5": "1"})
    assert sent.status_code == 303
    assert event_of(database, "completed")["checked"] == [1, 5]
    page = seen(sekcam.opens(f"/tasks/{task}"))
    assert "Kelengkapan ✓ Renstra IKU (tidak dicentang)" in page


def test_nothing_waits_for_the_ticks_unless_the_diagram_says_so(
    visitor: Callable[[str], Visitor], office: Office, database: Database
) -> None:
    with database.transaction(EVERYWHERE) as session:
        xml = library.load("bukit-batu/pengumpulan-data-kinerja")
        strict = xml.replace(b"kelengkapan=", b'wajibLengkap="true" kelengkapan=', 1)
        kantor = session.scalars(select(Kantor).where(Kantor.slug == "bukit-batu")).one()
        slug = "pengumpulan-data-kinerja"
        sops.publish(session, MACHINE, kantor, slug, strict, office.clock())
    case = office.starts("Data kinerja triwulan I", "sekcam.bukit-batu")
    task, sekcam = office.claims("sekcam.bukit-batu", case), visitor("sekcam.bukit-batu")
    four = {f"tick.{number}": "1" for number in (1, 2, 3, 4)}
    answer = sekcam.sends(f"/tasks/{task}/completion", f="1", **four)
    assert answer.status_code == 422
    assert "Belum dicentang: target triwulan." in seen(answer)
    assert 'href="#tick"' in answer.text
    assert 'id="tick.4" value="1" checked' in answer.text
    sent = sekcam.sends(f"/tasks/{task}/completion", f="1", **four, **{"tick.5": "1"})
    assert sent.status_code == 303


def test_what_a_step_without_a_form_yields_goes_up_and_stays_for_those_who_come_after(
    visitor: Callable[[str], Visitor], office: Office, database: Database
) -> None:
    case = office.starts()
    task, aulia = office.claims("kasubbag.gambut", case), visitor("kasubbag.gambut")
    draft = f"/tasks/{task}/draft"
    aulia.sends(draft, f="1", **{"f.-output": [file(), file("lampiran.txt", b"Lampiran")]})
    page = aulia.opens(f"/tasks/{task}").text
    assert '<a href="/documents/1">surat.pdf</a>' in page
    aulia.sends(draft, f="1", do="detach 2")
    staf = visitor("staf.gambut")
    assert staf.opens("/documents/1").status_code == 404  # a draft is for who does the step
    assert aulia.sends(f"/tasks/{task}/completion", f="1").status_code == 303
    assert len(event_of(database, "completed")["output"]) == 1
    page = staf.opens(f"/tasks/{office.claims('staf.gambut', case)}")
    assert "Dokumen langkah sebelumnya" in seen(page)
    assert "surat.pdf 1 KB · Merumuskan pengumpulan data" in seen(page)
    assert "lampiran.txt" not in seen(page)
    with staf.opens("/documents/1") as answer:
        assert answer.data == PDF
    assert visitor("staf.sumbang").opens("/documents/1").status_code == 404


def test_a_file_that_came_with_the_completion_is_proved_by_its_history(
    visitor: Callable[[str], Visitor], office: Office, database: Database
) -> None:
    task, aulia = office.claims("kasubbag.gambut", office.starts()), visitor("kasubbag.gambut")
    sent = aulia.sends(f"/tasks/{task}/completion", f="1", **{"f.-output": [file()]})
    assert sent.status_code == 303
    assert event_of(database, "completed")["output"] == [hashlib.sha256(PDF).hexdigest()]


def test_a_file_of_a_step_that_was_withdrawn_stays_with_who_did_it(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    case = office.starts()
    task, aulia = office.claims("kasubbag.gambut", case), visitor("kasubbag.gambut")
    aulia.sends(f"/tasks/{task}/documents", field="-output", **{"f.-output": [file()]})
    office.does("camat.gambut", steering.cancel, case, "Salah kantor")
    assert visitor("staf.gambut").opens("/documents/1").status_code == 404
    with aulia.opens("/documents/1") as answer:
        assert answer.data == PDF


def test_a_script_sends_files_by_themselves_and_twice_is_once(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    task, aulia = office.claims("kasubbag.gambut", office.starts()), visitor("kasubbag.gambut")
    path = f"/tasks/{task}/documents"
    for _ in range(2):
        answer = aulia.sends(path, field="-output", **{"f.-output": [file()]})
        assert answer.status_code == 200
        assert answer.text.count("<li>") == 1
    lies = aulia.sends(path, field="-output", **{"f.-output": [file("foto.jpg", b"MZ\x90\0")]})
    assert lies.status_code == 422
    assert "bukan jpg yang utuh" in lies.json["detail"]
    for key in ("bukti", "", "../x", "-lain"):
        other = aulia.sends(path, field=key, **{f"f.{key}": [file("b.pdf")]})
        assert (other.status_code, other.text.count("<li>")) == (200, 0)
    refused = visitor("staf.gambut").sends(path, field="-output", **{"f.-output": [file()]})
    assert refused.status_code == 403
    assert refused.json["detail"].startswith("Tugas ini untuk pemegang jabatan")


# --- late ------------------------------------------------------------------------------------


def test_whoever_finishes_a_late_step_is_asked_why_and_loses_nothing(
    visitor: Callable[[str], Visitor], decision: int, clock: Clock, database: Database
) -> None:
    camat, there = visitor("camat.gambut"), f"/tasks/{decision}"
    assert "Apa sebabnya?" not in seen(camat.opens(there))
    clock.passes(minutes=11)
    assert "Langkah ini lewat tenggat" in seen(camat.opens(there))
    answer = camat.sends(f"{there}/completion", outcome="setuju", late_note="Listrik mati")
    assert answer.status_code == 422
    assert 'href="#late_reason">Langkah ini lewat tenggat. Pilih sebabnya.</a>' in answer.text
    assert 'value="Listrik mati"' in answer.text
    answer = camat.sends(f"{there}/completion", outcome="setuju", late_reason="lain")
    assert 'href="#late_note">Tulis dengan singkat apa sebabnya.</a>' in answer.text
    said = {"late_reason": "jaringan", "late_note": "Listrik mati"}
    assert camat.sends(f"{there}/completion", outcome="setuju", **said).status_code == 303
    told = "Sebab terlambat Jaringan, listrik atau aplikasi terganggu: Listrik mati"
    assert told in seen(camat.opens(there))


def test_a_reason_that_is_none_is_asked_for_again(
    visitor: Callable[[str], Visitor], decision: int, clock: Clock
) -> None:
    clock.passes(minutes=11)
    camat, there = visitor("camat.gambut"), f"/tasks/{decision}/completion"
    answer = camat.sends(there, outcome="setuju", late_reason="malas<script>")
    assert answer.status_code == 422
    assert "malas<script>" not in answer.text


def test_why_it_is_late_waits_with_the_draft(
    visitor: Callable[[str], Visitor], decision: int, clock: Clock
) -> None:
    clock.passes(minutes=11)
    camat, there = visitor("camat.gambut"), f"/tasks/{decision}"
    camat.sends(f"{there}/draft", f="1", late_reason="jaringan", late_note="Listrik mati")
    page = camat.opens(there).text
    assert '<option value="jaringan" selected>' in page
    assert 'value="Listrik mati"' in page
