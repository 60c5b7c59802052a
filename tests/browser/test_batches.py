"""A list of cases from a spreadsheet, at the kasubbag's desk."""

from collections.abc import Callable

from playwright.sync_api import expect

from engine.db import EVERYWHERE
from tests import questionnaire
from tests.browser.officer import Officer
from tests.browser.server import Site
from tests.tasks.test_sheets import workbook


def test_a_list_is_checked_started_and_watched(site: Site, officer: Callable[..., Officer]) -> None:
    with site.database.transaction(EVERYWHERE) as session:
        sop = questionnaire.publish(session, site.clock()).id
    kasubbag = officer("kasubbag.gambut")
    rows = [["Unit", "Triwulan"], ["Kasi PMD", "I"], ["", "I"], ["Kasi Tapem", 2]]
    kasubbag.opens(f"/batches/new?sop={sop}")
    file = {"name": "unit.xlsx", "mimeType": "", "buffer": workbook(*rows).getvalue()}
    kasubbag.page.get_by_label("Berkas daftar").set_input_files([file])  # type: ignore[list-item]
    kasubbag.presses("Periksa daftar")
    expect(kasubbag.row("Wajib diisi.")).to_contain_text("3")
    kasubbag.page.on("dialog", lambda dialog: dialog.accept())
    kasubbag.presses("Mulai 2 berkas")
    kasubbag.reads("0 dari 2 berkas dimulai.")
    site.ticks()
    kasubbag.reads("2 berkas dimulai.")
    kasubbag.page.get_by_role("link", name="Lihat hasil setiap baris").click()
    kasubbag.page.get_by_role("link", name="Kasi PMD").click()
    kasubbag.heads("Data kinerja Kasi PMD triwulan I 2026")
