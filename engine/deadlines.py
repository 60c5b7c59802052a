"""The timers at a step's border: its due time, and whom they guard."""

from collections.abc import Iterator
from datetime import datetime

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.task import Task as Token
from SpiffWorkflow.util.task import TaskState

from engine.elements import repeats, timers


def due(step: Token) -> datetime | None:
    """The due time stands on the timer at the step's border: the only source of it."""
    return min(filter(None, map(timers.due, _timers(step))), default=None)


def _timers(step: Token) -> Iterator[Token]:
    split = step.parent if repeats.member(step) is None else step.parent and step.parent.parent
    if split is not None and isinstance(split.task_spec, BoundaryEventSplit):
        yield from (event for event in split.children if _is_deadline(event))


def _is_deadline(token: Token) -> bool:
    definition = getattr(token.task_spec, "event_definition", None)
    return isinstance(definition, timers.WorkingTimer) and not token.task_spec.cancel_activity


def guarded(timer: Token) -> list[Token]:
    """The open steps at whose border this timer stands: one, or a repeated step's instances."""
    split = timer.parent
    if split is None or not isinstance(split.task_spec, BoundaryEventSplit):
        return []
    near = [*split.children, *(below for child in split.children for below in child.children)]
    return [step for step in near if step.task_spec.manual and step.state != TaskState.COMPLETED]


def outermost(step: Token) -> Token:
    """The step with all that belongs to it: its repeat, and the events at its border."""
    top = step if repeats.member(step) is None else step.parent
    split = top.parent
    return split if isinstance(split.task_spec, BoundaryEventSplit) else top


def keep(step: Token, due: str | None) -> None:
    """Let the deadline of a step that was opened anew be the one it had."""
    if due is not None:
        for timer in _timers(step):
            timer.internal_data["event_value"] = due
