"""What a condition says, and what to do when it says neither yes nor no."""

from SpiffWorkflow.task import Task as Token

from bpmn.expressions import NotYesOrNo


def holds(token: Token, condition: str) -> bool:
    """Is it so, seen from this token? What was never filled in counts as no."""
    value = token.workflow.top_workflow.script_engine.evaluate(token, condition)
    if not isinstance(value, bool | None):
        # `outcome` alone would always be true, also for "tidak".
        raise NotYesOrNo(part=condition)
    return bool(value)
