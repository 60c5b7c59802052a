"""Where people can be reached outside: an address is used once she proved that she reads there."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine import webhooks
from engine.access import Actor
from engine.models import Contact, Delivery, Person, Telling
from tasks import opening, preferences
from tasks.channels import Channels
from tasks.channels.ground import Channel

CODE_LASTS: Final = timedelta(minutes=30)
MOST_TRIES: Final = 5
# A code goes to an address that may be somebody else's: nobody can be pestered with many.
MOST_CODES: Final = 5
_PER: Final = timedelta(days=1)


class ContactError(AlurError):
    """An address that cannot be taken, or is not proved."""

    status = 422
    field = "address"


class NoSuchChannel(ContactError):
    sentence = N_("Saluran ini belum disetel di sini. Tanyakan kepada pengelola.")
    status = 404


class ProvedAlready(ContactError):
    sentence = N_("Alamat ini sudah terbukti milik Anda; tidak ada yang berubah.")


class TooManyCodes(ContactError):
    sentence = N_("Sudah %(most)s kode dikirim dalam sehari. Coba lagi besok.")
    status = 429


class NothingToProve(ContactError):
    sentence = N_("Tidak ada kode yang ditunggu. Minta kode baru.")
    status = 409


class NotReached(ContactError):
    sentence = N_("Belum ada alamat yang terbukti milik Anda di saluran ini.")
    status = 409


def of(session: Session, actor: Actor) -> Mapping[str, Contact]:
    """Hers, by channel; those she has taken away are not among them."""
    own = select(Contact).where(Contact.person_id == actor.person_id, Contact.address != "")
    return {contact.channel: contact for contact in session.scalars(own)}


def give(
    session: Session, actor: Actor, channels: Channels, name: str, address: str, now: datetime
) -> Contact:
    """Keep an address of hers and send it a code; until that comes back nothing else goes there."""
    address = _channel(channels, name).check(address)
    contact = _locked(session, actor, name)
    if contact is None:
        contact = Contact(person_id=actor.person_id, channel=name, address="", at=now)
        contact.tries = contact.codes_sent = 0
        session.add(contact)
    elif contact.address == address and contact.proved_at and not contact.refused_at:
        raise ProvedAlready
    _count(contact, now)
    if contact.address != address:
        contact.address, contact.at = address, now
        contact.secret = webhooks.new_secret() if channels[name].is_signed else None
    contact.proved_at = contact.refused_at = contact.digest_at = None
    contact.code, contact.code_until, contact.tries = _code(), now + CODE_LASTS, 0
    session.flush()
    _forget_what_was_on_its_way(session, contact, now)
    session.add(Delivery(contact_id=contact.id, kind="code", at=now, send_at=now))
    return contact


def prove(session: Session, actor: Actor, name: str, code: str, now: datetime) -> bool:
    """Whether this is the code that was sent; a wrong one is counted, and too many end it."""
    contact = _locked(session, actor, name)
    if contact is None or not is_waiting(contact, now):
        raise NothingToProve
    contact.tries += 1
    if not secrets.compare_digest(code.strip().encode(), (contact.code or "").encode()):
        return False
    contact.proved_at, contact.code, contact.code_until = now, None, None
    _keep_morning(session, contact, now)
    return True


def is_waiting(contact: Contact, now: datetime) -> bool:
    """Whether its code may still be entered."""
    is_fresh = contact.code_until is not None and now < contact.code_until
    return contact.code is not None and is_fresh and contact.tries < MOST_TRIES


def trouble(session: Session, contact: Contact) -> str | None:
    """Why its last code has not left, where sending it was tried."""
    last = select(Delivery.error).where(
        Delivery.contact_id == contact.id, Delivery.kind == "code", Delivery.ended_as.is_not("moot")
    )
    return session.scalar(last.order_by(Delivery.id.desc()).limit(1))


def take_away(session: Session, actor: Actor, name: str, now: datetime) -> None:
    """Forget the address; nothing is sent there any more."""
    contact = _locked(session, actor, name)
    if contact is None:
        return
    contact.address, contact.secret, contact.code = "", None, None
    contact.proved_at = contact.refused_at = contact.digest_at = None
    session.flush()
    _forget_what_was_on_its_way(session, contact, now)


def choose(
    session: Session, actor: Actor, name: str, ways: Mapping[str, str], now: datetime
) -> None:
    """Keep how she wants to be told there."""
    contact = _locked(session, actor, name)
    if contact is None or contact.proved_at is None:
        raise NotReached
    preferences.choose(session, actor, name, ways)
    _keep_morning(session, contact, now)


def _keep_morning(session: Session, contact: Contact, now: datetime) -> None:
    """Set when her next digest is due, if she wants one there."""
    chosen = preferences.of(session, [contact.person_id])
    wants = contact.proved_at is not None and chosen.wants_digest(contact)
    person = session.get_one(Person, contact.person_id)
    contact.digest_at = opening.next_morning(session, person, now) if wants else None


def _channel(channels: Channels, name: str) -> Channel:
    if name not in channels:
        raise NoSuchChannel
    return channels[name]


def _locked(session: Session, actor: Actor, name: str) -> Contact | None:
    query = select(Contact).where(Contact.person_id == actor.person_id, Contact.channel == name)
    return session.scalar(query.with_for_update())


def _count(contact: Contact, now: datetime) -> None:
    if contact.codes_since is None or contact.codes_since <= now - _PER:
        contact.codes_since, contact.codes_sent = now, 0
    if contact.codes_sent >= MOST_CODES:
        raise TooManyCodes(most=MOST_CODES)
    contact.codes_sent += 1


def _code() -> str:
    return f"{secrets.randbelow(10**6):06}"


def _forget_what_was_on_its_way(session: Session, contact: Contact, now: datetime) -> None:
    """It was meant for another address."""
    session.execute(
        update(Delivery)
        .where(Delivery.contact_id == contact.id, Delivery.ended_at.is_(None))
        .values(ended_at=now, ended_as="moot", taken_until=None)
    )
    session.execute(
        delete(Telling).where(Telling.contact_id == contact.id, Telling.delivery_id.is_(None))
    )
