"""Events at an activity's border."""

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.bpmn.specs.event_definitions.conditional import ConditionalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.task import Task as Token
from SpiffWorkflow.util.task import TaskState

from engine.elements import repeats, timers
from engine.elements.ahead import LooksOneAhead

_ONCE = (ConditionalEventDefinition, MultipleEventDefinition)


class Border(LooksOneAhead, BoundaryEvent):  # type: ignore[misc]
    """One that does not interrupt may happen again, as long as the activity is open.

    Each time is a token of its own: what it set off goes on when the activity is done.
    """

    def _ways(self) -> list[Any]:
        # The join behind the activity has something to cancel only when this one interrupts.
        outputs: list[Any] = self.outputs
        return [
            spec
            for spec in outputs
            if self.cancel_activity or not isinstance(spec, BoundaryEventJoin)
        ]

    def _on_ready_hook(self, token: Token) -> None:
        super()._on_ready_hook(token)
        if timers.is_timer(self.event_definition):
            token.workflow.top_workflow.script_engine.rang(token)
        kept = None if self.cancel_activity else self._kept_for_next(token)
        if kept is not None:
            again = token.parent._add_child(self, TaskState.WAITING)
            again.data, again.internal_data = dict(token.parent.data), kept
            token.workflow.top_workflow.event_manager.add_task(again)

    def _kept_for_next(self, token: Token) -> dict[str, Any] | None:
        """What the next time begins with; None when there is no next time."""
        if timers.is_timer(self.event_definition):
            return timers.next_time(token)
        return None if isinstance(self.event_definition, _ONCE) else {}


def split_before(token: Token) -> Token | None:
    """What opened an activity together with the events at its border, if it has any."""
    activity = repeats.whole(token)
    before = activity.parent
    # What an event at another activity's border set off may hang on that one's, once it is past.
    own = f"{activity.task_spec.name}.BoundaryEventSplit"
    return before if before is not None and before.task_spec.name == own else None


def waiting_at(activity: Token) -> list[Token]:
    """The events at its border that can still happen."""
    split = split_before(activity)
    near = [] if split is None else split.children
    return [
        token
        for token in near
        if isinstance(token.task_spec, Border) and token.has_state(TaskState.WAITING)
    ]
