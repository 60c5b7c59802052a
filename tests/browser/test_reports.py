"""The camat looks at an SOP while its office works, follows a step to its berkas, and prints."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from playwright.sync_api import Locator, expect

from tests.browser.officer import Officer
from tests.browser.server import Site
from tests.conftest import WITA

SOP: Final = "pengumpulan-dan-pengukuran-data-kinerja"
LIVE: Final = f"/sops/gambut/{SOP}/live"


def a_morning(site: Site) -> int:
    """One berkas is late at the pelaksana; its first step took 20 minutes instead of 10."""
    site.clock.now = datetime(2026, 3, 12, 9, 0, tzinfo=WITA)
    case = site.office.starts("Data kinerja Februari")
    site.clock.passes(minutes=20)
    site.office.completes("kasubbag.gambut", case)
    site.clock.passes(minutes=30)
    site.ticks()
    return case


def looks_at_the_diagram(officer: Officer) -> Locator:
    """It is drawn once she sees it."""
    diagram = officer.page.locator("#diagram")
    diagram.scroll_into_view_if_needed()
    diagram.locator(".diagram-count").first.wait_for()
    return diagram


def test_she_sees_where_the_work_stands_and_goes_there(
    site: Site, officer: Callable[..., Officer]
) -> None:
    a_morning(site)
    camat = officer("camat.gambut")
    camat.opens(f"/sops/gambut/{SOP}")
    camat.page.get_by_role("link", name="Diagram hidup").click()
    table = camat.page.get_by_role("table", name="Langkah demi langkah")
    second = table.get_by_role("row").filter(has_text="2. Menyiapkan surat")
    expect(second).to_contain_text("1 terlambat")
    diagram = looks_at_the_diagram(camat)
    expect(diagram.locator(".djs-element.is-heat-3[data-element-id=Langkah_1]")).to_be_visible()
    # bpmn.io's mark stays whole.
    expect(diagram.locator(".bjs-powered-by")).to_be_visible()
    diagram.get_by_role("link", name=re.compile("1 berkas di langkah “Menyiapkan")).click()
    expect(camat.page.get_by_role("link", name="Data kinerja Februari")).to_be_visible()
    expect(camat.page.get_by_text("Hanya langkah 2. Menyiapkan surat")).to_be_visible()


def test_she_chooses_what_is_warm(site: Site, officer: Callable[..., Officer]) -> None:
    a_morning(site)
    camat = officer("camat.gambut")
    camat.opens(LIVE)
    looks_at_the_diagram(camat)
    first = camat.page.locator(".djs-element[data-element-id=Langkah_1]")
    expect(first).to_have_class(re.compile("is-heat-3"))  # it waited twice its ten minutes
    camat.page.get_by_label("Panas menurut").select_option("Dikerjakan")
    camat.presses("Tampilkan")
    expect(camat.page).to_have_url(re.compile("heat=worked"))
    looks_at_the_diagram(camat)
    expect(first).to_have_class(re.compile("is-heat-1"))  # once taken, it was done at once
    expect(camat.row("1. Merumuskan")).to_contain_text("kurang dari separuh mutu baku")


def test_the_figures_stay_fresh_while_she_looks(
    site: Site, officer: Callable[..., Officer]
) -> None:
    case = a_morning(site)
    camat = officer("camat.gambut")
    camat.opens(LIVE)
    line = camat.page.locator(".lead-line")
    expect(line).to_contain_text("1 langkah selesai dalam kurun ini")
    looks_at_the_diagram(camat)
    site.office.completes("staf.gambut", case)
    # The page asks again within seconds, for whoever has just opened it.
    expect(line).to_contain_text("2 langkah selesai dalam kurun ini")
    third = camat.page.get_by_role("link", name=re.compile("di langkah “Memverifikasi"))
    expect(third).to_be_visible()


def test_the_half_yearly_form_is_printed_on_a_sheet_on_its_side(
    site: Site, officer: Callable[..., Officer]
) -> None:
    a_morning(site)
    camat = officer("camat.gambut")
    camat.opens("/offices/gambut/assessments/2026-1")
    camat.page.locator("summary", has_text="Lengkapi").click()
    camat.page.get_by_label("Catatan").fill("Pelaksana sakit dua hari.")
    camat.presses("Simpan penilaian")
    camat.reads("Penilaian tersimpan.")
    camat.page.emulate_media(media="print")
    expect(camat.page.locator("p", has_text="Pelaksana sakit dua hari.")).to_be_visible()
    expect(camat.page.get_by_role("columnheader", name="Paraf penilai")).to_be_visible()
    expect(camat.page.get_by_text("NIP.")).to_be_visible()
    for machinery in ("Lengkapi", "Ubah ukuran", "Keluar"):
        expect(camat.page.get_by_text(machinery, exact=False).first).to_be_hidden()
    sheet = camat.page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", sheet)
    # A4 in points, 842 wide and 595 high.
    assert [(round(float(width)), round(float(height))) for width, height in boxes] == [(842, 595)]
