"""What may be seen of accounts: the list, one with its posts and roles, what was done to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from engine import accounts, offices
from engine.access import Actor, in_force, titled
from engine.models import AccountEvent, Grant, Holder, Office, Person, Post
from engine.paging import BadCursor, Page, read_cursor, write_cursor

VIEWS: Final = ("open", "closed", "all")
MOST_EVENTS: Final = 50

_by = aliased(Person)


@dataclass(frozen=True)
class AccountRow:
    """A line of the list: an account, with the posts it holds today."""

    person: Person
    posts: Sequence["Place"]


@dataclass(frozen=True)
class Place:
    """A post somebody holds today, as it is signed, and where."""

    title: str
    slug: str
    office: Office


@dataclass(frozen=True)
class Role:
    """A role that no post brings, and where it holds."""

    id: int
    role: str
    office: str | None
    kabupaten: str | None


@dataclass(frozen=True)
class EventLine:
    """What was done to the account, and by whom; nobody: on the server itself."""

    event: AccountEvent
    by: str | None


@dataclass(frozen=True)
class AccountView:
    """An account with all that its page shows."""

    person: Person
    posts: Sequence[Place]
    roles: Sequence[Role]
    events: Sequence[EventLine]


def page(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    view: str = "open",
    search: str = "",
    after: str | None = None,
    limit: int = 50,
) -> Page[AccountRow]:
    """The accounts by name; two people may bear the same one."""
    accounts.require(actor)
    wanted = [*_in_view(view), *_matching(search)]
    count = session.scalar(select(func.count(Person.id)).where(*wanted)) or 0
    if after is not None:
        wanted.append(tuple_(Person.name, Person.id) > tuple_(*_last(session, after)))
    query = select(Person).where(*wanted).order_by(Person.name, Person.id).limit(limit + 1)
    found = session.scalars(query).all()
    more = write_cursor(found[limit - 1].id) if len(found) > limit else None
    posts = places(session, [person.id for person in found[:limit]], now)
    rows = [AccountRow(person, posts.get(person.id, ())) for person in found[:limit]]
    return Page(rows, count, more)


def view(session: Session, person: Person, now: datetime) -> AccountView:
    """One account, for who keeps it or owns it."""
    rows = session.execute(
        select(Grant.id, Grant.role, Office.name, Grant.kabupaten)
        .outerjoin(Office, Office.id == Grant.office_id)
        .where(Grant.person_id == person.id)
        .order_by(Grant.id)
    )
    roles = [Role(*row) for row in rows]
    posts = places(session, [person.id], now).get(person.id, ())
    return AccountView(person, posts, roles, _events(session, person.id))


def find(session: Session, actor: Actor, person_id: int) -> Person:
    accounts.require(actor)
    person = session.get(Person, person_id)
    if person is None:
        raise accounts.NoSuchAccount(account=person_id)
    return person


def places(session: Session, people: Sequence[int], now: datetime) -> Mapping[int, Sequence[Place]]:
    """Which posts these people hold today."""
    rows = session.execute(
        select(Holder, Post, Office)
        .join(Post, Post.id == Holder.post_id)
        .join(Office, Office.id == Post.office_id)
        .where(Holder.person_id.in_(people))
        .order_by(Post.id)
    )
    found: dict[int, list[Place]] = {}
    for holder, post, office in rows:
        if in_force(holder, offices.today(office, now)):
            place = Place(titled(post.name, holder.capacity), post.slug, office)
            found.setdefault(holder.person_id, []).append(place)
    return found


def _events(session: Session, person_id: int) -> list[EventLine]:
    rows = session.execute(
        select(AccountEvent, _by.name)
        .outerjoin(_by, _by.id == AccountEvent.by)
        .where(AccountEvent.person_id == person_id)
        .order_by(AccountEvent.id.desc())
        .limit(MOST_EVENTS)
    )
    return [EventLine(*row) for row in rows]


def _in_view(view: str) -> list[ColumnElement[bool]]:
    if view == "all":
        return []
    return [Person.closed_at.is_not(None) if view == "closed" else Person.closed_at.is_(None)]


def _matching(search: str) -> list[ColumnElement[bool]]:
    searched = (Person.name, Person.account)
    return [
        or_(*(column.icontains(word, autoescape=True) for column in searched))
        for word in search.split()[:8]
    ]


def _last(session: Session, after: str) -> tuple[Any, ...]:
    [person_id] = read_cursor(after, int)
    person = session.get(Person, person_id)
    if person is None:
        raise BadCursor
    return person.name, person.id
