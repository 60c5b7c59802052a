"""On a phone: everything with one finger, and nothing beyond the edge of the screen."""

from collections.abc import Callable

from tests.browser.conftest import Hire
from tests.browser.officer import Officer

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
STEP = "Merumuskan pengumpulan data dan memerintahkan surat"
TITLE = "Pengumpulan dan pengukuran data kinerja triwulan pertama tahun anggaran 2026"

# What a finger reaches, smaller than 24 px (WCAG 2.5.8). A box to tick counts with its label;
# a link inside a sentence is as high as its line.
TOO_SMALL = """() => {
  const small = [];
  for (const it of document.querySelectorAll('a, button, input, select, textarea, summary')) {
    if (!it.checkVisibility() || it.type === 'hidden') continue;
    if (it.matches('.skip-link, [aria-hidden=true]')) continue;
    const boxes = [it, ...(it.labels ?? [])].map((part) => part.getBoundingClientRect());
    const width = Math.max(...boxes.map((box) => box.width));
    const height = Math.max(...boxes.map((box) => box.height));
    const words = [...it.parentElement.childNodes].filter((node) => node.nodeType === 3);
    const inSentence = words.some((node) => node.data.trim());
    if (Math.min(width, height) < 24 && !(it.matches('a') && inSentence))
      small.push(`${it.innerText || it.name}: ${width} x ${height}`);
  }
  return small;
}"""


def fits(who: Officer) -> None:
    """A page wider than the screen would widen the layout, too, so both are asked."""
    wide = who.page.evaluate("[innerWidth, document.scrollingElement.scrollWidth]")
    assert wide == [390, 390], who.page.url
    assert who.page.evaluate(TOO_SMALL) == [], who.page.url


def test_a_step_is_found_taken_and_completed_with_one_finger(comes: Hire) -> None:
    kasubbag = comes("kasubbag.gambut", **PHONE)
    case = kasubbag.site.office.starts(TITLE)
    kasubbag.opens("/sign-in")
    fits(kasubbag)
    kasubbag.page.get_by_label("Akun").fill(kasubbag.account)
    kasubbag.page.get_by_label("Kata sandi").fill("salah")
    kasubbag.button("Masuk").tap()
    kasubbag.reads("Akun atau kata sandi tidak cocok.")
    fits(kasubbag)
    kasubbag.fills_in_sign_in()

    kasubbag.reads(TITLE)
    fits(kasubbag)
    kasubbag.button(f"Ambil {STEP}").tap()
    kasubbag.heads(STEP)
    fits(kasubbag)
    kasubbag.page.get_by_label("Catatan").tap()
    kasubbag.page.keyboard.type("Dikerjakan dari lapangan.")
    kasubbag.button("Selesai").tap()
    kasubbag.reads("Langkah selesai.")
    fits(kasubbag)
    kasubbag.opens(f"/cases/{case}")
    kasubbag.reads("Dikerjakan dari lapangan.")
    fits(kasubbag)


def test_the_diagram_is_drawn_only_when_a_finger_asks_for_it(
    officer: Callable[..., Officer],
) -> None:
    kasubbag = officer("kasubbag.gambut", **PHONE)
    kasubbag.opens(f"/cases/{kasubbag.site.office.starts(TITLE)}")
    diagram = kasubbag.page.locator(".diagram-canvas svg[role=img]")
    assert diagram.count() == 0
    kasubbag.page.locator("summary").tap()
    diagram.wait_for()
    fits(kasubbag)
