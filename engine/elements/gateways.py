"""Joins that count tokens, so that a block repeated in a loop waits for all its branches again.

The library's joins find their branches by walking the tree of all that ever happened: in a second
round the arrivals of the first still count, and the join fires too early.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.task import Task as Token
from SpiffWorkflow.util.deep_merge import DeepMerge
from SpiffWorkflow.util.task import TaskState

from bpmn.errors import N_, AlurError

_MOVING = TaskState.READY | TaskState.WAITING | TaskState.STARTED


class NoWay(AlurError):
    sentence = N_("Tidak ada syarat yang terpenuhi sesudah “%(name)s”, jadi tidak ada jalan terus.")


class _CountsTokens:
    """Each token at the gateway is one arrival; firing uses up one from each flow."""

    name: str
    inputs: list[Any]

    def _is_enough(self, token: Token, arrived: Counter[str]) -> bool:
        raise NotImplementedError

    def _update_hook(self, token: Token) -> bool:
        others = [other for other in self._arrivals(token) if other is not token]
        arrived = Counter(_source(other) for other in [token, *others])
        if not self._is_enough(token, arrived):
            token._set_state(TaskState.WAITING)
            return False
        token._inherit_data()
        for other in _one_of_each(others, but=_source(token), need=Counter(self._flows())):
            DeepMerge.merge(token.data, other.data)
            other._set_state(TaskState.CANCELLED)
            other._drop_children()
        return True

    def _arrivals(self, token: Token) -> list[Token]:
        return [
            other
            for other in token.workflow.tasks.values()
            if other.task_spec is self and other.has_state(TaskState.WAITING)
        ]

    def _flows(self) -> list[str]:
        return [spec.name for spec in self.inputs]


def _source(token: Token) -> str:
    return str(token.parent.task_spec.name)


def _one_of_each(tokens: Iterable[Token], but: str, need: Counter[str]) -> list[Token]:
    """What firing uses up besides the token that goes on."""
    left = need - Counter([but])
    used = []
    for token in tokens:
        if left[_source(token)] > 0:
            left[_source(token)] -= 1
            used.append(token)
    return used


class ParallelJoin(_CountsTokens, ParallelGateway):  # type: ignore[misc]
    """Goes on when a token stands on every incoming flow."""

    def _is_enough(self, token: Token, arrived: Counter[str]) -> bool:
        return arrived >= Counter(self._flows())

    def _run_hook(self, token: Token) -> bool:
        return True


class InclusiveJoin(_CountsTokens, InclusiveGateway):  # type: ignore[misc]
    """Goes on when no token that moves can still reach a flow that is empty."""

    def _is_enough(self, token: Token, arrived: Counter[str]) -> bool:
        empty = {flow for flow in self._flows() if not arrived[flow]}
        if not empty:
            return True
        taken = {flow for flow in self._flows() if arrived[flow]}
        sources = {other.task_spec for other in token.workflow.tasks.values() if self._moves(other)}
        return not any(
            self._reaches(source, empty) and not self._reaches(source, taken) for source in sources
        )

    def _moves(self, token: Token) -> bool:
        return (
            token.has_state(_MOVING)
            and token.task_spec is not self
            # A timer at a border is no token: its activity is, and is looked at itself.
            and not isinstance(token.task_spec, BoundaryEvent)
        )

    def _reaches(self, source: Any, flows: set[str]) -> bool:
        """Is there a way from here into one of these flows that does not pass this gateway?"""
        seen, todo = set(), [source]
        while todo:
            spec = todo.pop()
            if spec.name in flows:
                return True
            if spec.name not in seen and spec is not self:
                seen.add(spec.name)
                todo.extend(spec.outputs)
        return False

    def _run_hook(self, token: Token) -> bool:
        matches, defaults = self._get_matching_outputs(token)
        chosen = matches or defaults
        if not chosen:
            raise NoWay(name=self.name)
        token._sync_children(chosen, TaskState.FUTURE)
        for child in token.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True
