"""A case's process and its sub-processes, as the library runs them but quicker."""

from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task as Token
from SpiffWorkflow.util.task import TaskState

from engine.elements import timers
from engine.elements.gateways import CountsTokens


class _LooksAtWaiting:
    """Finds what waits without walking the tree, which the library does at every single step."""

    tasks: dict[Any, Token]

    def update_waiting_tasks(self) -> None:
        waiting = [token for token in self.tasks.values() if token._state == TaskState.WAITING]
        held_back: set[Any] = set()
        # A timer is looked at when it falls due, not whenever anything else happens; and of all
        # that wait at a join, what holds back one holds back the others.
        for token in [each for each in waiting if not timers.is_waiting(each)]:
            spec = token.task_spec
            if (
                token.state == TaskState.WAITING
                and token.id in self.tasks
                and spec not in held_back
            ):
                spec._update(token)
                if isinstance(spec, CountsTokens) and token.state == TaskState.WAITING:
                    held_back.add(spec)


class Part(_LooksAtWaiting, BpmnSubWorkflow):  # type: ignore[misc]
    """A sub-process; it knows its holder, whom the library looks for among all tokens each time."""

    def __init__(self, spec: Any, holder: Token, **options: Any) -> None:
        self.holder = holder
        top = holder.workflow.top_workflow
        super().__init__(spec, parent_task_id=holder.id, top_workflow=top, **options)

    @property
    def parent_workflow(self) -> Any:
        return self.holder.workflow


class Flow(_LooksAtWaiting, BpmnWorkflow):  # type: ignore[misc]
    """The whole case."""

    def create_subprocess(self, token: Token, name: str) -> Part:
        part = Part(self.subprocess_specs[name], token)
        self.subprocesses[token.id] = part
        return part
