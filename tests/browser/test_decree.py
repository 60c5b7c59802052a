"""A flood on Thursday: the camat sees what moves before it does, and everybody finds it moved."""

from playwright.sync_api import expect

from tests.browser.conftest import Hire

STEP = "Merumuskan pengumpulan data dan memerintahkan surat"
BASIS = "Banjir, SE Bupati 100.3/12/2026"


def test_a_day_decreed_off_moves_due_times_after_everybody_could_see_it(comes: Hire) -> None:
    camat = comes("camat.gambut").signs_in()
    site = camat.site
    cases = [site.office.starts(f"Data kinerja bulan ke-{number}") for number in range(1, 31)]

    camat.page.get_by_role("link", name="Kantor", exact=True).click()
    camat.page.get_by_role("link", name="Kalender", exact=True).click()
    camat.reads("Kalender kerja 2026")
    camat.page.get_by_role("link", name="Libur dan hari kerja tambahan").click()
    camat.page.get_by_label("Hari pertama").fill("2026-03-12")
    camat.presses("Lihat akibatnya")
    camat.reads("Belum terkirim. Yang perlu diperbaiki:")
    expect(camat.page.get_by_label("Dasar dan sebabnya")).to_have_attribute("aria-invalid", "true")
    camat.page.get_by_label("Dasar dan sebabnya").fill(BASIS)
    camat.presses("Lihat akibatnya")

    camat.heads("Usulan perubahan kalender")
    camat.reads("30 tugas terbuka bergeser tenggatnya: 30 lebih lambat")
    rows = camat.row(STEP)
    expect(rows).to_have_count(25)
    expect(rows.first).to_contain_text("Kam, 12 Mar 2026 09.10 WITA")
    expect(rows.first).to_contain_text("Jum, 13 Mar 2026 08.10 WITA")
    camat.page.get_by_role("link", name="Berikutnya").click()
    expect(rows).to_have_count(5)

    kasubbag = comes("kasubbag.gambut").is_signed_in()
    kasubbag.opens()
    expect(kasubbag.row(STEP).first).to_contain_text("hari ini 09.10 WITA")

    camat.presses("Terapkan sekarang")
    camat.reads("Kalender ini berlaku mulai sekarang.")
    camat.reads("0 dari 30 berkas terbuka sudah mengikuti")
    site.ticks()
    # Without a reload: the page asks by itself.
    camat.reads("Selesai. 30 berkas terbuka diperiksa, 30 tenggat bergeser.")

    kasubbag.opens()
    expect(kasubbag.row(STEP).first).to_contain_text("besok 08.10 WITA")
    kasubbag.opens(f"/cases/{cases[0]}")
    moved = kasubbag.page.locator(".timeline > li").filter(has_text="Tenggat bergeser")
    expect(moved).to_contain_text("Rahmadi Syahputra, Camat")
    expect(moved).to_contain_text(BASIS)


def test_without_a_script_the_page_says_how_far_it_is_when_it_is_asked(comes: Hire) -> None:
    camat = comes("camat.gambut", java_script_enabled=False).is_signed_in()
    camat.site.office.starts()
    camat.opens("/offices/gambut/calendar/days")
    camat.page.get_by_label("Hari pertama").fill("2026-03-12")
    camat.page.get_by_label("Dasar dan sebabnya").fill(BASIS)
    camat.presses("Lihat akibatnya")
    camat.presses("Terapkan sekarang")
    camat.reads("0 dari 1 berkas terbuka sudah mengikuti")
    camat.site.ticks()
    camat.page.get_by_role("link", name="Muat ulang").click()
    camat.reads("Selesai. 1 berkas terbuka diperiksa, 1 tenggat bergeser.")
