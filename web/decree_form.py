"""The form in which a day is decreed, for one office or for a whole kabupaten."""

from collections.abc import Mapping
from typing import Final

from bpmn.errors import N_
from engine.decrees import OFF, WORKED, Plan
from web import dates
from web.hours_form import time

KINDS: Final = {OFF: N_("Libur tambahan"), WORKED: N_("Hari kerja tambahan")}


def plan(fields: Mapping[str, str]) -> Plan:
    """What was typed, right or wrong; hours only for a day that is worked at other than usual."""
    first, last = (dates.read(fields.get(name, "")) for name in ("first", "last"))
    if fields.get("last", "").strip() and last is None:
        last = first and first.min  # a day that cannot be read is not a day left out
    begins, ends = (time(fields.get(name, "")) for name in ("begins", "ends"))
    kind = fields.get("kind", "")
    hours = [[begins, ends]] if kind == WORKED and (begins or ends) else []
    return Plan(kind, first, last, " ".join(fields.get("reason", "").split()), hours)
