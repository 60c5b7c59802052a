"""Aulia goes on leave; Hendra finds her step, does it in her name, and history says so."""

from datetime import datetime

from playwright.sync_api import expect

from tests.browser.conftest import Hire
from tests.conftest import WITA

STEP = "Merumuskan pengumpulan data dan memerintahkan surat"
IN_HER_NAME = (
    "Hendra Gunawan, a.n. Kasubbag Perencanaan, Keuangan dan Aset (Aulia Rahmah), "
    "pengganti selama cuti"
)


def test_a_substitute_does_the_step_of_who_is_on_leave(comes: Hire) -> None:
    kasubbag = comes("kasubbag.gambut", viewport={"width": 390, "height": 844}).signs_in()
    case = kasubbag.starts("Data kinerja triwulan I 2026")
    kasubbag.takes(STEP)
    kasubbag.page.get_by_label("Catatan").fill("Konsep surat sudah setengah jadi.")

    kasubbag.page.get_by_role("link", name="Kantor").click()
    kasubbag.page.get_by_role("link", name="Tidak masuk").click()
    kasubbag.page.get_by_role("link", name="Catat tidak masuk").first.click()
    kasubbag.presses("Catat")
    kasubbag.reads("Belum terkirim. Yang perlu diperbaiki:")
    expect(kasubbag.page.get_by_label("Hari terakhir")).to_have_attribute("aria-invalid", "true")
    kasubbag.page.get_by_label("Hari pertama").fill("2026-03-16")
    kasubbag.page.get_by_label("Hari terakhir").fill("2026-03-20")
    kasubbag.page.get_by_label("Pengganti", exact=True).select_option(
        label="Hendra Gunawan (Kasi/Kasubbag)"
    )
    kasubbag.presses("Catat")
    kasubbag.reads("Tercatat tidak masuk, 16 Mar 2026 – 20 Mar 2026.")

    site = kasubbag.site
    site.clock.now = datetime(2026, 3, 15, 23, 59, tzinfo=WITA)
    site.ticks()
    kasi = comes("kasi.gambut").signs_in()
    kasi.reads("Tidak ada yang menunggu Anda.")
    site.clock.now = datetime(2026, 3, 16, 0, 0, tzinfo=WITA)
    site.ticks()
    kasi.opens()
    kasi.reads("Anda menggantikan Aulia Rahmah sampai Jum, 20 Mar 2026.")
    expect(kasi.row(STEP)).to_contain_text("a.n. Kasubbag Perencanaan, Keuangan dan Aset")
    kasi.row(STEP).get_by_role("link", name=STEP, exact=True).click()
    kasi.reads("Anda bertindak sebagai a.n. Kasubbag Perencanaan, Keuangan dan Aset (Aulia Rahmah)")
    kasi.page.get_by_label("Apa sebabnya?").select_option(
        label="Pelaksana dinas luar, cuti atau sakit"
    )
    kasi.completes("Diselesaikan selama Ibu Aulia cuti.")

    kasi.opens(f"/cases/{case}")
    done = kasi.page.locator(".timeline > li").filter(has_text="Langkah selesai")
    expect(done).to_contain_text(IN_HER_NAME)
    passed = kasi.page.locator(".timeline > li").filter(has_text="beralih kepada pengganti")
    expect(passed).to_contain_text(f"kepada {IN_HER_NAME}")
    assert site.history(case) == [
        "started",
        "opened",
        "claimed",
        "late",
        "escalated",
        "escalated",
        "substituted",
        "completed",
        "opened",
    ]
