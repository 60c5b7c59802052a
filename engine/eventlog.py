"""Hand over what happened as an event log for process mining: XES, as IEEE 1849 writes it.

Nobody's name is in it: who did something is the post that did it. Titles and answers stay here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import IO, Any, Final
from xml.sax.saxutils import quoteattr

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine.models import Case, Event, Office, Post, Revision, Sop, Task
from engine.periods import Period

# More than a file that somebody downloads while she waits.
MOST_CASES: Final = 5_000
_AT_ONCE: Final = 500

# What the lifecycle of the standard calls it.
TRANSITIONS: Final[Mapping[str, str]] = {
    "opened": "schedule",
    "claimed": "start",
    "released": "reassign",
    "unassigned": "reassign",
    "pooled": "reassign",
    "delegated": "reassign",
    "returned": "reassign",
    "recalled": "reassign",
    "handed over": "reassign",
    "handed back": "reassign",
    "assigned": "reassign",
    "substituted": "reassign",
    "placed": "reassign",
    "paused": "suspend",
    "unpaused": "resume",
    "withdrawn": "withdraw",
    "completed": "complete",
}
_EXTENSIONS: Final = {
    "Concept": "concept",
    "Lifecycle": "lifecycle",
    "Organizational": "org",
    "Time": "time",
}
_NO_XML: Final = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


class TooMany(AlurError):
    sentence = N_(
        "Kurun ini memuat %(count)s berkas, paling banyak %(most)s untuk satu log. Pilih kurun "
        "yang lebih pendek."
    )
    status = 422


def write(session: Session, sop: Sop, office: Office, period: Period, out: IO[bytes]) -> int:
    """The log of the berkas that were begun in the period; how many there are."""
    begin, end = period.instants(office.zone)
    cases = session.execute(
        select(Case.id, Case.status, Case.started_at, Case.ended_at, Revision.number)
        .join(Revision, Revision.id == Case.revision_id)
        .where(Case.sop_id == sop.id, Case.started_at >= begin, Case.started_at < end)
        .order_by(Case.id)
        .limit(MOST_CASES + 1)
    ).all()
    if len(cases) > MOST_CASES:
        raise TooMany(count=f"{MOST_CASES}+", most=MOST_CASES)
    for piece in _log(session, sop, office, cases):
        out.write(piece.encode())
    return len(cases)


def _log(session: Session, sop: Sop, office: Office, cases: Sequence[Any]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<log xmlns="http://www.xes-standard.org/" xes.version="1849.2016" xes.features="">\n'
    for name, prefix in _EXTENSIONS.items():
        uri = f"http://www.xes-standard.org/{prefix}.xesext"
        yield f'<extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n'
    yield f'<global scope="trace">{_text("concept:name", "-")}</global>\n'
    at = _date("time:timestamp", datetime.fromtimestamp(0, UTC))
    always = _text("concept:name", "-") + _text("lifecycle:transition", "complete") + at
    yield f'<global scope="event">{always}</global>\n'
    yield '<classifier name="Activity" scope="event" keys="concept:name"/>\n'
    keys = "concept:name lifecycle:transition"
    yield f'<classifier name="ActivityAndLifecycle" scope="event" keys="{keys}"/>\n'
    yield _text("concept:name", sop.name) + _text("lifecycle:model", "standard")
    yield _text("kantor", office.name) + _text("sop", f"{office.slug}/{sop.slug}") + "\n"
    for first in range(0, len(cases), _AT_ONCE):
        some = cases[first : first + _AT_ONCE]
        events = _events(session, [case.id for case in some])
        for case in some:
            yield from _trace(case, office, events.get(case.id, ()))
    yield "</log>\n"


def _events(session: Session, case_ids: Sequence[int]) -> dict[int, list[Any]]:
    """What happened to the tasks of these cases, in its order."""
    rows = session.execute(
        select(
            Event.case_id,
            Event.at,
            Event.kind,
            Task.id,
            Task.step,
            Task.name,
            Task.outcome,
            Task.waited,
            Task.worked,
            (Task.ended_at > Task.due_at).label("is_late"),
            Post.slug,
            Post.name.label("post"),
        )
        .join(Task, Task.id == Event.task_id)
        .outerjoin(Post, Post.id == Task.post_id)
        .where(Event.case_id.in_(case_ids), Event.kind.in_(TRANSITIONS))
        .order_by(Event.case_id, Event.number)
    )
    events: dict[int, list[Any]] = {}
    for row in rows:
        events.setdefault(row.case_id, []).append(row)
    return events


def _trace(case: Any, office: Office, events: Sequence[Any]) -> Iterator[str]:
    yield "<trace>" + _text("concept:name", str(case.id)) + _text("keadaan", case.status)
    yield _whole("revisi", case.number) + "\n"
    for event in events:
        yield _event(event, office)
    yield "</trace>\n"


def _event(row: Any, office: Office) -> str:
    parts = [
        _text("concept:name", row.name),
        _text("concept:instance", str(row.id)),
        _text("lifecycle:transition", TRANSITIONS[row.kind]),
        _date("time:timestamp", row.at),
        _text("org:group", office.slug),
        _text("langkah", row.step),
    ]
    if row.slug is not None:
        # A post, not a person: whoever holds it.
        parts += [_text("org:resource", f"{office.slug}/{row.slug}"), _text("org:role", row.post)]
    if row.kind == "completed":
        parts += _completed(row)
    return f"<event>{''.join(parts)}</event>\n"


def _completed(row: Any) -> Iterator[str]:
    if row.outcome:
        yield _text("hasil", row.outcome)
    yield _yes_or_no("terlambat", bool(row.is_late))
    for name, seconds in (("menunggu_detik", row.waited), ("dikerjakan_detik", row.worked)):
        if seconds is not None:
            yield _whole(name, seconds)


# --- attributes ----------------------------------------------------------------------------------


def _text(key: str, value: str) -> str:
    return f'<string key="{key}" value={quoteattr(_NO_XML.sub("", value))}/>'


def _whole(key: str, value: int) -> str:
    return f'<int key="{key}" value="{value}"/>'


def _yes_or_no(key: str, value: bool) -> str:
    return f'<boolean key="{key}" value="{str(value).lower()}"/>'


def _date(key: str, at: datetime) -> str:
    """In UTC, and saying so."""
    return f'<date key="{key}" value="{at.astimezone(UTC).isoformat(timespec="milliseconds")}"/>'
