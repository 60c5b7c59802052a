"""Kecamatan Gambut works through its SOP at five desks, as the paper says."""

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Hire
from tests.browser.officer import Officer

TITLE = "Data kinerja triwulan I 2026"
REASON = "Nomor surat dan tanggalnya belum diisi."
STEPS = {
    1: "Merumuskan pengumpulan data dan memerintahkan surat",
    2: "Menyiapkan surat pemberitahuan dan permintaan data",
    3: "Memverifikasi surat permintaan data kinerja",
    4: "Memeriksa dan menandatangani surat permintaan data",
    5: "Menomori, mengagendakan, dan menyerahkan surat",
    6: "Memenuhi permintaan data kinerja",
    7: "Mengumpulkan data dan informasi kinerja",
    8: "Mengukur dan mengevaluasi data kinerja",
}


def test_the_sop_walks_from_desk_to_desk_and_comes_back_once(
    comes: Hire,
) -> None:
    kasubbag, staf, sekcam, camat, kasi = (
        comes(f"{post}.gambut").signs_in()
        for post in ("kasubbag", "staf", "sekcam", "camat", "kasi")
    )

    def does(who: Officer, step: int, note: str = "") -> None:
        who.site.clock.passes(minutes=3)
        who.takes(STEPS[step])
        who.completes(note)

    case = kasubbag.starts(TITLE)
    does(kasubbag, 1)
    does(staf, 2, "Konsep surat terlampir.")
    does(sekcam, 3)

    camat.site.clock.passes(minutes=3)
    camat.takes(STEPS[4])
    the_form_keeps_the_reason_and_asks_for_the_outcome(camat)
    the_form_keeps_the_outcome_and_asks_for_the_reason(camat)
    camat.decides("Tidak setuju", REASON)
    camat.reads("Langkah selesai.")

    sekcam.takes(STEPS[3])
    sekcam.reads("Dikembalikan oleh Rahmadi Syahputra untuk diperbaiki:")
    sekcam.reads(REASON)
    sekcam.completes("Nomor dan tanggal sudah diisi.")
    camat.takes(STEPS[4])
    the_case_shows_where_it_stands(kasubbag, case)
    camat.decides("Setuju")
    camat.reads("Langkah selesai.")

    does(staf, 5)
    does(kasi, 6)
    does(staf, 7)
    does(kasubbag, 8)
    the_case_shows_how_it_went(kasubbag, case)


def the_form_keeps_the_reason_and_asks_for_the_outcome(camat: Officer) -> None:
    camat.page.get_by_label("Alasan").fill(REASON)
    camat.presses("Kirim keputusan")
    goes_to_what_is_wrong(camat)
    expect(camat.page.get_by_role("group", name="Setuju?")).to_be_focused()
    expect(camat.page.get_by_role("group", name="Setuju?")).to_have_accessible_description(
        "Pilih salah satu keputusan."
    )
    expect(camat.page.get_by_label("Alasan")).to_have_value(REASON)


def the_form_keeps_the_outcome_and_asks_for_the_reason(camat: Officer) -> None:
    camat.decides("Tidak setuju", reason="")
    goes_to_what_is_wrong(camat)
    reason = camat.page.get_by_label("Alasan")
    expect(reason).to_be_focused()
    expect(reason).to_have_attribute("aria-invalid", "true")
    expect(reason).to_have_accessible_description(
        "Tulis alasannya, agar yang menerima kembali tahu apa yang harus diperbaiki. "
        "Wajib diisi bila dikembalikan; tercatat dalam riwayat berkas."
    )
    expect(camat.page.get_by_role("radio", name="Tidak setuju")).to_be_checked()


def goes_to_what_is_wrong(camat: Officer) -> None:
    """The summary is read first; from it one key leads to the field."""
    summary = camat.page.get_by_role("alert")
    expect(summary).to_contain_text("Belum terkirim.")
    expect(summary).to_be_focused()
    camat.page.keyboard.press("Tab")
    camat.page.keyboard.press("Enter")


def the_case_shows_where_it_stands(who: Officer, case: int) -> None:
    who.opens(f"/cases/{case}")
    for step in (1, 2, 3):
        expect(shape(who, f"Langkah_{step}", "is-done")).to_be_visible()
    expect(shape(who, "Langkah_4", "is-current")).to_be_visible()
    expect(shape(who, "Langkah_5", "is-done")).to_have_count(0)
    expect(who.page.locator(".diagram-badge-done")).to_have_count(3)
    expect(who.page.locator(".diagram-badge-current")).to_contain_text("Rahmadi Syahputra")
    the_mark_of_bpmn_io_is_clear(who)
    expect(who.row(STEPS[3])).to_have_count(2)
    expect(who.row(f"{STEPS[4]} (kali ke-2)")).to_contain_text("berjalan")
    expect(who.row(STEPS[5])).to_contain_text("belum sampai")


def shape(who: Officer, element: str, marker: str) -> Locator:
    return who.page.locator(f".diagram-canvas svg [data-element-id={element}].{marker}")


def the_mark_of_bpmn_io_is_clear(who: Officer) -> None:
    """Its licence: never removed, fully visible, not covered by anything."""
    mark = who.page.locator(".diagram-canvas .bjs-powered-by")
    mark.scroll_into_view_if_needed()
    expect(mark).to_be_visible()
    expect(mark).to_be_in_viewport(ratio=1)
    assert mark.evaluate(COVERED) == []


# What lies over the mark, or beside it under its box: badges let clicks through, so that
# asking only for the topmost element would miss them.
COVERED = """mark => {
  const box = mark.getBoundingClientRect();
  const over = [];
  for (let x = box.left + 1; x < box.right; x += box.width / 8)
    for (let y = box.top + 1; y < box.bottom; y += box.height / 4) {
      const top = document.elementFromPoint(x, y);
      if (!mark.contains(top)) over.push(top?.outerHTML.slice(0, 80));
    }
  const frame = mark.closest('.diagram-canvas');
  for (const other of frame.querySelectorAll('.diagram-badge, .djs-shape')) {
    const its = other.getBoundingClientRect();
    const apart = its.right <= box.left || its.left >= box.right
      || its.bottom <= box.top || its.top >= box.bottom;
    if (!apart) over.push(other.outerHTML.slice(0, 80));
  }
  return over;
}"""


def the_case_shows_how_it_went(who: Officer, case: int) -> None:
    who.opens(f"/cases/{case}")
    expect(who.page.locator(".facts")).to_contain_text("Selesai")
    for step in STEPS:
        expect(shape(who, f"Langkah_{step}", "is-done")).to_be_visible()
    expect(who.page.locator(".diagram-canvas .is-current")).to_have_count(0)
    expect(who.page.locator(".step-table .is-done")).to_have_count(10)
    assert told(who) == [
        "Berkas dimulai",
        *deeds(1, 2, 3),
        *deeds(4, outcome=" · Tidak setuju"),
        *deeds(3),
        *deeds(4, outcome=" · Setuju"),
        *deeds(5, 6, 7, 8),
        "Berkas selesai",
    ]
    rejected = who.page.locator(".timeline > li").filter(has_text="Tidak setuju")
    expect(rejected).to_contain_text("Rahmadi Syahputra, Camat")
    expect(rejected).to_contain_text(f"“{REASON}”")


def deeds(*steps: int, outcome: str = "") -> list[str]:
    told = [
        (f"Langkah diambil: {STEPS[n]}", f"Langkah selesai: {STEPS[n]}{outcome}") for n in steps
    ]
    return [line for pair in told for line in pair]


def told(who: Officer) -> list[str]:
    """The history, each line without its time and its people."""
    return [text.split("\n")[1] for text in who.page.locator(".timeline > li").all_inner_texts()]
