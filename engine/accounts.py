"""Open accounts and close them, and give passwords: a password set by another hand is a first one.

Whoever gets a first password chooses her own before anything else is open to her, and what was
done to an account stays with it.
"""

import re
import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine import access, people
from engine.access import Actor
from engine.db import EVERYWHERE
from engine.models import Absence, AccountEvent, Grant, Holder, Person
from engine.people import LONGEST_ACCOUNT

LONGEST_NAME: Final = 120
_ACCOUNT: Final = re.compile(r"[^\W_][\w.@+-]*")
# Neither capitals nor what is easily mistaken: it is read out over the telephone.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


class AccountError(AlurError):
    """An account that is not there, or cannot be as asked."""

    status = 422


class NoSuchAccount(AccountError):
    sentence = N_("Tidak ada akun “%(account)s”.")
    status = 404
    field = "account"


class AccountTaken(AccountError):
    sentence = N_("Akun “%(account)s” sudah ada.")
    field = "account"


class BadAccount(AccountError):
    sentence = N_(
        "Nama akun harus terdiri dari 1 sampai %(limit)s huruf: huruf, angka, titik atau tanda "
        "hubung, tanpa spasi."
    )
    field = "account"


class BadName(AccountError):
    sentence = N_("Nama orangnya harus diisi, paling panjang %(limit)s huruf.")
    field = "name"


class IsClosed(AccountError):
    sentence = N_("Akun ini sudah ditutup.")
    status = 409


class IsSystem(AccountError):
    sentence = N_("Akun %(account)s milik program lain: tanpa kata sandi. Buat token: alur token.")
    status = 409


class OwnAccount(AccountError):
    sentence = N_("Ini akun Anda sendiri. Minta administrator lain melakukannya.")
    status = 409


class LastAdministrator(AccountError):
    sentence = N_(
        "Ini administrator terakhir; tanpa dia tidak ada lagi yang dapat mengelola akun dan "
        "jabatan. Buat administrator lain dahulu."
    )
    status = 409


class SamePassword(AccountError):
    sentence = N_("Kata sandi baru sama dengan yang lama. Buat yang lain.")
    field = "new_password"


def require(actor: Actor) -> None:
    """Accounts belong to no office: who keeps those of one must not open those of all."""
    if actor.offices("person.manage") is not EVERYWHERE:
        raise access.Forbidden


def open_(
    session: Session,
    actor: Actor,
    account: str,
    name: str,
    password: str | None,
    now: datetime,
    *,
    is_first: bool = True,
) -> Person:
    """An account for a person, or for a program, which has no password."""
    require(actor)
    if password is not None:
        people.check_new_password(password)
    person = Person(
        account=_checked_account(account),
        name=checked_name(name),
        password_hash=people.hash_password(password) if password is not None else "",
        is_system=password is None,
        must_change=password is not None and is_first,
    )
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as taken:
        # A closed account as well: its history speaks of who held it.
        raise AccountTaken(account=person.account) from taken
    _note(session, actor, person, "opened", now)
    return person


def reach(session: Session, actor: Actor, person_id: int) -> Person:
    """The account to be changed, if it is still open."""
    require(actor)
    person = session.get(Person, person_id)
    if person is None:
        raise NoSuchAccount(account=person_id)
    if person.closed_at is not None:
        raise IsClosed
    return person


def rename(actor: Actor, person: Person, name: str) -> None:
    require(actor)
    person.name = checked_name(name)


def reset(
    session: Session,
    actor: Actor,
    person: Person,
    password: str,
    now: datetime,
    *,
    is_first: bool = True,
) -> None:
    """Let her in again with a password of ours; whoever came in with the old one is out."""
    require(actor)
    if person.is_system:
        raise IsSystem(account=person.account)
    people.check_new_password(password)
    _set_password(session, person, people.hash_password(password), must_change=is_first)
    _note(session, actor, person, "reset", now)


def change(session: Session, person_id: int, hashed: str, now: datetime) -> Person:
    """Her own choice. Every session of hers ends, but the one that asks may begin a new one."""
    person = session.get_one(Person, person_id)
    _set_password(session, person, hashed, must_change=False)
    session.add(AccountEvent(person_id=person.id, kind="changed", at=now, by=person.id))
    session.flush()
    return person


def sign_out(session: Session, actor: Actor, person: Person, now: datetime) -> None:
    """End every session of hers, as when a telephone was lost."""
    require(actor)
    people.sign_out(session, person.id)
    _note(session, actor, person, "signed out", now)


def close(session: Session, actor: Actor, person: Person, now: datetime) -> None:
    """Let her in no more; what she did stays hers, what she had in hand goes on without her."""
    require(actor)
    refuse_to_lose(session, actor, person)
    person.closed_at, person.epoch = now, person.epoch + 1
    _note(session, actor, person, "closed", now)
    _wake_the_clock(session, person, now)


def refuse_to_lose(session: Session, actor: Actor, person: Person) -> None:
    """Nobody shuts herself out, and somebody keeps the accounts."""
    if person.id == actor.person_id:
        raise OwnAccount
    if _is_last_administrator(session, person):
        raise LastAdministrator


def first_password() -> str:
    """Twelve letters nobody can guess: 59 bits, to be read out once and changed at once."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadName(limit=LONGEST_NAME)
    return name


def _checked_account(account: str) -> str:
    if not 0 < len(account.strip()) <= LONGEST_ACCOUNT:
        raise BadAccount(limit=LONGEST_ACCOUNT)
    account = people.normalised(account)
    if not _ACCOUNT.fullmatch(account):
        raise BadAccount(limit=LONGEST_ACCOUNT)
    return account


def _set_password(session: Session, person: Person, hashed: str, *, must_change: bool) -> None:
    person.password_hash, person.must_change = hashed, must_change
    person.epoch += 1
    session.flush()


def _is_last_administrator(session: Session, person: Person) -> bool:
    everywhere = [Grant.role == "admin", Grant.office_id.is_(None), Person.closed_at.is_(None)]
    keepers = select(Person.id).join(Grant, Grant.person_id == Person.id).where(*everywhere)
    return set(session.scalars(keepers)) == {person.id}


def _wake_the_clock(session: Session, person: Person, now: datetime) -> None:
    """What she had in hand, or was to do for another, must not stay with her."""
    still = now.date() - timedelta(days=1)
    held = [Holder.person_id == person.id, or_(Holder.ends_on.is_(None), Holder.ends_on >= still)]
    session.execute(update(Holder).where(*held).values(wake_at=now))
    part = or_(Absence.person_id == person.id, Absence.substitute_id == person.id)
    going = [part, Absence.ends_on >= still, Absence.cancelled_at.is_(None)]
    session.execute(update(Absence).where(*going).values(wake_at=now))


def _note(session: Session, actor: Actor, person: Person, kind: str, now: datetime) -> None:
    session.add(AccountEvent(person_id=person.id, kind=kind, at=now, by=actor.person_id))
    session.flush()
