"""Repeated activities: over a number, over the values of a collection, or over an SOP's members."""

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask, MultiInstanceTask
from SpiffWorkflow.task import Task as Token


class Collection:
    """The list a repeated activity goes through: whatever its expression yields."""

    def __init__(self, expression: str) -> None:
        self.expression = expression

    def exists(self, token: Token) -> bool:
        return True

    def get(self, token: Token) -> Any:
        return token.workflow.top_workflow.script_engine.evaluate(token, self.expression)


def mend(spec: Any) -> None:
    """Make the repeats of a process read our data, and merge also after a reload."""
    for element in list(spec.task_specs.values()):
        if isinstance(element, MultiInstanceTask) and element.data_input is not None:
            element.data_input = Collection(element.data_input.bpmn_id)
        if isinstance(element, LoopTask):
            # The library connects this when the first child is made, which another process did.
            child = spec.task_specs[element.task_spec]
            if not child.completed_event.is_connected(element.merge_child):
                child.completed_event.connect(element.merge_child)


def member(token: Token) -> int | None:
    """Which of the repeat's members this instance is for."""
    item = token.internal_data.get("item", token.internal_data.get("key_or_index"))
    return item if isinstance(item, int) else None
