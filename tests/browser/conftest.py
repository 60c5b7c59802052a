"""One browser for all stories; a site of its own, on its own day, for each."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import chromium, scene, server
from tests.browser.officer import Officer
from tests.browser.server import Site
from tests.browser.watch import Watch

# A shared machine may pause; a page that takes longer has broken.
PATIENCE = 10_000  # ms
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    try:
        with chromium.launched() as browser:
            yield browser
    except chromium.ChromiumMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="package")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return server.fill(tmp_path_factory.mktemp("demo"))


@pytest.fixture
def site(filled: Path, tmp_path: Path) -> Iterator[Site]:
    with server.open_site(filled, tmp_path) as site:
        yield site


@pytest.fixture
def watch(site: Site) -> Iterator[Watch]:
    """Every page of every officer is watched; at the end nothing may have gone wrong."""
    watch = Watch(site.url)
    yield watch
    assert not watch.wrongs, "\n".join(watch.wrongs)


class Morning:
    """An office with a berkas in every state; nobody changes it, so many tests share it."""

    def __init__(self, site: Site, browser: Browser, watch: Watch) -> None:
        self.site, self.browser, self.watch = site, browser, watch
        self.numbers = scene.furnish(site)
        self._officers: dict[tuple[str, str], Officer] = {}

    def officer(self, account: str, language: str = "id") -> Officer:
        """Signed in once and kept; "" is nobody, before the sign-in page."""
        known = self._officers
        return known.get((account, language)) or known.setdefault(
            (account, language), self._comes(account, language)
        )

    def opens(self, account: str, path: str, language: str = "id") -> Officer:
        officer = self.officer(account, language)
        officer.page.set_viewport_size({"width": 1440, "height": 900})
        officer.opens(path.format(**self.numbers))
        return officer

    def _comes(self, account: str, language: str) -> Officer:
        context = self.browser.new_context(reduced_motion="reduce")
        self.watch.over(context)
        officer = Officer(context, self.site, account)
        if account:
            officer.signs_in()
        context.add_cookies([{"name": "bahasa", "value": language, "url": self.site.url}])
        return officer


@pytest.fixture(scope="module")
def morning(
    browser: Browser, filled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Morning]:
    with server.open_site(filled, tmp_path_factory.mktemp("site")) as site:
        watch = Watch(site.url)
        yield Morning(site, browser, watch)
        assert not watch.wrongs, "\n".join(watch.wrongs)


class Hire(Protocol):
    def __call__(self, account: str, **options: Any) -> Officer: ...


@pytest.fixture
def comes(browser: Browser, site: Site, watch: Watch) -> Iterator[Hire]:
    """`comes("camat.gambut")` is she at a browser of her own, not yet signed in."""
    with ExitStack() as contexts:

        def officer(account: str, **options: Any) -> Officer:
            facts = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
            context = contexts.enter_context(browser.new_context(**{**facts, **options}))
            context.set_default_timeout(PATIENCE)
            watch.over(context)
            return Officer(context, site, account)

        yield officer


@pytest.fixture
def officer(comes: Hire) -> Callable[..., Officer]:
    """`officer("camat.gambut")` is she, signed in and before her inbox."""
    return lambda account, **options: comes(account, **options).signs_in()
