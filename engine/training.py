"""A training day: time runs from another instant, in a database that was made for it."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine.db import EVERYWHERE, Database
from engine.models import Office, Setting

_KEY: Final = "training"


class TrainingError(AlurError):
    """A clock that may not run here."""


class NotForTraining(TrainingError):
    sentence = N_(
        "ALUR_CLOCK hanya berlaku pada data yang dibuat untuk latihan, dan data ini sudah dipakai "
        "sungguhan. Pilih folder kosong dengan ALUR_DATA; tidak ada yang diubah."
    )


class OnlyInTraining(TrainingError):
    sentence = N_(
        "Waktu lain hanya dapat dipakai pada data latihan, yaitu yang dibuat dengan ALUR_CLOCK."
    )


def offset(database: Database, begins: datetime | None) -> timedelta:
    """How far this database's time is from the world's; one that is empty may begin a training."""
    with database.reading(EVERYWHERE) as session:
        kept, is_used = session.get(Setting, _KEY), _is_used(session)
    if kept is not None:
        return timedelta(seconds=kept.value["seconds"])
    if begins is None:
        return timedelta()
    if is_used:
        raise NotForTraining
    found = begins - datetime.now(UTC)
    with database.transaction(EVERYWHERE) as session:
        session.add(Setting(key=_KEY, value={"seconds": found.total_seconds()}))
    return found


def is_on(database: Database) -> bool:
    with database.reading(EVERYWHERE) as session:
        return session.get(Setting, _KEY) is not None


def _is_used(session: Session) -> bool:
    return session.scalar(select(Office.id).limit(1)) is not None
