"""What people say about a case, beside its record: whom they call is told of it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import CursorResult, func, or_, select, update
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine import access, cases, colleagues, notices
from engine.access import Actor, Role
from engine.models import Case, Comment, Grant, Mention, Office, Person, Task
from engine.notices import Telling
from engine.paging import Page, read_cursor, write_cursor

LONGEST: Final = 2_000
# In one comment; an office has fewer people than twice that.
MOST_CALLED: Final = 20
REMOVABLE_FOR: Final = timedelta(minutes=15)


class CommentError(AlurError):
    """Something that cannot be said, or not taken back."""

    status = 422
    field = "comment"


class NothingSaid(CommentError):
    sentence = N_("Tulis dahulu komentarnya.")


class TooLong(CommentError):
    sentence = N_("Komentar terlalu panjang: %(length)s huruf, paling banyak %(limit)s.")


class TooManyCalled(CommentError):
    sentence = N_("Sebut paling banyak %(most)s orang dalam satu komentar.")


class NoSuchComment(CommentError):
    sentence = N_("Komentar ini tidak ada, atau bukan milik kantor Anda.")
    status = 404


class TooLate(CommentError):
    sentence = N_(
        "Komentar hanya dapat dihapus oleh penulisnya, dalam %(minutes)s menit sejak ditulis."
    )
    status = 409


@dataclass(frozen=True)
class Called:
    """Somebody who may see the case, and how she is called in a comment."""

    id: int
    name: str
    written: str
    posts: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A comment as it is read: whose, on which step's page, and who is called in it."""

    comment: Comment
    who: str
    step: str | None
    called: tuple[str, ...]


def say(
    session: Session,
    actor: Actor,
    case_id: int,
    text: str,
    now: datetime,
    *,
    task_id: int | None = None,
) -> Comment:
    """Say something about a case; whoever is called by name in it hears of it."""
    case = _case(session, actor, case_id)
    access.require(actor, "comment.write", case.office_id)
    text = _checked(text)
    called = _called_in(text, people(session, case.office_id, now))
    task_id = _step_of(session, case_id, task_id)
    comment = Comment(
        office_id=case.office_id,
        case_id=case_id,
        task_id=task_id,
        person_id=actor.person_id,
        text=text,
        at=now,
    )
    session.add(comment)
    session.flush()
    session.add_all(
        Mention(comment_id=comment.id, person_id=each.id, written=each.written) for each in called
    )
    session.flush()
    told = Telling(
        "mentioned",
        task_id,
        persons=[each.id for each in called],
        by=actor.person_id,
        cause=f"mentioned-{comment.id}",
    )
    notices.tell(session, case, [told], now)
    return comment


def _checked(text: str) -> str:
    lines = [line.rstrip() for line in text.strip().splitlines()]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    if not text:
        raise NothingSaid
    if len(text) > LONGEST:
        raise TooLong(length=len(text), limit=LONGEST)
    return text


def _step_of(session: Session, case_id: int, task_id: int | None) -> int | None:
    query = select(Task.id).where(Task.id == task_id, Task.case_id == case_id)
    return session.scalar(query) if task_id is not None else None


def _case(session: Session, actor: Actor, case_id: int) -> Case:
    case = session.get(Case, case_id)
    if case is None or not actor.may("task.see", case.office_id):
        raise cases.NoSuchCase
    return case


def take_back(session: Session, actor: Actor, comment_id: int, now: datetime) -> Comment:
    """Remove her own words soon after; that something stood there stays to be seen."""
    comment = session.get(Comment, comment_id)
    if comment is None or not actor.may("task.see", comment.office_id):
        raise NoSuchComment
    gone = session.execute(
        update(Comment)
        .where(
            Comment.id == comment_id,
            Comment.person_id == actor.person_id,
            Comment.removed_at.is_(None),
            Comment.at > now - REMOVABLE_FOR,
        )
        .values(text="", removed_at=now)
    )
    if cast("CursorResult[Any]", gone).rowcount != 1:
        raise TooLate(minutes=int(REMOVABLE_FOR.total_seconds() // 60))
    return comment


def may_take_back(actor: Actor, comment: Comment, now: datetime) -> bool:
    is_hers = comment.person_id == actor.person_id and comment.removed_at is None
    return is_hers and comment.at > now - REMOVABLE_FOR


# --- read ------------------------------------------------------------------------------------


def page(
    session: Session, actor: Actor, case_id: int, *, after: str | None = None, limit: int = 20
) -> Page[Line]:
    """What was said about a case, the latest first."""
    _case(session, actor, case_id)
    wanted = [Comment.case_id == case_id]
    count = session.scalar(select(func.count(Comment.id)).where(*wanted)) or 0
    if after is not None:
        [last] = read_cursor(after, int)
        wanted.append(Comment.id < last)
    rows = session.execute(
        select(Comment, Person.name, Task.name)
        .join(Person, Person.id == Comment.person_id)
        .outerjoin(Task, Task.id == Comment.task_id)
        .where(*wanted)
        .order_by(Comment.id.desc())
        .limit(limit + 1)
    ).all()
    called = _called(session, [row[0].id for row in rows[:limit]])
    lines = [Line(*row, called.get(row[0].id, ())) for row in rows[:limit]]
    more = write_cursor(lines[-1].comment.id) if len(rows) > limit else None
    return Page(lines, count, more)


def _called(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    rows = session.execute(
        select(Mention.comment_id, Mention.written).where(Mention.comment_id.in_(ids))
    )
    found: dict[int, tuple[str, ...]] = {}
    for comment_id, written in rows:
        found[comment_id] = (*found.get(comment_id, ()), written)
    return found


# --- who may be called -----------------------------------------------------------------------


def suggested(session: Session, actor: Actor, case_id: int, now: datetime) -> list[Called]:
    """Whom she may call in a comment on this case: those who may read it, but herself."""
    case = _case(session, actor, case_id)
    return [each for each in people(session, case.office_id, now) if each.id != actor.person_id]


def people(session: Session, office_id: int, now: datetime) -> list[Called]:
    """Who may see the cases of an office: its officers, and who watches it."""
    office = colleagues.of_office(session, office_id, now)
    known = {each.id: (each.name, each.posts) for each in office}
    for person in _watching(session, office_id):
        known.setdefault(person.id, (person.name, ()))
    accounts = _accounts(session, known)
    names = [name.casefold() for name, _posts in known.values()]
    return [
        # Two of one name are told apart by their accounts.
        Called(id, name, name if names.count(name.casefold()) == 1 else accounts[id], posts)
        for id, (name, posts) in sorted(known.items(), key=lambda one: (one[1][0], one[0]))
    ]


def _watching(session: Session, office_id: int) -> Sequence[Person]:
    here = select(Office.kabupaten).where(Office.id == office_id).scalar_subquery()
    query = (
        select(Person)
        .join(Grant, Grant.person_id == Person.id)
        .where(
            Grant.role == Role.PENGAWAS.value,
            or_(Grant.office_id == office_id, Grant.kabupaten == here),
            Person.closed_at.is_(None),
        )
    )
    return session.scalars(query.order_by(Person.id)).unique().all()


def _accounts(session: Session, ids: Iterable[int]) -> dict[int, str]:
    rows = session.execute(select(Person.id, Person.account).where(Person.id.in_([*ids])))
    return dict(rows.all())


def _called_in(text: str, known: Sequence[Called]) -> list[Called]:
    """Whoever is named behind an @; of names that begin alike, the longest that fits."""
    lower, found = text.casefold(), {}
    by_length = sorted(known, key=lambda each: -len(each.written))
    for at in (match.end() for match in re.finditer(r"(?<![\w.])@", lower)):
        rest = lower[at:]
        for each in by_length:
            name = each.written.casefold()
            if rest.startswith(name) and not rest[len(name) : len(name) + 1].isalnum():
                found[each.id] = each
                break
    if len(found) > MOST_CALLED:
        raise TooManyCalled(most=MOST_CALLED)
    return list(found.values())
