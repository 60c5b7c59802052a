"""Speak Indonesian, and English to whoever chooses it. The sentences in the code are the keys."""

from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Final

import flask_babel  # type: ignore[import-untyped]
from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, request
from markupsafe import Markup, escape

LANGUAGES: Final = {"id": "Bahasa Indonesia", "en": "English"}
COOKIE: Final = "bahasa"
_CATALOGUES: Final = Path(__file__).parent / "translations"


def _(sentence: str, **facts: object) -> str:
    """The sentence in the reader's language, with its facts."""
    return str(flask_babel.gettext(sentence, **facts))


def ngettext(one: str, many: str, num: int) -> str:
    """For what is counted; Indonesian says both alike, English does not."""
    return str(flask_babel.ngettext(one, many, num))


def language() -> str:
    return str(locale())


def locale() -> Locale:
    return flask_babel.get_locale() or Locale("id")


def init_app(app: Flask) -> None:
    _Babel(app, default_locale="id", locale_selector=_chosen)
    app.jinja_env.globals.update(language=language, languages=LANGUAGES)
    # Jinja's own trust every sentence; some of ours come from rows and diagrams.
    app.jinja_env.globals.update(gettext=_on_a_page, ngettext=_counted_on_a_page)


def _on_a_page(sentence: str, **facts: object) -> Markup:
    return _said(flask_babel.gettext(sentence), facts)


def _counted_on_a_page(one: str, many: str, num: int, **facts: object) -> Markup:
    found = flask_babel.get_domain().get_translations().ungettext(one, many, num)
    return _said(found, {"num": num, **facts})


def _said(sentence: str, facts: dict[str, object]) -> Markup:
    """Neither what is said nor what it is said of becomes a part of the page."""
    return escape(sentence) % facts if facts else escape(sentence)


def _chosen() -> str:
    """Not what the browser asks for: half of the offices' browsers speak English, few people do."""
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else "id"


class _Catalogues(flask_babel.Domain):  # type: ignore[misc]
    """Read a catalogue as the translators wrote it: 10 ms once, and nothing to compile."""

    def get_translations(self) -> NullTranslations:
        chosen = language()
        if chosen not in self.cache:
            self.cache[chosen] = _read(chosen)
        found: NullTranslations = self.cache[chosen]
        return found


class _Babel(flask_babel.Babel):  # type: ignore[misc]
    @cached_property
    def domain_instance(self) -> flask_babel.Domain:
        return _Catalogues()


def _read(chosen: str) -> NullTranslations:
    path = _CATALOGUES / chosen / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=chosen))
    compiled.seek(0)
    return Translations(compiled)
