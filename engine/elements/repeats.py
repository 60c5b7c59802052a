"""Repeated activities: over a number, over a list, or as long as a condition holds.

The library's count their instances in the tree of all that ever happened, read their list anew at
each step, and stop at an empty item. Ours keep two numbers, so that what is done can be forgotten.
"""

from collections.abc import Iterator
from typing import Any, Final

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import (
    LoopTask,
    MultiInstanceTask,
    StandardLoopTask,
)
from SpiffWorkflow.task import Task as Token
from SpiffWorkflow.util.task import TaskState

from bpmn.errors import N_, AlurError
from engine.elements.ahead import LooksOneAhead
from engine.elements.conditions import holds

# No office asks more units at once; a slip of the pen asks a million.
MOST: Final = 200


class TooOften(AlurError):
    sentence = N_("“%(name)s” akan diulang %(count)s kali; paling banyak %(most)s kali.")


class NotAList(AlurError):
    sentence = N_("“%(name)s” diulang untuk setiap isi “%(text)s”, tetapi itu bukan daftar.")


class NotACount(AlurError):
    sentence = N_("“%(name)s” diulang sebanyak “%(text)s”, tetapi itu bukan bilangan bulat.")


class _Repeat(LooksOneAhead, MultiInstanceTask, BpmnSpecMixin):  # type: ignore[misc]
    """Once for each item: `done` of `count` are through."""

    def _update_hook(self, token: Token) -> bool:
        super()._update_hook(token)
        items = self._items(token)
        # What the members of an earlier round said is no answer of this round's.
        token.workflow.data.pop(self.name, None)
        token.internal_data.update(count=len(items), done=0)
        if items:
            token._set_state(TaskState.STARTED)
            self._begin(token, items)
        return not items

    def _begin(self, token: Token, items: list[Any]) -> None:
        raise NotImplementedError

    def _go_on(self, token: Token) -> None:
        """One more is through, and the others are not."""

    def _items(self, token: Token) -> list[Any]:
        engine = token.workflow.top_workflow.script_engine
        if self.data_input is None:
            return list(range(self._checked(engine.evaluate(token, self.cardinality))))
        found = engine.evaluate(token, self.data_input.bpmn_id)
        if not isinstance(found, list):
            raise NotAList(name=self._called, text=self.data_input.bpmn_id)
        self._checked(len(found))
        return found

    def _checked(self, count: object) -> int:
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise NotACount(name=self._called, text=self.cardinality)
        if count > MOST:
            raise TooOften(name=self._called, count=count, most=MOST)
        return count

    def _create(self, token: Token, index: int, item: object) -> None:
        spec = token.workflow.spec.task_specs[self.task_spec]
        child = token._add_child(spec, TaskState.WAITING)
        child.triggered = True
        child.internal_data["key_or_index"] = index
        child.data.update(dict.fromkeys(_names(self.input_item), item))
        spec._update(child)

    def merge_child(self, workflow: Any, child: Token) -> None:
        token = child.parent
        token.internal_data["done"] += 1
        _take_over(token, child, without=_names(self.input_item))
        if token.internal_data["done"] == token.internal_data["count"] or self._is_enough(child):
            self._finish(token)
        else:
            self._go_on(token)

    def _is_enough(self, child: Token) -> bool:
        kept = child.parent.internal_data
        child.data.update(
            nrOfInstances=kept["count"],
            nrOfCompletedInstances=kept["done"],
            nrOfActiveInstances=sum(map(_is_open, child.parent.children)),
        )
        return self.condition is not None and holds(child, self.condition)

    def _finish(self, token: Token) -> None:
        for child in filter(_is_open, token.children):
            child.cancel()
        if self.data_output is not None:
            token.workflow.data[self.data_output.bpmn_id] = list(self._results(token))
        token._ready()

    def _results(self, token: Token) -> Iterator[Any]:
        gathered = token.workflow.data.get(self.name, {})
        for index in range(token.internal_data["count"]):
            said = gathered.get(str(index), {})
            names = _names(self.output_item)
            yield next((said[name] for name in names if name in said), None)

    def _on_cancel(self, token: Token) -> None:
        super()._on_cancel(token)
        forget_orphans(token.workflow.top_workflow)

    @property
    def _called(self) -> str:
        return str(self.bpmn_name or self.name)


class AllAtOnce(_Repeat):
    """Every instance waits at the same time."""

    def _begin(self, token: Token, items: list[Any]) -> None:
        for index, item in enumerate(items):
            self._create(token, index, item)


class OneByOne(_Repeat):
    """The next begins when one is through. The list is the one that stood at the beginning."""

    def _begin(self, token: Token, items: list[Any]) -> None:
        token.internal_data["items"] = items
        self._create(token, 0, items[0])

    def _go_on(self, token: Token) -> None:
        done = token.internal_data["done"]
        self._create(token, done, token.internal_data["items"][done])


class AsLongAs(LooksOneAhead, StandardLoopTask, BpmnSpecMixin):  # type: ignore[misc]
    """A standard loop: again, while its condition holds and its maximum is not reached."""

    def _update_hook(self, token: Token) -> bool:
        super(LoopTask, self)._update_hook(token)
        token.internal_data["done"] = 0
        if self.test_before and not self._goes_on(token):
            return True
        token._set_state(TaskState.STARTED)
        self._again(token)
        return False

    def _again(self, token: Token) -> None:
        spec = token.workflow.spec.task_specs[self.task_spec]
        child = token._add_child(spec, TaskState.WAITING)
        child.triggered = True
        spec._update(child)

    def merge_child(self, workflow: Any, child: Token) -> None:
        token = child.parent
        token.internal_data["done"] += 1
        _take_over(token, child)
        if self._goes_on(token):
            self._again(token)
        else:
            token._ready()

    def _goes_on(self, token: Token) -> bool:
        if self.maximum is not None and token.internal_data["done"] >= self.maximum:
            return False
        return self.condition is None or holds(token, self.condition)

    def _on_cancel(self, token: Token) -> None:
        super()._on_cancel(token)
        forget_orphans(token.workflow.top_workflow)


class ReadsRepeats:
    """Reads our own repeats in the place of the library's."""

    STANDARD_LOOP_CLASS = AsLongAs
    PARALLEL_MI_CLASS = AllAtOnce
    SEQUENTIAL_MI_CLASS = OneByOne


def connect(spec: Any) -> set[str]:
    """Let each repeat of a process hear when one of its instances is through; the instances."""
    found = [element for element in spec.task_specs.values() if isinstance(element, LoopTask)]
    for element in found:
        spec.task_specs[element.task_spec].completed_event.connect(element.merge_child)
    return {element.task_spec for element in found}


def member(token: Token) -> int | None:
    """Which of the repeat's members this instance is for."""
    index = token.internal_data.get("key_or_index")
    return index if isinstance(index, int) else None


def whole(token: Token) -> Token:
    """The repeat that this is an instance of, or the token itself."""
    around = token.parent
    return around if around is not None and isinstance(around.task_spec, LoopTask) else token


def instances(token: Token) -> list[Token]:
    """What a repeat has opened; nothing, if the token is none."""
    return token.children if isinstance(token.task_spec, LoopTask) else []


def forget_orphans(top: Any) -> None:
    """A cancelled repeat drops its instances without a word to their sub-processes and timers."""
    for id, part in list(top.subprocesses.items()):
        if not part.completed and not any(id in place.tasks for place in _places(top)):
            part.cancel()
    for token in list(top.event_manager.tasks.values()):
        if token.id not in token.workflow.tasks:
            top.event_manager.remove_task(token)


def _places(top: Any) -> list[Any]:
    return [top, *top.subprocesses.values()]


def _is_open(token: Token) -> bool:
    return bool(token.has_state(TaskState.NOT_FINISHED_MASK)) and token.triggered


def _take_over(token: Token, child: Token, without: tuple[str, ...] = ()) -> None:
    token.data.update({key: value for key, value in child.data.items() if key not in without})


def _names(item: Any) -> tuple[str, ...]:
    """An item is known by its id; modellers show its name."""
    return tuple(filter(None, (item.bpmn_id, item.bpmn_name))) if item is not None else ()
