"""Timers that count the office's working time, on the clock they are told.

The library's own read the server's clock, evaluate their text as Python and, after an outage,
fire once for every round they missed.
"""

from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from lxml import etree
from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    CycleTimerEventDefinition,
    DurationTimerEventDefinition,
    TimeDateEventDefinition,
)
from SpiffWorkflow.task import Task as Token
from SpiffWorkflow.util.task import TaskState

from bpmn import durations, xml
from bpmn.durations import Duration
from bpmn.errors import N_, AlurError

FOR_EVER: Final = -1


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


class WorkingCycle(CycleTimerEventDefinition):  # type: ignore[misc]
    """A repeated timer. What was missed while nobody looked is made up for once, not in a burst."""

    def cycle_complete(self, token: Token) -> bool:
        bureau = token.workflow.top_workflow.script_engine
        state = token.internal_data.get("event_value")
        if state is None:
            text = _text(bureau.evaluate(token, self.expression))
            state = first_round(text, bureau.now, bureau.calendar, self.name)
            token.internal_data["event_value"] = state
        if state["cycles"] == 0:
            token.internal_data.pop("event_value")
            token.internal_data["event_fired"] = True
            return False
        if datetime.fromisoformat(state["next"]) > bureau.now:
            return False
        token.internal_data["due"] = state["next"]
        token.internal_data["event_value"] = next_round(state, bureau.now, bureau.calendar)
        return True

    def update_task(self, token: Token) -> None:
        if self.cycle_complete(token):
            for output in token.task_spec.outputs:
                child = token._add_child(output, TaskState.FUTURE)
                child.internal_data["due"] = token.internal_data["due"]
                child.task_spec._predict(child, mask=TaskState.NOT_FINISHED_MASK)
                child.task_spec._update(child)
        elif token.internal_data.get("event_fired"):
            # The last round is over: the event itself may go on.
            token._ready()


def first_round(text: str, now: datetime, calendar: Any, name: str) -> dict[str, Any]:
    """`R3/PT1H` from now, or `R/2026-01-05T08:00+08:00/P1W` from then."""
    head, *rest = text.split("/")
    if head[:1] != "R" or not (head[1:].isdigit() or head == "R") or len(rest) not in (1, 2):
        raise BadTime(text=text, name=name)
    duration = durations.parse(rest[-1])
    start = calendar.add(now, duration) if len(rest) == 1 else moment(rest[0], calendar, name)
    return {
        "cycles": int(head[1:]) if head[1:] else FOR_EVER,
        "next": start.astimezone(UTC).isoformat(),
        "duration": duration.iso,
    }


def next_round(state: dict[str, Any], now: datetime, calendar: Any) -> dict[str, Any]:
    """The first round after now; those in between are counted, not fired."""
    cycles, at = state["cycles"], datetime.fromisoformat(state["next"])
    duration = durations.parse(state["duration"])
    while at <= now and cycles != 0:
        at, cycles = calendar.add(at, duration), cycles - (cycles > 0)
    return {"cycles": cycles, "next": at.astimezone(UTC).isoformat(), "duration": duration.iso}


def moment(text: str, calendar: Any, name: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise BadTime(text=text, name=name) from wrong
    return at.replace(tzinfo=ZoneInfo(calendar.hours.zone)) if at.tzinfo is None else at


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
    kept = token.internal_data.get("event_value")
    return kept is not None and not (isinstance(kept, dict) and kept["cycles"] == 0)


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
    if due <= bureau.now:
        # The due time outlives the firing: the escalation is dated from it.
        token.internal_data.update(event_fired=True, due=due.astimezone(UTC).isoformat())
    return bool(token.internal_data.get("event_fired", False))


def _text(value: object) -> str:
    return str(value).strip().strip("'\"")
