"""A case's data: one place for each process and sub-process, so no branch overwrites another."""

from collections import ChainMap
from collections.abc import MutableMapping
from typing import Any

from SpiffWorkflow.task import Task as Token

from engine.elements import repeats


def names(token: Token) -> ChainMap[str, Any]:
    """What an expression sees from here: this token's, then its surroundings', inside out."""
    places: list[MutableMapping[str, Any]] = [token.data]
    part: Any = token.workflow
    while part is not None:
        places.append(part.data)
        part = part.parent_workflow
    return ChainMap(*places)


def store(token: Token, data: dict[str, Any]) -> None:
    """A step's data, under its element; of a repeated step, one for each instance."""
    key, index = token.task_spec.bpmn_id, repeats.member(token)
    gathered = token.workflow.data
    if index is None:
        gathered[key] = data
    else:
        gathered.setdefault(key, {})[str(index)] = data


def fold(holder: Token, data: dict[str, Any]) -> None:
    index = repeats.member(holder)
    if index is None:
        holder.workflow.data.update(data)
    else:
        holder.workflow.data.setdefault(holder.task_spec.bpmn_id, {})[str(index)] = data


def member(token: Token) -> int | None:
    """The member this step is for: its own repeat's, or that of the sub-process around it."""
    around: Token | None = token
    while around is not None:
        index = repeats.member(around)
        if index is not None:
            return index
        part = around.workflow
        around = part.top_workflow.get_task_from_id(part.parent_task_id) if part.depth else None
    return None
