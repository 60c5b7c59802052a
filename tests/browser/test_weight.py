"""The first page over a slow line: how much must come before anything can be read."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.officer import Officer

MOST = 150_000


def test_the_first_page_of_a_busy_inbox_weighs_little(
    officer: Callable[..., Officer], capsys: pytest.CaptureFixture[str]
) -> None:
    kasubbag = officer("kasubbag.gambut")
    for number in range(30):
        kasubbag.site.office.starts(f"Data kinerja bulan ke-{number}")
    came = on_the_wire(kasubbag, "/")
    with capsys.disabled():
        print(f"\ninbox, uncached: {sum(came.values()) / 1000:.1f} kB over the wire, ", end="")
        print(", ".join(f"{name} {size / 1000:.1f}" for name, size in came.items()))
    assert sum(came.values()) <= MOST


def on_the_wire(who: Officer, path: str) -> dict[str, int]:
    """Bytes of each answer, its head included, as they came."""
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def asked(event: dict[str, Any]) -> None:
        names[event["requestId"]] = event["request"]["url"].removeprefix(who.site.url)

    def came(event: dict[str, Any]) -> None:
        sizes[names[event["requestId"]]] = int(event["encodedDataLength"])

    line = who.context.new_cdp_session(who.page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.on("Network.requestWillBeSent", asked)
    line.on("Network.loadingFinished", came)
    who.page.goto(who.site.url + path, wait_until="networkidle")
    return {name: size for name, size in sizes.items() if not name.startswith("data:")}
