"""Let people know: one row for each person and thing to know, in the transaction of the deed.

Noticing and telling are two steps, and both are rows. What is written here she finds in the page;
whether it also leaves the house is weighed afterwards, by the clock.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    Date,
    Insert,
    String,
    and_,
    bindparam,
    case,
    column,
    func,
    null,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine.colleagues import on_duty
from engine.models import Case, Contact, Notice, Office
from engine.models.base import Id, Instant

# From this level on an escalation is told at any hour.
URGENT_LEVEL: Final = 3


@dataclass(frozen=True)
class Kind:
    """What happened: the topic under which people choose how to hear of it."""

    topic: str
    urgent: bool = False


KINDS: Final[Mapping[str, Kind]] = {
    # A step waits for her post.
    "opened": Kind("waiting"),
    "invited": Kind("waiting"),
    "released": Kind("waiting"),
    # It came to her, or back to her, by somebody's hand.
    "delegated": Kind("given"),
    "returned": Kind("given"),
    "recalled": Kind("given"),
    "handed over": Kind("given"),
    "assigned": Kind("given"),
    "unassigned": Kind("given"),
    "substituted": Kind("given"),
    "handed back": Kind("given"),
    # Somebody above her wants to know, or wants it done; or has her answer.
    "reminded": Kind("given"),
    "asked why": Kind("given"),
    "explained": Kind("given"),
    # A decision went the way back.
    "sent back": Kind("sent back"),
    "late": Kind("late"),
    "mentioned": Kind("mentioned"),
    "stuck": Kind("stuck", urgent=True),
    # What became of a case she began, or of a step she had in hand.
    "withdrawn": Kind("course"),
    "suspended": Kind("course"),
    "resumed": Kind("course"),
    "cancelled": Kind("course"),
    "prioritised": Kind("course"),
    "ended": Kind("course"),
}
TOPICS: Final = tuple(dict.fromkeys(kind.topic for kind in KINDS.values()))
# What all who hold a post hear of a step, and need not read once one of them has taken it.
_WAITS: Final = ("opened", "sent back", "released")


@dataclass(frozen=True)
class Telling:
    """One thing to know, and for whom: persons, and whoever holds these posts today."""

    kind: str
    task_id: int | None = None
    posts: Sequence[int | None] = ()
    persons: Sequence[int | None] = ()
    level: int | None = None
    # Whose deed it was: she knows already.
    by: int | None = None
    # Names the thing, where it can happen to this task or case only once.
    cause: str = ""
    urgent: bool = field(init=False)

    def __post_init__(self) -> None:
        urgent = KINDS[self.kind].urgent or (self.level or 0) >= URGENT_LEVEL
        object.__setattr__(self, "urgent", urgent)


def tell(session: Session, case: Case, tellings: Iterable[Telling], now: datetime) -> None:
    """Write down who must know; what somebody was told of already is not written again."""
    tell_all(session, [(case, telling) for telling in tellings], now)


def tell_all(session: Session, tellings: Iterable[tuple[Case, Telling]], now: datetime) -> None:
    """The same of many cases: one statement for each day it is where their offices are."""
    rows: dict[date, list[dict[str, Any]]] = {}
    for of, telling in tellings:
        said = _rows(of, telling)
        if said:
            office = session.get_one(Office, of.office_id)
            today = now.astimezone(ZoneInfo(office.zone)).date()
            rows.setdefault(today, []).extend(said)
    insertion = _insertion(session.get_bind().dialect.name)
    for today, said in rows.items():
        facts = {"things": orjson.dumps(said).decode(), "today": today, "now": now}
        session.execute(insertion, facts)


def settle(session: Session, task_ids: Sequence[int], now: datetime) -> None:
    """These steps were taken or withdrawn: nobody need read any more that they wait."""
    session.execute(
        update(Notice)
        .where(
            Notice.task_id.in_(task_ids),
            Notice.read_at.is_(None),
            Notice.kind.in_(_WAITS),
        )
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )


_COLUMNS: Final[Mapping[str, Any]] = {
    "office_id": Id,
    "case_id": Id,
    "cause": String,
    "kind": String,
    "task_id": Id,
    "by_id": Id,
    "level": Id,
    "urgent": Boolean,
    "post_id": Id,
    "person_id": Id,
}


def _rows(case: Case, telling: Telling) -> list[dict[str, Any]]:
    """One for each post and each person; nought stands for nobody and nothing."""
    said = {
        "office_id": case.office_id,
        "case_id": case.id,
        "cause": telling.cause or f"{telling.kind}-{case.id}-{case.events}-{telling.task_id or ''}",
        "kind": telling.kind,
        "task_id": telling.task_id or 0,
        "by_id": telling.by or 0,
        "level": telling.level or 0,
        "urgent": telling.urgent,
    }
    return [{**said, "post_id": post, "person_id": 0} for post in telling.posts if post] + [
        {**said, "post_id": 0, "person_id": person} for person in telling.persons if person
    ]


# How each database reads a list of things: as one parameter, so that one statement serves all.
_READ: Final = {
    "sqlite": "SELECT {extracted} FROM json_each(:things)",
    "postgresql": "SELECT {names} FROM json_to_recordset(CAST(:things AS json)) AS t({typed})",
}
_TYPES: Final = {Id: "bigint", String: "text", Boolean: "boolean"}


def _things(dialect: str) -> CTE:
    said = _READ[dialect].format(
        names=", ".join(_COLUMNS),
        extracted=", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in _COLUMNS),
        typed=", ".join(f"{name} {_TYPES[kind]}" for name, kind in _COLUMNS.items()),
    )
    return text(said).columns(*(column(name, kind) for name, kind in _COLUMNS.items())).cte("thing")


def _told(dialect: str) -> Any:
    """Each thing beside each person who must know it."""
    thing = _things(dialect)
    holders = on_duty(bindparam("today", type_=Date)).subquery("holders")
    said = [thing.c[name] for name in _COLUMNS if name not in ("post_id", "person_id")]
    by_post = select(*said, holders.c.person_id).join(holders, holders.c.post_id == thing.c.post_id)
    by_name = select(*said, thing.c.person_id).where(thing.c.person_id > 0)
    # By name first: who lost a step is told that, rather than that it waits for her post.
    return by_name.union_all(by_post).subquery("told")


@cache
def _insertion(dialect: str) -> Insert:
    told, at = _told(dialect), bindparam("now", type_=Instant)
    written: dict[str, ColumnElement[Any]] = {
        "at": at,
        # Whom nobody can reach outside is told in the page, and that is all.
        "weighed_at": case((_is_reached(told.c.person_id), null()), else_=at),
        **{name: told.c[name] for name in _AS_SAID},
        **{name: func.nullif(told.c[name], 0) for name in ("task_id", "by_id", "level")},
    }
    insert = {"sqlite": sqlite, "postgresql": postgresql}[dialect].insert(Notice.__table__)
    query = select(*written.values()).where(told.c.person_id != told.c.by_id)
    statement: Insert = insert.from_select(list(written), query).on_conflict_do_nothing()
    return statement


_AS_SAID: Final = ("office_id", "case_id", "person_id", "cause", "kind", "urgent")


def _is_reached(person_id: ColumnElement[int]) -> ColumnElement[bool]:
    known = and_(Contact.person_id == person_id, Contact.proved_at.is_not(None))
    return select(Contact.id).where(known, Contact.refused_at.is_(None)).exists()
