"""Twin of web/language.py and web/i18n.py: Indonesian for all, English for whoever chooses it."""

import re
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask, render_template_string
from markupsafe import escape

import web
from tests.web.conftest import Visitor, seen

WEB = Path(web.__file__).parent
CATALOGUE = WEB / "translations" / "en" / "LC_MESSAGES" / "messages.po"
FACT = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def english() -> Catalog:
    return read_po(BytesIO(CATALOGUE.read_bytes()), locale="en")


def test_a_stranger_reads_indonesian_whatever_her_browser_speaks(stranger: Visitor) -> None:
    answer = stranger.opens("/sign-in", headers={"Accept-Language": "en-US,en"})
    assert "Masuk ke Alur" in seen(answer)
    assert '<html lang="id">' in answer.text


def test_english_is_chosen_once_and_stays(stranger: Visitor) -> None:
    answer = stranger.sends("/language", language="en", to="/sign-in?to=/cases")
    assert (answer.status_code, answer.location) == (303, "/sign-in?to=/cases")
    page = stranger.opens("/sign-in")
    assert '<html lang="en">' in page.text
    assert "Sign in to Alur" in seen(page)
    stranger.sends("/language", language="id")
    assert "Masuk ke Alur" in seen(stranger.opens("/sign-in"))


@pytest.mark.parametrize("language", ["", "fr", "../../etc"])
def test_a_language_that_is_not_spoken_changes_nothing(stranger: Visitor, language: str) -> None:
    answer = stranger.sends("/language", language=language)
    assert "bahasa=" not in answer.headers.get("Set-Cookie", "")


def test_the_choice_leads_to_no_other_site(stranger: Visitor) -> None:
    assert stranger.sends("/language", language="en", to="//evil.example").location == "/"


def extracted() -> set[Any]:
    with (WEB / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(WEB.parent, methods, options)
    return {ids for _file, _line, ids, _comments, _context in found}


def test_every_sentence_is_in_the_english_catalogue(english: Catalog) -> None:
    kept = {message.id for message in english if message.id}
    assert extracted() == kept, "bring the catalogue up to date: make words"


def test_every_sentence_has_its_english(english: Catalog) -> None:
    def is_missing(message: Message) -> bool:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        return message.fuzzy or not all(texts)

    assert [message.id for message in english if message.id and is_missing(message)] == []


def test_a_translation_names_the_same_facts(english: Catalog) -> None:
    for message in english:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in texts:
            assert set(FACT.findall(text)) <= set(FACT.findall(ids[-1])), text


@pytest.mark.parametrize("words", ["<b>selesai</b>", "<img src=x onerror=alert(1)>"])
def test_what_comes_from_a_row_or_a_diagram_stays_text_on_a_page(app: Flask, words: str) -> None:
    page = "{{ _(words) }}|{{ _('oleh %(who)s', who=words) }}|{{ ngettext(words, words, 2) }}"
    with app.test_request_context("/"):
        said, by, counted = render_template_string(page, words=words).split("|")
        assert said == escape(words)
        assert words in unescape(by)
        assert "<" not in by + counted


def test_what_is_counted_is_said_in_the_readers_language(app: Flask) -> None:
    page = "{{ ngettext('%(num)s jam', '%(num)s jam', 2) }}"
    with app.test_request_context("/", headers={"Cookie": "bahasa=en"}):
        assert render_template_string(page) == "2 hours"
