"""Decide for each notice whether, where and when it also leaves the house.

The first of the two steps after the deed: what is decided is a row as well, once for each notice
and address. The second step (deliveries.py) only carries it out.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from engine.access import in_force
from engine.models import Absence, Contact, Delivery, Notice, Office, Person, Telling
from engine.notices import KINDS
from tasks import opening, preferences
from tasks.preferences import ANY_HOUR, AT_ONCE, DIGEST, Choices

# What happens within a minute goes together, and after a message there is peace for a while.
GATHERED: Final = timedelta(minutes=1)
PEACE: Final = timedelta(minutes=30)
URGENT_PEACE: Final = timedelta(minutes=5)
AT_A_TIME: Final = 500


def weigh(session: Session, now: datetime, limit: int = AT_A_TIME) -> int:
    """Decide on the next notices; how many that were. Of several clocks each takes others."""
    notices = session.scalars(
        select(Notice)
        .where(Notice.weighed_at.is_(None))
        .order_by(Notice.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if notices:
        _Round(session, notices, now).decide()
        ids = [notice.id for notice in notices]
        session.execute(update(Notice).where(Notice.id.in_(ids)).values(weighed_at=now))
    return len(notices)


def is_any_new(session: Session) -> bool:
    """Whether there is anything to decide on."""
    return session.scalar(select(Notice.id).where(Notice.weighed_at.is_(None)).limit(1)) is not None


class _Round:
    """All that is known of some notices, their people and what is on its way to them."""

    def __init__(self, session: Session, notices: Sequence[Notice], now: datetime) -> None:
        self.session, self.notices, self.now = session, notices, now
        people = {notice.person_id for notice in notices}
        self.contacts = _contacts(session, people)
        self.chosen: Choices = preferences.of(session, people)
        self.offices = _offices(session, {notice.office_id for notice in notices})
        self.away = _away(session, people, self.offices, now)
        reached = [contact.id for each in self.contacts.values() for contact in each]
        self.on_their_way = _on_their_way(session, reached)

    def decide(self) -> None:
        tellings = [
            {"notice_id": notice.id, "contact_id": contact.id, "delivery_id": delivery_id}
            for notice in self.notices
            if notice.read_at is None and (notice.person_id, notice.office_id) not in self.away
            for contact in self.contacts.get(notice.person_id, ())
            for delivery_id in self._ways(notice, contact)
        ]
        if tellings:
            self.session.execute(insert(Telling), tellings)

    def _ways(self, notice: Notice, contact: Contact) -> Iterable[int | None]:
        """The message that it goes with; None for the next digest; nothing if she wants none."""
        way = self.chosen.way(contact, KINDS[notice.kind].topic)
        if way == DIGEST and contact.digest_at is not None:
            return [None]
        if way != AT_ONCE:
            return []
        return [self._message(notice, contact)]

    def _message(self, notice: Notice, contact: Contact) -> int | None:
        """The one already on its way to her, which may have to hurry now, or a new one."""
        office = self._whose_hours(notice, contact)
        send_at = self._when(notice, contact, office)
        known = self.on_their_way.get((contact.id, office is None))
        if known is not None:
            known.send_at = min(known.send_at, send_at)
            return known.id
        if office is not None and contact.digest_at is not None and contact.digest_at <= send_at:
            return None  # one message in the morning, not two
        office_id = office.id if office is not None else None
        facts: dict[str, Any] = {"contact_id": contact.id, "office_id": office_id}
        made = Delivery(kind="notices", at=self.now, send_at=send_at, **facts)
        self.session.add(made)
        self.session.flush()
        self.on_their_way[contact.id, office is None] = made
        return made.id

    def _whose_hours(self, notice: Notice, contact: Contact) -> Office | None:
        """Nobody's, if it is urgent, may come at night, and it is night."""
        office = self.offices[notice.office_id]
        is_free = notice.urgent and self.chosen.way(contact, ANY_HOUR) == AT_ONCE
        return None if is_free and not opening.is_daytime(office, self.now) else office

    def _when(self, notice: Notice, contact: Contact, office: Office | None) -> datetime:
        peace = URGENT_PEACE if notice.urgent else PEACE
        send_at = self.now if notice.urgent else self.now + GATHERED
        if contact.told_at is not None:
            send_at = max(send_at, contact.told_at + peace)
        return send_at if office is None else opening.next_daytime(office, send_at)


def _contacts(session: Session, people: set[int]) -> dict[int, list[Contact]]:
    """The proved addresses of these people, held: a digest must not begin in between."""
    found: dict[int, list[Contact]] = {}
    query = (
        select(Contact)
        .join(Person, Person.id == Contact.person_id)
        .where(
            Contact.person_id.in_(people),
            Contact.proved_at.is_not(None),
            Contact.refused_at.is_(None),
            Person.closed_at.is_(None),
        )
        .order_by(Contact.id)
        .with_for_update(of=Contact)
    )
    for contact in session.scalars(query):
        found.setdefault(contact.person_id, []).append(contact)
    return found


def _offices(session: Session, ids: set[int]) -> dict[int, Office]:
    query = select(Office).where(Office.id.in_(ids))
    return {office.id: office for office in session.scalars(query)}


def _away(
    session: Session, people: set[int], offices: dict[int, Office], now: datetime
) -> set[tuple[int, int]]:
    """Who is away from which office today: she finds it when she is back."""
    query = select(Absence).where(
        Absence.person_id.in_(people),
        Absence.office_id.in_(offices),
        Absence.cancelled_at.is_(None),
        Absence.ends_on >= now.date() - timedelta(days=1),  # the same day in any zone
    )
    return {
        (absence.person_id, absence.office_id)
        for absence in session.scalars(query)
        if in_force(absence, opening.today(offices[absence.office_id], now))
    }


def _on_their_way(session: Session, contacts: list[int]) -> dict[tuple[int, bool], Delivery]:
    """The messages nobody has begun to send, held until they have been added to."""
    query = (
        select(Delivery)
        .where(
            Delivery.contact_id.in_(contacts),
            Delivery.kind == "notices",
            Delivery.ended_at.is_(None),
            Delivery.attempts == 0,
        )
        .order_by(Delivery.id)
        .with_for_update(skip_locked=True)
    )
    return {(one.contact_id, one.office_id is None): one for one in session.scalars(query)}
