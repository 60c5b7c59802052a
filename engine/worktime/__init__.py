"""Working time: an office's hours and holidays, and reckoning in them. No clock, no database."""

from engine.worktime.calendar import Calendar
from engine.worktime.errors import HoursError, OutsideCalendar, TooFar
from engine.worktime.hours import ZONES, Hours
from engine.worktime.patterns import RAMADAN, banjar, banyumas, perpres

__all__ = [
    "RAMADAN",
    "ZONES",
    "Calendar",
    "Hours",
    "HoursError",
    "OutsideCalendar",
    "TooFar",
    "banjar",
    "banyumas",
    "perpres",
]
