"""The morning digest: one message when her office opens, for whoever wants one."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine import access
from engine.models import Absence, Contact, Delivery, Office, Person, Telling
from tasks import opening

AT_A_TIME = 200


def open_due(session: Session, now: datetime, limit: int = AT_A_TIME) -> int:
    """Put the digests on their way whose morning has come; how many were looked at."""
    rows = session.execute(
        select(Contact, Person)
        .join(Person, Person.id == Contact.person_id)
        .where(Contact.digest_at <= now)
        .order_by(Contact.digest_at, Contact.id)
        .limit(limit)
        .with_for_update(of=Contact, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for contact, person in rows:
        _open(session, contact, person, now)
    return len(rows)


def is_any_due(session: Session, now: datetime) -> bool:
    return session.scalar(select(Contact.id).where(Contact.digest_at <= now).limit(1)) is not None


def _open(session: Session, contact: Contact, person: Person, now: datetime) -> None:
    if person.closed_at is not None or contact.proved_at is None or contact.refused_at is not None:
        contact.digest_at = None
        return
    office = opening.office_of(session, access.actor(session, person, now))
    is_day = opening.is_daytime(office, now)
    contact.digest_at = opening.morning(office, now)
    # A morning that was missed whole, or a day that is a holiday since it was planned: the next.
    if is_day and not _is_away(session, person, office, now):
        _put_on_its_way(session, contact, office, now)


def _is_away(session: Session, person: Person, office: Office | None, now: datetime) -> bool:
    if office is None:
        return False
    today = opening.today(office, now)
    query = select(Absence.id).where(
        Absence.person_id == person.id,
        Absence.office_id == office.id,
        Absence.cancelled_at.is_(None),
        Absence.starts_on <= today,
        Absence.ends_on >= today,
    )
    return session.scalar(query.limit(1)) is not None


def _put_on_its_way(
    session: Session, contact: Contact, office: Office | None, now: datetime
) -> None:
    facts: dict[str, Any] = {
        "contact_id": contact.id,
        "kind": "digest",
        "day": opening.today(office, now),
        "office_id": office.id if office is not None else None,
        "at": now,
        "send_at": now,
        "attempts": 0,
        "sends": 0,
        "is_repeat": False,
    }
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[session.get_bind().dialect.name]
    made = session.scalar(
        dialect.insert(Delivery).values(**facts).on_conflict_do_nothing().returning(Delivery.id)
    )
    if made is not None:
        session.execute(
            update(Telling)
            .where(Telling.contact_id == contact.id, Telling.delivery_id.is_(None))
            .values(delivery_id=made)
            .execution_options(synchronize_session=False)
        )
