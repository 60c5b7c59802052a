"""What happened to a case, in order: each line seals the one before it."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine.access import Actor
from engine.models import Case, Event


class BrokenChain(AlurError):
    sentence = N_(
        "Riwayat berkas %(case)s rusak pada catatan ke-%(number)s: "
        "isinya tidak cocok dengan segelnya."
    )


@dataclass(frozen=True)
class Entry:
    """A line to be written: what happened, to which task, by whom and as what."""

    kind: str
    at: datetime
    person_id: int | None = None
    capacity: str | None = None
    task_id: int | None = None
    detail: dict[str, Any] | None = None


def by(
    actor: Actor,
    kind: str,
    at: datetime,
    post_id: int | None = None,
    *,
    capacity: str | None = None,
    task_id: int | None = None,
    detail: dict[str, Any] | None = None,
) -> Entry:
    """The line of a person's deed: as holder of the post, or in the capacity that is said."""
    held = actor.holding(post_id)
    capacity = capacity or (held.words if held else None)
    if actor.token is not None:
        # Her program did it: she must be able to tell which one.
        detail = {**(detail or {}), "token": actor.token}
    return Entry(kind, at, actor.person_id, capacity, task_id, detail)


def append(session: Session, case: Case, entries: Iterable[Entry]) -> None:
    """Write the lines and move the head of the chain, in the caller's transaction."""
    write(session, lines(case, entries))


def lines(case: Case, entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """The same, to be written together with those of other cases."""
    return [_line(case, entry) for entry in entries]


def write(session: Session, lines: list[dict[str, Any]]) -> None:
    if lines:
        session.execute(insert(Event).execution_options(render_nulls=True), lines)


def _line(case: Case, entry: Entry) -> dict[str, Any]:
    case.events += 1
    line = {
        "office_id": case.office_id,
        "case_id": case.id,
        "number": case.events,
        "at": entry.at,
        "kind": entry.kind,
        "person_id": entry.person_id,
        "capacity": entry.capacity,
        "task_id": entry.task_id,
        "detail": entry.detail or {},
    }
    case.head = line["hash"] = _seal(case.head, line)
    return line


def _seal(before: str, line: dict[str, Any]) -> str:
    content = {**line, "at": line["at"].astimezone(UTC).isoformat(), "before": before}
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def verify(session: Session) -> int:
    """Walk every chain; the number of lines that were found whole, or BrokenChain."""
    query = select(Case).order_by(Case.id).execution_options(yield_per=500)
    with closing(session.scalars(query)) as found:
        return sum(_verify(session, case) for case in found)


def _verify(session: Session, case: Case) -> int:
    head, number = "", 0
    for number, event in enumerate(_lines(session, case.id), start=1):
        line = {name: getattr(event, name) for name in _SEALED}
        head = _seal(head, line)
        if event.number != number or event.hash != head:
            raise BrokenChain(case=case.id, number=number)
    if (number, head) != (case.events, case.head):
        raise BrokenChain(case=case.id, number=number + 1)
    return number


_SEALED = (
    "office_id",
    "case_id",
    "number",
    "at",
    "kind",
    "person_id",
    "capacity",
    "task_id",
    "detail",
)


def _lines(session: Session, case_id: int) -> Iterator[Event]:
    return iter(
        session.scalars(select(Event).where(Event.case_id == case_id).order_by(Event.number))
    )
