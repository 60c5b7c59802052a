"""What a person may see of absences: an office's, now and past, and the one she is in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from engine import offices
from engine.access import in_force
from engine.models import Absence, Office, Person
from engine.paging import BadCursor, Page, read_cursor, write_cursor

VIEWS: Final = ("current", "past")

_substitute, _recorder = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class AbsenceRow:
    """A line of an office's absences."""

    absence: Absence
    name: str
    substitute: str | None
    recorded_by: str

    def state(self, today: date) -> str:
        if self.absence.cancelled_at is not None:
            return "ended" if self.absence.begun_at is not None else "cancelled"
        if self.absence.starts_on > today:
            return "coming"
        return "over" if self.absence.ends_on < today else "now"


def page(
    session: Session,
    office: Office,
    view: str,
    now: datetime,
    *,
    person_id: int | None = None,
    after: str | None = None,
    limit: int = 25,
) -> Page[AbsenceRow]:
    """Who is away or will be, the next first; or who was, the last first."""
    today = offices.today(office, now)
    wanted = [Absence.office_id == office.id, *_in_view(view, today)]
    if person_id is not None:
        wanted.append(or_(Absence.person_id == person_id, Absence.substitute_id == person_id))
    count = session.scalar(select(func.count(Absence.id)).where(*wanted)) or 0
    if after is not None:
        wanted.append(_beyond(view, *read_cursor(after, int, int)))
    day = Absence.starts_on
    order = [day.desc(), Absence.id.desc()] if view == "past" else [day, Absence.id]
    rows = session.execute(_lines().where(*wanted).order_by(*order).limit(limit + 1)).all()
    found = [AbsenceRow(*row) for row in rows[:limit]]
    more = _cursor(found[-1].absence) if len(rows) > limit else None
    return Page(found, count, more)


def of_person(session: Session, person_id: int, now: datetime) -> Sequence[AbsenceRow]:
    """The absence she is in today, wherever that is: it is for her to say when she is back."""
    wanted = [
        Absence.person_id == person_id,
        Absence.cancelled_at.is_(None),
        Absence.ends_on >= now.date() - timedelta(days=1),
    ]
    rows = session.execute(_lines().add_columns(Office).where(*wanted).order_by(Absence.id))
    return [AbsenceRow(*row[:-1]) for row in rows if in_force(row[0], offices.today(row[-1], now))]


def _lines() -> Any:
    return (
        select(Absence, Person.name, _substitute.name, _recorder.name)
        .join(Person, Person.id == Absence.person_id)
        .join(Office, Office.id == Absence.office_id)
        .outerjoin(_substitute, _substitute.id == Absence.substitute_id)
        .join(_recorder, _recorder.id == Absence.recorded_by)
    )


def _in_view(view: str, today: date) -> list[ColumnElement[bool]]:
    if view == "past":
        return [or_(Absence.ends_on < today, Absence.cancelled_at.is_not(None))]
    return [Absence.ends_on >= today, Absence.cancelled_at.is_(None)]


def _cursor(last: Absence) -> str:
    return write_cursor(last.starts_on.toordinal(), last.id)


def _beyond(view: str, day: int, last: int) -> ColumnElement[bool]:
    try:
        at = date.fromordinal(day)
    except (ValueError, OverflowError) as wrong:
        raise BadCursor from wrong
    if view == "past":
        earlier = and_(Absence.starts_on == at, Absence.id < last)
        return or_(Absence.starts_on < at, earlier)
    return or_(Absence.starts_on > at, and_(Absence.starts_on == at, Absence.id > last))
