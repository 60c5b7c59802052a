"""What "soon" and "too long" mean in each office: by its own hours, and where it lies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from engine import worktime
from engine.db import Scope
from engine.models import Office, Task
from engine.worktime import Calendar

# Until when a due time counts as soon.
HORIZONS: Final = ("noon", "today", "tomorrow", "week")
_DAYS: Final = {"noon": 0, "today": 0, "tomorrow": 1, "week": 6}
# Of more offices than a kabupaten has, the hours of each are not looked at one by one.
MOST_CALENDARS: Final = 60


@dataclass(frozen=True)
class Mark:
    """In some offices: until when is soon, and since when is too long."""

    zone: str
    until: datetime
    since: datetime
    there: ColumnElement[bool]


def of(
    session: Session, scope: Scope, now: datetime, horizon: str, patience: timedelta
) -> list[Mark]:
    if scope is None or len(scope) > MOST_CALENDARS:
        return _by_zone(session, now, horizon, patience)
    rows = session.execute(
        select(Office.id, Office.zone, Office.calendar).where(Office.id.in_(scope))
    )
    there: dict[tuple[str, datetime], list[int]] = {}
    for id, zone, calendar in rows:
        since = Calendar.from_dict(calendar).back(now, patience)
        there.setdefault((zone, since), []).append(id)
    return [
        Mark(zone, _until(zone, now, horizon), since, Task.office_id.in_(ids))
        for (zone, since), ids in there.items()
    ]


def _by_zone(session: Session, now: datetime, horizon: str, patience: timedelta) -> list[Mark]:
    """The nation at a glance: by the hours that most offices keep."""
    return [
        Mark(
            zone,
            _until(zone, now, horizon),
            _usual(zone).back(now, patience),
            Task.office_id.in_(select(Office.id).where(Office.zone == zone)),
        )
        for zone in session.scalars(select(Office.zone).distinct().order_by(Office.zone))
    ]


@lru_cache
def _usual(zone: str) -> Calendar:
    return worktime.perpres(zone)


def _until(zone: str, now: datetime, horizon: str) -> datetime:
    """Noon, while it is still to come; else the end of a day there."""
    here = now.astimezone(ZoneInfo(zone))
    noon = datetime.combine(here.date(), time(12), here.tzinfo)
    if horizon == "noon" and here < noon:
        return noon
    day = here.date() + timedelta(days=_DAYS[horizon] + 1)
    return datetime.combine(day, time(), here.tzinfo)


def each(marks: Sequence[Mark], said: Callable[[Mark], ColumnElement[bool]]) -> ColumnElement[bool]:
    """The same in every office, each by its own hours."""
    if len(marks) == 1:
        return said(marks[0])
    return or_(false(), *(and_(mark.there, said(mark)) for mark in marks))
