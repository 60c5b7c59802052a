"""The offices somebody may look after: found by name or code, one by its address."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine.access import Actor
from engine.models import Office
from engine.paging import BadCursor, Page, read_cursor, write_cursor


class NoSuchOffice(AlurError):
    sentence = N_("Kantor ini tidak ada, atau bukan kantor Anda.")
    status = 404


def page(
    session: Session,
    actor: Actor,
    right: str,
    *,
    search: str = "",
    after: str | None = None,
    limit: int = 50,
) -> Page[Office]:
    """The offices where she holds this right, by name; two may bear the same one."""
    wanted = [*_within(actor, right), *_matching(search)]
    count = session.scalar(select(func.count(Office.id)).where(*wanted)) or 0
    if after is not None:
        wanted.append(tuple_(Office.name, Office.id) > tuple_(*_last(session, after)))
    query = select(Office).where(*wanted).order_by(Office.name, Office.id).limit(limit + 1)
    rows = session.scalars(query).all()
    more = write_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page(rows[:limit], count, more)


def find(session: Session, actor: Actor, slug: str, right: str) -> Office:
    """The office at this address, for whoever holds the right there."""
    office = session.scalar(select(Office).where(Office.slug == slug))
    if office is None or not actor.may(right, office.id):
        raise NoSuchOffice
    return office


def of(session: Session, actor: Actor) -> Sequence[Office]:
    """The offices where she holds a post."""
    here = {held.office_id for held in actor.posts}
    return session.scalars(select(Office).where(Office.id.in_(here)).order_by(Office.id)).all()


def today(office: Office, now: datetime) -> date:
    """Which day it is there."""
    return now.astimezone(ZoneInfo(office.zone)).date()


def _within(actor: Actor, right: str) -> list[ColumnElement[bool]]:
    scope = actor.offices(right)
    return [] if scope is None else [Office.id.in_(scope)]


def _matching(search: str) -> list[ColumnElement[bool]]:
    searched = (Office.name, Office.kabupaten, Office.code)
    return [
        or_(*(column.icontains(word, autoescape=True) for column in searched))
        for word in search.split()[:8]
    ]


def _last(session: Session, after: str) -> tuple[str, int]:
    [office_id] = read_cursor(after, int)
    office = session.get(Office, office_id)
    if office is None:
        raise BadCursor
    return office.name, office.id
