"""Without a script: slower to look at, and every deed is still possible."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.officer import Officer

STEP = "Merumuskan pengumpulan data dan memerintahkan surat"


def test_step_one_is_started_taken_and_completed_without_a_script(
    officer: Callable[..., Officer],
) -> None:
    kasubbag = officer("kasubbag.gambut", java_script_enabled=False)
    case = kasubbag.starts("Data kinerja triwulan I")
    kasubbag.takes(STEP)
    kasubbag.completes("Tanpa JavaScript.")
    kasubbag.opens(f"/cases/{case}")
    expect(kasubbag.row(STEP)).to_contain_text("selesai")
    expect(kasubbag.page.locator(".timeline")).to_contain_text("“Tanpa JavaScript.”")


def test_a_case_tells_in_its_table_what_the_diagram_would_have_shown(
    officer: Callable[..., Officer],
) -> None:
    kasubbag = officer("kasubbag.gambut", java_script_enabled=False)
    kasubbag.opens(f"/cases/{kasubbag.site.office.starts()}")
    expect(kasubbag.page.locator(".diagram")).to_be_hidden()
    expect(kasubbag.page.locator(".step-table tbody tr")).to_have_count(8)
    expect(kasubbag.page.locator(".step-table .is-current")).to_contain_text(STEP)
