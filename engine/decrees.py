"""Days that are decreed: off, or worked, for one office or for all of a kabupaten at once."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpmn.errors import N_
from engine import access, calendars
from engine.access import Actor
from engine.calendars import CalendarError, NothingChanges
from engine.models import CalendarChange, Office
from engine.worktime.hours import Hours

OFF, WORKED = "off", "worked"
MOST_DAYS: Final = 31


class BadKind(CalendarError):
    sentence = N_("Pilih: libur tambahan, atau hari kerja tambahan.")
    field = "kind"


class BadDay(CalendarError):
    sentence = N_("Isi tanggalnya, misalnya 18-8-2026.")
    status = 422

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class Backwards(CalendarError):
    sentence = N_("Hari terakhir harus sesudah hari pertama.")
    field = "last"


class TooLong(CalendarError):
    sentence = N_("Paling banyak %(most)s hari sekaligus.")
    field = "last"


class AlreadyFree(CalendarError):
    sentence = N_("Pada tanggal itu kantor memang sudah tidak bekerja.")
    field = "first"


class NoSuchKabupaten(CalendarError):
    sentence = N_("Pilih kabupatennya.")
    field = "kabupaten"


@dataclass(frozen=True)
class Plan:
    """Which days are to be what, and at which hours where not at the usual ones."""

    kind: str
    first: date | None
    last: date | None = None
    reason: str = ""
    hours: Sequence[Sequence[str]] = ()

    def days(self) -> list[date]:
        """Each of them; without a last day there is one."""
        if self.kind not in (OFF, WORKED):
            raise BadKind
        if self.first is None:
            raise BadDay("first")
        last = self.last or self.first
        if last < self.first:
            raise Backwards
        if (last - self.first).days >= MOST_DAYS:
            raise TooLong(most=MOST_DAYS)
        return [self.first + timedelta(n) for n in range((last - self.first).days + 1)]


def decreed(hours: Hours, calendar: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """The calendar with these days in it. A day can be decreed anew, either way."""
    days, reason = plan.days(), calendars.checked(plan.reason)
    if plan.kind == OFF:
        days = [day for day in days if hours.intervals(day)]
        if not days:
            raise AlreadyFree
    written = without(calendar, days)
    key = "days_off" if plan.kind == OFF else "working_days"
    more: dict[str, Any] = {"hours": [list(pair) for pair in plan.hours]} if plan.hours else {}
    new = [{"day": day.isoformat(), "reason": reason, **more} for day in days]
    written[key] = sorted([*written[key], *new], key=lambda entry: str(entry["day"]))
    return written


def without(calendar: Mapping[str, Any], days: Sequence[date]) -> dict[str, Any]:
    """The calendar as it is when nothing is decreed for these days."""
    struck = {day.isoformat() for day in days}
    return {
        **calendar,
        **{
            key: [entry for entry in calendar.get(key, []) if entry["day"] not in struck]
            for key in ("days_off", "working_days")
        },
    }


def propose(
    session: Session, actor: Actor, office: Office, plan: Plan, now: datetime
) -> CalendarChange:
    """For one office."""
    access.require(actor, "calendar.decree", office.id)
    written = decreed(calendars.hours_of(office), office.calendar, plan)
    return calendars.propose(session, actor, office, written, plan.reason, now)


def strike(
    session: Session, actor: Actor, office: Office, day: date | None, reason: str, now: datetime
) -> CalendarChange:
    """Let a decreed day be as if nothing had been decreed."""
    access.require(actor, "calendar.decree", office.id)
    if day is None:
        raise BadDay("day")
    written = without(office.calendar, [day])
    return calendars.propose(session, actor, office, written, reason, now)


def propose_for_all(
    session: Session, actor: Actor, kabupaten: str, plan: Plan, now: datetime
) -> str:
    """For every office of the kabupaten where she may; the name under which they go together."""
    offices = of_kabupaten(session, actor, kabupaten)
    if not offices:
        raise NoSuchKabupaten
    decree, made = secrets.token_hex(8), 0
    refused: CalendarError = NothingChanges()
    for office in offices:
        try:
            written = decreed(calendars.hours_of(office), office.calendar, plan)
            calendars.propose(session, actor, office, written, plan.reason, now, decree=decree)
            made += 1
        except (AlreadyFree, NothingChanges) as error:
            refused = error  # there it is so already
    if not made:
        raise refused
    return decree


def kabupaten(session: Session, actor: Actor) -> Sequence[str]:
    """Where she may decree days for more than one office at once."""
    query = select(Office.kabupaten).where(*_hers(actor)).group_by(Office.kabupaten)
    several = query.having(func.count(Office.id) > 1).order_by(Office.kabupaten)
    return session.scalars(several).all()


def of_kabupaten(session: Session, actor: Actor, kabupaten: str) -> Sequence[Office]:
    query = select(Office).where(Office.kabupaten == kabupaten, *_hers(actor))
    return session.scalars(query.order_by(Office.name, Office.id)).all()


def of(session: Session, actor: Actor, decree: str) -> Sequence[tuple[CalendarChange, Office]]:
    """What one decree is to change, or has changed, office by office."""
    rows = session.execute(
        select(CalendarChange, Office)
        .join(Office, Office.id == CalendarChange.office_id)
        .where(CalendarChange.decree == decree, *_hers(actor))
        .order_by(Office.name, Office.id)
    )
    found = [(change, office) for change, office in rows]
    if not found:
        raise calendars.NoSuchChange
    return found


def _hers(actor: Actor) -> list[Any]:
    scope = actor.offices("calendar.decree")
    return [] if scope is None else [Office.id.in_(scope)]
