"""Do a request once, however often it is sent: a cut line leaves nobody knowing who heard whom."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine import upserts
from engine.models import Receipt

LONGEST_KEY: Final = 80
KEPT_FOR: Final = timedelta(days=7)


class SentTwice(AlurError):
    """Two of the same at the same moment: one is done, the other is told."""

    sentence = N_("Kiriman yang sama sedang dikerjakan. Muat ulang halaman untuk melihat hasilnya.")
    status = 409


class KeyReused(AlurError):
    """The key stands for another request."""

    sentence = N_(
        "Idempotency-Key ini sudah dipakai untuk permintaan yang lain. Pakai kunci baru untuk "
        "setiap permintaan yang berbeda."
    )
    status = 422


def answered(session: Session, person_id: int | None, key: str) -> str | None:
    """What this request was answered when it was done, if it was."""
    if not 0 < len(key) <= LONGEST_KEY:
        return None
    query = select(Receipt.answer).where(Receipt.person_id == person_id, Receipt.key == key)
    return session.scalar(query)


def keep(session: Session, person_id: int | None, key: str, answer: str, now: datetime) -> None:
    """Remember the answer, in the transaction of the deed."""
    if person_id is None or not 0 < len(key) <= LONGEST_KEY:
        return
    session.execute(
        delete(Receipt).where(Receipt.person_id == person_id, Receipt.at < now - KEPT_FOR)
    )
    session.add(Receipt(person_id=person_id, key=key, answer=answer, at=now))
    try:
        session.flush()
    except IntegrityError as wrong:
        raise SentTwice from wrong


# --- of programs: the place is taken before the deed, so that of two at once the second waits ----


def reserve(
    session: Session, person_id: int, key: str, request: str, now: datetime
) -> Receipt | None:
    """None where the deed is still to be done, and this the one to do it; else its receipt.

    Two at once: PostgreSQL lets the second wait here until the first is done, SQLite at the
    door. If the first is refused, its place is free again.
    """
    query = (
        upserts.insert(session, Receipt)
        .values(person_id=person_id, key=key, answer="", request=request, at=now)
        .on_conflict_do_nothing()
        .returning(Receipt.key)
    )
    if session.scalar(query) is not None:
        return None
    kept = session.get_one(Receipt, (person_id, key))
    if kept.request != request or kept.status is None:
        raise KeyReused
    return kept


def fill(session: Session, person_id: int, key: str, status: int, place: str, body: str) -> None:
    """Write down what the deed was answered."""
    mine = (Receipt.person_id == person_id, Receipt.key == key)
    session.execute(update(Receipt).where(*mine).values(status=status, answer=place, body=body))


def forget(session: Session, now: datetime) -> None:
    """Nobody asks again after so long."""
    session.execute(delete(Receipt).where(Receipt.at < now - KEPT_FOR))
