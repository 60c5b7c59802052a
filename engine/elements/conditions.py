"""What a condition says, and what to do when it says neither yes nor no."""

from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.specs.event_definitions.conditional import ConditionalEventDefinition
from SpiffWorkflow.task import Task as Token

from bpmn.expressions import MissingName, NotYesOrNo


def holds(token: Token, condition: str) -> bool:
    """Is it so, seen from this token? What was never filled in counts as no."""
    value = token.workflow.top_workflow.script_engine.evaluate(token, condition)
    if not isinstance(value, bool | None):
        # `outcome` alone would always be true, also for "tidak".
        raise NotYesOrNo(part=condition)
    return bool(value)


class ComesTrue(ConditionalEventDefinition):  # type: ignore[misc]
    """Happens as soon as its condition holds; what nobody has said yet does not hold yet."""

    def has_fired(self, token: Token) -> bool:
        try:
            return holds(token, self.expression)
        except MissingName:
            return False


class ReadsConditions:
    """Reads our own conditional events in the place of the library's."""

    def parse_conditional_event(self, event: etree._Element) -> Any:
        return ComesTrue(super().parse_conditional_event(event).expression)  # type: ignore[misc]
