"""The inbox over a weak signal: 400 kb/s and 400 ms there and back, in a real browser."""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser

from tests.bench.measure import Figure
from tests.browser import chromium, server
from tests.browser.officer import Officer
from tests.browser.server import Site

ROUNDS = 5
SLOW = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
CONTENT = """() => new Promise((done) => new PerformanceObserver((list) =>
  done(list.getEntriesByName('first-contentful-paint')[0].startTime)
).observe({ type: 'paint', buffered: true }))"""


def figures() -> Iterator[Figure]:
    filled = server.fill(Path(tempfile.mkdtemp()))
    with chromium.launched() as browser, server.open_site(filled, Path(tempfile.mkdtemp())) as site:
        for number in range(30):
            site.office.starts(f"Data kinerja bulan ke-{number}")
        first = [_content(browser, site) for _ in range(ROUNDS)]
        yield Figure(
            "inbox on 400 kb/s, 400 ms: content", statistics.median(first), "ms", "<= 3,000"
        )
        yield Figure("inbox on 400 kb/s, 400 ms: content, worst", max(first), "ms")


def _content(browser: Browser, site: Site) -> float:
    """When something can be read, the first time on this device."""
    context = browser.new_context(viewport={"width": 390, "height": 780})
    officer = Officer(context, site, "kasubbag.gambut").is_signed_in()
    line = context.new_cdp_session(officer.page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    officer.page.goto(site.url)
    seen: float = officer.page.evaluate(CONTENT)
    context.close()
    return seen
