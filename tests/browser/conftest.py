"""One browser for all stories; a site of its own, on its own day, for each."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser import chromium, scene, server
from tests.browser.officer import Officer
from tests.browser.server import Site
from tests.browser.watch import Watch

# A shared machine may pause; a page that takes longer has broken.
PATIENCE = 30_000  # ms
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if chromium.path() is None:
        pytest.fail(chromium.MISSING, pytrace=False)
    with chromium.launched() as browser:
        yield browser


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
    watch.is_content()


def watched(browser: Browser, watch: Watch, **options: Any) -> BrowserContext:
    """A browser of her own: her own cookies, her own screen."""
    facts = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
    context = browser.new_context(**{**facts, **options})
    context.set_default_timeout(PATIENCE)
    watch.over(context)
    return context


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
        officer = Officer(watched(self.browser, self.watch), self.site, account)
        officer.keeps("bahasa", language)
        return officer.is_signed_in() if account else officer


@pytest.fixture(scope="package")
def shared_morning(
    browser: Browser, filled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Morning]:
    with server.open_site(filled, tmp_path_factory.mktemp("site")) as site:
        yield Morning(site, browser, Watch(site.url))


@pytest.fixture
def morning(shared_morning: Morning) -> Iterator[Morning]:
    yield shared_morning
    shared_morning.watch.is_content()


class Hire(Protocol):
    def __call__(self, account: str, **options: Any) -> Officer: ...


@pytest.fixture
def comes(browser: Browser, site: Site, watch: Watch) -> Iterator[Hire]:
    """`comes("camat.gambut")` is she at a browser of her own, not yet signed in."""
    with ExitStack() as contexts:

        def officer(account: str, **options: Any) -> Officer:
            context = contexts.enter_context(watched(browser, watch, **options))
            return Officer(context, site, account)

        yield officer


@pytest.fixture
def officer(comes: Hire) -> Callable[..., Officer]:
    """`officer("camat.gambut")` is she, signed in."""
    return lambda account, **options: comes(account, **options).is_signed_in()
