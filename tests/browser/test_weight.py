"""The first page over a slow line: how much must come before anything can be read."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.officer import Officer

FIRST, AGAIN = 60_000, 12_000


def test_the_first_page_of_a_busy_inbox_weighs_little(
    officer: Callable[..., Officer], capsys: pytest.CaptureFixture[str]
) -> None:
    kasubbag = officer("kasubbag.gambut")
    for number in range(30):
        kasubbag.site.office.starts(f"Data kinerja bulan ke-{number}")
    first, again = on_the_wire(kasubbag, "/", cached=False), on_the_wire(kasubbag, "/")
    with capsys.disabled():
        for name, came in (("uncached", first), ("afterwards", again)):
            parts = ", ".join(f"{name} {size / 1000:.1f}" for name, size in came.items())
            print(f"\ninbox, {name}: {sum(came.values()) / 1000:.1f} kB over the wire, {parts}")
    assert sum(first.values()) <= FIRST
    assert sum(again.values()) <= AGAIN


def test_nothing_but_the_style_sheet_stands_between_the_page_and_its_reader(
    officer: Callable[..., Officer],
) -> None:
    """On a slow line each file that must come first costs a trip there and back."""
    kasubbag = officer("kasubbag.gambut")
    kasubbag.opens()
    held_up = kasubbag.page.locator(
        "head link[rel=stylesheet], head script:not([type=module]):not([defer]):not([async])"
    )
    assert held_up.count() == 1


def on_the_wire(who: Officer, path: str, *, cached: bool = True) -> dict[str, int]:
    """Bytes of each answer, its head included, as they came."""
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def asked(event: dict[str, Any]) -> None:
        names[event["requestId"]] = event["request"]["url"].removeprefix(who.site.url)

    def came(event: dict[str, Any]) -> None:
        if event["requestId"] in names:
            sizes[names[event["requestId"]]] = int(event["encodedDataLength"])

    line = who.context.new_cdp_session(who.page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": not cached})
    line.on("Network.requestWillBeSent", asked)
    line.on("Network.loadingFinished", came)
    who.page.goto(who.site.url + path, wait_until="networkidle")
    line.detach()
    return {name: size for name, size in sizes.items() if not name.startswith("data:")}
