"""Notice whatever a page does that it must not: errors, breaches of its policy, other hosts."""

from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

# Chromium's word for every answer of 400 and more, whether a page or a part of one.
_REFUSED: Final = "Failed to load resource: the server responded with a status of"
_CUT: Final = ("Failed to load resource: ", "TypeError: Failed to fetch")
# Nothing is fetched from anywhere for these.
_LOCAL: Final = {"data", "blob", "about"}


class Watch:
    """Keeps a list of what went wrong in the browser contexts it was told of."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.wrongs: list[str] = []
        self._pages: set[str] = set()
        # A story may cut the line; the browser says so of every part that does not come.
        self.line_is_cut = False

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._said)
        context.on("weberror", self._broke)
        context.on("request", self._asked)
        context.on("response", self._answered)

    def is_content(self) -> None:
        """Nothing has gone wrong since it was last asked."""
        wrongs, self.wrongs = self.wrongs, []
        assert not wrongs, "\n".join(wrongs)

    def _said(self, message: ConsoleMessage) -> None:
        """A breach of the policy is said here, too."""
        is_said = message.type in {"error", "warning"}
        if self.line_is_cut and message.text.startswith(_CUT):
            return
        if is_said and not self._is_a_refused_page(message):
            self.wrongs.append(f"{message.type} on the console: {message.text}")

    def _is_a_refused_page(self, message: ConsoleMessage) -> bool:
        """That a page or a deed is refused may be a story's matter; a missing part is not."""
        return message.text.startswith(_REFUSED) and message.location["url"] in self._pages

    def _broke(self, error: WebError) -> None:
        self.wrongs.append(f"error in a script: {error.error}")

    def _asked(self, request: Request) -> None:
        where = urlsplit(request.url)
        if where.scheme not in _LOCAL and where.netloc != self.host:
            self.wrongs.append(f"request to another host: {request.url}")
        if request.is_navigation_request() or request.method == "POST":
            self._pages.add(request.url)

    def _answered(self, response: Response) -> None:
        if response.status >= 500 and not self.line_is_cut:
            self.wrongs.append(f"{response.status} from {response.url}")
