"""Carry messages out of the house: each once, and twice only where nobody can know.

A message is taken by one conditional UPDATE before it is sent, and counted as sent beforehand: a
sender that dies in between leaves it to be taken again when its time is over, and the second time
it says that it may be a repeat. There is no third time: then an administrator sees it.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVarTuple, cast

from sqlalchemy import ColumnElement, CursorResult, Select, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine.models import Contact, Delivery, Person, Telling
from engine.paging import Page, read_cursor, write_cursor
from engine.settings import Settings
from tasks import channels, composing, opening
from tasks.channels.ground import Channel, NotSent, Refused, Unsure
from tasks.messages import Message

log = logging.getLogger(__name__)
Ts = TypeVarTuple("Ts")

# Longer than any channel waits for an answer, several times over.
LEASE: Final = timedelta(minutes=10)
MOST_SENDS: Final = 2
# Two and a half days in all: a mail server that is down over a weekend loses nothing.
PAUSES: Final = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440, 1440)
)
KEPT_FOR: Final = timedelta(days=30)
FAILED_KEPT_FOR: Final = timedelta(days=90)
LONGEST_ERROR: Final = 300
OUR_FAULT: Final = N_("kesalahan di Alur; lihat catatan server")
CUT_TWICE: Final = N_("pengiriman terputus dua kali; tidak diketahui apakah sampai")


@dataclass(frozen=True)
class Outlet:
    """The way by which messages leave: none, where this machine is not set up for it."""

    name: str
    channel: Channel | None
    home: str


@dataclass(frozen=True)
class Taken:
    """A message in the hands of one sender, and until when it is his."""

    delivery_id: int
    contact_id: int
    attempts: int
    until: datetime
    channel: str
    address: str
    secret: str | None
    message: Message


@contextmanager
def outlet(settings: Settings, name: str) -> Iterator[Outlet]:
    """A line of its own, for as long as there is something to send."""
    channel = channels.opened(settings).get(name)
    try:
        yield Outlet(name, channel, settings.home)
    finally:
        if channel is not None:
            channel.close()


def waiting(session: Session, now: datetime) -> Sequence[str]:
    """By which channels something is to leave now; asked often, answered by one index."""
    query = select(Contact.channel).join(Delivery, Delivery.contact_id == Contact.id)
    return session.scalars(query.where(*_waits(now)).distinct()).all()


def take(session: Session, outlet: Outlet, now: datetime) -> Taken | None:
    """The next message, his alone until the time is over; None when none is due."""
    while (found := _next(session, outlet.name, now)) is not None:
        taken = _taken(session, outlet, *found, now)
        if taken is not None:
            return taken
    return None


def carry(outlet: Outlet, taken: Taken) -> AlurError | None:
    """Send it, in no transaction; what went wrong, if anything did."""
    if outlet.channel is None:
        return NotSent(why=f"saluran {outlet.name} tidak disetel di komputer ini")
    try:
        outlet.channel.send(taken.address, taken.message, taken.secret)
    except (NotSent, Unsure) as wrong:
        return wrong
    except Exception:
        log.exception("delivery %s could not be sent", taken.delivery_id)
        return Unsure(why=OUR_FAULT)
    return None


def put_down(session: Session, taken: Taken, wrong: AlurError | None, now: datetime) -> None:
    """Write down what became of it, if it is still his."""
    if wrong is None:
        values: dict[str, Any] = {"ended_at": now, "ended_as": "sent", "error": None}
        if taken.message.kind == "notices":
            _mark(session, taken.contact_id, told_at=now)
    else:
        values = _again(taken.attempts, wrong, now)
    if isinstance(wrong, Refused):
        _mark(session, taken.contact_id, refused_at=now, digest_at=None)
    session.execute(
        update(Delivery)
        .where(
            Delivery.id == taken.delivery_id,
            Delivery.taken_until == taken.until,
            Delivery.attempts == taken.attempts,
            Delivery.ended_at.is_(None),
        )
        .values(taken_until=None, **values)
        .execution_options(synchronize_session=False)
    )


def _again(attempts: int, wrong: AlurError, now: datetime) -> dict[str, Any]:
    """It waits longer each time, and at last it is given up."""
    why = str(wrong.facts.get("why", wrong))[:LONGEST_ERROR]
    values: dict[str, Any] = {"error": why}
    if not isinstance(wrong, Unsure):
        values["sends"] = Delivery.sends - 1  # it surely did not arrive
    if isinstance(wrong, Refused) or attempts >= len(PAUSES):
        return {**values, "ended_at": now, "ended_as": "failed"}
    return {**values, "send_at": now + PAUSES[attempts - 1]}


def _mark(session: Session, contact_id: int, **values: Any) -> None:
    session.execute(
        update(Contact)
        .where(Contact.id == contact_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _waits(now: datetime) -> list[ColumnElement[bool]]:
    free = or_(Delivery.taken_until.is_(None), Delivery.taken_until <= now)
    return [Delivery.ended_at.is_(None), Delivery.send_at <= now, free]


def _next(session: Session, channel: str, now: datetime) -> tuple[Delivery, Contact, Person] | None:
    found = session.execute(
        _with_people(select(Delivery, Contact, Person))
        .where(Contact.channel == channel, *_waits(now))
        .order_by(Delivery.send_at, Delivery.id)
        .limit(1)
        .with_for_update(of=Delivery, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return found.one_or_none()


def _taken(
    session: Session,
    outlet: Outlet,
    delivery: Delivery,
    contact: Contact,
    person: Person,
    now: datetime,
) -> Taken | None:
    """It is his; or it need not be sent, or not now, and he looks for another."""
    if delivery.sends >= MOST_SENDS:
        _change(session, delivery, now, ended_at=now, ended_as="failed", error=CUT_TWICE)
        return None
    office = opening.office(session, delivery.office_id)
    if office is not None and not opening.is_daytime(office, now):
        _change(session, delivery, now, send_at=opening.morning(office, now))
        return None
    until, attempts = now + LEASE, delivery.attempts + 1
    try:
        with session.begin_nested():
            message = _message(session, outlet, delivery, contact, person, now)
    except Exception:
        # One that cannot be put into words must not stand in the way of all others for ever.
        log.exception("delivery %s could not be written", delivery.id)
        again = _again(attempts, NotSent(why=OUR_FAULT), now)
        _change(session, delivery, now, **{**again, "attempts": attempts, "sends": delivery.sends})
        return None
    if message is None:
        _change(session, delivery, now, ended_at=now, ended_as="moot")
        return None
    values = {"attempts": attempts, "sends": delivery.sends + 1, "is_repeat": message.is_repeat}
    if not _change(session, delivery, now, taken_until=until, **values):
        return None
    where = (contact.channel, contact.address, contact.secret)
    return Taken(delivery.id, contact.id, attempts, until, *where, message)


def _message(
    session: Session,
    outlet: Outlet,
    delivery: Delivery,
    contact: Contact,
    person: Person,
    now: datetime,
) -> Message | None:
    """What it says, as things stand now; nothing, if nobody need hear it any more."""
    is_proved = contact.proved_at is not None and contact.refused_at is None
    if person.closed_at is not None or not contact.address:
        return None
    if not is_proved and delivery.kind != "code":
        return None
    return composing.compose(session, outlet.home, delivery, contact, person, now)


def _change(session: Session, delivery: Delivery, now: datetime, **values: Any) -> bool:
    """The one conditional UPDATE that settles the race of senders."""
    values.setdefault("taken_until", None)
    result = session.execute(
        update(Delivery)
        .where(Delivery.id == delivery.id, *_waits(now))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(cast("CursorResult[Any]", result).rowcount == 1)


# How many go at a time: nobody waits for it.
_FORGOTTEN: Final = 5_000


def forget(session: Session, now: datetime) -> None:
    """What arrived is remembered for a month, what did not for three."""
    old = (
        select(Delivery.id)
        .where(
            Delivery.ended_at < now - KEPT_FOR,
            or_(Delivery.ended_as != "failed", Delivery.ended_at < now - FAILED_KEPT_FOR),
        )
        .order_by(Delivery.ended_at)
        .limit(_FORGOTTEN)
    )
    ids = session.scalars(old).all()
    session.execute(delete(Telling).where(Telling.delivery_id.in_(ids)))
    session.execute(delete(Delivery).where(Delivery.id.in_(ids)))


# --- for whoever runs the installation -----------------------------------------------------------


RIGHT: Final = "delivery.manage"


class NoSuchDelivery(AlurError):
    sentence = N_("Kiriman ini tidak ada, sudah dikirim ulang, atau tidak dapat dikirim lagi.")
    status = 404


@dataclass(frozen=True)
class Failed:
    """A message that was given up, to whom it should have gone, and why."""

    delivery: Delivery
    contact: Contact
    person: Person

    @property
    def why_not(self) -> str | None:
        """What keeps it from being sent again, in one word; None if it can be."""
        if self.person.closed_at is not None:
            return "closed"
        if self.delivery.kind == "code":
            return "code"
        if self.contact.refused_at is not None:
            return "refused"
        return None if self.contact.proved_at is not None else "unproved"


def failed(
    session: Session, *, search: str = "", after: str | None = None, limit: int = 25
) -> Page[Failed]:
    """What was given up, the latest first."""
    wanted: list[ColumnElement[bool]] = [Delivery.ended_as == "failed"]
    searched = (Person.name, Person.account, Contact.address, Delivery.error)
    for word in search.split():
        wanted.append(or_(*(column.icontains(word, autoescape=True) for column in searched)))
    count = session.scalar(_with_people(select(func.count(Delivery.id))).where(*wanted)) or 0
    if after is not None:
        at, last = read_cursor(after, datetime, int)
        same = and_(Delivery.ended_at == at, Delivery.id < last)
        wanted.append(or_(Delivery.ended_at < at, same))
    rows = session.execute(
        _with_people(select(Delivery, Contact, Person))
        .where(*wanted)
        .order_by(Delivery.ended_at.desc(), Delivery.id.desc())
        .limit(limit + 1)
    )
    found = [Failed(*row) for row in rows]
    more = _cursor(found[limit - 1].delivery) if len(found) > limit else None
    return Page(found[:limit], count, more)


def _with_people(query: Select[*Ts]) -> Select[*Ts]:
    whose = query.select_from(Delivery).join(Contact, Contact.id == Delivery.contact_id)
    return whose.join(Person, Person.id == Contact.person_id)


def _cursor(last: Delivery) -> str:
    return write_cursor(last.ended_at.isoformat() if last.ended_at else None, last.id)


def counts(session: Session) -> Mapping[str, int]:
    """How many are on their way, and how many were given up."""
    waiting = select(func.count(Delivery.id)).where(Delivery.ended_at.is_(None))
    given_up = select(func.count(Delivery.id)).where(Delivery.ended_as == "failed")
    row = session.execute(
        select(
            waiting.scalar_subquery().label("waiting"), given_up.scalar_subquery().label("failed")
        )
    ).one()
    return dict(row._mapping)


def resend(session: Session, delivery_id: int, now: datetime) -> None:
    """Try one again from the beginning."""
    if not _resend(session, [Delivery.id == delivery_id], now):
        raise NoSuchDelivery


def resend_all(session: Session, now: datetime) -> int:
    """Try all of them again; how many there were."""
    return _resend(session, [], now)


def _resend(session: Session, which: Sequence[ColumnElement[bool]], now: datetime) -> int:
    """What may have arrived once says so; it may go out once more, and no oftener."""
    reached = (
        select(Contact.id)
        .join(Person, Person.id == Contact.person_id)
        .where(
            Contact.id == Delivery.contact_id,
            Contact.proved_at.is_not(None),
            Contact.refused_at.is_(None),
            Person.closed_at.is_(None),
        )
    )
    once = func.min if session.get_bind().dialect.name == "sqlite" else func.least
    result = session.execute(
        update(Delivery)
        .where(Delivery.ended_as == "failed", Delivery.kind != "code", reached.exists(), *which)
        .values(
            ended_at=None,
            ended_as=None,
            send_at=now,
            attempts=0,
            sends=once(Delivery.sends, MOST_SENDS - 1),
        )
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", result).rowcount
