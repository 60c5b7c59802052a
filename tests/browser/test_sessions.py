"""A session that ends in the middle of a form: nothing typed is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.officer import Officer

STEP = "Merumuskan pengumpulan data dan memerintahkan surat"
LONG = "Sudah dirumuskan bersama tim.\nLampiran menyusul; “nomor” & tanggal <belum> ada."


def lunch(who: Officer) -> None:
    """Longer than a session lasts while nobody does anything."""
    who.site.clock.passes(minutes=61)


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_the_note_of_a_step_comes_back_after_signing_in_again(
    officer: Callable[..., Officer], script: bool
) -> None:
    kasubbag = officer("kasubbag.gambut", java_script_enabled=script)
    case = kasubbag.starts("Data kinerja triwulan I")
    kasubbag.takes(STEP)
    kasubbag.page.get_by_label("Catatan").fill(LONG)
    lunch(kasubbag)
    kasubbag.presses("Selesai")
    kasubbag.reads("Sesi Anda berakhir; yang Anda ketik tidak hilang.")

    kasubbag.fills_in_sign_in(password="salah")
    kasubbag.reads("Akun atau kata sandi tidak cocok.")
    kasubbag.fills_in_sign_in()
    kasubbag.heads(STEP)
    kasubbag.reads("Isian Anda yang belum terkirim ada di bawah.")
    expect(kasubbag.page.get_by_label("Catatan")).to_have_value(LONG)
    # An hour later the step is late as well.
    kasubbag.page.get_by_label("Apa sebabnya?").select_option("jaringan")
    kasubbag.presses("Selesai")
    kasubbag.reads("Langkah selesai.")
    kasubbag.opens(f"/cases/{case}")
    expect(kasubbag.page.locator(".timeline")).to_contain_text("<belum> ada.")


def test_a_decision_with_its_reason_comes_back_too(officer: Callable[..., Officer]) -> None:
    camat = officer("camat.gambut")
    office = camat.site.office
    case = office.starts()
    for account in ("kasubbag", "staf", "sekcam"):
        office.completes(f"{account}.gambut", case)
    camat.opens(f"/tasks/{office.claims('camat.gambut', case)}")
    camat.page.get_by_role("radio", name="Tidak setuju").check()
    camat.page.get_by_label("Alasan").fill(LONG)
    lunch(camat)
    camat.presses("Kirim keputusan")
    camat.fills_in_sign_in()
    expect(camat.page.get_by_role("radio", name="Tidak setuju")).to_be_checked()
    expect(camat.page.get_by_label("Alasan")).to_have_value(LONG)


def test_the_title_of_a_new_berkas_comes_back_too(officer: Callable[..., Officer]) -> None:
    kasubbag = officer("kasubbag.gambut")
    kasubbag.opens("/cases/new")
    kasubbag.page.get_by_label("Judul berkas").fill("Data kinerja triwulan I")
    lunch(kasubbag)
    kasubbag.presses("Mulai")
    kasubbag.fills_in_sign_in()
    expect(kasubbag.page.get_by_label("Judul berkas")).to_have_value("Data kinerja triwulan I")


def test_a_page_that_was_asked_for_opens_after_signing_in(
    officer: Callable[..., Officer],
) -> None:
    kasubbag = officer("kasubbag.gambut")
    case = kasubbag.site.office.starts("Data kinerja triwulan I")
    lunch(kasubbag)
    kasubbag.opens(f"/cases/{case}")
    kasubbag.reads("Sesi Anda berakhir. Masuk lagi untuk melanjutkan.")
    kasubbag.fills_in_sign_in()
    kasubbag.heads("Data kinerja triwulan I")
