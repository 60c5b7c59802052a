"""When an office is open for messages, and when somebody's morning begins."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import access, worktime
from engine.access import Actor
from engine.models import Office, Person
from engine.worktime import Calendar

# Whoever belongs to no office keeps the hours of the capital.
_NOWHERE_ZONE = "Asia/Jakarta"


def calendar(office: Office | None) -> Calendar:
    return Calendar.from_dict(office.calendar) if office else worktime.perpres(_NOWHERE_ZONE)


def today(office: Office | None, now: datetime) -> date:
    return now.astimezone(ZoneInfo(office.zone if office else _NOWHERE_ZONE)).date()


def office_of(session: Session, actor: Actor) -> Office | None:
    """The office whose morning is hers: where her first post is, or the first that she watches."""
    own = [held.office_id for held in actor.posts if held.absent is None]
    where = own[:1] or sorted(actor.scope or ())[:1]
    return session.get(Office, where[0]) if where else None


def next_morning(session: Session, person: Person, now: datetime) -> datetime:
    """When her office opens next, today or on a day to come."""
    return morning(office_of(session, access.actor(session, person, now)), now)


def morning(office: Office | None, now: datetime) -> datetime:
    """The first opening of a day that is still to come."""
    hours, day = calendar(office), today(office, now)
    opens = hours.opening(day)
    if opens is not None and now < opens:
        return opens
    zone = ZoneInfo(office.zone if office else _NOWHERE_ZONE)
    midnight = datetime.combine(day + timedelta(days=1), time.min, zone)
    return hours.next_opening(midnight)


def is_daytime(office: Office | None, now: datetime) -> bool:
    """Between the first opening and the last closing of a working day, breaks and all."""
    hours, day = calendar(office), today(office, now)
    opens, closes = hours.opening(day), hours.closing(day)
    return opens is not None and closes is not None and opens <= now < closes


def next_daytime(office: Office | None, now: datetime) -> datetime:
    """Now, if it is daytime there; else the next morning."""
    return now if is_daytime(office, now) else morning(office, now)


def office(session: Session, office_id: int | None) -> Office | None:
    query = select(Office).where(Office.id == office_id)
    return session.scalar(query) if office_id is not None else None
