"""A step grows late before the sekcam's eyes: she gives it away, and the report says why it was."""

import re
from collections.abc import Callable
from datetime import datetime

from playwright.sync_api import expect

from tests.browser.officer import Officer
from tests.browser.server import Site
from tests.conftest import WITA

SOP = "pengumpulan-dan-pengukuran-data-kinerja"
STEP = "Merumuskan pengumpulan data dan memerintahkan surat"
TITLE = "Data kinerja Februari"


def at_nine(site: Site) -> int:
    """The kasubbag has taken the first step, of ten minutes; it is half past its time at 09.05."""
    site.clock.now = datetime(2026, 3, 12, 9, 0, tzinfo=WITA)
    case = site.office.starts(TITLE)
    site.office.claims("kasubbag.gambut", case)
    site.clock.passes(minutes=5)
    return case


def test_what_grows_late_is_seen_given_away_finished_with_a_reason_and_reported(
    site: Site, officer: Callable[..., Officer]
) -> None:
    case = at_nine(site)
    sekcam = officer("sekcam.gambut")
    sekcam.opens("/monitor")
    late = sekcam.page.locator("[data-count=overdue]")
    expect(late).to_have_text("0")
    expect(sekcam.row(TITLE)).to_contain_text("sisa 5 menit kerja")

    # Ten minutes go by while the page stands open.
    site.clock.passes(minutes=10)
    site.ticks()
    expect(late).to_have_text("1")
    expect(sekcam.row(TITLE)).to_contain_text("lewat 5 menit kerja")

    # On the diagram of its SOP she presses the step, and gives it to somebody else.
    sekcam.opens(f"/sops/gambut/{SOP}/live")
    diagram = sekcam.page.locator("#diagram")
    diagram.scroll_into_view_if_needed()
    diagram.get_by_role("link", name=re.compile("1 berkas di langkah “Merumuskan")).click()
    sekcam.reads("Hanya langkah 1. Merumuskan")
    sekcam.row(TITLE).locator("summary").click()
    sekcam.row(TITLE).get_by_role("button", name="Alihkan…").click()
    sekcam.heads("Alihkan")
    people = sekcam.page.get_by_label("Alihkan kepada")
    kasi = people.get_by_role("option", name=re.compile("Kasi")).first.get_attribute("value")
    people.select_option(kasi)
    sekcam.page.get_by_label("Alasan").fill("Kasubbag sedang rapat di kabupaten.")
    sekcam.presses("Alihkan")
    sekcam.reads("Langkah dialihkan")
    expect(sekcam.row(TITLE)).not_to_contain_text("Aulia Rahmah")

    # He finds it, with her reason, and must say why it was late.
    other = officer("kasi.gambut")
    other.opens()
    other.row(TITLE).get_by_role("link", name="Lanjutkan").click()
    other.reads("Kasubbag sedang rapat di kabupaten.")
    other.presses("Selesai")
    other.reads("Langkah ini lewat tenggat. Pilih sebabnya.")
    other.page.get_by_label("Apa sebabnya?").select_option("Pekerjaan menumpuk")
    other.presses("Selesai")
    other.reads("Langkah selesai.")
    assert site.history(case).count("assigned") == 1

    sekcam.opens(f"/reports/gambut/{SOP}")
    expect(sekcam.row("Pekerjaan menumpuk")).to_contain_text("1")


def test_many_are_ticked_and_reminded_at_once(site: Site, officer: Callable[..., Officer]) -> None:
    for number in range(3):
        site.office.starts(f"Berkas {number}")
    camat = officer("camat.gambut")
    camat.opens("/monitor?view=all")
    for box in camat.page.get_by_role("checkbox", name=re.compile("^Pilih")).all():
        box.check()
    expect(camat.page.get_by_text("3 dipilih")).to_be_visible()
    camat.page.get_by_label("Tindakan", exact=True).select_option("Ingatkan")
    camat.presses("Lakukan")
    camat.reads("3 berhasil.")
    camat.page.get_by_role("link", name="Kembali ke monitor").click()
    camat.heads("Semua langkah yang terbuka")


def test_the_wall_shows_one_panel_after_the_other_until_somebody_stops_it(
    site: Site, officer: Callable[..., Officer]
) -> None:
    site.office.starts("Rahasia pemohon")
    site.clock.passes(minutes=90)
    site.office.starts("Satu lagi")
    camat = officer("camat.gambut")
    camat.page.clock.install()
    camat.opens("/monitor/wall")
    panels = camat.page.locator(".wall-panel:visible")
    expect(panels).to_have_count(1)
    expect(panels).to_contain_text("Yang terlambat")
    camat.page.clock.run_for(12_000)
    expect(panels).to_contain_text("Yang segera jatuh tempo")
    camat.presses("Berhenti berganti")
    expect(panels).to_have_count(3)
    expect(camat.page.locator("body")).not_to_contain_text("Rahasia pemohon")


def test_what_is_printed_is_only_the_work(site: Site, officer: Callable[..., Officer]) -> None:
    site.office.starts(TITLE)
    camat = officer("camat.gambut")
    camat.opens("/monitor?view=all")
    camat.page.get_by_role("link", name="Untuk dicetak").click()
    camat.page.emulate_media(media="print")
    expect(camat.row(TITLE)).to_be_visible()
    for machinery in ("Keluar", "Cetak dari menu"):
        expect(camat.page.get_by_text(machinery).first).to_be_hidden()
