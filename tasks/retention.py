"""How long what nobody needs any more is kept: one table, and everything in it goes at night."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, select, tuple_
from sqlalchemy.orm import Session

from bpmn.errors import N_
from engine import receipts, webhooks
from engine.db import EVERYWHERE, Database
from engine.models import (
    Attempt,
    Base,
    Batch,
    CalendarChange,
    Draft,
    Notice,
    Telling,
    Upload,
)
from tasks import batches, deliveries, drafts

# So many at a time: who works meanwhile waits for the deletion of a handful.
PIECE: Final = 1_000


@dataclass(frozen=True)
class Rule:
    """What goes, once it is so old."""

    what: str
    kept_for: timedelta
    noun: type[Base] | None = None
    is_old: Callable[[datetime], ColumnElement[bool]] | None = None


def _before(column: Any, *also: Any) -> Callable[[datetime], ColumnElement[bool]]:
    return lambda until: and_(column < until, *also)


RULES: Final = (
    Rule(N_("Percobaan masuk yang gagal"), timedelta(days=90), Attempt, _before(Attempt.at)),
    Rule(N_("Isian yang belum dikirim"), drafts.KEPT_FOR, Draft, _before(Draft.saved_at)),
    Rule(
        N_("Pemberitahuan yang sudah dibaca"),
        timedelta(days=180),
        Notice,
        _before(Notice.at, Notice.read_at.is_not(None)),
    ),
    Rule(N_("Pemberitahuan, dibaca atau tidak"), timedelta(days=400), Notice, _before(Notice.at)),
    Rule(
        N_("Diagram yang diunggah tetapi tidak diterbitkan"),
        timedelta(days=90),
        Upload,
        _before(Upload.uploaded_at),
    ),
    Rule(
        N_("Usulan perubahan kalender yang tidak diterapkan"),
        timedelta(days=30),
        CalendarChange,
        _before(CalendarChange.proposed_at, CalendarChange.applied_at.is_(None)),
    ),
    # Its cases stay; what was typed for them stands there.
    Rule(
        N_("Daftar yang berkasnya sudah dimulai"),
        timedelta(days=180),
        Batch,
        _before(Batch.ended_at),
    ),
    # These go every few minutes: see tasks/jobs/tidy.py.
    Rule(N_("Jawaban atas kiriman yang dapat diulang"), receipts.KEPT_FOR),
    Rule(N_("Daftar yang berkasnya tidak jadi dimulai"), batches.KEPT_FOR),
    Rule(N_("Pesan keluar yang terkirim"), deliveries.KEPT_FOR),
    Rule(N_("Pesan keluar yang gagal"), deliveries.FAILED_KEPT_FOR),
    Rule(N_("Yang terkirim ke webhook"), webhooks.KEPT_FOR),
    Rule(N_("Yang gagal terkirim ke webhook"), webhooks.DEAD_KEPT_FOR),
)


def forget(database: Database, now: datetime) -> int:
    """Everything that is too old, piece by piece; how much it was."""
    return sum(_forget(database, rule, now) for rule in RULES if rule.noun is not None)


def _forget(database: Database, rule: Rule, now: datetime) -> int:
    total = 0
    while True:
        with database.transaction(EVERYWHERE) as session:
            gone = _piece(session, rule, now - rule.kept_for)
        total += gone
        if gone < PIECE:
            return total


def _piece(session: Session, rule: Rule, until: datetime) -> int:
    assert rule.noun is not None and rule.is_old is not None  # noqa: S101 (see forget)
    key = list(rule.noun.__table__.primary_key.columns)  # type: ignore[attr-defined]
    keys = session.execute(select(*key).where(rule.is_old(until)).limit(PIECE)).all()
    if not keys:
        return 0
    if rule.noun is Notice:
        hers = [row[0] for row in keys]
        session.execute(delete(Telling).where(Telling.notice_id.in_(hers)))
    which = tuple_(*key).in_([tuple(row) for row in keys])
    session.execute(delete(rule.noun).where(which).execution_options(synchronize_session=False))
    return len(keys)
