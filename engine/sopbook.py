"""What a person may see of SOPs: the list, and one with its revisions and running cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

import bpmn.reader
from engine import sops
from engine.access import Actor
from engine.models import Case, Office, Person, Post, Revision, Sop
from engine.paging import BadCursor, Page, read_cursor, write_cursor
from engine.sops import NoSuchSop

Ts = TypeVarTuple("Ts")

OPEN = ("running", "suspended")


@dataclass(frozen=True)
class SopRow:
    """A line of the list of SOPs."""

    sop: Sop
    office: Office
    revision: Revision
    running: int


@dataclass(frozen=True)
class RevisionLine:
    """A revision: who published it, and how many open cases stay with it."""

    revision: Revision
    who: str | None
    running: int
    in_force: bool


@dataclass(frozen=True)
class SopView:
    """An SOP with all that its page shows; `posts` are the office's, by slug."""

    sop: Sop
    office: Office
    revision: Revision
    meaning: bpmn.reader.Sop
    revisions: Sequence[RevisionLine]
    posts: Mapping[str, str]

    @property
    def running(self) -> int:
        return sum(line.running for line in self.revisions)


def page(
    session: Session,
    actor: Actor,
    *,
    search: str = "",
    office: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[SopRow]:
    """The SOPs of her offices, office by office."""
    wanted = _wanted(actor, search)
    if office is not None:
        wanted.append(Office.slug == office)
    count = session.scalar(_joined(select(func.count(Sop.id))).where(*wanted)) or 0
    order = (Office.name, Sop.name, Sop.id)
    if after is not None:
        wanted.append(tuple_(*order) > tuple_(*_last(session, after)))
    found = session.execute(
        _joined(select(Sop, Office, Revision)).where(*wanted).order_by(*order).limit(limit + 1)
    ).all()
    more = write_cursor(found[limit - 1][0].id) if len(found) > limit else None
    running = _running(session, Case.sop_id.in_([row[0].id for row in found]))
    rows = [
        SopRow(sop, office, revision, sum(running.get(sop.id, {}).values()))
        for sop, office, revision in found[:limit]
    ]
    return Page(rows, count, more)


def _last(session: Session, after: str) -> tuple[str, str, int]:
    """Where in the order the page before ended."""
    [sop_id] = read_cursor(after, int)
    names = _joined(select(Office.name, Sop.name)).where(Sop.id == sop_id)
    row = session.execute(names).one_or_none()
    if row is None:
        raise BadCursor
    return row[0], row[1], sop_id


def _joined(query: Select[*Ts]) -> Select[*Ts]:
    return (
        query.select_from(Sop)
        .join(Office, Office.id == Sop.office_id)
        .join(Revision, Revision.id == Sop.revision_id)
    )


def _wanted(actor: Actor, search: str) -> list[ColumnElement[bool]]:
    offices = actor.offices("sop.see")
    wanted: list[ColumnElement[bool]] = []
    if offices is not None:
        wanted.append(Sop.office_id.in_(offices))
    for word in search.split()[:8]:
        searched = (Sop.name, Sop.number, Office.name)
        wanted.append(or_(*(column.icontains(word, autoescape=True) for column in searched)))
    return wanted


def _running(session: Session, which: ColumnElement[bool]) -> dict[int, dict[int, int]]:
    """How many cases are open, by SOP and revision."""
    counted: dict[int, dict[int, int]] = {}
    rows = session.execute(
        select(Case.sop_id, Case.revision_id, func.count())
        .where(which, Case.status.in_(OPEN))
        .group_by(Case.sop_id, Case.revision_id)
    )
    for sop_id, revision_id, count in rows:
        counted.setdefault(sop_id, {})[revision_id] = count
    return counted


def find(session: Session, actor: Actor, office: str, slug: str) -> tuple[Sop, Office]:
    """The SOP at this address, if she may see it."""
    row = session.execute(
        select(Sop, Office)
        .join(Office, and_(Office.id == Sop.office_id, Office.slug == office))
        .where(Sop.slug == slug, Sop.revision_id.is_not(None))
    ).one_or_none()
    if row is None or not actor.may("sop.see", row[0].office_id):
        raise NoSuchSop
    return row[0], row[1]


@dataclass(frozen=True)
class InForce:
    """The revision in force: what a designer's upload is compared with."""

    sop: Sop
    revision: Revision
    who: str | None
    meaning: bpmn.reader.Sop
    revisions: Sequence[RevisionLine]

    @property
    def running(self) -> int:
        return sum(line.running for line in self.revisions)


def in_force(session: Session, office: Office, slug: str) -> InForce | None:
    """What is in force at this address; nothing yet, for a new SOP."""
    sop = session.scalar(
        select(Sop).where(
            Sop.office_id == office.id, Sop.slug == slug, Sop.revision_id.is_not(None)
        )
    )
    if sop is None:
        return None
    lines = revisions(session, sop)
    line = next(line for line in lines if line.in_force)
    return InForce(sop, line.revision, line.who, sops.meaning(line.revision), lines)


def known(session: Session, actor: Actor, sop_id: int) -> Sop | None:
    """The SOP of this number, if she may see it."""
    sop = session.scalar(select(Sop).where(Sop.id == sop_id))
    return sop if sop is not None and actor.may("sop.see", sop.office_id) else None


def step_name(session: Session, sop: Sop, step: str) -> str:
    """What the SOP calls the step of this id; the id itself, where it has it no more."""
    meaning = sops.meaning(session.get_one(Revision, sop.revision_id))
    return next((each.name for each in meaning.steps if each.id == step), step)


def step_names(session: Session, sop: Sop) -> list[tuple[str, str]]:
    """Its steps as they are in force, to choose one of."""
    meaning = sops.meaning(session.get_one(Revision, sop.revision_id))
    return [
        (step.id, f"{step.nomor}. {step.name}" if step.nomor else step.name)
        for step in meaning.steps
    ]


def view(session: Session, actor: Actor, office_slug: str, slug: str) -> SopView:
    """All that the page of the SOP shows."""
    sop, office = find(session, actor, office_slug, slug)
    revision = session.get_one(Revision, sop.revision_id)
    return SopView(
        sop,
        office,
        revision,
        sops.meaning(revision),
        revisions(session, sop),
        posts(session, office),
    )


def posts(session: Session, office: Office) -> dict[str, str]:
    """The names of the office's posts, by the slugs that diagrams use."""
    rows = session.execute(select(Post.slug, Post.name).where(Post.office_id == office.id))
    return {row.slug: row.name for row in rows}


def revisions(session: Session, sop: Sop) -> list[RevisionLine]:
    """Newest first."""
    running = _running(session, Case.sop_id == sop.id).get(sop.id, {})
    rows = session.execute(
        select(Revision, Person.name)
        .outerjoin(Person, Person.id == Revision.published_by)
        .where(Revision.sop_id == sop.id)
        .order_by(Revision.number.desc())
    )
    return [
        RevisionLine(revision, who, running.get(revision.id, 0), revision.id == sop.revision_id)
        for revision, who in rows
    ]


def diagram(
    session: Session, actor: Actor, office: str, slug: str, number: int | None = None
) -> tuple[Revision, bytes]:
    """The .bpmn of a revision; of the one in force when no number is said."""
    sop, _ = find(session, actor, office, slug)
    which = Revision.id == sop.revision_id if number is None else Revision.number == number
    revision = session.scalar(select(Revision).where(Revision.sop_id == sop.id, which))
    if revision is None:
        raise NoSuchSop
    return revision, revision.xml


def names(session: Session, actor: Actor, limit: int = 300) -> list[tuple[int, str]]:
    """The SOPs in force that she may see, to choose one of; with their office, where several."""
    offices = actor.offices("sop.see")
    query = _joined(select(Sop.id, Sop.name, Office.name)).order_by(Sop.name, Office.name)
    if offices is not None:
        query = query.where(Sop.office_id.in_(offices))
    rows = session.execute(query.limit(limit)).all()
    several = len({office for _, _, office in rows}) > 1
    return [(id, f"{name} ({office})" if several else name) for id, name, office in rows]
