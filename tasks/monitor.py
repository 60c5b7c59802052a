"""What needs an eye in the offices she leads or watches: late, soon, untaken, or stuck."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy import case as when
from sqlalchemy.orm import Session

from engine import vacancies
from engine.access import Actor
from engine.db import Scope
from engine.models import Case, Holder, Incident, Office, Pause, Person, Post, Sop, Task
from engine.models.case import is_suspended
from engine.models.task import is_open
from engine.paging import Page, read_cursor, write_cursor
from engine.search import cases_with, words_of
from tasks import lists, marks
from tasks.filters import Filter

VIEWS: Final = ("attention", "overdue", "soon", "unclaimed", "vacant", "stuck", "paused", "all")
# After how many working minutes a step that nobody took has waited too long.
PATIENCES: Final = (30, 60, 120, 240, 480)

_MOST_NAMED: Final = 500


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
    known = marks.of(session, scope, now, horizon, timedelta(minutes=patience))
    runs = and_(Task.paused_at.is_(None), ~_is_suspended(session, scope))
    states = {
        "overdue": and_(Task.due_at <= now, runs),
        "soon": and_(Task.due_at > now, runs, marks.each(known, lambda m: Task.due_at <= m.until)),
        "unclaimed": and_(
            Task.status == "waiting", runs, marks.each(known, lambda m: Task.opened_at <= m.since)
        ),
        "vacant": _waits_for_nobody(session, scope, now),
        "paused": ~runs,
    }
    states["attention"] = or_(
        *(states[name] for name in ("overdue", "soon", "unclaimed", "vacant"))
    )
    zone = lists.zone_of(session, actor)
    wanted = [is_open(), *_within(scope), *narrowed.conditions(session, scope, zone, now)]
    return Look(scope, now, states, wanted, narrowed, {mark.zone: mark.until for mark in known})


# --- how many ------------------------------------------------------------------------------------


def counts(session: Session, seen: Look) -> dict[str, int]:
    """How many stand in each view: one pass over what is open."""
    row = session.execute(select(*sums(seen)).where(*seen.wanted)).one()
    stuck = session.scalar(incidents(session, seen, func.count(Incident.id))) or 0
    return {**{name: int(number or 0) for name, number in row._mapping.items()}, "stuck": stuck}


def sums(seen: Look) -> list[Any]:
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
    query = incidents(session, seen, Incident, Case, Sop, Office, Task.name)
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


def incidents(session: Session, seen: Look, *columns: Any) -> Select[Any]:
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


def offices(session: Session, seen: Look) -> list[Place]:
    """Her offices there, by name; none to choose from, where there are too many to be read."""
    query = select(Office.id, Office.slug, Office.name, Office.kabupaten, Office.zone)
    if seen.scope is not None:
        query = query.where(Office.id.in_(seen.scope))
    if seen.narrowed.kabupaten:
        query = query.where(Office.kabupaten == seen.narrowed.kabupaten)
    rows = session.execute(query.order_by(Office.name, Office.id).limit(marks.MOST_CALENDARS + 1))
    found = [Place(*row) for row in rows]
    return found if len(found) <= marks.MOST_CALENDARS else []


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
