"""Two officers, or two clicks, at the same step: one deed, and the other is told."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.officer import Officer

STEP = "Merumuskan pengumpulan data dan memerintahkan surat"


def test_of_two_who_take_the_same_step_the_second_reads_who_has_it(
    officer: Callable[..., Officer],
) -> None:
    aulia = officer("kasubbag.gambut")
    case = aulia.starts("Data kinerja triwulan I")
    aulia.site.shares_post("kasubbag.gambut", "kasubbag2.gambut", "Citra Lestari")
    # With a script her list would know before she presses.
    citra = officer("kasubbag2.gambut", java_script_enabled=False)
    citra.opens()
    expect(citra.button(f"Ambil {STEP}")).to_be_visible()

    aulia.takes(STEP)
    citra.presses(f"Ambil {STEP}")
    citra.heads("Keadaannya sudah berubah")
    citra.reads("Tugas ini sudah diambil oleh Aulia Rahmah.")
    citra.page.get_by_role("link", name="Ke daftar tugas").click()
    citra.reads("Tidak ada yang menunggu Anda.")

    aulia.completes()
    assert aulia.site.history(case) == ["started", "opened", "claimed", "completed", "opened"]


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_a_double_click_completes_a_step_once(
    officer: Callable[..., Officer], script: bool
) -> None:
    kasubbag = officer("kasubbag.gambut", java_script_enabled=script)
    case = kasubbag.starts("Data kinerja triwulan I")
    kasubbag.takes(STEP)
    kasubbag.button("Selesai").dblclick()
    after(kasubbag, script)
    assert kasubbag.site.history(case).count("completed") == 1


def after(kasubbag: Officer, script: bool) -> None:
    """Without a script the second click may be answered last: that nothing was done twice."""
    done = kasubbag.page.get_by_text("Langkah selesai.")
    told = kasubbag.page.get_by_text("Tidak ada yang tercatat dua kali.")
    expect(done if script else done.or_(told)).to_be_visible()


def test_a_form_sent_again_from_the_history_says_that_it_is_done(
    officer: Callable[..., Officer],
) -> None:
    kasubbag = officer("kasubbag.gambut")
    case = kasubbag.starts("Data kinerja triwulan I")
    kasubbag.takes(STEP)
    kasubbag.completes("Sekali saja.")
    kasubbag.page.go_back()
    kasubbag.reads("Langkah ini sudah selesai")
    expect(kasubbag.button("Selesai")).to_have_count(0)
    assert kasubbag.site.history(case).count("completed") == 1
