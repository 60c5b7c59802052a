"""Find cases by words of their title, their SOP and what their steps were answered.

Words are kept as we split them, so that both databases see the same ones. The office is one word
more in every passage: a common word of one office is found without reading all others.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, literal_column, select, text, update
from sqlalchemy.orm import Session

from engine.db import Scope
from engine.models import Case, Passage

MOST_WORDS: Final = 8
_LONGEST_WORD: Final = 60
# Characters that are searched: of one answer, and of all of a case.
_LARGEST: Final = 20_000
_LARGEST_OF_CASE: Final = 200_000
_WORD: Final = re.compile(r"[^\W_]+")


def begin(session: Session, case: Case, content: Any) -> None:
    """Let a new case be found by these words."""
    words = f"{_written(content)} {_office_word(case.office_id)}"
    session.add(Passage(office_id=case.office_id, case_id=case.id, words=words))


def remember(session: Session, case: Case, content: Any) -> None:
    """Let the case be found by these words as well."""
    if words := _written(content):
        session.execute(
            update(Passage)
            .where(Passage.case_id == case.id, func.length(Passage.words) < _LARGEST_OF_CASE)
            .values(words=Passage.words + f" {words}")
            .execution_options(synchronize_session=False)
        )


def _written(content: Any) -> str:
    return " ".join(_split(" ".join(texts(content))[:_LARGEST]))


def texts(content: Any) -> Iterator[str]:
    """All that is written in an answer."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for inner in content.values() if isinstance(content, dict) else content:
            yield from texts(inner)


def words_of(search: str) -> list[str]:
    """What somebody is looking for, word by word."""
    return _split(search)[:MOST_WORDS]


def cases_with(session: Session, words: Sequence[str], offices: Scope) -> Select[int]:
    """The cases of these offices in which, for each of these, a word begins so."""
    found = select(Passage.case_id)
    if offices is not None:
        found = found.where(Passage.office_id.in_(offices))
    if session.get_bind().dialect.name == "sqlite":
        match = text("SELECT rowid FROM passage_words WHERE passage_words MATCH :match")
        return found.where(
            Passage.id.in_(match.bindparams(bindparam("match", _fts5(words, offices), unique=True)))
        )
    kept = func.to_tsvector(literal_column("'simple'"), Passage.words)
    query = func.to_tsquery(literal_column("'simple'"), _tsquery(words, offices))
    return found.where(kept.op("@@")(query))


def _fts5(words: Sequence[str], offices: Scope) -> str:
    wanted = " AND ".join(f'"{word}"*' for word in words)
    return f"{wanted} AND ({' OR '.join(_office_words(offices))})" if offices else wanted


def _tsquery(words: Sequence[str], offices: Scope) -> str:
    wanted = " & ".join(f"{word}:*" for word in words)
    return f"{wanted} & ({' | '.join(_office_words(offices))})" if offices else wanted


def _office_words(offices: Scope) -> list[str]:
    return [_office_word(office) for office in sorted(offices or ())]


def _office_word(office_id: int) -> str:
    return f"xkantorx{office_id}"


def _split(written: str) -> list[str]:
    """Lower case, without accents, letters and digits only: nothing a query could trip over."""
    plain = unicodedata.normalize("NFKD", written.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [word[:_LONGEST_WORD] for word in _WORD.findall(plain)]
