"""How the work stands, put together: by kabupaten, office, SOP, step, post or person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, String, and_, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from engine.models import Incident, Office, Person, Post, Sop, Task
from engine.paging import Page, read_cursor, write_cursor
from tasks import monitor
from tasks.monitor import VIEWS, Look

GROUPS: Final = ("kabupaten", "office", "sop", "step", "post", "person")


@dataclass(frozen=True)
class Group:
    """How the work stands in one office, of one SOP, on one step, at one post, with one person."""

    key: str
    name: str | None
    # The office, or the SOP, it belongs to.
    within: str | None
    counts: Mapping[str, int]


def groups(
    session: Session, seen: Look, by: str, *, after: str | None = None, limit: int = 50
) -> tuple[Page[Group], dict[str, int]]:
    """How the work stands, group by group, those with the most that is late first; and in all."""
    rows = _grouped(seen, by).subquery()
    whole = [func.sum(rows.c[name]).over().label(f"whole_{name}") for name in _SUMMED]
    each = select(rows, func.count().over().label("groups"), *whole).subquery()
    order = (-each.c.overdue, -each.c["all"], each.c.key)
    wanted = [] if after is None else [_later_than(order, after)]
    query = select(each).where(*wanted).order_by(*order).limit(limit + 1)
    found = session.execute(query).mappings().all()
    names = _names(session, by, {row["key"]: row["example"] for row in found})
    page = [
        Group(row["key"], name, within, {each: int(row[each] or 0) for each in _SUMMED})
        for row in found[:limit]
        for name, within in [names.get(row["key"], (None, None))]
    ]
    first = dict(found[0]) if found else {}
    known = {name: int(first.get(f"whole_{name}") or 0) for name in _SUMMED}
    known["stuck"] = session.scalar(monitor.incidents(session, seen, func.count(Incident.id))) or 0
    last = page[-1] if len(found) > limit else None
    more = write_cursor(last.counts["overdue"], last.counts["all"], last.key) if last else None
    return Page(page, int(first.get("groups") or 0), more), known


_SUMMED: Final = tuple(view for view in VIEWS if view != "stuck")
_KEYS: Final[Mapping[str, Sequence[Any]]] = {
    "kabupaten": (Task.office_id,),
    "office": (Task.office_id,),
    "sop": (Task.sop_id,),
    "step": (Task.sop_id, Task.step),
    "post": (Task.post_id,),
    "person": (Task.claimed_by,),
}


def _grouped(seen: Look, by: str) -> Any:
    """By its key as text, so that one cursor serves them all; nobody and nothing is 0."""
    example = func.min(Task.id).label("example")
    columns = (*_KEYS[by], example, *monitor.sums(seen))
    rows = select(*columns).where(*seen.wanted).group_by(*_KEYS[by]).subquery()
    if by == "kabupaten":
        # First office by office, in the order of the index: only then to which each belongs.
        sums = [func.sum(rows.c[name]).label(name) for name in _SUMMED]
        sums.append(func.min(rows.c.example).label("example"))
        joined = select(Office.kabupaten.label("key"), *sums).select_from(rows)
        return joined.join(Office, Office.id == rows.c.office_id).group_by(Office.kabupaten)
    first, *rest = (rows.c[column.key] for column in _KEYS[by])
    key: ColumnElement[str] = cast(func.coalesce(first, 0), String)
    for part in rest:
        key = key + literal("/") + part
    return select(key.label("key"), rows.c.example, *(rows.c[name] for name in _SUMMED))


def _later_than(order: Sequence[ColumnElement[Any]], after: str) -> ColumnElement[bool]:
    late, every, key = read_cursor(after, int, int, str)
    first, second, third = order
    rest = and_(first == -late, or_(second > -every, and_(second == -every, third > key)))
    return or_(first > -late, rest)


def _names(session: Session, by: str, keys: Mapping[str, int]) -> dict[str, tuple[str, str | None]]:
    """What the groups of a page are called, in one question; each with one of its steps."""
    if by == "kabupaten":
        return {key: (key, None) for key in keys}
    if by == "step":
        return _step_names(session, keys)
    choice: dict[str, tuple[Any, Any]] = {
        "office": (Office, Office.kabupaten),
        "sop": (Sop, Office.name),
        "post": (Post, Office.name),
        "person": (Person, literal(None)),
    }
    noun, within = choice[by]
    query = select(noun.id, noun.name, within).where(noun.id.in_([int(key) for key in keys]))
    if by in ("sop", "post"):
        query = query.join(Office, Office.id == noun.office_id)
    return {str(id): (name, place) for id, name, place in session.execute(query)}


def _step_names(session: Session, keys: Mapping[str, int]) -> dict[str, tuple[str, str | None]]:
    rows = session.execute(
        select(Task.id, Task.name, Task.member, Sop.name)
        .join(Sop, Sop.id == Task.sop_id)
        .where(Task.id.in_(keys.values()))
    )
    # What is done for each of several units bears its unit's name at the end.
    names = {
        id: (name if member is None else name.rpartition(": ")[0] or name, within)
        for id, name, member, within in rows
    }
    return {key: names[id] for key, id in keys.items() if id in names}
