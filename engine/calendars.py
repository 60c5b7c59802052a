"""Change an office's working time: proposed and looked at first, then put in force with a reason.

What is open in the office follows afterwards, each case once: see redating.py.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine import access, cycles, sops
from engine.access import Actor, Role
from engine.models import Absence, CalendarChange, Case, Holder, Office, Person, Revision, Sop
from engine.worktime import Calendar
from engine.worktime.difference import is_decreed_only
from engine.worktime.hours import Hours

# As long as a decreed day's own.
LONGEST_REASON: Final = 200
_OPEN: Final = ("running", "suspended")


class CalendarError(AlurError):
    """A change of an office's hours that cannot be as asked."""

    status = 422


class NoReason(CalendarError):
    sentence = N_(
        "Tulis dasarnya (paling banyak %(limit)s huruf), misalnya nomor surat edaran; dasar itu "
        "masuk riwayat setiap berkas yang tenggatnya bergeser."
    )
    field = "reason"


class NothingChanges(CalendarError):
    sentence = N_("Tidak ada yang berubah: kalender kantor ini sudah seperti itu.")
    field = "reason"


class NoSuchChange(CalendarError):
    sentence = N_("Usulan perubahan kalender ini tidak ada, atau sudah dibuang.")
    status = 404


class Stale(CalendarError):
    sentence = N_(
        "Kalender %(office)s sudah diubah orang lain sejak usulan ini dibuat, jadi belum ada yang "
        "diterapkan. Buang usulan ini, lalu buat lagi."
    )
    status = 409


class UnderWay(CalendarError):
    sentence = N_(
        "Perubahan kalender %(office)s yang sebelumnya masih diterapkan pada berkas-berkasnya. "
        "Tunggu sampai selesai, lalu terapkan yang ini."
    )
    status = 409


def propose(
    session: Session,
    actor: Actor,
    office: Office,
    calendar: Mapping[str, Any],
    reason: str,
    now: datetime,
    *,
    decree: str | None = None,
) -> CalendarChange:
    """Put a calendar up to be looked at; nothing of the office changes."""
    before, after = hours_of(office), Calendar.from_dict(calendar).hours
    _require(actor, office.id, before, after)
    if before == after:
        raise NothingChanges
    _drop_earlier(session, actor, office)
    change = CalendarChange(
        office_id=office.id,
        decree=decree,
        reason=checked(reason),
        before=Calendar(before).to_dict(),
        after=Calendar(after).to_dict(),
        proposed_by=actor.person_id,
        proposed_at=now,
    )
    session.add(change)
    session.flush()
    return change


def hours_of(office: Office) -> Hours:
    return Calendar.from_dict(office.calendar).hours


def find(session: Session, actor: Actor, office: Office, change_id: int) -> CalendarChange:
    """A change of this office, proposed or in force, for whoever may see its calendar."""
    access.require(actor, "calendar.see", office.id)
    change = session.get(CalendarChange, change_id)
    if change is None or change.office_id != office.id:
        raise NoSuchChange
    return change


def may_apply(actor: Actor, change: CalendarChange) -> bool:
    before, after = (Calendar.from_dict(each).hours for each in (change.before, change.after))
    return actor.may(_right(before, after), change.office_id)


def put_in_force(session: Session, actor: Actor, change: CalendarChange, now: datetime) -> None:
    """From now on the office keeps these hours. Sent twice, it is done once."""
    before, after = (Calendar.from_dict(each).hours for each in (change.before, change.after))
    _require(actor, change.office_id, before, after)
    office = session.scalars(
        select(Office)
        .where(Office.id == change.office_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if not _is_first(session, actor, change, office, now):
        return
    if hours_of(office) != before:
        raise Stale(office=office.name)
    office.calendar, office.zone = change.after, after.zone
    if before.zone != after.zone:
        _look_again(session, office, now)
    _move_rounds(session, office, now)


def _is_first(
    session: Session, actor: Actor, change: CalendarChange, office: Office, now: datetime
) -> bool:
    """Of two who put it in force at once, one does; another change is not overtaken."""
    earlier = select(CalendarChange.id).where(
        CalendarChange.office_id == office.id,
        CalendarChange.applied_at.is_not(None),
        CalendarChange.ended_at.is_(None),
        CalendarChange.id != change.id,
    )
    if session.scalar(earlier.limit(1)) is not None:
        raise UnderWay(office=office.name)
    result = session.execute(
        update(CalendarChange)
        .where(CalendarChange.id == change.id, CalendarChange.applied_at.is_(None))
        .values(
            applied_at=now,
            applied_by=actor.person_id,
            capacity=capacity(actor, office),
            total=_open_cases(session, office),
        )
        .execution_options(synchronize_session=False)
    )
    session.refresh(change)
    return cast("CursorResult[Any]", result).rowcount == 1


def discard(session: Session, actor: Actor, change: CalendarChange) -> None:
    """Throw a proposal away; what is in force stays."""
    if not may_apply(actor, change):
        raise access.Forbidden
    session.execute(
        delete(CalendarChange).where(
            CalendarChange.id == change.id, CalendarChange.applied_at.is_(None)
        )
    )


def latest(session: Session, office: Office, limit: int = 20) -> Sequence[CalendarChange]:
    """What came into force in this office, the newest first."""
    query = (
        select(CalendarChange)
        .where(CalendarChange.office_id == office.id, CalendarChange.applied_at.is_not(None))
        .order_by(CalendarChange.id.desc())
    )
    return session.scalars(query.limit(limit)).all()


def names(session: Session, changes: Sequence[CalendarChange]) -> Mapping[int, str]:
    """Who proposed these, and who put them in force."""
    known = {id for change in changes for id in (change.proposed_by, change.applied_by) if id}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(known)))
    return dict(iter(rows))


def checked(reason: str) -> str:
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= LONGEST_REASON:
        raise NoReason(limit=LONGEST_REASON)
    return reason


def capacity(actor: Actor, office: Office) -> str:
    """As what she decides for this office: by her post there, or by the role she was given."""
    held = actor.post_in(office.id)
    if held is not None:
        return held.words
    if Role.PENGAWAS in actor.roles and actor.may("task.oversee", office.id):
        return f"Pengawas {office.kabupaten}"
    return "Administrator"


def _require(actor: Actor, office_id: int, before: Hours, after: Hours) -> None:
    access.require(actor, _right(before, after), office_id)


def _right(before: Hours, after: Hours) -> str:
    """A day is decreed by more people than the hours of every week are."""
    return "calendar.decree" if is_decreed_only(before, after) else "office.manage"


def _drop_earlier(session: Session, actor: Actor, office: Office) -> None:
    """Of what she proposed for this office and left lying, nobody knows any more."""
    session.execute(
        delete(CalendarChange).where(
            CalendarChange.office_id == office.id,
            CalendarChange.proposed_by == actor.person_id,
            CalendarChange.applied_at.is_(None),
        )
    )


def _open_cases(session: Session, office: Office) -> int:
    query = select(func.count(Case.id)).where(Case.office_id == office.id, Case.status.in_(_OPEN))
    return session.scalar(query) or 0


def _look_again(session: Session, office: Office, now: datetime) -> None:
    """Days begin at another moment: the clock looks at each of them, and says when next."""
    for noun in (Absence, Holder):
        session.execute(
            update(noun)
            .where(noun.office_id == office.id, noun.wake_at.is_not(None))
            .values(wake_at=now)
            .execution_options(synchronize_session=False)
        )


def _move_rounds(session: Session, office: Office, now: datetime) -> None:
    """A case that opens by itself on a first working day does so on what is that day now."""
    calendar = Calendar.from_dict(office.calendar)
    rows = session.execute(
        select(Sop, Revision)
        .join(Revision, Revision.id == Sop.revision_id)
        .where(Sop.office_id == office.id, Sop.starts_at > now)
    )
    for sop, revision in rows:
        pemicu = sops.meaning(revision).pemicu
        if pemicu is not None and sop.starts_at is not None:
            sop.starts_at = cycles.moved(pemicu.siklus, calendar, sop.starts_at)
