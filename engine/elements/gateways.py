"""Choices that say so when no way is open; joins that count tokens, also in a second round.

The library's joins find their branches by walking the tree of all that ever happened: in a second
round the arrivals of the first still count, and the join fires too early.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import (
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
)
from SpiffWorkflow.task import Task as Token
from SpiffWorkflow.util.deep_merge import DeepMerge
from SpiffWorkflow.util.task import TaskState

from bpmn.errors import N_, AlurError
from engine.elements.ahead import LooksOneAhead, lay_on
from engine.elements.conditions import holds

_MOVING = TaskState.READY | TaskState.WAITING | TaskState.STARTED
_DONE = TaskState.COMPLETED


class NoWay(AlurError):
    sentence = N_("Tidak ada syarat yang terpenuhi sesudah “%(name)s”, jadi tidak ada jalan terus.")


class _Chooses:
    """Asks the conditions in the order they were drawn in."""

    name: str
    bpmn_name: str | None
    cond_task_specs: list[tuple[Any, str]]

    def _open_ways(self, token: Token) -> Iterator[str]:
        for condition, way in self.cond_task_specs:
            if condition is not None and holds(token, condition.args[0]):
                yield way

    def _usual_ways(self) -> list[str]:
        return [way for condition, way in self.cond_task_specs if condition is None]

    def _go(self, token: Token, ways: list[str]) -> None:
        if not ways:
            raise NoWay(name=self.bpmn_name or self.name)
        specs = token.workflow.spec.task_specs
        lay_on(token, [specs[way] for way in ways])


class Choice(_Chooses, LooksOneAhead, ExclusiveGateway):  # type: ignore[misc]
    """Goes the first way whose condition holds, else the usual one."""

    def _run_hook(self, token: Token) -> bool:
        self._go(token, list(islice(self._open_ways(token), 1)) or self._usual_ways())
        return True


class CountsTokens:
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


def _moves(token: Token) -> bool:
    """Also an event at a border: what it would set off may still come."""
    return bool(token.has_state(_MOVING)) or _is_coming(token)


def _is_coming(token: Token) -> bool:
    """Its turn comes in a moment: what is before it has ended, its sisters go first."""
    before = token.parent
    return bool(token.has_state(TaskState.FUTURE) and before and before.has_state(_DONE))


def _one_of_each(tokens: Iterable[Token], but: str, need: Counter[str]) -> list[Token]:
    """What firing uses up besides the token that goes on."""
    left = need - Counter([but])
    used = []
    for token in tokens:
        if left[_source(token)] > 0:
            left[_source(token)] -= 1
            used.append(token)
    return used


class ParallelJoin(CountsTokens, LooksOneAhead, ParallelGateway):  # type: ignore[misc]
    """Goes on when a token stands on every incoming flow."""

    def _is_enough(self, token: Token, arrived: Counter[str]) -> bool:
        return arrived >= Counter(self._flows())

    def _run_hook(self, token: Token) -> bool:
        lay_on(token, self.outputs)
        return True


class InclusiveJoin(CountsTokens, _Chooses, LooksOneAhead, InclusiveGateway):  # type: ignore[misc]
    """Goes on when no token that moves can still reach a flow that is empty."""

    def _is_enough(self, token: Token, arrived: Counter[str]) -> bool:
        if len(self.inputs) == 1:
            return True
        moving = [other for other in token.workflow.tasks.values() if _moves(other)]
        if any(other.task_spec is self and _is_coming(other) for other in moving if other != token):
            return False
        empty = {flow for flow in self._flows() if not arrived[flow]}
        can_fill = self._before(empty)
        only_adds = self._before(set(self._flows()) - empty)
        awaited = can_fill - only_adds - {self.name}
        return not any(other.task_spec.name in awaited for other in moving)

    def _before(self, flows: set[str]) -> set[str]:
        """Whence a way leads into one of these flows that does not pass this gateway."""
        found, todo = set(flows), [spec for spec in self.inputs if spec.name in flows]
        while todo:
            for spec in todo.pop().inputs:
                if spec is not self and spec.name not in found:
                    found.add(spec.name)
                    todo.append(spec)
        return found

    def _run_hook(self, token: Token) -> bool:
        self._go(token, list(self._open_ways(token)) or self._usual_ways())
        return True
