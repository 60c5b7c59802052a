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
from SpiffWorkflow.util.task import TaskState

from bpmn import durations, xml
from bpmn.durations import Duration
from bpmn.errors import N_, AlurError
from bpmn.expressions import values

FOR_EVER: Final = -1
_RESTS: Final = "rests"
MOST_MISSED: Final = 1_000
# A calendar adds up to twenty years; these are some four.
_MOST_MINUTES: Final = 500_000
_HEAD: Final = re.compile(r"R[0-9]{0,9}")


class BadTime(AlurError):
    sentence = N_("Waktu “%(text)s” pada “%(name)s” tidak dapat dipakai.")


class WorkingTimer(DurationTimerEventDefinition):  # type: ignore[misc]
    """A duration of working time."""

    def has_fired(self, token: Token) -> bool:
        if is_resting(token):
            return False
        bureau = token.workflow.top_workflow.script_engine
        due = _kept(token)
        if due is None:
            duration = durations.parse(_text(bureau.evaluate(token, self.expression)))
            due = _keep(token, bureau.calendar.add(bureau.now, duration))
            token.internal_data["span"] = [_written(bureau.now), duration.iso]
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
        if is_resting(token):
            return False
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
    cycles = max(int(head[1:]), 1) if head[1:] else FOR_EVER
    if len(rest) == 1:
        return _round(cycles, duration, now, calendar.add(now, duration))
    return _round(cycles, duration, None, moment(rest[0], calendar, name))


def _round(cycles: int, duration: Duration, since: datetime | None, at: datetime) -> dict[str, Any]:
    began = {"since": _written(since)} if since is not None else {}
    return {"cycles": cycles, "next": _written(at), "duration": duration.iso, **began}


def next_round(state: dict[str, Any], now: datetime, calendar: Any) -> dict[str, Any] | None:
    """The first round after now; those in between are counted, not fired. None after the last."""
    cycles, at = state["cycles"], datetime.fromisoformat(state["next"])
    duration = durations.parse(state["duration"])
    skipped = _missed(at, now, duration, calendar)
    skipped = min(skipped, cycles - 1) if cycles > 0 else skipped
    at, cycles = _later(at, skipped, duration, calendar), cycles - skipped * (cycles > 0)
    for _ in range(MOST_MISSED):
        since, at, cycles = at, calendar.add(at, duration), cycles - (cycles > 0)
        if at > now or cycles == 0:
            break
    else:
        # Nobody looked for so long that the old rhythm means nothing any more.
        since, at = now, calendar.add(now, duration)
    return _round(cycles, duration, since, at) if cycles else None


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
    """When the timer at this token rings next, or rang; of one that rests, what it had."""
    kept = next(filter(None, map(token.internal_data.get, ("event_value", _RESTS, "due"))), None)
    text = kept["next"] if isinstance(kept, dict) else kept
    return None if text is None else datetime.fromisoformat(text)


def is_waiting(token: Token) -> bool:
    return token.internal_data.get("event_value") is not None


def is_resting(token: Token) -> bool:
    return token.internal_data.get(_RESTS) is not None


def has_rung(token: Token) -> bool:
    """Is it past, and only remembered?"""
    return bool(token.has_state(TaskState.FINISHED_MASK) and token.internal_data.get("due"))


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


def postpone(token: Token, calendar: Any, since: datetime, now: datetime) -> None:
    """Move what the timer waits for, as its clock stood still; a date stays the date it is."""
    kept, stood = token.internal_data["event_value"], [_written(since), _written(now)]
    if isinstance(kept, dict):
        duration = durations.parse(kept["duration"])
        later = calendar.resume(datetime.fromisoformat(kept["next"]), since, now, duration)
        stops = [*kept.get("stood", []), stood]
        token.internal_data["event_value"] = {**kept, "next": _written(later), "stood": stops}
    elif not isinstance(token.task_spec.event_definition, WorkingDate):
        began, span, *stops = token.internal_data.get("span") or (None, None)
        given = durations.parse(span) if span else None
        _keep(token, calendar.resume(datetime.fromisoformat(kept), since, now, given))
        if began is not None:
            token.internal_data["span"] = [began, span, *stops, stood]


def rest(token: Token) -> None:
    """Let a timer stand still: it does not ring until it goes on."""
    definition = getattr(token.task_spec, "event_definition", None)
    waits = is_waiting(token) and token.has_state(TaskState.WAITING)
    if waits and not isinstance(definition, WorkingDate):
        token.internal_data[_RESTS] = token.internal_data["event_value"]
        token.internal_data["event_value"] = None


def go_on(token: Token, calendar: Any, since: datetime, now: datetime) -> None:
    """Let it go on with what it had left; what rang already is dated as if it had rested too."""
    data = token.internal_data
    if data.get(_RESTS) is not None:
        data["event_value"] = data.pop(_RESTS)
        postpone(token, calendar, since, now)
    elif has_rung(token):
        date_later(token, calendar, since, now)


def date_later(token: Token, calendar: Any, since: datetime, now: datetime) -> None:
    """What has rung is dated as if its clock, too, had stood still."""
    data = token.internal_data
    if isinstance(data.get("event_value"), str):
        began, span, *stops = data.get("span") or (None, None)
        given = durations.parse(span) if span else None
        due = calendar.resume(datetime.fromisoformat(data["due"]), since, now, given)
        data["due"] = data["event_value"] = _written(due)
        if began is not None:
            data["span"] = [began, span, *stops, [_written(since), _written(now)]]


def redate(token: Token, calendar: Any) -> None:
    """Reckon anew what the timer waits for, or waited for, in another calendar.

    From when it began, with what it was given and the times its clock stood still: done twice, it
    comes to the same. One that rests goes on resting.
    """
    data = token.internal_data
    rests = data.pop(_RESTS, None)
    if rests is not None:
        data["event_value"] = rests
    _redate(token, calendar)
    if rests is not None:
        data[_RESTS], data["event_value"] = data["event_value"], None


def _redate(token: Token, calendar: Any) -> None:
    kept, span = token.internal_data.get("event_value"), token.internal_data.get("span")
    definition = token.task_spec.event_definition
    if span is not None:
        due = _keep(token, _reckoned(calendar, *span))
        if "due" in token.internal_data:
            token.internal_data["due"] = _written(due)
    elif isinstance(kept, dict) and "since" in kept:
        began, duration, stops = kept["since"], kept["duration"], kept.get("stood", [])
        at = _reckoned(calendar, began, duration, *stops)
        token.internal_data["event_value"] = {**kept, "next": _written(at)}
    elif isinstance(definition, WorkingDate) and _is_local(definition.expression):
        _keep(token, moment(_text(definition.expression), calendar, definition.name))


def _reckoned(calendar: Any, began: str, span: str, *stops: list[str]) -> datetime:
    duration = durations.parse(span)
    due: datetime = calendar.add(datetime.fromisoformat(began), duration)
    for since, until in stops:
        stood = datetime.fromisoformat(since), datetime.fromisoformat(until)
        due = calendar.resume(due, *stood, duration)
    return due


def _is_local(text: str) -> bool:
    """A moment written as it stands, on the office's own clock."""
    try:
        return datetime.fromisoformat(_text(text)).tzinfo is None
    except ValueError:
        return False


def _kept(token: Token) -> datetime | None:
    text = token.internal_data.get("event_value")
    return None if text is None else datetime.fromisoformat(text)


def _keep(token: Token, at: datetime) -> datetime:
    token.internal_data["event_value"] = _written(at)
    return at


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _fire(token: Token, due: datetime) -> bool:
    bureau = token.workflow.top_workflow.script_engine
    if bureau.ringing is token:
        # The due time outlives the firing: the escalation is dated from it.
        token.internal_data.update(event_fired=True, due=_written(due))
    return bool(token.internal_data.get("event_fired", False))


def _text(value: object) -> str:
    # What an officer filled in elsewhere has no place in the sentence that says this is no time.
    written = value if isinstance(value, str | int | float) else values.kind(value)
    return str(written).strip().strip("'\"")
