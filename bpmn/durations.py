"""How long a step may take, as the SOP says it: weeks, days and minutes are never mixed up."""

import re
from dataclasses import dataclass
from typing import Final

from bpmn.errors import N_, AlurError
from bpmn.expressions.dialects import unquoted

# So few digits because a due time must still fall into a year that has four.
_ISO: Final = re.compile(
    r"P(?:(?P<weeks>[0-9]{1,3})W)?(?:(?P<days>[0-9]{1,4})D)?"
    r"(?P<time>T(?:(?P<hours>[0-9]{1,5})H)?(?:(?P<minutes>[0-9]{1,6})M)?"
    r"(?:(?P<seconds>[0-9]{1,6})S)?)?"
)

_SPOKEN: Final = re.compile(r"([0-9]{1,6}) *(minggu|hari|jam|menit|weeks?|days?|hours?|minutes?)\b")
_UNITS: Final = {"week": "minggu", "day": "hari", "hour": "jam", "minute": "menit"}


class BadDuration(AlurError):
    """The text names no length of working time."""

    sentence = N_(
        "Waktu “%(text)s” tidak dapat dipakai: tulis jumlah minggu, hari, jam atau menit, "
        "misalnya PT10M (10 menit), PT4H (4 jam), P2D (2 hari) atau P1W (1 minggu)."
    )


@dataclass(frozen=True, slots=True)
class Duration:
    """Weeks, days and minutes apart: how many hours a day has is for the office's calendar."""

    weeks: int = 0
    days: int = 0
    minutes: int = 0

    @property
    def iso(self) -> str:
        """The one ISO 8601 spelling of this duration: `P1W`, `P2DT4H`, `PT10M`."""
        date = _joined((self.weeks, "W"), (self.days, "D"))
        time = _joined((self.minutes // 60, "H"), (self.minutes % 60, "M"))
        return f"P{date}T{time}" if time else f"P{date}"

    @property
    def words(self) -> str:
        """As an officer says it: `2 hari 4 jam`."""
        hours, minutes = divmod(self.minutes, 60)
        units = ((self.weeks, "minggu"), (self.days, "hari"), (hours, "jam"), (minutes, "menit"))
        return " ".join(f"{count} {unit}" for count, unit in units if count)


def parse(text: str) -> Duration:
    """Read `PT10M`, also in quotes or as FEEL has it (`=duration("PT10M")`), or `BadDuration`."""
    found = _ISO.fullmatch(unquoted(text))
    if found is None or found["time"] == "T":
        raise BadDuration(text=text[:60])
    parts = {unit: int(count or 0) for unit, count in found.groupdict().items() if unit != "time"}
    whole, seconds = divmod(parts["seconds"], 60)
    duration = Duration(
        parts["weeks"], parts["days"], parts["hours"] * 60 + parts["minutes"] + whole
    )
    # A zero would be late the moment it opens; half a minute is no office's measure.
    if seconds or duration == Duration():
        raise BadDuration(text=text[:60])
    return duration


def spoken(text: str) -> Duration | None:
    """`1 hari 4 Jam` as a length of time; None for what is not as plain as that."""
    said = text.lower()
    parts = [
        (_UNITS.get(unit.rstrip("s"), unit), int(count)) for count, unit in _SPOKEN.findall(said)
    ]
    units = dict(parts)
    if len(units) < len(parts) or _SPOKEN.sub("", said).strip() or not any(units.values()):
        return None
    minutes = units.get("jam", 0) * 60 + units.get("menit", 0)
    return Duration(units.get("minggu", 0), units.get("hari", 0), minutes)


def _joined(*parts: tuple[int, str]) -> str:
    return "".join(f"{count}{unit}" for count, unit in parts if count)
