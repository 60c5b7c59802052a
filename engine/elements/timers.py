"""Timers that count the office's working time, on the clock they are told.

The library's own read the server's clock, evaluate their text as Python and, after an outage,
fire once for every round they missed.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from lxml import etree
from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    DurationTimerEventDefinition,
    TimeDateEventDefinition,
    TimerEventDefinition,
)
from SpiffWorkflow.task import Task as Token

from bpmn import durations, xml
from bpmn.durations import Duration
from bpmn.errors import N_, AlurError
from bpmn.expressions import values

FOR_EVER: Final = -1
MOST_MISSED: Final = 1_000
# A calendar adds up to twenty years; these are some four.
_MOST_MINUTES: Final = 500_000
_HEAD: Final = re.compile(r"R[0-9]{0,9}")


class BadTime(AlurError):
    sentence = N_("Waktu “%(text)s” pada “%(name)s” tidak dapat dipakai.")


class WorkingTimer(DurationTimerEventDefinition):  # type: ignore[misc]
    """A duration of working time."""

    def has_fired(self, token: Token) -> bool:
        bureau = token.workflow.top_workflow.script_engine
        due = _kept(token)
        if due is None:
            duration = durations.parse(_text(bureau.evaluate(token, self.expression)))
            due = _keep(token, bureau.calendar.add(bureau.now, duration))
        return _fire(token, due)


class WorkingDate(TimeDateEventDefinition):  # type: ignore[misc]
    """A moment; without a zone it is the office's."""

    def has_fired(self, token: Token) -> bool:
        due = _kept(token)
        if due is None:
            bureau = token.workflow.top_workflow.script_engine
            text = _text(bureau.evaluate(token, self.expression))
            due = _keep(token, moment(text, bureau.calendar, self.name))
        return _fire(token, due)


class WorkingCycle(TimerEventDefinition):  # type: ignore[misc]
    """A repeated timer. What was missed while nobody looked is made up for once, not in a burst.

    Only a border that does not interrupt comes to its second round.
    """

    def has_fired(self, token: Token) -> bool:
        bureau = token.workflow.top_workflow.script_engine
        state = token.internal_data.get("event_value")
        if state is None:
            text = _text(bureau.evaluate(token, self.expression))
            state = first_round(text, bureau.now, bureau.calendar, self.name)
            token.internal_data["event_value"] = state
        return _fire(token, datetime.fromisoformat(state["next"]))


class StartsElsewhere(TimerEventDefinition):  # type: ignore[misc]
    """A start timer beside a plain start: it opens cases, and is nothing in a case that is open."""

    def __init__(self) -> None:
        super().__init__("", "")

    def has_fired(self, token: Token) -> bool:
        return False


def first_round(text: str, now: datetime, calendar: Any, name: str) -> dict[str, Any]:
    """`R3/PT1H` from now, or `R/2026-01-05T08:00+08:00/P1W` from then."""
    head, *rest = text.split("/")
    if not _HEAD.fullmatch(head) or len(rest) not in (1, 2):
        raise BadTime(text=text[:60], name=name)
    duration = durations.parse(rest[-1])
    start = calendar.add(now, duration) if len(rest) == 1 else moment(rest[0], calendar, name)
    return {
        "cycles": max(int(head[1:]), 1) if head[1:] else FOR_EVER,
        "next": start.astimezone(UTC).isoformat(),
        "duration": duration.iso,
    }


def next_round(state: dict[str, Any], now: datetime, calendar: Any) -> dict[str, Any] | None:
    """The first round after now; those in between are counted, not fired. None after the last."""
    cycles, at = state["cycles"], datetime.fromisoformat(state["next"])
    duration = durations.parse(state["duration"])
    skipped = _missed(at, now, duration, calendar)
    skipped = min(skipped, cycles - 1) if cycles > 0 else skipped
    at, cycles = _later(at, skipped, duration, calendar), cycles - skipped * (cycles > 0)
    for _ in range(MOST_MISSED):
        at, cycles = calendar.add(at, duration), cycles - (cycles > 0)
        if at > now or cycles == 0:
            break
    else:
        # Nobody looked for so long that the old rhythm means nothing any more.
        at = calendar.add(now, duration)
    return {**state, "cycles": cycles, "next": at.astimezone(UTC).isoformat()} if cycles else None


def _missed(at: datetime, now: datetime, duration: Duration, calendar: Any) -> int:
    """How many rounds of minutes lie between, so that nobody need go through them one by one."""
    if duration.weeks or duration.days:
        return 0
    minutes = calendar.between(at, now) // timedelta(minutes=1)
    return 0 if minutes > _MOST_MINUTES else max(minutes // duration.minutes, 0)


def _later(at: datetime, rounds: int, duration: Duration, calendar: Any) -> datetime:
    later: datetime = calendar.add(at, Duration(minutes=rounds * duration.minutes))
    return later


def moment(text: str, calendar: Any, name: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        at = at.replace(tzinfo=ZoneInfo(calendar.hours.zone)) if at.tzinfo is None else at
        return at.astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise BadTime(text=text[:60], name=name) from wrong


class ReadsTimers:
    """Reads our own timers in the place of the library's."""

    node: etree._Element

    def parse_timer_event(self, event: etree._Element) -> Any:
        name = self.node.get("name") or self.node.get("id") or ""
        for kind, timer in _KINDS.items():
            time = event.find(xml.tag(xml.BPMN, kind))
            if time is not None:
                return timer(name, (time.text or "").strip())
        raise BadTime(text="", name=name)


_KINDS: Final = {
    "timeDuration": WorkingTimer,
    "timeDate": WorkingDate,
    "timeCycle": WorkingCycle,
}


def due(token: Token) -> datetime | None:
    """When the timer at this token rings next, or rang."""
    kept = token.internal_data.get("event_value") or token.internal_data.get("due")
    text = kept["next"] if isinstance(kept, dict) else kept
    return None if text is None else datetime.fromisoformat(text)


def is_waiting(token: Token) -> bool:
    return token.internal_data.get("event_value") is not None


def has_come(token: Token, now: datetime) -> bool:
    at = due(token)
    return at is not None and at <= now


def order(token: Token) -> tuple[Any, ...]:
    """Which of the timers that fell due comes first."""
    takes_away = getattr(token.task_spec, "cancel_activity", False)
    return (due(token), takes_away, -token.workflow.depth, token.task_spec.name)


def is_timer(definition: object) -> bool:
    return isinstance(definition, TimerEventDefinition)


def next_time(token: Token) -> dict[str, Any] | None:
    """What the timer after this one begins with; None when it was the last."""
    if not isinstance(token.task_spec.event_definition, WorkingCycle):
        return None
    bureau = token.workflow.top_workflow.script_engine
    kept = next_round(token.internal_data["event_value"], bureau.now, bureau.calendar)
    return kept and {"event_value": kept}


def postpone(token: Token, moved: Any) -> None:
    """Move what the timer waits for, as the clock stood still; a date stays the date it is."""
    kept = token.internal_data["event_value"]
    if isinstance(getattr(token.task_spec, "event_definition", None), WorkingDate):
        return
    if isinstance(kept, dict):
        later = moved(datetime.fromisoformat(kept["next"]), durations.parse(kept["duration"]))
        token.internal_data["event_value"] = {**kept, "next": later.astimezone(UTC).isoformat()}
        return
    later = moved(datetime.fromisoformat(kept), waited_for(token))
    token.internal_data["event_value"] = later.astimezone(UTC).isoformat()


def waited_for(token: Token) -> Duration | None:
    """The duration a timer was given, where it reads as one."""
    definition = token.task_spec.event_definition
    if not isinstance(definition, WorkingTimer):
        return None
    try:
        return durations.parse(definition.expression)
    except durations.BadDuration:
        return None


def _kept(token: Token) -> datetime | None:
    text = token.internal_data.get("event_value")
    return None if text is None else datetime.fromisoformat(text)


def _keep(token: Token, at: datetime) -> datetime:
    token.internal_data["event_value"] = at.astimezone(UTC).isoformat()
    return at


def _fire(token: Token, due: datetime) -> bool:
    bureau = token.workflow.top_workflow.script_engine
    if bureau.ringing is token:
        # The due time outlives the firing: the escalation is dated from it.
        token.internal_data.update(event_fired=True, due=due.astimezone(UTC).isoformat())
    return bool(token.internal_data.get("event_fired", False))


def _text(value: object) -> str:
    # What an officer filled in elsewhere has no place in the sentence that says this is no time.
    written = value if isinstance(value, str | int | float) else values.kind(value)
    return str(written).strip().strip("'\"")
