"""Who goes on with a step when the one who had it is away or gone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import access, colleagues, offices
from engine.access import Held, in_force
from engine.models import Absence, Office, Person
from tasks.ground import Reached, done_before


@dataclass(frozen=True)
class Heir:
    """Somebody who may do the step, and in which capacity."""

    person_id: int
    held: Held


def of(session: Session, found: Reached, person_id: int | None, now: datetime) -> Heir | None:
    """Herself, if she is there; else her substitute; None: whoever else holds the post."""
    if person_id is None:
        return None
    away = absence(session, found.task.office_id, person_id, now)
    return _able(session, found, away.substitute_id if away is not None else person_id, now)


def is_there(session: Session, found: Reached, person_id: int, now: datetime) -> bool:
    """Whether somebody who was asked to do the step is still in the office, and not away."""
    office_id = found.task.office_id
    person = colleagues.find(session, office_id, person_id, now)
    return person is not None and absence(session, office_id, person_id, now) is None


def absence(session: Session, office_id: int, person_id: int, now: datetime) -> Absence | None:
    """The absence she is in today, if she is away."""
    query = select(Absence, Office).join(Office, Office.id == Absence.office_id)
    query = query.where(
        Absence.office_id == office_id,
        Absence.person_id == person_id,
        Absence.cancelled_at.is_(None),
        Absence.ends_on >= now.date() - timedelta(days=1),  # the same day in any zone
    )
    for away, office in session.execute(query):
        if in_force(away, offices.today(office, now)):
            return away
    return None


def _able(session: Session, found: Reached, person_id: int | None, now: datetime) -> Heir | None:
    """Who may sign in, has the post, and did not do what this step checks, by either name."""
    person = session.get(Person, person_id) if person_id is not None else None
    if person is None or person.closed_at is not None:
        return None
    held = access.actor(session, person, now).holding(found.task.post_id)
    if held is None:
        return None
    names = [person.id, *([held.absent.person_id] if held.absent else [])]
    if any(done_before(session, name, found) for name in names):
        return None
    return Heir(person.id, held)
