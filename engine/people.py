"""Know who signs in: passwords are kept as argon2 hashes, and guessing them is slow and limited."""

from collections.abc import Collection
from datetime import datetime, timedelta
from math import ceil
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine.models import Attempt, Person

SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 1_000
MOST_ATTEMPTS: Final = 10
WINDOW: Final = timedelta(minutes=15)

# 19 MiB and two passes: OWASP's choice for a server that must also do other work.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
LONGEST_ACCOUNT: Final = 80
# Hashing is slow on purpose: strangers at the door must not take the work of those inside.
_AT_ONCE: Final = BoundedSemaphore(2)
LONGEST_WAIT: Final = 5.0

# Of a password nobody knows: an unknown account is checked against it, to take just as long.
_NOBODYS_HASH: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$tFcoWUlM1MuatUtrTL5q9w$vE7xNO"
    "l4D+yjqxyRFJdxkWNtcaLvUlmM3ACu4l53jCo"
)


class SignInError(AlurError):
    """Somebody is not let in."""

    status = 401


class WrongPassword(SignInError):
    """One sentence for an unknown account, a closed one and a wrong password."""

    sentence = N_("Akun atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi.")


class TooManyAttempts(SignInError):
    sentence = N_(
        "Sudah %(most)s kali gagal masuk dengan akun ini. "
        "Demi keamanan, coba lagi %(minutes)s menit lagi."
    )
    status = 429


class TooBusy(SignInError):
    sentence = N_("Terlalu banyak orang sedang masuk bersamaan. Coba lagi sebentar lagi.")
    status = 503


class BadPassword(AlurError):
    sentence = N_("Kata sandi harus terdiri dari %(shortest)s sampai %(longest)s karakter.")
    status = 422


def hash_password(text: str) -> str:
    return _HASHER.hash(text)


def check_new_password(text: str) -> None:
    if not SHORTEST_PASSWORD <= len(text) <= LONGEST_PASSWORD or not text.strip():
        raise BadPassword(shortest=SHORTEST_PASSWORD, longest=LONGEST_PASSWORD)


def normalised(account: str) -> str:
    """Account names are typed on phones, which begin with a capital and end with a space."""
    return account.strip().lower()[:LONGEST_ACCOUNT]


def find(session: Session, account: str) -> Person | None:
    """The person of an account that may still be used."""
    return session.scalar(
        select(Person).where(Person.account == normalised(account), Person.closed_at.is_(None))
    )


def accounts(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The accounts of these people, for whoever may know who did what."""
    if not ids:
        return {}
    rows = session.execute(select(Person.id, Person.account).where(Person.id.in_(ids)))
    return {row.id: row.account for row in rows}


def note_attempt(session: Session, account: str, now: datetime) -> None:
    """Write an attempt down before it is judged, so that many at once cannot slip through."""
    session.execute(delete(Attempt).where(Attempt.at <= now - WINDOW))
    account = normalised(account)
    _wait_for_my_turn(session, account)
    query = select(func.count(Attempt.id), func.min(Attempt.at)).where(Attempt.account == account)
    count, first = session.execute(query).one()
    if count >= MOST_ATTEMPTS:
        wait = first + WINDOW - now
        raise TooManyAttempts(most=MOST_ATTEMPTS, minutes=max(1, ceil(wait / timedelta(minutes=1))))
    session.add(Attempt(account=account, at=now))


def _wait_for_my_turn(session: Session, account: str) -> None:
    """One after the other for each account: PostgreSQL's writers do not see each other's rows."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(account))))


def forget_attempts(session: Session, account: str) -> None:
    session.execute(delete(Attempt).where(Attempt.account == normalised(account)))


def verify(person: Person | None, password: str) -> Person:
    """Raise WrongPassword unless it is hers; an unknown account takes just as long."""
    if person is not None and person.is_system:
        person = None  # a program comes with a token, and has no password
    kept = person.password_hash if person else _NOBODYS_HASH
    if not _AT_ONCE.acquire(timeout=LONGEST_WAIT):
        raise TooBusy
    try:
        _HASHER.verify(kept, password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        raise WrongPassword from None
    finally:
        _AT_ONCE.release()
    if person is None:
        raise WrongPassword
    return person


def sign_out(session: Session, person_id: int) -> None:
    """End every session of hers: a cookie copied from a shared computer is worth nothing then."""
    session.execute(update(Person).where(Person.id == person_id).values(epoch=Person.epoch + 1))
