"""A task's page at work: two people, two desks, a delegate, a scan, a comment, and no script."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from engine import steering
from tasks import assigning, comments
from tests.browser.officer import Officer
from tests.browser.test_phone import PHONE
from tests.browser.watch import Watch

STEP = "Merumuskan pengumpulan data dan memerintahkan surat"
AULIA, BUDI, CAMAT = "kasubbag.gambut", "staf.gambut", "camat.gambut"
TASK = "/tasks/1"


@pytest.fixture
def aulia(officer: Callable[..., Officer]) -> Officer:
    """She has step 1 in hand, and its page open."""
    aulia = officer(AULIA)
    aulia.site.office.claims(AULIA, aulia.site.office.starts())
    aulia.opens(TASK)
    return aulia


def note(who: Officer) -> Any:
    return who.page.get_by_label("Catatan")


def chooses(who: Officer, *files: Path) -> None:
    who.page.get_by_label("Pilih berkas: Dokumen hasil").set_input_files(files)


# --- two people, two desks -------------------------------------------------------------------


def test_what_became_of_her_task_is_said_in_place_and_what_she_typed_stays(
    aulia: Officer, officer: Callable[..., Officer]
) -> None:
    note(aulia).fill("Setengah jadi")
    aulia.reads("Tersimpan sementara")
    budi = officer(BUDI)
    aulia.site.office.does(CAMAT, assigning.assign, 1, _id(aulia, BUDI), "Segera")
    aulia.reads("Tugas ini sekarang dikerjakan Budi Santoso. Yang Anda ketik tetap ada")
    expect(note(aulia)).to_have_value("Setengah jadi")
    expect(aulia.button("Selesai")).to_be_disabled()
    budi.opens(TASK)
    budi.completes("Sudah saya kerjakan")
    aulia.page.get_by_role("link", name="Muat ulang halaman").click()
    aulia.reads("Anda masih menyimpan isian yang belum terkirim")
    row = aulia.row("Catatan")
    expect(row).to_contain_text("Sudah saya kerjakan")
    expect(row).to_contain_text("Setengah jadi")


def _id(who: Officer, account: str) -> int:
    office = who.site.office
    with office.database.reading(None) as session:
        person = office._actor(session, account).person_id
    assert person is not None
    return person


def test_a_suspension_is_said_in_place(aulia: Officer) -> None:
    aulia.site.office.does(CAMAT, steering.suspend, 1, "Menunggu tim")
    aulia.reads("Berkas ini sedang ditangguhkan; jam kerjanya berhenti. Muat ulang halaman")


def test_who_sends_after_it_was_taken_away_sees_both_versions(aulia: Officer) -> None:
    aulia.page.route("**/state", lambda route: route.abort())
    note(aulia).fill("Punya saya")
    aulia.site.office.does(CAMAT, assigning.unassign, 1, "Terlalu lama")
    aulia.presses("Selesai")
    aulia.heads("Isian Anda tidak hilang")
    expect(aulia.row("Catatan")).to_contain_text("Punya saya")


def test_on_the_phone_and_at_the_desk_she_chooses(
    aulia: Officer, officer: Callable[..., Officer]
) -> None:
    phone = officer(AULIA, **PHONE)
    phone.opens(TASK)
    note(phone).fill("Dari telepon")
    phone.reads("Tersimpan sementara")
    note(aulia).fill("Dari meja")
    aulia.reads("Anda mengisi formulir ini juga di perangkat atau jendela lain")
    aulia.presses("Bandingkan")
    aulia.heads("Pilih isian yang dipakai")
    expect(aulia.row("Catatan")).to_contain_text(re.compile("Dari telepon.*Dari meja", re.S))
    aulia.presses("Pakai isian di sini")
    expect(note(aulia)).to_have_value("Dari meja")
    aulia.presses("Selesai")
    aulia.reads("Langkah selesai.")
    assert aulia.site.history(1).count("completed") == 1


def test_a_completion_from_the_older_desk_is_not_sent_unseen(
    aulia: Officer, officer: Callable[..., Officer]
) -> None:
    phone = officer(AULIA, **PHONE)
    phone.opens(TASK)
    note(phone).fill("Dari telepon")
    phone.reads("Tersimpan sementara")
    note(aulia).fill("Dari meja")
    aulia.presses("Selesai")
    aulia.heads("Pilih isian yang dipakai")
    aulia.page.get_by_role("link", name="Pakai yang tersimpan").click()
    expect(note(aulia)).to_have_value("Dari telepon")


# --- a delegate ------------------------------------------------------------------------------


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_a_delegate_prepares_it_and_gives_it_back(
    officer: Callable[..., Officer], script: bool
) -> None:
    aulia = officer(AULIA, java_script_enabled=script)
    budi = officer(BUDI, java_script_enabled=script)
    aulia.site.office.claims(AULIA, aulia.site.office.starts())
    aulia.opens(TASK)
    note(aulia).fill("Baru dimulai")
    aulia.presses("Alihkan…")
    aulia.heads("Alihkan tugas")
    aulia.page.get_by_label("Kepada siapa").select_option(label="Budi Santoso – Pelaksana")
    aulia.page.get_by_label("Pesan (boleh kosong)").fill("Tolong lengkapi.")
    aulia.presses("Delegasikan")
    aulia.reads("Tugas didelegasikan.")

    budi.opens(TASK)
    budi.reads("Didelegasikan oleh Aulia Rahmah")
    expect(note(budi)).to_have_value("Baru dimulai")
    expect(budi.button("Selesai")).to_have_count(0)
    note(budi).fill("Sudah lengkap, nomor 12")
    budi.page.get_by_label("Pesan untuk Aulia Rahmah").fill("Silakan dicek.")
    budi.presses("Kembalikan kepada Aulia Rahmah")
    budi.reads("Tugas dikembalikan, beserta isian Anda.")

    aulia.opens(TASK)
    aulia.reads("Dikembalikan oleh Budi Santoso")
    aulia.reads("“Silakan dicek.”")
    expect(note(aulia)).to_have_value("Sudah lengkap, nomor 12")
    aulia.presses("Selesai")
    aulia.reads("Langkah selesai.")
    assert aulia.site.history(1)[2:] == ["claimed", "delegated", "returned", "completed", "opened"]


# --- documents -------------------------------------------------------------------------------


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """25 MB, to the byte the most that is taken."""
    path = tmp_path / "Hasil pindai surat.pdf"
    head = b"%PDF-1.7\n"
    path.write_bytes(head + b"0" * (25 * 1024 * 1024 - len(head)))
    return path


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_a_scan_of_25_mb_goes_up_and_comes_down_whole(
    officer: Callable[..., Officer], scan: Path, script: bool
) -> None:
    aulia = officer(AULIA, java_script_enabled=script)
    aulia.site.office.claims(AULIA, aulia.site.office.starts())
    aulia.opens(TASK)
    chooses(aulia, scan)
    if not script:
        aulia.presses("Unggah")
    link = aulia.page.get_by_role("link", name=scan.name)
    expect(link).to_be_visible(timeout=60_000)
    with aulia.page.expect_download() as download:
        link.click()
    assert Path(download.value.path()).stat().st_size == 25 * 1024 * 1024
    aulia.presses("Selesai")
    aulia.reads("Langkah selesai.")


def test_files_that_lie_or_are_too_large_are_told_in_place(aulia: Officer, tmp_path: Path) -> None:
    lies, huge, good = tmp_path / "foto.jpg", tmp_path / "besar.pdf", tmp_path / "surat.pdf"
    lies.write_bytes(b"MZ\x90\0 bukan foto")
    huge.write_bytes(b"%PDF-1.7\n" + bytes(25 * 1024 * 1024))
    good.write_bytes(b"%PDF-1.7 surat")
    chooses(aulia, lies, huge, good)
    aulia.reads("“foto.jpg” bernama .jpg, tetapi isinya bukan jpg yang utuh.")
    aulia.reads("“besar.pdf” lebih besar dari 25 MB.")
    expect(aulia.page.get_by_role("link", name="surat.pdf")).to_be_visible()
    expect(aulia.page.locator(".file-list li")).to_have_count(1)
    aulia.presses("Hapus surat.pdf")
    expect(aulia.page.locator(".file-list li")).to_have_count(0)


def test_a_file_is_dropped_on_its_field(aulia: Officer) -> None:
    aulia.page.evaluate("""() => {
      const data = new DataTransfer();
      data.items.add(new File(["%PDF-1.7 surat"], "dijatuhkan.pdf"));
      const field = document.querySelector("[data-upload]");
      for (const kind of ["dragover", "drop"])
        field.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true }));
    }""")
    expect(aulia.page.get_by_role("link", name="dijatuhkan.pdf")).to_be_visible()


def test_a_file_goes_up_when_the_line_is_back_and_the_completion_waits_for_it(
    aulia: Officer, watch: Watch, tmp_path: Path
) -> None:
    watch.line_is_cut = True
    file = tmp_path / "surat.pdf"
    file.write_bytes(b"%PDF-1.7 surat")
    aulia.context.set_offline(True)
    chooses(aulia, file)
    aulia.reads("surat.pdf belum terunggah, dicoba lagi…")
    aulia.presses("Selesai")
    aulia.reads("Menunggu berkas selesai diunggah…")
    aulia.context.set_offline(False)
    aulia.reads("Langkah selesai.")
    aulia.opens(TASK)
    expect(aulia.page.get_by_role("link", name="surat.pdf")).to_be_visible()


def test_a_phone_offers_its_camera_and_a_desk_does_not(
    aulia: Officer, officer: Callable[..., Officer], tmp_path: Path
) -> None:
    expect(aulia.page.get_by_text("Ambil foto")).to_be_hidden()
    phone = officer(AULIA, **PHONE)
    phone.opens(TASK)
    expect(phone.page.get_by_text("Ambil foto")).to_be_visible()
    photo = tmp_path / "image.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0 foto")
    phone.page.get_by_label("Ambil foto: Dokumen hasil").set_input_files(photo)
    expect(phone.page.get_by_role("link", name="image.jpg")).to_be_visible()


# --- comments, the diagram, keys -------------------------------------------------------------


def test_a_colleague_is_called_by_name_with_the_keyboard_alone(
    aulia: Officer, officer: Callable[..., Officer]
) -> None:
    box = aulia.page.get_by_label("Tulis komentar")
    box.focus()
    aulia.page.keyboard.type("Mohon bantuan @bud")
    option = aulia.page.get_by_role("option")
    expect(option).to_have_text(re.compile("Budi Santoso"))
    expect(box).to_have_attribute("aria-activedescendant", "comment-people-0")
    aulia.page.keyboard.press("Enter")
    expect(box).to_have_value("Mohon bantuan @Budi Santoso ")
    aulia.page.keyboard.type("hari ini. @")
    expect(aulia.page.get_by_role("option")).not_to_have_count(0)
    aulia.page.keyboard.press("Escape")
    expect(aulia.page.get_by_role("listbox")).to_be_hidden()
    aulia.presses("Kirim komentar")
    aulia.reads("Komentar dikirim.")
    expect(aulia.page.locator(".mention")).to_have_text("@Budi Santoso")
    budi = officer(BUDI)
    budi.opens("/notices")
    budi.reads(STEP)


def test_a_new_comment_is_told_in_place(aulia: Officer) -> None:
    aulia.site.office.does(CAMAT, comments.say, 1, "Segera, ya.")
    aulia.reads("Ada komentar baru. Muat ulang halaman")


def test_nothing_of_the_diagram_is_fetched_until_it_is_asked_for(
    officer: Callable[..., Officer],
) -> None:
    aulia, fetched = officer(AULIA), []
    aulia.site.office.claims(AULIA, aulia.site.office.starts())
    aulia.page.on("request", lambda request: fetched.append(request.url))
    aulia.opens(TASK)
    aulia.page.wait_for_load_state("networkidle")
    assert not [url for url in fetched if "diagram" in url or "progress" in url]
    aulia.page.locator("summary", has_text="Diagram").click()
    expect(aulia.page.locator(".diagram svg[role=img]")).to_be_visible()
    assert [url for url in fetched if url.endswith("/cases/1/diagram")]


def test_keys_lead_to_the_form_the_comments_and_the_help(aulia: Officer) -> None:
    aulia.page.keyboard.press("f")
    expect(aulia.page.get_by_label("Agenda perencanaan")).to_be_focused()
    aulia.page.evaluate("document.activeElement.blur()")
    aulia.page.keyboard.press("m")
    expect(aulia.page.get_by_label("Tulis komentar")).to_be_focused()
    aulia.page.evaluate("document.activeElement.blur()")
    aulia.page.keyboard.press("?")
    dialog = aulia.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Selesaikan langkah ini")
    expect(dialog).to_contain_text("Tulis komentar")
    dialog.get_by_label("Matikan tombol-tombol ini").check()
    aulia.presses("Tutup")
    aulia.page.keyboard.press("m")
    expect(aulia.page.get_by_label("Tulis komentar")).not_to_be_focused()


def test_a_waiting_task_is_claimed_with_a_key(officer: Callable[..., Officer]) -> None:
    aulia = officer(AULIA)
    aulia.site.office.starts()
    aulia.opens(TASK)
    aulia.page.keyboard.press("c")
    aulia.reads("Tugas ini sekarang milik Anda.")


# --- without a script ------------------------------------------------------------------------


def test_without_a_script_everything_but_the_device_s_drafts_is_there(
    officer: Callable[..., Officer], tmp_path: Path
) -> None:
    aulia = officer(AULIA, java_script_enabled=False)
    aulia.site.office.claims(AULIA, aulia.site.office.starts())
    aulia.opens(TASK)
    aulia.page.get_by_label("Agenda perencanaan").check()
    note(aulia).fill("Tanpa skrip")
    aulia.presses("Simpan sementara")
    expect(note(aulia)).to_have_value("Tanpa skrip")
    expect(aulia.page.get_by_label("Agenda perencanaan")).to_be_checked()
    file = tmp_path / "surat.pdf"
    file.write_bytes(b"%PDF-1.7 surat")
    chooses(aulia, file)
    aulia.presses("Unggah")
    expect(aulia.page.get_by_role("link", name="surat.pdf")).to_be_visible()
    expect(note(aulia)).to_have_value("Tanpa skrip")
    aulia.page.get_by_label("Tulis komentar").fill("@Budi Santoso, lihat ini.")
    aulia.presses("Kirim komentar")
    expect(aulia.page.locator(".mention")).to_have_text("@Budi Santoso")
    expect(note(aulia)).to_have_value("Tanpa skrip")
    aulia.presses("Hapus komentar Anda")
    aulia.reads("Komentar ini dihapus oleh penulisnya.")
    aulia.presses("Selesai")
    aulia.reads("Langkah selesai.")
    aulia.opens(TASK)
    aulia.reads("✓ Agenda perencanaan")
