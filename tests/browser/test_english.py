"""English for whoever chooses it: every word of ours; the office's own words stay its own."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import expect
from sqlalchemy import select

import bpmn.reader
from bpmn import library
from engine.db import EVERYWHERE, Database
from engine.models import (
    BatchRow,
    CalendarChange,
    Case,
    Comment,
    Incident,
    Office,
    Person,
    Post,
    Reply,
    Task,
    Token,
    Upload,
)
from engine.worktime import national
from tests import questionnaire
from tests.browser.conftest import Hire, Morning
from tests.browser.scene import PAGES

CATALOGUE: Final = Path(__file__).parents[2] / "web/translations/en/LC_MESSAGES/messages.po"
# What somebody wrote or searched for stands in these wherever we repeat it.
QUOTED: Final = re.compile(r"“[^”]*”")
WORD: Final = re.compile(r"[^\W\d_]{3,}")

# All that a page says, aloud or silently, but what is drawn in the diagram or read by programs.
SAID: Final = """() => {
  const aloud = /^(alt|title|placeholder|aria-(label|description)|data-(label|confirm).*)$/;
  const said = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode())
    if (!walk.currentNode.parentElement.closest('svg, script, code, [lang=id]'))
      said.push(walk.currentNode.data);
  for (const it of document.querySelectorAll('body *'))
    for (const { name, value } of it.attributes)
      if (aloud.test(name)) said.push(value);
  return said.map((text) => text.replace(/\\s+/g, ' ').trim()).filter(Boolean);
}"""


@pytest.fixture(scope="module")
def indonesian() -> set[str]:
    """The words of our sentences that no English sentence of ours has."""
    with CATALOGUE.open("rb") as file:
        sentences = list(read_po(file, locale="en"))
    return words(line.id for line in sentences) - words(line.string for line in sentences)


def words(sentences: Any) -> set[str]:
    plain = " ".join(" ".join([it] if isinstance(it, str) else it) for it in sentences)
    return {word.lower() for word in WORD.findall(re.sub(r"%\(\w+\)\w", " ", plain))}


@pytest.fixture(scope="module")
def content(shared_morning: Morning) -> list[str]:
    """What offices wrote themselves, the longest first, so that no part of one is left over."""
    told = {*_drawn(), *_kept(shared_morning.site.database), *_decreed()}
    return sorted((text for text in told if WORD.search(text)), key=len, reverse=True)


def _drawn() -> Iterator[str]:
    for office in library.offices():
        for sop in library.sops(office):
            yield from _texts(bpmn.reader.read(library.load(f"{office}/{sop}")))
    yield from _texts(bpmn.reader.read(questionnaire.drawn()))


def _texts(drawn: Any) -> Iterator[str]:
    """Every text of a model, however deep."""
    if isinstance(drawn, str):
        yield " ".join(drawn.split())
    elif isinstance(drawn, tuple):
        for part in drawn:
            yield from _texts(part)
    elif is_dataclass(drawn):
        for field in fields(drawn):
            yield from _texts(getattr(drawn, field.name))


def _decreed() -> Iterator[str]:
    """Holidays bear the names that the decree gives them."""
    for year in range(2025, 2029):
        yield from national.days(year, True, True).values()


def _kept(database: Database) -> Iterator[str]:
    columns = [
        Office.name,
        Office.kabupaten,
        Office.province,
        Person.name,
        Person.account,
        Post.name,
    ]
    columns += [Case.title, Task.name, Task.lane, Incident.sentence, Upload.slug, Token.name]
    columns += [CalendarChange.reason, Reply.text, BatchRow.why]
    with database.reading(EVERYWHERE) as session:
        for failures in session.scalars(select(CalendarChange.failures)):
            yield from (failure["why"] for failure in failures)
        for said in session.scalars(select(Comment.text)):
            # Whoever is called by name stands apart.
            yield from re.split(r"@\w+ \w+", said)
        for column in columns:
            yield from filter(None, session.scalars(select(column).distinct()))


# What the rules find in a diagram is told in Indonesian only, as yet.
TRANSLATED: Final = {
    name: page for name, page in PAGES.items() if not name.startswith("draft with")
}


@pytest.mark.parametrize(("account", "path"), TRANSLATED.values(), ids=TRANSLATED)
def test_a_page_says_nothing_of_ours_in_indonesian(
    morning: Morning, indonesian: set[str], content: list[str], account: str, path: str
) -> None:
    page = morning.opens(account, path, language="en").page
    expect(page.locator("html")).to_have_attribute("lang", "en")
    left = [_without(content, text) for text in page.evaluate(SAID)]
    found = {text: sorted(mixed) for text in left if (mixed := words([text]) & indonesian)}
    assert found == {}


def _without(content: list[str], text: str) -> str:
    for theirs in content:
        text = text.replace(theirs, "")
    return QUOTED.sub("", text)


def test_the_language_is_chosen_on_any_page_and_kept(comes: Hire) -> None:
    camat = comes("camat.gambut")
    camat.opens("/sign-in")
    camat.presses("English")
    camat.page.get_by_label("Account").fill("camat.gambut")
    camat.page.get_by_label("Password").fill("coba-alur-bersama")
    camat.presses("Sign in")
    camat.heads("What waits for you")
    camat.opens("/cases?status=done")
    camat.presses("Bahasa Indonesia")
    camat.heads("Berkas")
    assert camat.page.url.endswith("/cases?status=done")
