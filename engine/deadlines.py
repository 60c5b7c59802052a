"""The timers at a step's border: its due time, and whom they guard."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.task import Task as Token
from SpiffWorkflow.util.task import TaskState

from engine.elements import borders, repeats, timers
from engine.elements.borders import Border


def due(step: Token) -> datetime | None:
    """The due time stands on the timer at the step's border: the only source of it."""
    return min(filter(None, map(timers.due, _timers(step))), default=None)


def _timers(step: Token) -> Iterator[Token]:
    split = borders.split_before(step)
    if split is not None:
        yield from (event for event in split.children if _is_deadline(event))


def _is_deadline(token: Token) -> bool:
    is_working = isinstance(_definition(token), timers.WorkingTimer)
    return is_working and not token.task_spec.cancel_activity


def guarded(timer: Token) -> list[Token]:
    """The open steps at whose border this timer stands: one, or a repeated step's instances."""
    split = timer.parent
    if split is None or not isinstance(split.task_spec, BoundaryEventSplit):
        return []
    activities = [child for child in split.children if not isinstance(child.task_spec, Border)]
    near = [step for each in activities for step in (each, *repeats.instances(each))]
    return [step for step in near if step.task_spec.manual and step.has_state(TaskState.READY)]


def clocks(step: Token) -> list[Token]:
    """Every timer at the step's border, whatever it does when it rings."""
    split = borders.split_before(step)
    events = split.children if split is not None else []
    return [event for event in events if timers.is_timer(_definition(event))]


def _definition(token: Token) -> object:
    return getattr(token.task_spec, "event_definition", None)


def outermost(step: Token) -> Token:
    """The step with all that belongs to it: its repeat, and the events at its border."""
    return borders.split_before(step) or repeats.whole(step)


def with_waiting(step: Token) -> list[Token]:
    """The step with its repeat, and the events at its border that can still happen."""
    return [repeats.whole(step), *borders.waiting_at(step)]


def keep(step: Token, clock: Mapping[str, Any]) -> None:
    """Let the deadline of a step that was opened anew be the one it had, and how it came about."""
    if clock:
        for timer in _timers(step):
            timer.internal_data.pop("span", None)
            timer.internal_data.update(clock)
