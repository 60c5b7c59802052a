"""Forget what a running case no longer needs: the finished steps behind all that is alive.

SpiffWorkflow walks the whole tree at every step: a loop that kept its history would grow slower
each round and stall at 500 rounds.
"""

from collections.abc import Iterator
from typing import Any, Final

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit, _EndJoin
from SpiffWorkflow.task import Task as Token
from SpiffWorkflow.util.task import TaskState

from engine.elements.borders import Border
from engine.elements.timers import WorkingTimer

ALIVE: Final = TaskState.WAITING | TaskState.READY | TaskState.STARTED


def prune(part: Any) -> None:
    """Drop dead branches, then shorten the chains of finished steps that led to what is alive."""
    moving = _moving(part)
    if not moving or part.completed:
        return
    _drop_dead(part, {token.id for token in moving for token in path(token)})
    _shorten(part, moving)
    if part.last_task is None or part.last_task.id not in part.tasks:
        part.last_task = part.task_tree


def _moving(part: Any) -> list[Token]:
    """What is alive, less the branches that reached their end and only wait for the others.

    Each late step leaves such a branch behind; kept, it would hold all that came after it.
    """
    alive = [token for token in part.tasks.values() if token.has_state(ALIVE)]
    at_end = [token for token in alive if isinstance(token.task_spec, _EndJoin)]
    if len(at_end) == len(alive):
        return alive
    for token in at_end:
        part._remove_task(token.id)
    return [token for token in alive if token.id in part.tasks]


def _drop_dead(part: Any, needed: set[Any]) -> None:
    """Finished branches with nothing alive in them."""
    for token in list(part.tasks.values()):
        if token.id in part.tasks and token.id not in needed and _is_dead(token, needed):
            _remove(part, token)


def _is_dead(token: Token, needed: set[Any]) -> bool:
    return (
        token.has_state(TaskState.FINISHED_MASK)
        and token._parent in needed
        and (_is_over(token) or not _is_open(token.parent))
    )


def _is_open(token: Token) -> bool:
    """Behind an activity with events at its border, the join looks at each of these."""
    return isinstance(token.task_spec, BoundaryEventSplit) and any(
        child.has_state(TaskState.NOT_FINISHED_MASK) for child in token.children
    )


def _is_over(token: Token) -> bool:
    """One of many times that an event at a border happened; a due time is kept for the step."""
    spec = token.task_spec
    if not isinstance(spec, Border) or spec.cancel_activity:
        return False
    return not isinstance(spec.event_definition, WorkingTimer)


def _remove(part: Any, token: Token) -> None:
    for each in list(walk(token)):
        part.top_workflow.subprocesses.pop(each.id, None)
    part._remove_task(token.id)


def _shorten(part: Any, moving: list[Token]) -> None:
    """Hang a finished step's only child on what stands before it, as often as that can be done."""
    for token in moving:
        _shorten_above(part, token)


def _shorten_above(part: Any, token: Token) -> None:
    # The step just before is kept: a join knows by it over which flow a token came.
    before = token.parent
    while before is not None and (above := before.parent) is not None:
        if _can_go(above):
            _skip(part, above)
        else:
            before = above


def _can_go(token: Token) -> bool:
    return (
        token.state == TaskState.COMPLETED
        and token.parent is not None
        and len(token._children) == 1
        and not _is_open(token)
        # What stands on a split belongs to its activity, so nothing else may come to hang there.
        and not isinstance(token.parent.task_spec, BoundaryEventSplit)
    )


def _skip(part: Any, token: Token) -> None:
    parent, child = token.parent, token.children[0]
    parent._children[parent._children.index(token.id)] = child.id
    child._parent = parent.id
    part.top_workflow.subprocesses.pop(token.id, None)
    del part.tasks[token.id]


def walk(token: Token) -> Iterator[Token]:
    todo = [token]
    while todo:
        each = todo.pop()
        yield each
        todo.extend(reversed(each.children))


def path(token: Token) -> list[Token]:
    """From this token up to the root."""
    found = [token]
    while (parent := found[-1].parent) is not None:
        found.append(parent)
    return found
