"""What somebody should know and may not have read yet: counted, listed, read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, func, literal, select, update
from sqlalchemy.orm import Session

from bpmn.errors import N_
from engine.access import Actor
from engine.models import Case, Notice, Office, Person, Sop, Task
from engine.paging import Page, read_cursor, write_cursor

# Nobody counts further than this; the database does not either.
MOST: Final = 100

# In the page with everything about it; outside it stands alone, so it must be clear alone.
WORDS: Final[Mapping[str, str]] = {
    "opened": N_("Menunggu jabatan Anda"),
    "invited": N_("Anda diminta ikut serta"),
    "released": N_("Menunggu jabatan Anda lagi"),
    "delegated": N_("Didelegasikan kepada Anda"),
    "returned": N_("Dikembalikan kepada Anda untuk diperiksa"),
    "recalled": N_("Delegasi kepada Anda ditarik kembali"),
    "handed over": N_("Diserahkan kepada Anda"),
    "assigned": N_("Ditugaskan kepada Anda oleh pimpinan"),
    "unassigned": N_("Tidak lagi pada Anda"),
    "substituted": N_("Anda kerjakan selama rekan Anda tidak masuk"),
    "handed back": N_("Kembali kepada Anda"),
    "reminded": N_("Anda diingatkan"),
    "asked why": N_("Pimpinan menanyakan sebab keterlambatannya"),
    "explained": N_("Sebab keterlambatan dijelaskan"),
    "sent back": N_("Berkas dikembalikan ke langkah jabatan Anda"),
    "late": N_("Lewat tenggat"),
    "mentioned": N_("Anda disebut dalam komentar"),
    "stuck": N_("Berkas macet"),
    "withdrawn": N_("Langkah Anda ditarik"),
    "suspended": N_("Jam kerja berkas dihentikan"),
    "resumed": N_("Jam kerja berkas berjalan lagi"),
    "cancelled": N_("Berkas Anda dibatalkan"),
    "prioritised": N_("Langkah Anda menjadi lebih mendesak"),
    "ended": N_("Berkas Anda selesai"),
}


@dataclass(frozen=True)
class Line:
    """A notice with all that its line shows."""

    notice: Notice
    office: Office
    case_title: str | None
    sop_name: str | None
    task_name: str | None
    by: str | None


def count(
    session: Session, actor: Actor, *, task_id: int | None = None, case_id: int | None = None
) -> int:
    """How many she has not read, up to MOST; what she is just looking at does not count."""
    unread = select(literal(1)).where(*_unread(actor))
    if task_id is not None or case_id is not None:
        unread = unread.where(~_about(task_id, case_id))
    query = select(func.count()).select_from(unread.limit(MOST).subquery())
    return session.scalar(query) or 0


def page(
    session: Session,
    actor: Actor,
    *,
    unread: bool = False,
    after: str | None = None,
    limit: int = 25,
) -> Page[Line]:
    """What she was told, latest first."""
    wanted = _unread(actor) if unread else [Notice.person_id == actor.person_id]
    total = session.scalar(select(func.count(Notice.id)).where(*wanted)) or 0
    if after is not None:
        [last] = read_cursor(after, int)
        wanted.append(Notice.id < last)
    rows = session.execute(
        select(Notice, Office, Case.title, Sop.name, Task.name, Person.name)
        .join(Office, Office.id == Notice.office_id)
        .outerjoin(Case, Case.id == Notice.case_id)
        .outerjoin(Sop, Sop.id == Case.sop_id)
        .outerjoin(Task, Task.id == Notice.task_id)
        .outerjoin(Person, Person.id == Notice.by_id)
        .where(*wanted)
        .order_by(Notice.id.desc())
        .limit(limit + 1)
    )
    lines = [Line(*row) for row in rows]
    more = write_cursor(lines[limit - 1].notice.id) if len(lines) > limit else None
    return Page(lines[:limit], total, more)


def is_news(
    session: Session, actor: Actor, *, task_id: int | None = None, case_id: int | None = None
) -> bool:
    """Whether she has something unread about what she is looking at."""
    about = select(Notice.id).where(*_unread(actor), _about(task_id, case_id))
    return session.scalar(about.limit(1)) is not None


def read(session: Session, actor: Actor, notice_id: int, now: datetime) -> None:
    _read(session, [*_unread(actor), Notice.id == notice_id], now)


def read_all(session: Session, actor: Actor, up_to: int, now: datetime) -> None:
    """All that her page showed or led to; what came after it is still to be read."""
    _read(session, [*_unread(actor), Notice.id <= up_to], now)


def read_about(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    task_id: int | None = None,
    case_id: int | None = None,
) -> None:
    """She is looking at it: nobody need tell her any more."""
    _read(session, [*_unread(actor), _about(task_id, case_id)], now)


def _unread(actor: Actor) -> list[ColumnElement[bool]]:
    return [Notice.person_id == actor.person_id, Notice.read_at.is_(None)]


def _about(task_id: int | None, case_id: int | None) -> ColumnElement[bool]:
    """The task, or what concerns the case as a whole."""
    if task_id is not None:
        return Notice.task_id.is_not_distinct_from(task_id)
    return and_(Notice.task_id.is_(None), Notice.case_id.is_not_distinct_from(case_id))


def _read(session: Session, which: list[ColumnElement[bool]], now: datetime) -> None:
    session.execute(
        update(Notice)
        .where(*which)
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )
