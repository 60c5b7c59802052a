"""What a person may see of an office's posts: the list, and one with all who held it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

import bpmn.reader
from engine import offices, posts, sops, vacancies
from engine.access import in_force
from engine.models import Absence, Holder, Office, Person, Post, Revision, Sop
from engine.paging import Page, read_cursor, write_cursor


@dataclass(frozen=True)
class Holding:
    """One who holds a post, or held it; away, if she is today, and who does her work then."""

    holder: Holder
    name: str
    is_closed: bool
    away: Absence | None = None
    substitute: str | None = None
    recorded_by: str | None = None


@dataclass(frozen=True)
class PostRow:
    """A line of an office's posts."""

    post: Post
    is_held: bool
    now: Sequence[Holding]
    coming: Sequence[Holding]


@dataclass(frozen=True)
class PostView:
    """A post with everyone who held it, and the SOPs that speak of it."""

    post: Post
    office: Office
    is_held: bool
    now: Sequence[Holding]
    coming: Sequence[Holding]
    past: Sequence[Holding]
    used_by: Sequence[Sop]


def names(session: Session, office_id: int) -> list[tuple[int, str]]:
    """The posts of an office, to choose one of."""
    query = select(Post.id, Post.name).where(Post.office_id == office_id).order_by(Post.name)
    return [(id, name) for id, name in session.execute(query)]


def page(
    session: Session,
    office: Office,
    now: datetime,
    *,
    search: str = "",
    after: str | None = None,
    limit: int = 50,
) -> Page[PostRow]:
    """The posts of an office in the order they were made, with who holds each today."""
    wanted: list[ColumnElement[bool]] = [Post.office_id == office.id]
    wanted += [
        or_(Post.name.icontains(word, autoescape=True), Post.slug.icontains(word, autoescape=True))
        for word in search.split()[:8]
    ]
    count = session.scalar(select(func.count(Post.id)).where(*wanted)) or 0
    if after is not None:
        wanted.append(Post.id > read_cursor(after, int)[0])
    held = vacancies.is_held(offices.today(office, now))
    query = select(Post, held).where(*wanted).order_by(Post.id).limit(limit + 1)
    rows = session.execute(query).all()
    more = write_cursor(rows[limit - 1][0].id) if len(rows) > limit else None
    known = _holdings(session, office, [post.id for post, _ in rows[:limit]], now, past=False)
    shown = [
        PostRow(post, is_held, *_by_time(known.get(post.id, ()), office, now)[:2])
        for post, is_held in rows[:limit]
    ]
    return Page(shown, count, more)


def view(session: Session, office: Office, slug: str, now: datetime) -> PostView:
    """One post with its whole history."""
    post = posts.find(session, office, slug)
    known = _holdings(session, office, [post.id], now, past=True).get(post.id, ())
    held = select(vacancies.is_held(offices.today(office, now))).select_from(Post)
    is_held = session.scalars(held.where(Post.id == post.id)).one()
    used_by = [sop for sop, slugs in _needs(session, office) if slug in slugs]
    return PostView(post, office, is_held, *_by_time(known, office, now), used_by)


def missing(session: Session, office: Office) -> Mapping[str, Sequence[Sop]]:
    """What the office's diagrams ask for and no post bears, with the SOPs that do."""
    known = set(session.scalars(select(Post.slug).where(Post.office_id == office.id)))
    found: dict[str, list[Sop]] = {}
    for sop, slugs in _needs(session, office):
        for slug in sorted(slugs - known):
            found.setdefault(slug, []).append(sop)
    return found


def _needs(session: Session, office: Office) -> Iterator[tuple[Sop, set[str]]]:
    """Each SOP in force with the posts its diagram speaks of."""
    rows = session.execute(
        select(Sop, Revision)
        .join(Revision, Revision.id == Sop.revision_id)
        .where(Sop.office_id == office.id)
        .order_by(Sop.name, Sop.id)
    )
    for sop, revision in rows:
        yield sop, set(_spoken_of(sops.meaning(revision)))


def _spoken_of(meaning: bpmn.reader.Sop) -> Iterator[str]:
    for step in meaning.steps:
        members = step.repeat.anggota if step.repeat else ()
        if step.lane is not None and not (step.lane.per_anggota and members):
            yield step.lane.jabatan
        yield from (member.jabatan for member in members)
        yield from (*step.peserta, *step.eskalasi_ke)


def _holdings(
    session: Session, office: Office, posts: Sequence[int], now: datetime, *, past: bool
) -> dict[int, list[Holding]]:
    """Who holds each post, the latest first."""
    today = offices.today(office, now)
    substitute, recorder = aliased(Person), aliased(Person)
    query = (
        select(Holder, Person.name, Person.closed_at, Absence, substitute.name, recorder.name)
        .join(Person, Person.id == Holder.person_id)
        .outerjoin(
            Absence,
            and_(
                Absence.person_id == Holder.person_id,
                Absence.office_id == Holder.office_id,
                Absence.cancelled_at.is_(None),
                Absence.starts_on <= today,
                Absence.ends_on >= today,
            ),
        )
        .outerjoin(substitute, substitute.id == Absence.substitute_id)
        .outerjoin(recorder, recorder.id == Holder.recorded_by)
        .where(Holder.post_id.in_(posts))
        .order_by(Holder.starts_on.desc(), Holder.id.desc())
    )
    if not past:
        query = query.where(or_(Holder.ends_on.is_(None), Holder.ends_on >= today))
    found: dict[int, list[Holding]] = {}
    for holder, name, closed_at, away, stands_in, by in session.execute(query):
        holding = Holding(holder, name, closed_at is not None, away, stands_in, by)
        found.setdefault(holder.post_id, []).append(holding)
    return found


def _by_time(
    holdings: Sequence[Holding], office: Office, now: datetime
) -> tuple[list[Holding], list[Holding], list[Holding]]:
    """Those of today, those to come, those who were."""
    today = offices.today(office, now)
    current = [each for each in holdings if in_force(each.holder, today)]
    coming = [each for each in holdings if each.holder.starts_on > today]
    past = [each for each in holdings if each not in current and each not in coming]
    return current, coming[::-1], past
