"""Ways to look at a list: by SOP, step, lane, words, and when it was opened or is due."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine.db import Scope
from engine.models import Office, Task
from engine.models.task import is_late
from engine.search import cases_with, words_of

LONGEST: Final = 100


class BadDay(AlurError):
    sentence = N_("“%(text)s” bukan tanggal. Tulis seperti 2026-03-31.")
    status = 422


class Backwards(AlurError):
    sentence = N_("Tanggal akhir ini mendahului tanggal awalnya.")
    status = 422


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; nothing said, nothing left out."""

    search: str = ""
    office: int | None = None
    sop: int | None = None
    step: str = ""
    # The step of this SOP by the id it has in the diagram.
    element: str = ""
    post: int | None = None
    person: int | None = None
    kabupaten: str = ""
    lane: str = ""
    opened_from: date | None = None
    opened_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    no_due: bool = False
    late: bool = False
    # What was said and cannot be used, by its field.
    wrong: Mapping[str, AlurError] = field(default_factory=dict, compare=False)

    @property
    def active(self) -> int:
        """How many of them narrow the list, the search apart."""
        said = {entry.name for entry in fields(self) if getattr(self, entry.name)}
        return len(said - {"search", "wrong"})

    def query(self, **more: str) -> str:
        """The same as the end of an address."""
        return urlencode({**self.said(), **{name: text for name, text in more.items() if text}})

    def said(self) -> dict[str, str]:
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return {
            name: "1" if value is True else str(value)
            for name, value in values.items()
            if value and name != "wrong"
        }

    def conditions(
        self, session: Session, offices: Scope, zone: str, now: datetime
    ) -> list[ColumnElement[bool]]:
        """The same as conditions on tasks and their cases."""
        chosen = [
            Task.sop_id == self.sop if self.sop else None,
            Task.step == self.element if self.element else None,
            Task.office_id == self.office if self.office else None,
            Task.office_id.in_(_within(self.kabupaten)) if self.kabupaten else None,
            Task.post_id == self.post if self.post else None,
            Task.claimed_by == self.person if self.person else None,
            Task.name.icontains(self.step, autoescape=True) if self.step else None,
            Task.lane.icontains(self.lane, autoescape=True) if self.lane else None,
            Task.due_at.is_(None) if self.no_due else None,
            is_late(now) if self.late else None,
            Task.opened_at >= _start(self.opened_from, zone) if self.opened_from else None,
            Task.opened_at < _end(self.opened_to, zone) if self.opened_to else None,
            Task.due_at >= _start(self.due_from, zone) if self.due_from else None,
            Task.due_at < _end(self.due_to, zone) if self.due_to else None,
        ]
        said = [condition for condition in chosen if condition is not None]
        return said + matching(session, offices, self.search)


EVERYTHING: Final = Filter()


def _within(kabupaten: str) -> Select[int]:
    return select(Office.id).where(Office.kabupaten == kabupaten)


def matching(session: Session, offices: Scope, search: str) -> list[ColumnElement[bool]]:
    """Tasks whose case is found by these words, or whose step is called so, or some of each."""
    words = words_of(search)
    if not words:
        return [false()] if search.strip() else []
    called = [Task.name.icontains(word, autoescape=True) for word in words]

    def found(some: list[str]) -> ColumnElement[bool]:
        return Task.case_id.in_(cases_with(session, some, offices))

    # What the step must be called stands first: cases are looked up only where it is.
    parted = [
        and_(called[at], found(words[:at] + words[at + 1 :]))
        for at in range(len(words))
        if len(words) > 1
    ]
    return [or_(found(words), and_(*called), *parted)]


def read(said: Mapping[str, str]) -> Filter:
    """The filter an address speaks of; what cannot be used is left out and said."""
    values: dict[str, Any] = {}
    wrong: dict[str, AlurError] = {}
    for name, reader in _READERS.items():
        text = said.get(name, "").strip()
        try:
            values[name] = reader(text) if text else None
        except AlurError as error:
            values[name], wrong[name] = None, error
    for first, last in (("opened_from", "opened_to"), ("due_from", "due_to")):
        if values[first] and values[last] and values[last] < values[first]:
            values[last], wrong[last] = None, Backwards()
    known = {name: value for name, value in values.items() if value is not None}
    return Filter(**known, wrong=wrong)


def _text(text: str) -> str:
    return text[:LONGEST]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadDay(text=text[:20]) from None
    # Moved to another zone, the first and the last day there is are none.
    if not MINYEAR < day.year < MAXYEAR:
        raise BadDay(text=text[:20])
    return day


def _switch(text: str) -> bool:
    return text in {"1", "on", "ya"}


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "search": _text,
    "office": _number,
    "sop": _number,
    "step": _text,
    "element": _text,
    "post": _number,
    "person": _number,
    "kabupaten": _text,
    "lane": _text,
    "opened_from": _day,
    "opened_to": _day,
    "due_from": _day,
    "due_to": _day,
    "no_due": _switch,
    "late": _switch,
}


def _start(day: date, zone: str) -> datetime:
    """The first instant of a day where the office is."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def _end(day: date, zone: str) -> datetime:
    return _start(day + timedelta(days=1), zone)
