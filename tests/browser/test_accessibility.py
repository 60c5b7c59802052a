"""Every page in every state, for eyes, ears and hands of all kinds: WCAG 2.2 AA, by axe.

What axe cannot see stands beside it: keys in test_keyboard.py, fingers in test_phone.py.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from engine import demo
from engine.settings import Settings
from tests.browser.conftest import Morning
from tests.browser.officer import Officer
from tests.browser.scene import CAMAT, KASI, KASUBBAG, NOBODY, PAGES, PERANCANG
from tests.browser.test_phone import TOO_SMALL
from web import create_app

AXE: Final = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
# What no person looks at.
NO_PAGES: Final = {"static", "health.alive", "health.ready", "gauges.show", "api.openapi"} | {
    # Saved, not shown.
    "sops.download",
    "account.data",
    "settings.emblem",
    "documents.download",
    "exports.xlsx",
    "exports.comma_separated",
    "reportfiles.xlsx",
    "reportfiles.comma_separated",
    "reportfiles.xes",
    "batches.template",
}
CRITERIA: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS: Final = ["color-contrast", "link-in-text-block"]


def no_list(who: Officer, numbers: dict[str, int]) -> None:
    who.opens(f"/batches/new?sop={numbers['sop_asking']}")
    who.presses("Periksa daftar")
    who.reads("Pilih berkas .xlsx atau .csv")


def wrong_password(who: Officer, _numbers: dict[str, int]) -> None:
    who.opens("/sign-in")
    who.fills_in_sign_in(password="salah")


def no_title(who: Officer, numbers: dict[str, int]) -> None:
    who.opens(f"/cases/new?sop={numbers['sop']}")
    who.presses("Mulai")


def no_answer(who: Officer, numbers: dict[str, int]) -> None:
    who.opens(f"/cases/new?sop={numbers['sop_asking']}")
    who.presses("Mulai")
    who.reads("Unit: Wajib diisi.")


def no_outcome(who: Officer, numbers: dict[str, int]) -> None:
    who.opens(f"/tasks/{numbers['task_decision']}")
    who.presses("Kirim keputusan")
    who.reads("Belum terkirim. Yang perlu diperbaiki:")


def no_reason(who: Officer, numbers: dict[str, int]) -> None:
    who.opens(f"/tasks/{numbers['task_decision']}")
    who.decides("Tidak setuju")
    who.reads("Belum terkirim. Yang perlu diperbaiki:")


def stale_form(who: Officer, numbers: dict[str, int]) -> None:
    who.opens(f"/cases/{numbers['returned']}/steering")
    tokens = "document.querySelectorAll('[name=csrf_token]').forEach((it) => it.value = '')"
    who.page.evaluate(tokens)
    who.page.get_by_label("Alasan menangguhkan").fill("Ini yang saya ketik.")
    who.presses("Tangguhkan berkas")
    who.reads("Formulir ini sudah kedaluwarsa")
    expect(who.page.locator("textarea")).to_have_value("Ini yang saya ketik.")


def no_reason_to_suspend(who: Officer, numbers: dict[str, int]) -> None:
    who.opens(f"/cases/{numbers['late']}/steering")
    who.presses("Tangguhkan berkas")


def no_file(who: Officer, _numbers: dict[str, int]) -> None:
    who.opens("/sops/new")
    who.presses("Unggah dan periksa")


def a_new_token(who: Officer, _numbers: dict[str, int]) -> None:
    who.opens("/tokens")
    who.page.get_by_label("Nama").fill("Aplikasi absen")
    who.page.get_by_label("Kata sandi Anda").fill(demo.PASSWORD)
    who.presses("Buat token")
    who.heads("Token dibuat")


SENT: Final = {
    wrong_password: NOBODY,
    no_title: KASUBBAG,
    no_answer: KASUBBAG,
    no_list: KASUBBAG,
    no_outcome: CAMAT,
    no_reason: CAMAT,
    stale_form: CAMAT,
    no_reason_to_suspend: CAMAT,
    no_file: PERANCANG,
    a_new_token: KASI,
}


def test_no_page_is_forgotten(tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path))
    known = app.url_map.bind("alur.example")
    shown = {known.match(numbered(path).partition("?")[0])[0] for _, path in PAGES.values()}
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not app.view_functions[rule.endpoint].rule.data
    }
    assert pages - shown - NO_PAGES == set(), "add them to PAGES in scene.py"


def numbered(path: str) -> str:
    return re.sub(r"{\w+}", "1", path)


@pytest.mark.parametrize(("account", "path"), PAGES.values(), ids=PAGES)
def test_a_page_is_for_everyone(morning: Morning, account: str, path: str) -> None:
    looks_right(morning.opens(account, path).page)


@pytest.mark.parametrize(("deed", "account"), SENT.items())
def test_what_a_form_answers_is_for_everyone(
    morning: Morning, deed: Callable[..., None], account: str
) -> None:
    who = morning.officer(account)
    who.page.set_viewport_size({"width": 1440, "height": 900})
    deed(who, morning.numbers)
    looks_right(who.page)


def test_a_field_that_nobody_can_name_would_be_found(morning: Morning) -> None:
    page = morning.officer(NOBODY).page
    page.goto(morning.site.url + "/sign-in")
    page.evaluate("document.querySelector('label').remove()")
    assert [wrong.partition(":")[0] for wrong in violations(page, CRITERIA)] == ["label"]


def looks_right(page: Page) -> None:
    for diagram in page.locator("[data-diagram]").all():
        diagram.scroll_into_view_if_needed()
        diagram.locator("svg[role=img]").wait_for()
    found = []
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        # In the dark only the colours differ.
        for scheme, criteria in (("light", CRITERIA), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme)
            found += [f"{width} {scheme}: {wrong}" for wrong in violations(page, criteria)]
    found += [f"390: too small: {it}" for it in page.evaluate(TOO_SMALL)]
    assert not found, "\n".join(found)
    fits(page)


def fits(page: Page) -> None:
    """Nothing beyond the edge, down to 320 px, which is a desk's screen at 400 % (WCAG 1.4.10)."""
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width, page.url


def violations(page: Page, criteria: list[str]) -> list[str]:
    if not AXE.exists():
        pytest.fail("axe-core is missing: make setup brings it", pytrace=False)
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE.read_text("utf-8"))
    options = {"runOnly": criteria, "resultTypes": ["violations"]}
    answer: dict[str, Any] = page.evaluate(f"axe.run(document, {json.dumps(options)})")
    return [
        f"{wrong['id']}: {node['failureSummary']} {node['html']}"
        for wrong in answer["violations"]
        for node in wrong["nodes"]
    ]
