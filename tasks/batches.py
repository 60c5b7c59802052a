"""Start many cases from a list: every row is checked first, then each starts once.

A row and its case are one transaction: a clock that dies leaves no row half started, and the next
one goes on behind it. Whoever made the list can stop it between two rows, and let it go on.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from bpmn.document import Sop as Meaning
from bpmn.errors import N_, AlurError
from engine import access, cases, formdata
from engine.access import Actor
from engine.models import Batch, BatchRow, Case, Person, Sop
from engine.paging import Page, read_cursor, write_cursor
from tasks import columns, starting
from tasks.columns import Row
from tasks.forms import FormRefused
from tasks.sheets import Line

RIGHT, WRONG, STARTED, FAILED = "right", "wrong", "started", "failed"

# A clock that dies leaves a list to the others after this.
LEASE: Final = timedelta(minutes=2)
# Rows in one round: other work waits meanwhile.
ROUND: Final = 50
# A list nobody started is forgotten.
KEPT_FOR: Final = timedelta(days=7)
PAGE: Final = 50


class BatchError(AlurError):
    """A list that cannot be found, or not be changed now."""

    status = 409


class NoSuchBatch(BatchError):
    sentence = N_("Daftar ini tidak ada, sudah dibuang, atau bukan milik Anda.")
    status = 404


class NothingRight(BatchError):
    sentence = N_("Belum ada baris yang dapat dimulai. Perbaiki daftarnya, lalu unggah lagi.")


class BegunAlready(BatchError):
    sentence = N_("Daftar ini sudah dimulai, jadi tidak dapat dibuang.")


class AccountClosed(BatchError):
    sentence = N_("Akun yang mengunggah daftar ini sudah ditutup.")


@dataclass(frozen=True)
class Tally:
    """How many rows of a list are in which state."""

    right: int = 0
    wrong: int = 0
    started: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return self.right + self.wrong + self.started + self.failed

    @property
    def to_start(self) -> int:
        return self.right + self.started + self.failed


@dataclass(frozen=True)
class View:
    """A list with what it is for."""

    batch: Batch
    sop: Sop
    meaning: Meaning
    tally: Tally


# --- looked at -------------------------------------------------------------------------------


def propose(
    session: Session, actor: Actor, sop: Sop, name: str, lines: Sequence[Line], now: datetime
) -> Batch:
    """Put a list up to be looked at, each of its rows checked; nothing starts yet."""
    cases.require_start(actor, sop)
    said = starting.meaning(session, sop)
    rows = columns.read(said, lines)
    _drop_earlier(session, actor, sop)
    batch = Batch(
        office_id=sop.office_id,
        sop_id=sop.id,
        person_id=actor.person_id,
        name=name[-120:],
        digest=_digest(rows),
        made_at=now,
    )
    session.add(batch)
    session.flush()
    kept = list(_checked(session, sop, said, rows, now))
    facts = {"batch_id": batch.id, "office_id": sop.office_id}
    session.execute(insert(BatchRow), [{**facts, **row} for row in kept])
    return batch


def _checked(
    session: Session, sop: Sop, said: Meaning, rows: Sequence[Row], now: datetime
) -> Iterator[dict[str, Any]]:
    first: dict[bytes, int] = {}
    for row in rows:
        same_as = first.setdefault(_content(row), row.number)
        title, wrong = check(session, sop, said, row.title, row.sent, now)
        is_right = not wrong and same_as == row.number
        yield {
            "number": row.number,
            "sent": dict(row.sent),
            "title": title,
            "state": RIGHT if is_right else WRONG,
            "same_as": same_as if same_as != row.number else None,
            "case_id": None,
            "why": None,
        }


def check(
    session: Session, sop: Sop, said: Meaning, title: str, sent: Mapping[str, Any], now: datetime
) -> tuple[str, dict[str, AlurError]]:
    """What its case would be called, and what is wrong with the row, by the keys of its fields."""
    try:
        data = starting.check(session, sop, said, sent)
    except FormRefused as error:
        wrong: dict[str, AlurError] = {f"{at[0]}": why for at, why in error.wrong.items()}
        return title, wrong | ({} if said.judul else _wrong_title(title))
    except formdata.BadData as error:
        return title, {error.field: error}
    if said.judul is None:
        return title, _wrong_title(title)
    return starting.title_of(session, sop, said, "", data, now), {}


def _wrong_title(title: str) -> dict[str, AlurError]:
    try:
        cases.checked_title(title)
    except cases.BadTitle as error:
        return {columns.TITLE: error}
    return {}


def _content(row: Row) -> bytes:
    return orjson.dumps([row.title, dict(row.sent)], option=orjson.OPT_SORT_KEYS)


def _digest(rows: Sequence[Row]) -> str:
    return hashlib.sha256(b"\n".join(map(_content, rows))).hexdigest()


def _drop_earlier(session: Session, actor: Actor, sop: Sop) -> None:
    """What she uploaded for this SOP and did not start gives way."""
    hers = (Batch.person_id == actor.person_id, Batch.sop_id == sop.id, Batch.begun_at.is_(None))
    session.execute(delete(Batch).where(*hers).execution_options(synchronize_session=False))


def find(session: Session, actor: Actor, batch_id: int) -> View:
    """A list of hers."""
    batch = session.get(Batch, batch_id)
    if batch is None or batch.person_id != actor.person_id:
        raise NoSuchBatch
    access.require(actor, "case.start", batch.office_id)
    sop = session.get_one(Sop, batch.sop_id)
    return View(batch, sop, starting.meaning(session, sop), tally(session, batch_id))


def tally(session: Session, batch_id: int) -> Tally:
    counted = (
        select(BatchRow.state, func.count())
        .where(BatchRow.batch_id == batch_id)
        .group_by(BatchRow.state)
    )
    return Tally(**dict(iter(session.execute(counted))))


def rows(
    session: Session, batch: Batch, state: str | None, after: str | None, limit: int = PAGE
) -> Page[BatchRow]:
    """Its rows in their order: all, or those in one state."""
    ours = [BatchRow.batch_id == batch.id, *([BatchRow.state == state] if state else [])]
    count = session.scalar(select(func.count()).where(*ours)) or 0
    query = select(BatchRow).where(*ours).order_by(BatchRow.number).limit(limit + 1)
    if after is not None:
        [number] = read_cursor(after, int)
        query = query.where(BatchRow.number > number)
    found = session.scalars(query).all()
    more = write_cursor(found[limit - 1].number) if len(found) > limit else None
    return Page(found[:limit], count, more)


def again(session: Session, batch: Batch) -> Batch | None:
    """The same list, where she has started it before."""
    return session.scalars(
        select(Batch)
        .where(
            Batch.person_id == batch.person_id,
            Batch.sop_id == batch.sop_id,
            Batch.digest == batch.digest,
            Batch.begun_at.is_not(None),
            Batch.id != batch.id,
        )
        .order_by(Batch.id.desc())
        .limit(1)
    ).one_or_none()


def latest(session: Session, actor: Actor, limit: int = 10) -> Sequence[tuple[Batch, str]]:
    """The lists she uploaded last, each with the name of its SOP."""
    query = (
        select(Batch, Sop.name)
        .join(Sop, Sop.id == Batch.sop_id)
        .where(Batch.person_id == actor.person_id)
        .order_by(Batch.id.desc())
    )
    return [(batch, name) for batch, name in session.execute(query.limit(limit))]


# --- begun, stopped --------------------------------------------------------------------------


def begin(session: Session, actor: Actor, batch_id: int, now: datetime) -> None:
    """Let the clock start its right rows, one by one. Sent twice, it is done once."""
    found = find(session, actor, batch_id)
    cases.require_start(actor, found.sop)
    if not found.tally.to_start:
        raise NothingRight
    _set(session, batch_id, Batch.begun_at.is_(None), begun_at=now)


def stop(session: Session, actor: Actor, batch_id: int, now: datetime) -> None:
    """Start no row more; those that have started stay."""
    find(session, actor, batch_id)
    _set(session, batch_id, _is_under_way(), stopped_at=now)


def resume(session: Session, actor: Actor, batch_id: int) -> None:
    """Go on with what was stopped; what failed is tried once more."""
    found = find(session, actor, batch_id)
    cases.require_start(actor, found.sop)
    if found.batch.begun_at is None:
        return
    session.execute(
        update(BatchRow)
        .where(BatchRow.batch_id == batch_id, BatchRow.state == FAILED)
        .values(state=RIGHT, why=None)
        .execution_options(synchronize_session=False)
    )
    _set(session, batch_id, Batch.begun_at.is_not(None), stopped_at=None, ended_at=None)


def discard(session: Session, actor: Actor, batch_id: int) -> None:
    """Throw away a list of which nothing has started."""
    found = find(session, actor, batch_id)
    if found.batch.begun_at is not None:
        raise BegunAlready
    session.execute(delete(Batch).where(Batch.id == batch_id, Batch.begun_at.is_(None)))


def forget(session: Session, now: datetime) -> None:
    """Lists that were looked at and left lying."""
    old = (Batch.begun_at.is_(None), Batch.made_at < now - KEPT_FOR)
    session.execute(delete(Batch).where(*old).execution_options(synchronize_session=False))


def _set(session: Session, batch_id: int, where: ColumnElement[bool], **values: Any) -> None:
    session.execute(
        update(Batch)
        .where(Batch.id == batch_id, where)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


# --- done ------------------------------------------------------------------------------------


def under_way(session: Session) -> Sequence[int]:
    """The lists that have rows to start."""
    return session.scalars(select(Batch.id).where(_is_under_way()).order_by(Batch.id)).all()


def claim(session: Session, batch_id: int, now: datetime) -> Sequence[int] | None:
    """The rows that are to start next, for the one clock that has the list in hand now."""
    free = or_(Batch.claimed_until.is_(None), Batch.claimed_until <= now)
    won = session.execute(
        update(Batch)
        .where(Batch.id == batch_id, _is_under_way(), free)
        .values(claimed_until=now + LEASE)
        .returning(Batch.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if won is None:
        return None
    waiting = select(BatchRow.number).where(BatchRow.batch_id == batch_id, BatchRow.state == RIGHT)
    return session.scalars(waiting.order_by(BatchRow.number).limit(ROUND)).all()


def start(session: Session, batch_id: int, number: int, now: datetime) -> Case | None:
    """Start the case of one row, once; None where that was done, or the list was stopped."""
    goes_on = select(Batch.id).where(Batch.id == batch_id, _is_under_way()).exists()
    won = session.execute(
        update(BatchRow)
        .where(*_is(batch_id, number), BatchRow.state == RIGHT, goes_on)
        .values(state=STARTED)
        .returning(BatchRow.title)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if won is None:
        return None
    row = session.get_one(BatchRow, (batch_id, number), populate_existing=True)
    batch = session.get_one(Batch, batch_id)
    sop = session.get_one(Sop, batch.sop_id)
    person = session.get_one(Person, batch.person_id)
    if person.closed_at is not None:
        raise AccountClosed
    actor = access.actor(session, person, now)
    titled = starting.meaning(session, sop).judul is not None
    case = starting.start(session, actor, sop, "" if titled else row.title, row.sent, now)
    row.case_id, row.title = case.id, case.title
    batch.claimed_until = now + LEASE
    return case


def fail(session: Session, batch_id: int, number: int, why: str) -> None:
    """A row could not start: remember why, and go on with the others."""
    session.execute(
        update(BatchRow)
        .where(*_is(batch_id, number), BatchRow.state == RIGHT)
        .values(state=FAILED, why=why)
        .execution_options(synchronize_session=False)
    )


def release(session: Session, batch_id: int, now: datetime) -> None:
    """Let go of a list, for good when no row of it is left to start."""
    is_left = select(BatchRow.number).where(BatchRow.batch_id == batch_id, BatchRow.state == RIGHT)
    _set(session, batch_id, and_(_is_under_way(), ~is_left.exists()), ended_at=now)
    _set(session, batch_id, Batch.claimed_until.is_not(None), claimed_until=None)


def _is(batch_id: int, number: int) -> tuple[ColumnElement[bool], ...]:
    return BatchRow.batch_id == batch_id, BatchRow.number == number


def _is_under_way() -> ColumnElement[bool]:
    return and_(Batch.begun_at.is_not(None), Batch.stopped_at.is_(None), Batch.ended_at.is_(None))
