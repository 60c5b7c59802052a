"""What needs an eye in the offices she leads or watches: late, soon, untaken, or stuck."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, String, and_, cast, false, func, literal, or_, select
from sqlalchemy import case as when
from sqlalchemy.orm import Session

from engine import vacancies, worktime
from engine.access import Actor
from engine.db import Scope
from engine.models import Case, Holder, Incident, Office, Pause, Person, Post, Sop, Task
from engine.models.case import is_suspended
from engine.models.task import is_open
from engine.paging import Page, read_cursor, write_cursor
from engine.search import cases_with, words_of
from engine.worktime import Calendar
from tasks import lists
from tasks.filters import Filter

VIEWS: Final = ("attention", "overdue", "soon", "unclaimed", "vacant", "stuck", "paused", "all")
GROUPS: Final = ("kabupaten", "office", "sop", "step", "post", "person")
# Until when a due time counts as soon.
HORIZONS: Final = ("noon", "today", "tomorrow", "week")
# After how many working minutes a step that nobody took has waited too long.
PATIENCES: Final = (30, 60, 120, 240, 480)

# Of more offices than a kabupaten has, the hours of each are not looked at one by one.
_MOST_CALENDARS: Final = 60
_MOST_NAMED: Final = 500
_DAYS: Final = {"noon": 0, "today": 0, "tomorrow": 1, "week": 6}


@dataclass(frozen=True)
class Look:
    """Where somebody looks, and when: what each word of the monitor means to her, as conditions."""

    scope: Scope
    now: datetime
    states: Mapping[str, ColumnElement[bool]]
    wanted: Sequence[ColumnElement[bool]]
    narrowed: Filter
    # For each zone of her offices, until when a due time counts as soon.
    horizons: Mapping[str, datetime]


@dataclass(frozen=True)
class Line:
    """An open step: of which berkas, at whom, and why it is shown."""

    task: Task
    case: Case
    sop: Sop
    office: Office
    post: str | None
    claimed_by: str | None
    # What it waits for, where its own clock stands still.
    pause: Pause | None
    why: frozenset[str] = frozenset()

    @property
    def since(self) -> datetime:
        """When whoever has it got it; where nobody has, when it began to wait."""
        return self.task.claimed_at or self.task.opened_at


@dataclass(frozen=True)
class Stuck:
    """A berkas that could not go on."""

    incident: Incident
    case: Case
    sop: Sop
    office: Office
    step: str | None


class Place(NamedTuple):
    """An office to choose."""

    id: int
    slug: str
    name: str
    kabupaten: str
    zone: str


@dataclass(frozen=True)
class Group:
    """How the work stands in one office, of one SOP, on one step, at one post, with one person."""

    key: str
    name: str | None
    # The office, or the SOP, it belongs to.
    within: str | None
    counts: Mapping[str, int]


def look(
    session: Session,
    actor: Actor,
    now: datetime,
    narrowed: Filter,
    *,
    horizon: str = "noon",
    patience: int = 60,
) -> Look:
    """The same for everything that a page of the monitor asks."""
    scope = actor.offices("monitor.see")
    marks = _marks(session, scope, now, horizon, timedelta(minutes=patience))
    runs = and_(Task.paused_at.is_(None), ~_is_suspended(session, scope))
    states = {
        "overdue": and_(Task.due_at <= now, runs),
        "soon": and_(Task.due_at > now, runs, _any(marks, lambda m: Task.due_at <= m.until)),
        "unclaimed": and_(
            Task.status == "waiting", runs, _any(marks, lambda m: Task.opened_at <= m.since)
        ),
        "vacant": _waits_for_nobody(session, scope, now),
        "paused": ~runs,
    }
    states["attention"] = or_(
        *(states[name] for name in ("overdue", "soon", "unclaimed", "vacant"))
    )
    zone = lists.zone_of(session, actor)
    wanted = [is_open(), *_within(scope), *narrowed.conditions(session, scope, zone, now)]
    return Look(scope, now, states, wanted, narrowed, {mark.zone: mark.until for mark in marks})


# --- how many ------------------------------------------------------------------------------------


def counts(session: Session, seen: Look) -> dict[str, int]:
    """How many stand in each view: one pass over what is open."""
    row = session.execute(select(*_sums(seen)).where(*seen.wanted)).one()
    stuck = session.scalar(_incidents(session, seen, func.count(Incident.id))) or 0
    return {**{name: int(number or 0) for name, number in row._mapping.items()}, "stuck": stuck}


def _sums(seen: Look) -> list[Any]:
    sums = [func.sum(when((state, 1), else_=0)).label(name) for name, state in seen.states.items()]
    return [func.count(Task.id).label("all"), *sums]


# --- which ---------------------------------------------------------------------------------------


def page(
    session: Session,
    seen: Look,
    view: str,
    known: Mapping[str, int],
    *,
    after: str | None = None,
    limit: int = 25,
) -> Page[Line]:
    """The steps of one view: what is urgent and due first, or what has waited longest."""
    order = "opened" if view in ("unclaimed", "vacant", "paused") else "due"
    wanted = [*seen.wanted, seen.states[view]] if view in seen.states else seen.wanted
    reasons = {name: state for name, state in seen.states.items() if name != "attention"}
    flags = [state.label(name) for name, state in reasons.items()]
    query = select(Task.id, *flags).where(*wanted, *lists.beyond(order, after))
    rows = session.execute(query.order_by(*lists.in_order(order)).limit(limit + 1)).all()
    why = {row[0]: frozenset(name for name in reasons if getattr(row, name)) for row in rows}
    lines = _about(session, why)
    more = lists.cursor(order, lines[limit - 1].task) if len(lines) > limit else None
    return Page(lines[:limit], known[view], more)


def _about(session: Session, why: Mapping[int, frozenset[str]]) -> list[Line]:
    """All about these steps, in one question."""
    rows = session.execute(
        select(Task, Case, Sop, Office, Post.name, Person.name, Pause)
        .join(Case, Case.id == Task.case_id)
        .join(Sop, Sop.id == Case.sop_id)
        .join(Office, Office.id == Task.office_id)
        .outerjoin(Post, Post.id == Task.post_id)
        .outerjoin(Person, Person.id == Task.claimed_by)
        .outerjoin(Pause, and_(Pause.task_id == Task.id, Pause.ended_at.is_(None)))
        .where(Task.id.in_(why))
    )
    known = {row[0].id: Line(*row, why=why[row[0].id]) for row in rows}
    return [known[id] for id in why if id in known]


def stuck(
    session: Session,
    seen: Look,
    known: Mapping[str, int],
    *,
    after: str | None = None,
    limit: int = 25,
) -> Page[Stuck]:
    """The berkas that could not go on, the longest first."""
    query = _incidents(session, seen, Incident, Case, Sop, Office, Task.name)
    if after is not None:
        at, last = read_cursor(after, datetime, int)
        query = query.where(
            or_(Incident.at > at, and_(Incident.at == at, Incident.id > last))
            if at is not None
            else Incident.id > last
        )
    rows = session.execute(query.order_by(Incident.at, Incident.id).limit(limit + 1))
    found = [Stuck(*row) for row in rows]
    last_one = found[limit - 1].incident if len(found) > limit else None
    more = write_cursor(last_one.at.isoformat(), last_one.id) if last_one else None
    return Page(found[:limit], known["stuck"], more)


def _incidents(session: Session, seen: Look, *columns: Any) -> Select[Any]:
    narrowed = seen.narrowed
    query = (
        select(*columns)
        .select_from(Incident)
        .join(Case, Case.id == Incident.case_id)
        .join(Sop, Sop.id == Case.sop_id)
        .join(Office, Office.id == Incident.office_id)
        .outerjoin(Task, Task.id == Incident.task_id)
        .where(Incident.resolved_at.is_(None))
    )
    said = {
        Incident.office_id: narrowed.office,
        Case.sop_id: narrowed.sop,
        Office.kabupaten: narrowed.kabupaten,
        Task.step: narrowed.element,
        Task.post_id: narrowed.post,
        Task.claimed_by: narrowed.person,
    }
    query = query.where(*(column == value for column, value in said.items() if value))
    if words := words_of(narrowed.search):
        query = query.where(Incident.case_id.in_(cases_with(session, words, seen.scope)))
    if seen.scope is not None:
        query = query.where(Incident.office_id.in_(seen.scope))
    return query


# --- put together --------------------------------------------------------------------------------


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
    known["stuck"] = session.scalar(_incidents(session, seen, func.count(Incident.id))) or 0
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
    columns = (*_KEYS[by], example, *_sums(seen))
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


def offices(session: Session, seen: Look) -> list[Place]:
    """Her offices there, by name; none to choose from, where there are too many to be read."""
    query = select(Office.id, Office.slug, Office.name, Office.kabupaten, Office.zone)
    if seen.scope is not None:
        query = query.where(Office.id.in_(seen.scope))
    if seen.narrowed.kabupaten:
        query = query.where(Office.kabupaten == seen.narrowed.kabupaten)
    rows = session.execute(query.order_by(Office.name, Office.id).limit(_MOST_CALENDARS + 1))
    found = [Place(*row) for row in rows]
    return found if len(found) <= _MOST_CALENDARS else []


def called(session: Session, seen: Look) -> dict[str, str]:
    """The names of the SOP, post and person it is narrowed to, if they are of her offices."""
    narrowed, found = seen.narrowed, {}
    if narrowed.sop:
        found["sop"] = select(Sop.name).where(Sop.id == narrowed.sop)
    if narrowed.post:
        found["post"] = select(Post.name).where(Post.id == narrowed.post)
    if narrowed.person:
        holds = select(Holder.person_id).where(Holder.person_id == narrowed.person)
        if seen.scope is not None:
            holds = holds.where(Holder.office_id.in_(seen.scope))
        found["person"] = select(Person.name).where(Person.id.in_(holds))
    names = {name: session.scalar(query) for name, query in found.items()}
    return {name: text for name, text in names.items() if text is not None}


# --- what the words mean in each office ----------------------------------------------------------


@dataclass(frozen=True)
class _Mark:
    """In some offices: until when is soon, and since when is too long."""

    zone: str
    until: datetime
    since: datetime
    there: ColumnElement[bool]


def _marks(
    session: Session, scope: Scope, now: datetime, horizon: str, patience: timedelta
) -> list[_Mark]:
    if scope is None or len(scope) > _MOST_CALENDARS:
        return _by_zone(session, now, horizon, patience)
    rows = session.execute(select(Office.id, Office.zone, Office.calendar).where(_of(scope)))
    there: dict[tuple[str, datetime], list[int]] = {}
    for id, zone, calendar in rows:
        since = Calendar.from_dict(calendar).back(now, patience)
        there.setdefault((zone, since), []).append(id)
    return [
        _Mark(zone, _until(zone, now, horizon), since, Task.office_id.in_(ids))
        for (zone, since), ids in there.items()
    ]


def _by_zone(session: Session, now: datetime, horizon: str, patience: timedelta) -> list[_Mark]:
    """The nation at a glance: by the hours that most offices keep."""
    return [
        _Mark(
            zone,
            _until(zone, now, horizon),
            _usual(zone).back(now, patience),
            Task.office_id.in_(select(Office.id).where(Office.zone == zone)),
        )
        for zone in session.scalars(select(Office.zone).distinct().order_by(Office.zone))
    ]


@lru_cache
def _usual(zone: str) -> Calendar:
    return worktime.perpres(zone)


def _of(scope: frozenset[int]) -> ColumnElement[bool]:
    return Office.id.in_(scope)


def _until(zone: str, now: datetime, horizon: str) -> datetime:
    """Noon, while it is still to come; else the end of a day there."""
    here = now.astimezone(ZoneInfo(zone))
    noon = datetime.combine(here.date(), time(12), here.tzinfo)
    if horizon == "noon" and here < noon:
        return noon
    day = here.date() + timedelta(days=_DAYS[horizon] + 1)
    return datetime.combine(day, time(), here.tzinfo)


def _any(
    marks: Sequence[_Mark], said: Callable[[_Mark], ColumnElement[bool]]
) -> ColumnElement[bool]:
    """The same in every office, each by its own hours."""
    if len(marks) == 1:
        return said(marks[0])
    return or_(false(), *(and_(mark.there, said(mark)) for mark in marks))


def _within(scope: Scope) -> list[ColumnElement[bool]]:
    return [] if scope is None else [Task.office_id.in_(scope)]


def _is_suspended(session: Session, scope: Scope) -> ColumnElement[bool]:
    """Of few berkas: their numbers are looked up once, not row by row."""
    stopped = select(Case.id).where(is_suspended())
    if scope is not None:
        stopped = stopped.where(Case.office_id.in_(scope))
    return _is_among(session, Task.case_id, stopped)


def _waits_for_nobody(session: Session, scope: Scope, now: datetime) -> ColumnElement[bool]:
    vacant = vacancies.unheld(session, scope, now)
    nobody = or_(Task.post_id.is_(None), _is_among(session, Task.post_id, vacant))
    return and_(Task.status == "waiting", nobody)


def _is_among(session: Session, column: Any, which: Select[int]) -> ColumnElement[bool]:
    """Among these numbers, mostly none; or the question itself, where they are too many."""
    found = session.scalars(which.limit(_MOST_NAMED + 1)).all()
    if not found:
        return false()
    among: ColumnElement[bool] = column.in_(found if len(found) <= _MOST_NAMED else which)
    return among
