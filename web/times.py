"""Say when: in the office's zone, in words, and how much working time is left."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask
from markupsafe import Markup

from bpmn.durations import Duration
from bpmn.errors import N_
from engine.models import Office, Task
from engine.models.task import OPEN
from engine.worktime import Calendar
from engine.worktime.hours import ABBREVIATIONS
from web.i18n import _, language, locale, ngettext

_DAYS: Final = {-1: N_("kemarin"), 0: N_("hari ini"), 1: N_("besok")}
_STATES: Final = {
    "idle": N_("belum mulai"),
    "running": N_("berjalan"),
    "soon": N_("mendekati tenggat"),
    "late": N_("terlambat"),
    "paused": N_("jam berhenti"),
    "done": N_("selesai"),
    "cancelled": N_("ditarik"),
}
# Longer spans are said in days: nobody reckons in 37 hours.
_LONGEST_IN_HOURS: Final = 10 * 60
_SOON: Final = 0.25


@dataclass(frozen=True)
class Deadline:
    """How a task stands against its due time."""

    state: str
    label: str
    due: Markup | None
    left: str | None


def init_app(app: Flask) -> None:
    app.add_template_filter(moment)
    app.add_template_filter(near)
    app.add_template_filter(day)


def moment(at: datetime, zone: str) -> Markup:
    """`Kam, 12 Mar 2026 09.10 WITA`"""
    return _time(at, zone, _clock("EEE, d MMM y"))


def day(which: date) -> Markup:
    """`Kam, 12 Mar 2026`: a day has no zone."""
    words = format_date(which, "EEE, d MMM y", locale=locale())
    return Markup('<time datetime="{}">{}</time>').format(which.isoformat(), words)


def plain(which: date) -> str:
    """`12 Mar 2026`, to stand within a sentence."""
    return str(format_date(which, "d MMM y", locale=locale()))


def days(first: date, last: date | None) -> str:
    """`12 Mar 2026 – 16 Mar 2026`; without a last day it goes on."""
    return f"{plain(first)} – {plain(last) if last else '…'}"


def near(at: datetime, zone: str, now: datetime) -> Markup:
    """`hari ini 09.10 WITA`, and the date when it is further away."""
    here = ZoneInfo(zone)
    day, today = at.astimezone(here).date(), now.astimezone(here).date()
    if (word := _DAYS.get((day - today).days)) is not None:
        return _time(at, zone, f"'{_(word)}' {_clock('')}")
    return _time(at, zone, _clock("EEE, d MMM" if day.year == today.year else "EEE, d MMM y"))


def _clock(date: str) -> str:
    hours = "HH:mm" if language() == "en" else "HH.mm"
    return f"{date} {hours}".strip()


def _time(at: datetime, zone: str, form: str) -> Markup:
    words = format_datetime(at, form, tzinfo=ZoneInfo(zone), locale=locale())
    local = at.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")
    name = ABBREVIATIONS.get(zone, "")
    return Markup('<time datetime="{}">{} {}</time>').format(local, words, name)


def deadline(task: Task, office: Office, now: datetime) -> Deadline:
    calendar = Calendar.from_dict(office.calendar)
    state = _state(task, calendar, now)
    due = near(task.due_at, office.zone, now) if task.due_at else None
    return Deadline(state, _(_STATES[state]), due, _left(task, calendar, now))


def _state(task: Task, calendar: Calendar, now: datetime) -> str:
    if task.status not in OPEN:
        return task.status
    if task.paused_at:
        return "paused"
    if task.due_at and task.due_at <= now:
        return "late"
    if task.due_at and _is_soon(task.opened_at, task.due_at, calendar, now):
        return "soon"
    return "idle" if task.status == "waiting" else "running"


def _is_soon(opened: datetime, due: datetime, calendar: Calendar, now: datetime) -> bool:
    return calendar.between(now, due) < _SOON * calendar.between(opened, due)


def _left(task: Task, calendar: Calendar, now: datetime) -> str | None:
    """What is left of the time, or by how much it was exceeded; a step done in time needs none."""
    until = task.ended_at or task.paused_at or now
    if task.due_at is None or task.status == "cancelled":
        return None
    if until > task.due_at:
        return _("lewat %(span)s", span=_span(calendar, task.due_at, until))
    return (
        _("sisa %(span)s", span=_span(calendar, until, task.due_at))
        if task.status in OPEN
        else None
    )


def held(since: datetime, office: Office, now: datetime) -> str:
    """`3 jam 20 menit kerja`: for how much working time of the office it has been so."""
    return _span(Calendar.from_dict(office.calendar), since, now)


def _span(calendar: Calendar, start: datetime, end: datetime) -> str:
    minutes = calendar.between(start, end) // timedelta(minutes=1)
    if minutes > _LONGEST_IN_HOURS:
        days = max(1, calendar.working_days_between(start, end))
        return ngettext("%(num)s hari kerja", "%(num)s hari kerja", days)
    return _("%(span)s kerja", span=_hours(minutes))


def length(seconds: float | None, office: Office) -> str:
    """`3 jam 20 menit`, or `2,5 hari kerja` of the office's ordinary length; nothing is a dash."""
    if seconds is None:
        return "–"
    minutes = round(seconds / 60)
    if not minutes:
        return (
            _("kurang dari 1 menit") if seconds else ngettext("%(num)s menit", "%(num)s menit", 0)
        )
    if minutes <= _LONGEST_IN_HOURS:
        return _hours(minutes)
    days = minutes / Calendar.from_dict(office.calendar).hours.minutes_per_day
    return _("%(days)s hari kerja", days=format_decimal(round(days, 1), locale=locale()))


def duration(span: Duration | None) -> str:
    """`1 minggu 2 hari`: as it is written, days not turned into hours."""
    if span is None:
        return _("tanpa")
    parts = []
    if span.weeks:
        parts.append(ngettext("%(num)s minggu", "%(num)s minggu", span.weeks))
    if span.days:
        parts.append(ngettext("%(num)s hari", "%(num)s hari", span.days))
    if span.minutes:
        parts.append(_hours(span.minutes))
    return " ".join(parts)


def working_day(office: Office) -> str:
    """How long an ordinary day of the office is: `7 jam 30 menit`."""
    return _hours(round(Calendar.from_dict(office.calendar).hours.minutes_per_day))


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [ngettext("%(num)s jam", "%(num)s jam", hours)] if hours else []
    if rest or not hours:
        parts.append(ngettext("%(num)s menit", "%(num)s menit", rest))
    return " ".join(parts)
