"""An officer at a browser of her own: what she does, in the words of her work."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Locator, Page, Response, expect

from engine import demo
from tests.browser.server import Site


class Officer:
    """She sees what the page shows, and reaches things by the names they carry."""

    def __init__(self, context: BrowserContext, site: Site, account: str) -> None:
        self.context, self.site, self.account = context, site, account
        self.page: Page = context.new_page()

    # --- getting about

    def opens(self, path: str = "/") -> Response:
        answer = self.page.goto(self.site.url + path)
        assert answer is not None, path
        return answer

    def signs_in(self) -> Officer:
        self.opens("/sign-in")
        self.fills_in_sign_in()
        return self

    def is_signed_in(self) -> Officer:
        """Without the page: as if she had done it before."""
        self.keeps("alur", self.site.ticket(self.account))
        return self

    def keeps(self, cookie: str, value: str) -> None:
        self.context.add_cookies([{"name": cookie, "value": value, "url": self.site.url}])

    def fills_in_sign_in(self, password: str = demo.PASSWORD) -> None:
        """On whatever page asked for it."""
        self.page.get_by_label("Akun").fill(self.account)
        self.page.get_by_label("Kata sandi").fill(password)
        self.presses("Masuk")

    def presses(self, name: str) -> None:
        self.button(name).click()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def row(self, text: str) -> Locator:
        return self.page.get_by_role("row").filter(has_text=text)

    # --- her work

    def starts(self, title: str) -> int:
        """Begin a case; its number."""
        self.opens("/cases/new")
        self.page.get_by_label("Judul berkas").fill(title)
        self.presses("Mulai")
        self.reads("Berkas dimulai.")
        return self.number()

    def takes(self, step: str) -> None:
        """From her inbox, straight into the form."""
        self.opens()
        self.presses(f"Ambil {step}")
        self.reads("Tugas ini sekarang milik Anda.")
        self.heads(step)

    def completes(self, note: str = "") -> None:
        self.page.get_by_label("Catatan").fill(note)
        self.presses("Selesai")
        self.reads("Langkah selesai.")

    def decides(self, outcome: str, reason: str = "") -> None:
        self.page.get_by_role("radio", name=re.compile(f"^{outcome}")).check()
        self.page.get_by_label("Alasan").fill(reason)
        self.presses("Kirim keputusan")

    # --- what she sees

    def reads(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator("body")).to_contain_text(text)

    def heads(self, heading: str) -> None:
        """The page's one first heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def number(self) -> int:
        """Of the case or task whose page this is."""
        found = re.search(r"/(?:cases|tasks)/(\d+)", self.page.url)
        assert found is not None, self.page.url
        return int(found[1])
