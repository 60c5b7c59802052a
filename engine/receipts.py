"""Do a request once, however often it is sent: a cut line leaves nobody knowing who heard whom."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine.models import Receipt

LONGEST_KEY: Final = 80
KEPT_FOR: Final = timedelta(days=7)


class SentTwice(AlurError):
    """Two of the same at the same moment: one is done, the other is told."""

    sentence = N_("Kiriman yang sama sedang dikerjakan. Muat ulang halaman untuk melihat hasilnya.")
    status = 409


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
