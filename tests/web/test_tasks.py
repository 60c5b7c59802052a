"""Twin of web/tasks.py: what to do, and the form that finishes it."""

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

import tasks
from engine import steering
from engine.db import Database
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
