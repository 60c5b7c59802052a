"""A camat gives her office its emblem; everybody sees it on the SOP, and it is only a picture."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Hire

SOP = "/sops/gambut/pengumpulan-dan-pengukuran-data-kinerja"
DRAWN = "(picture) => picture.complete && [picture.naturalWidth, picture.naturalHeight]"


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_a_real_picture_is_drawn_at_the_head_of_the_sop(
    comes: Hire, tmp_path: Path, kind: str
) -> None:
    camat, picture = comes("camat.gambut").is_signed_in(), tmp_path / f"lambang.{kind}"
    camat.opens("/offices/gambut/settings")
    clip = {"x": 0.0, "y": 0.0, "width": 120.0, "height": 140.0}
    camat.page.screenshot(path=picture, type=kind, clip=clip)  # type: ignore[arg-type]
    camat.page.get_by_label("Gambar lambang").set_input_files(picture)
    camat.presses("Simpan lambang")
    camat.reads("Lambang disimpan")
    shown = camat.page.get_by_alt_text("Lambang Kecamatan Gambut")
    expect(shown).to_be_visible()
    assert shown.evaluate(DRAWN) == [120, 140]

    staf = comes("staf.gambut").is_signed_in()
    staf.opens(SOP)
    emblem = staf.page.locator(".identity-emblem")
    expect(emblem).to_be_visible()
    assert emblem.evaluate(DRAWN) == [120, 140]
