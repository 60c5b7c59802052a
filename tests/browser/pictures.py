"""Take the README's pictures from the real pages: `python -m tests.browser.pictures`."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, FloatRect, Page
from sqlalchemy import select

from engine import access, cases
from engine.db import EVERYWHERE
from engine.models import Office, Person, Sop
from tests.browser import chromium, server
from tests.browser.officer import Officer
from tests.browser.server import Site
from tests.conftest import WITA

FOLDER: Final = Path(__file__).parents[2] / "docs" / "gambar"
HEAVIEST: Final = 200_000
# Letters as most offices' computers draw them, whatever this one has as its own.
FONTS: Final = """<?xml version="1.0"?><fontconfig><include>/etc/fonts/fonts.conf</include>
<match><edit name="family" mode="prepend_first"><string>Liberation Sans</string></edit></match>
</fontconfig>"""
DESK: Final = {"viewport": {"width": 1280, "height": 800}}
PHONE: Final = {
    "viewport": {"width": 390, "height": 780},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}

# A ladder that is shorter than the usual one.
SOONER: Final = "level-2=2+jam&level-3=1+hari&level-4=2+hari&floor=30+menit"

CAMAT, SEKCAM, KASUBBAG = (f"{post}.martapura-barat" for post in ("camat", "sekcam", "kasubbag"))
KINERJA, RENSTRA, DATA = "monitoring-kinerja", "monitoring-renstra", "pengumpulan-data-kinerja"


def at(site: Site, day: int, hour: int, minute: int = 0) -> None:
    """A working day of April 2026 in Banjar."""
    site.clock.now = datetime(2026, 4, day, hour, minute, tzinfo=WITA)


def starts(site: Site, slug: str, title: str) -> int:
    """The camat of Martapura Barat begins one of the office's three SOPs."""
    with site.database.transaction(EVERYWHERE) as session:
        person = session.scalars(select(Person).where(Person.account == CAMAT)).one()
        sop = session.scalars(
            select(Sop).join(Office).where(Office.slug == "martapura-barat", Sop.slug == slug)
        ).one()
        actor = access.actor(session, person, site.clock())
        return cases.start(session, actor, sop, title, site.clock()).id


def a_busy_desk(site: Site) -> None:
    """What a kasubbag finds on a Thursday morning: something late, something soon, and more."""
    office = site.office
    at(site, 14, 8)
    quarter = starts(site, DATA, "Data kinerja triwulan I 2026")
    office.completes(CAMAT, quarter)
    at(site, 14, 14)
    office.completes(KASUBBAG, quarter)
    at(site, 15, 8)
    office.completes(CAMAT, quarter, "setuju")
    office.claims(KASUBBAG, quarter)  # seven hours: due on Wednesday afternoon
    at(site, 15, 13, 30)
    plan = starts(site, KINERJA, "Rencana kinerja tahunan 2027")
    for who in (CAMAT, SEKCAM, KASUBBAG, KASUBBAG):
        office.completes(who, plan)
    office.claims(KASUBBAG, plan)
    at(site, 16, 7, 30)
    change = starts(site, KINERJA, "Perubahan rencana kinerja 2026")
    for who in (CAMAT, SEKCAM):
        office.completes(who, change)
    office.claims(KASUBBAG, change)  # four hours: due before noon
    at(site, 16, 10)
    renstra = starts(site, RENSTRA, "Renstra 2025–2029, bahan reviu")
    office.completes(CAMAT, renstra)
    at(site, 16, 10, 20)
    april = starts(site, DATA, "Data kinerja bulan April 2026")
    office.completes(CAMAT, april)
    at(site, 16, 10, 45)
    site.ticks()


def a_berkas_half_way(site: Site) -> int:
    """Gambut's SOP at its sixth step: sent back once by the camat, then signed."""
    office = site.office
    at(site, 13, 8)
    case = office.starts("Pengumpulan data kinerja triwulan I 2026")
    deeds: list[tuple[int, str, tuple[str, ...]]] = [
        (4, "kasubbag", ()),
        (12, "staf", ()),
        (17, "sekcam", ()),
        (24, "camat", ("tidak", "Tanggal penyerahan data belum dicantumkan.")),
        (31, "sekcam", ()),
        (38, "camat", ("setuju",)),
        (45, "staf", ()),
    ]
    for minute, who, decision in deeds:
        at(site, 13, 8, minute)
        office.completes(f"{who}.gambut", case, *decision)
    at(site, 13, 9, 10)
    office.claims("kasi.gambut", case)
    at(site, 16, 10, 45)
    site.ticks()
    return case


@contextmanager
def at_her_desk(browser: Browser, site: Site, who: str, **options: Any) -> Iterator[Page]:
    with browser.new_context(**options) as context:
        yield Officer(context, site, who).signs_in().page


def save(page: Page, name: str, clip: FloatRect | None = None) -> None:
    page.evaluate("document.activeElement.blur()")
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, clip=clip, full_page=clip is not None)
    size = path.stat().st_size
    print(f"{path.name}: {size / 1000:.0f} kB")
    if size > HEAVIEST:
        raise SystemExit(f"{path.name} is too heavy for a README.")


def take(browser: Browser, site: Site) -> None:
    a_busy_desk(site)
    case = a_berkas_half_way(site)
    with at_her_desk(browser, site, KASUBBAG, **DESK) as page:
        save(page, "kotak-masuk")
    with at_her_desk(browser, site, "camat.gambut", **DESK) as page:
        page.goto(f"{site.url}/cases/{case}")
        page.locator(".diagram-badge-current").wait_for()
        rows = page.locator(".step-table tbody tr").nth(2).bounding_box()
        assert rows is not None
        save(page, "berkas", {"x": 0, "y": 0, "width": 1280, "height": rows["y"] + rows["height"]})
    with at_her_desk(browser, site, KASUBBAG, **PHONE) as page:
        save(page, "telepon")
    with at_her_desk(browser, site, SEKCAM, **DESK) as page:
        page.goto(f"{site.url}/monitor")
        save(page, "monitor")
        page.goto(f"{site.url}/monitor/wall")
        save(page, "layar-dinding")
    with at_her_desk(browser, site, CAMAT, **DESK) as page:
        page.goto(f"{site.url}/offices/martapura-barat/ladder?{SOONER}")
        save(page, "tangga", _down_to(page, "#akibat-terapkan"))
    with at_her_desk(browser, site, "admin", **DESK) as page:
        page.goto(f"{site.url}/operations")
        save(page, "server", _above(page, "#pekerjaan"))


def _above(page: Page, what: str) -> FloatRect:
    """The page without what begins there."""
    box = page.locator(what).bounding_box()
    assert box is not None
    return {"x": 0, "y": 0, "width": 1280, "height": box["y"] - 16}


def _down_to(page: Page, what: str) -> FloatRect:
    box = page.locator(what).bounding_box()
    assert box is not None
    return {"x": 0, "y": 0, "width": 1280, "height": box["y"] + box["height"] + 24}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "fonts.conf").write_text(FONTS)
        os.environ["FONTCONFIG_FILE"] = str(folder / "fonts.conf")
        (folder / "site").mkdir()
        filled = server.fill(folder)
        with chromium.launched() as browser, server.open_site(filled, folder / "site") as site:
            take(browser, site)


if __name__ == "__main__":
    main()
