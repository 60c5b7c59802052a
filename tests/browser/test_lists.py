"""The list of tasks stays fresh while it lies open, knows keys, and takes many at once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.officer import Officer

STEP = "Merumuskan pengumpulan data dan memerintahkan surat"


def test_what_a_colleague_took_is_said_in_place(officer: Callable[..., Officer]) -> None:
    aulia = officer("kasubbag.gambut")
    site = aulia.site
    case = site.office.starts("Data kinerja triwulan I")
    site.shares_post("kasubbag.gambut", "kasubbag2.gambut", "Citra Lestari")
    citra = officer("kasubbag2.gambut")
    citra.opens()
    expect(citra.button(f"Ambil {STEP}")).to_be_visible()
    site.office.claims("kasubbag.gambut", case)
    citra.reads("sudah diambil Aulia Rahmah")
    expect(citra.button(f"Ambil {STEP}")).to_have_count(0)
    expect(citra.page.locator("[data-count=inbox]")).to_have_text("0")


def test_a_new_step_comes_up_by_itself(officer: Callable[..., Officer]) -> None:
    aulia = officer("kasubbag.gambut")
    aulia.site.office.starts("Yang pertama")
    aulia.opens()
    aulia.site.office.starts("Yang kedua")
    aulia.reads("Yang kedua")
    expect(aulia.page.locator("[data-count=inbox]")).to_have_text("2")


def test_what_is_ticked_stays_ticked_when_the_list_changes(
    officer: Callable[..., Officer],
) -> None:
    aulia = officer("kasubbag.gambut")
    aulia.site.office.starts("Yang pertama")
    aulia.opens()
    aulia.page.get_by_role("checkbox", name=re.compile("Yang pertama")).check()
    expect(aulia.page.get_by_text("1 dipilih")).to_be_visible()
    aulia.page.get_by_role("heading", level=1).click()
    aulia.page.evaluate("document.activeElement.blur()")
    aulia.site.office.starts("Yang kedua")
    aulia.reads("Yang kedua")
    expect(aulia.page.get_by_role("checkbox", name=re.compile("Yang pertama"))).to_be_checked()


def test_two_hundred_are_handed_over_from_the_list(officer: Callable[..., Officer]) -> None:
    """Chosen on eight pages; here they are sent as one form would send them."""
    aulia = officer("kasubbag.gambut")
    site = aulia.site
    site.shares_post("kasubbag.gambut", "kasubbag2.gambut", "Citra Lestari")
    for number in range(200):
        site.office.starts(f"Berkas {number:03}")
    aulia.opens()
    aulia.reads("200 tugas")
    page = aulia.page
    page.evaluate(
        """async () => {
          const bulk = document.getElementById('bulk');
          let next = document.querySelector('a[rel=next]')?.href;
          while (next) {
            const html = await (await fetch(next)).text();
            const part = new DOMParser().parseFromString(html, 'text/html');
            for (const box of part.querySelectorAll('input[name=chosen]')) {
              bulk.append(Object.assign(document.createElement('input'),
                { type: 'hidden', name: 'chosen', value: box.value }));
            }
            next = part.querySelector('a[rel=next]')?.href;
          }
        }"""
    )
    for box in page.get_by_role("checkbox", name=re.compile("Pilih")).all():
        box.check()
    aulia.presses("Serahkan…")
    aulia.heads("Menyerahkan beberapa tugas")
    post = "Kasubbag Perencanaan, Keuangan dan Aset"
    page.get_by_label("Serahkan kepada").select_option(f"Citra Lestari ({post})")
    page.get_by_label("Pesan").fill("Cuti melahirkan.")
    aulia.presses("Serahkan 200 tugas")
    aulia.reads("200 tugas berhasil.")
    citra = officer("kasubbag2.gambut")
    citra.opens("/?view=mine")
    citra.reads("200 tugas")


@pytest.mark.parametrize("off", [False, True])
def test_keys_go_through_the_list_and_can_be_switched_off(
    officer: Callable[..., Officer], off: bool
) -> None:
    aulia = officer("kasubbag.gambut")
    for title in ("Yang pertama", "Yang kedua"):
        aulia.site.office.starts(title)
        aulia.site.clock.passes(minutes=1)
    aulia.opens()
    keyboard, page = aulia.page.keyboard, aulia.page
    expect(aulia.button("Tombol papan ketik (?)")).to_be_visible()
    keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Tombol papan ketik")
    expect(help_).to_be_visible()
    help_.get_by_label("Matikan tombol-tombol ini di perangkat ini").set_checked(off)
    help_.get_by_role("button", name="Tutup").click()
    page.evaluate("document.activeElement.blur()")
    keyboard.press("j")
    keyboard.press("j")
    focused = page.locator("tr:focus-within")
    if off:
        expect(focused).to_have_count(0)
        return
    expect(focused).to_contain_text("Yang kedua")
    keyboard.press("k")
    expect(focused).to_contain_text("Yang pertama")
    keyboard.press("x")
    expect(page.get_by_text("1 dipilih")).to_be_visible()
    keyboard.press("c")
    aulia.reads("Tugas ini sekarang milik Anda.")
