"""By keyboard alone: every control in reading order, each visibly focused, none a trap."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Hire
from tests.browser.officer import Officer

STEP = "Merumuskan pengumpulan data dan memerintahkan surat"

# What has the focus: its name, and whether everybody can see that it has it.
FOCUSED = """() => {
  const it = document.activeElement;
  const style = getComputedStyle(it), box = it.getBoundingClientRect();
  const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
    && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const name = it.labels?.[0]?.innerText ?? (it.ariaLabel || it.innerText);
  return { name: name.replace(/\\s+/g, ' ').trim(), seen };
}"""


def tabs(who: Officer) -> str:
    """One step on; the name of where she is now."""
    who.page.keyboard.press("Tab")
    focused = who.page.evaluate(FOCUSED)
    assert focused["seen"], f"nobody sees that “{focused['name']}” has the focus"
    return str(focused["name"])


def tabs_to(who: Officer, name: str) -> None:
    who.page.wait_for_load_state()  # while a page is read, its end cannot be reached yet
    passed = []
    while (here := tabs(who)) != name:
        passed.append(here)
        assert len(passed) < 40, f"“{name}” is not among {passed}"


def types(who: Officer, text: str) -> None:
    who.page.keyboard.type(text)


def presses(who: Officer, key: str) -> None:
    who.page.keyboard.press(key)


def test_a_berkas_is_started_taken_and_completed_without_a_mouse(comes: Hire) -> None:
    kasubbag = comes("kasubbag.gambut")
    kasubbag.opens("/sign-in")
    expect(kasubbag.page.get_by_label("Akun")).to_be_focused()
    types(kasubbag, "kasubbag.gambut")
    tabs_to(kasubbag, "Kata sandi")
    types(kasubbag, "coba-alur-bersama")
    presses(kasubbag, "Enter")

    kasubbag.heads("Yang menunggu Anda")
    tabs_to(kasubbag, "Mulai berkas")
    presses(kasubbag, "Enter")
    kasubbag.heads("Mulai berkas")
    tabs_to(kasubbag, "Judul berkas")
    types(kasubbag, "Data kinerja triwulan I")
    presses(kasubbag, "Enter")

    kasubbag.heads("Data kinerja triwulan I")
    tabs_to(kasubbag, STEP)
    presses(kasubbag, "Enter")
    kasubbag.heads(STEP)
    tabs_to(kasubbag, "Ambil tugas ini")
    presses(kasubbag, "Space")
    kasubbag.reads("Tugas ini sekarang milik Anda.")
    tabs_to(kasubbag, "Catatan")
    types(kasubbag, "Tanpa tetikus.")
    tabs_to(kasubbag, "Selesai")
    presses(kasubbag, "Enter")
    kasubbag.reads("Langkah selesai.")


def test_the_skip_link_comes_first_and_leads_past_the_menu(
    officer: Callable[..., Officer],
) -> None:
    kasubbag = officer("kasubbag.gambut")
    kasubbag.site.office.starts("Data kinerja triwulan I")
    kasubbag.opens()
    assert tabs(kasubbag) == "Langsung ke isi"
    presses(kasubbag, "Enter")
    expect(kasubbag.page.locator("main")).to_be_focused()
    assert tabs(kasubbag) == "Mulai berkas"


def test_the_focus_goes_through_the_inbox_as_it_is_read(
    officer: Callable[..., Officer],
) -> None:
    kasubbag = officer("kasubbag.gambut")
    kasubbag.site.office.starts("Data kinerja triwulan I")
    kasubbag.opens()
    order = [tabs(kasubbag)]
    while order[-1] != "Lisensi":
        order.append(tabs(kasubbag))
    assert order[:4] == ["Langsung ke isi", "Alur", "Tugas", "Berkas"]
    assert order[order.index("Keluar") + 1 :] == [
        "Mulai berkas",
        "Menunggu 1",
        "Dapat diambil 1",
        "Terlambat 0",
        "Selesai 0",
        f"Pilih {STEP}, Data kinerja triwulan I",
        STEP,
        f"Ambil {STEP}",
        "English",
        "Tombol papan ketik (?)",
        "Lisensi",
    ]


def test_a_decision_is_made_with_the_arrows(officer: Callable[..., Officer]) -> None:
    camat = officer("camat.gambut")
    office = camat.site.office
    case = office.starts()
    for account in ("kasubbag", "staf", "sekcam"):
        office.completes(f"{account}.gambut", case)
    camat.opens(f"/tasks/{office.claims('camat.gambut', case)}")
    tabs_to(camat, "Setuju")
    presses(camat, "ArrowDown")
    expect(camat.page.get_by_role("radio", name="Tidak setuju")).to_be_checked()
    tabs_to(camat, "Alasan")
    types(camat, "Tanggalnya belum diisi.")
    tabs_to(camat, "Kirim keputusan")
    presses(camat, "Space")
    camat.reads("Langkah selesai.")


def test_the_diagram_holds_nobody_captive(officer: Callable[..., Officer]) -> None:
    kasubbag = officer("kasubbag.gambut")
    kasubbag.opens(f"/cases/{kasubbag.site.office.starts()}")
    kasubbag.page.locator(".diagram-canvas svg[role=img]").wait_for()
    tabs_to(kasubbag, "Seluruh diagram")
    tabs_to(kasubbag, "Diagram alur; isinya sama dengan tabel langkah")
    presses(kasubbag, "ArrowRight")
    tabs_to(kasubbag, STEP)
