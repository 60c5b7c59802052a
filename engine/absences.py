"""Who is away, from when to when, and who does her work: recorded by herself or for her."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine import access, offices
from engine.access import Actor
from engine.holders import EARLIEST, LATEST, Period
from engine.models import Absence, Holder, Office, Person
from engine.models.absence import REASONS


class AbsenceError(AlurError):
    """An absence that is not there, or cannot be as asked."""

    status = 422


class NoSuchAbsence(AbsenceError):
    sentence = N_("Catatan ini tidak ada (lagi). Muat ulang halaman.")
    status = 404


class NoReason(AbsenceError):
    sentence = N_("Pilih alasannya.")
    field = "reason"


class NotAnEmployee(AbsenceError):
    sentence = N_("Pilih seorang pegawai yang memegang jabatan di kantor ini pada hari-hari itu.")
    field = "person"


class NoSubstitute(AbsenceError):
    sentence = N_(
        "Pilih pengganti yang memegang jabatan di kantor ini pada hari-hari itu, atau kosongkan."
    )
    field = "substitute"


class OwnSubstitute(AbsenceError):
    sentence = N_("Yang tidak masuk tidak dapat menggantikan dirinya sendiri. Pilih orang lain.")
    field = "substitute"


class SubstituteAway(AbsenceError):
    sentence = N_("%(who)s juga tidak masuk (%(period)s). Pilih pengganti lain.")
    field = "substitute"


class StandsIn(AbsenceError):
    sentence = N_(
        "Pada hari-hari itu ia menggantikan %(who)s (%(period)s). Akhiri dahulu catatan itu dan "
        "pilih pengganti lain, agar pekerjaan %(who)s tidak terbengkalai."
    )
    field = "starts_on"


class AwayAlready(AbsenceError):
    sentence = N_("Sudah tercatat tidak masuk pada %(period)s. Batalkan catatan itu dahulu.")
    field = "starts_on"


class BadDay(AbsenceError):
    sentence = N_("Isi tanggal antara tahun %(earliest)s dan %(latest)s.")

    def __init__(self, field: str) -> None:
        super().__init__(earliest=EARLIEST.year, latest=LATEST.year)
        self.field = field


class EndsBeforeItBegins(AbsenceError):
    sentence = N_("Hari terakhir tidak boleh sebelum hari pertama, %(starts_on)s.")
    field = "ends_on"


class IsOver(AbsenceError):
    sentence = N_("Hari terakhirnya sudah lewat; yang sudah berlalu tidak perlu dicatat.")
    field = "ends_on"


class EndedAlready(AbsenceError):
    sentence = N_("Catatan ini sudah berakhir atau dibatalkan.")
    status = 409


@dataclass(frozen=True)
class Plan:
    """Who is to be away, from when to when, why, and who is to do her work."""

    person_id: int
    substitute_id: int | None
    starts_on: date | None
    ends_on: date | None
    reason: str


def record(session: Session, actor: Actor, office: Office, plan: Plan, now: datetime) -> Absence:
    """Write down that somebody will be away. Whoever is to do her work must be there then."""
    _require(actor, office, plan.person_id)
    starts_on, ends_on = _days(plan, offices.today(office, now))
    if plan.reason not in REASONS:
        raise NoReason
    # One after the other in each office: two who record at once would not see each other's rows.
    session.execute(select(Office.id).where(Office.id == office.id).with_for_update(key_share=True))
    if not _works(session, office, plan.person_id, starts_on):
        raise NotAnEmployee
    days = Period(starts_on, ends_on)
    _refuse_overlaps(session, plan.person_id, days)
    if plan.substitute_id is not None:
        _refuse_substitute(session, office, plan.person_id, plan.substitute_id, days)
    absence = Absence(
        office_id=office.id,
        person_id=plan.person_id,
        substitute_id=plan.substitute_id,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=plan.reason,
        recorded_by=actor.person_id,
        recorded_at=now,
        wake_at=begins(office, starts_on),
    )
    session.add(absence)
    session.flush()
    return absence


def cancel(
    session: Session, actor: Actor, office: Office, absence_id: int, now: datetime
) -> Absence:
    """She is back, or never left: from now on she is there, and has her work again."""
    absence = session.scalar(
        select(Absence).where(Absence.id == absence_id, Absence.office_id == office.id)
    )
    if absence is None:
        raise NoSuchAbsence
    _require(actor, office, absence.person_id)
    ended = session.execute(
        update(Absence)
        .where(
            Absence.id == absence_id,
            Absence.cancelled_at.is_(None),
            Absence.ends_on >= offices.today(office, now),
        )
        .values(cancelled_at=now, cancelled_by=actor.person_id, wake_at=now)
        .returning(Absence.id)
    ).one_or_none()
    if ended is None:
        raise EndedAlready
    session.refresh(absence)
    return absence


def begins(office: Office, day: date) -> datetime:
    """The midnight at which the day begins there."""
    return datetime.combine(day, time.min, ZoneInfo(office.zone))


def _require(actor: Actor, office: Office, person_id: int) -> None:
    """Everybody for herself; for others, whoever leads the office or keeps its posts."""
    own = person_id == actor.person_id
    access.require(actor, "absence.record" if own else "absence.manage", office.id)


def _days(plan: Plan, today: date) -> tuple[date, date]:
    starts_on, ends_on = _day(plan.starts_on, "starts_on"), _day(plan.ends_on, "ends_on")
    if ends_on < starts_on:
        raise EndsBeforeItBegins(starts_on=starts_on)
    if ends_on < today:
        raise IsOver
    return starts_on, ends_on


def _day(day: date | None, field: str) -> date:
    if day is None or not EARLIEST <= day <= LATEST:
        raise BadDay(field)
    return day


def _works(session: Session, office: Office, person_id: int, day: date) -> bool:
    """Whether she holds a post of the office on that day, and may sign in."""
    held = (
        select(Holder.id)
        .join(Person, Person.id == Holder.person_id)
        .where(
            Holder.office_id == office.id,
            Holder.person_id == person_id,
            Holder.starts_on <= day,
            or_(Holder.ends_on.is_(None), Holder.ends_on >= day),
            Person.closed_at.is_(None),
        )
    )
    return session.scalar(held.limit(1)) is not None


def _refuse_overlaps(session: Session, person_id: int, days: Period) -> None:
    own = _first(session, Absence.person_id == person_id, days)
    if own is not None:
        raise AwayAlready(period=own[1])
    # No chains: her substitute would not see the work of those she stands in for.
    other = _first(session, Absence.substitute_id == person_id, days)
    if other is not None:
        raise StandsIn(who=other[0], period=other[1])


def _refuse_substitute(
    session: Session, office: Office, person_id: int, substitute_id: int, days: Period
) -> None:
    if substitute_id == person_id:
        raise OwnSubstitute
    if not all(_works(session, office, substitute_id, day) for day in days if day):
        raise NoSubstitute
    away = _first(session, Absence.person_id == substitute_id, days)
    if away is not None:
        raise SubstituteAway(who=away[0], period=away[1])


def _first(session: Session, whose: ColumnElement[bool], days: Period) -> tuple[str, Period] | None:
    """Who is away on one of these days, and when."""
    row = session.execute(
        select(Person.name, Absence.starts_on, Absence.ends_on)
        .join(Absence, Absence.person_id == Person.id)
        .where(
            whose,
            Absence.cancelled_at.is_(None),
            Absence.starts_on <= days.ends_on,
            Absence.ends_on >= days.starts_on,
        )
        .order_by(Absence.starts_on, Absence.id)
        .limit(1)
    ).one_or_none()
    return (row[0], Period(row[1], row[2])) if row else None
