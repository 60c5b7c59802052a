"""The reasons an office lets people choose from: its own list, each kept by its code for ever."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import chain, count
from typing import Final

import orjson
from sqlalchemy.orm import Session

from bpmn.errors import N_
from bpmn.lanes import slug
from engine import access, identity
from engine.access import Actor
from engine.models import Office
from tasks.excuses import ENDED, OTHER, USUAL, reasons
from tasks.ground import TaskError

MOST: Final = 30
LONGEST: Final = 100
_LONGEST_CODE: Final = 30
# The one that asks for a word is on every list.
_LAST: Final = USUAL[-1]


class ListError(TaskError):
    """A list that cannot be; `field` is the row to mend."""

    status = 422

    def __init__(self, row: int, **facts: object) -> None:
        super().__init__(**facts)
        self.field = f"text-{row}"


class ReasonTooLong(ListError):
    sentence = N_("Sebab terlalu panjang: paling banyak %(limit)s huruf.")


class ReasonTwice(ListError):
    sentence = N_("“%(text)s” sudah ada dalam daftar ini.")


class TooManyReasons(ListError):
    sentence = N_("Paling banyak %(limit)s sebab: lebih dari itu tidak ada yang membacanya.")


class ListChanged(TaskError):
    sentence = N_("Daftar ini baru saja diubah orang lain. Inilah isinya sekarang.")


def chosen(office: Office) -> Sequence[Mapping[str, str]]:
    """What an office may change of its list: all but the one that asks for a word."""
    return [each for each in reasons(office) if each["code"] != OTHER]


def mark(office: Office) -> str:
    """Tells a list from the one somebody else has made of it."""
    return hashlib.sha256(orjson.dumps(list(map(dict, reasons(office))))).hexdigest()[:16]


def choose(
    session: Session,
    actor: Actor,
    office: Office,
    rows: Sequence[tuple[str, str]],
    seen: str,
    now: datetime,
) -> None:
    """Let these be the office's reasons, by code and words; none at all are the usual ones."""
    access.require(actor, "office.furnish", office.id)
    session.refresh(office, with_for_update={"key_share": True})
    if seen != mark(office):
        raise ListChanged
    before = [each["text"] for each in reasons(office)]
    named = _named(office, _checked(rows))
    if named:
        named.append(dict(_LAST))
    codes = {each["code"] for each in named}
    ended = [
        {**each, ENDED: "1"} for each in office.late_reasons if each["code"] not in codes | {OTHER}
    ]
    office.late_reasons = [*named, *ended]
    after = [each["text"] for each in reasons(office)]
    if after != before:
        identity.note(session, actor, office, "reasons", now, {"before": before, "after": after})


def _checked(rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    known = set[str]()
    found = list[tuple[str, str]]()
    for number, (code, typed) in enumerate(rows):
        text = " ".join(typed.split())
        if not text:
            continue
        if len(text) > LONGEST:
            raise ReasonTooLong(number, limit=LONGEST)
        if text.casefold() in known | {_LAST["text"].casefold()}:
            raise ReasonTwice(number, text=text)
        if len(found) >= MOST - 1:
            raise TooManyReasons(number, limit=MOST)
        known.add(text.casefold())
        found.append((code, text))
    return found


def _named(office: Office, rows: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Each keeps its code when its words change; what comes back has the code that it had."""
    known = {each["code"]: each["text"] for each in (*USUAL, *office.late_reasons)}
    once = {text.casefold(): code for code, text in known.items()}
    used, meant = set[str](), {code for code, _ in rows if code in known}
    named = list[dict[str, str]]()
    for code, text in rows:
        if code not in known or code == OTHER or code in used:
            code = once.get(text.casefold(), "")
            if not code or code in used | meant:
                code = _new_code(text, known.keys() | used)
        used.add(code)
        named.append({"code": code, "text": text})
    return named


def _new_code(text: str, taken: Collection[str]) -> str:
    short = slug(text)[:_LONGEST_CODE] or "sebab"
    tries = chain([short], (f"{short}-{number}" for number in count(2)))
    return next(code for code in tries if code not in taken)
