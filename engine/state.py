"""A case's state as few bytes: without the diagram, without what is past, without what may come.

What is past is pruned, what may come is predicted anew when the state is loaded.
"""

from typing import Any, Final
from uuid import UUID

import orjson
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.task import Task as Token
from SpiffWorkflow.util.task import TaskState

from bpmn.errors import N_, AlurError
from engine import pruning
from engine.elements.flows import Flow, Part
from engine.program import Program
from engine.pruning import ALIVE, prune

FORMAT: Final = 1
_MAY_COME: Final = TaskState.PREDICTED_MASK | TaskState.FUTURE


class UnknownState(AlurError):
    sentence = N_(
        "Berkas ini disimpan oleh Alur yang lebih baru (bentuk %(format)s). Perbarui Alur dahulu."
    )


class StepGone(AlurError):
    sentence = N_("Langkah “%(step)s” tidak ada lagi pada diagram revisi ini.")


def dump(flow: Flow) -> bytes:
    if flow.completed:
        return orjson.dumps({"format": FORMAT, "data": flow.data})
    forget(flow)
    alive = {id: part for id, part in flow.subprocesses.items() if _is_held(flow, id)}
    return orjson.dumps(
        {
            "format": FORMAT,
            "flow": _dump_flow(flow),
            "parts": [
                [str(id), part.spec.name, _dump_flow(part)]
                for id, part in sorted(alive.items(), key=lambda pair: pair[1].depth)
            ],
        }
    )


def forget(flow: Flow) -> None:
    """Let go of what is past, in the case and in each of its sub-processes."""
    for part in [flow, *flow.subprocesses.values()]:
        prune(part)


def load(program: Program, data: bytes, bureau: object) -> Flow:
    document = orjson.loads(data)
    if document["format"] != FORMAT:
        raise UnknownState(format=document["format"])
    flow = Flow(program.spec, program.parts, script_engine=bureau, deserializing=True)
    _load_flow(flow, document["flow"])
    for id, name, content in document["parts"]:
        holder = flow.get_task_from_id(UUID(id))
        part = Part(program.parts[name], holder, deserializing=True)
        flow.subprocesses[holder.id] = part
        part.completed_event.connect(holder.task_spec._on_subworkflow_completed, holder)
        _load_flow(part, content)
    for part in [flow, *flow.subprocesses.values()]:
        _predict(part)
    return flow


def _is_held(flow: Flow, id: UUID) -> bool:
    """Does a task still stand around this sub-process?"""
    places = [flow, *flow.subprocesses.values()]
    holder = next((place.tasks[id] for place in places if id in place.tasks), None)
    return holder is not None and not holder.has_state(TaskState.FINISHED_MASK)


# --- writing ---------------------------------------------------------------------------------


def _dump_flow(part: Any) -> dict[str, Any]:
    tokens = [token for token in pruning.walk(part.task_tree) if _is_kept(token)]
    place = {token.id: index for index, token in enumerate(tokens)}
    return {
        "tokens": [_dump_token(token, place) for token in tokens],
        "last": place.get(part.last_task.id) if part.last_task is not None else None,
        "done": part.completed,
        "success": part.success,
        "data": part.data,
    }


def _is_kept(token: Token) -> bool:
    parent = token.parent
    return not token.has_state(_MAY_COME) or (
        parent is not None and parent.has_state(TaskState.FINISHED_MASK | TaskState.STARTED)
    )


def _dump_token(token: Token, place: dict[UUID, int]) -> list[Any]:
    parent = token.parent
    return [
        str(token.id),
        token.task_spec.name,
        token.state,
        None if parent is None else place[parent.id],
        _difference({} if parent is None else parent.data, token.data),
        token.internal_data or None,
        token.triggered or None,
        round(token.last_state_change, 3),
    ]


def _difference(before: dict[str, Any], after: dict[str, Any]) -> Any:
    """Steps hand their data on: most tokens hold what their parent holds."""
    if before is after or before == after:
        return None
    changed = {
        key: value for key, value in after.items() if key not in before or before[key] != value
    }
    gone = [key for key in before if key not in after]
    return [changed, gone] if gone else [changed]


# --- reading ---------------------------------------------------------------------------------


def _load_flow(part: Any, content: dict[str, Any]) -> None:
    tokens: list[Token] = []
    for line in content["tokens"]:
        tokens.append(_load_token(part, line, tokens))
    part.task_tree = tokens[0]
    part.last_task = None if content["last"] is None else tokens[content["last"]]
    part.completed, part.success, part.data = content["done"], content["success"], content["data"]


def _load_token(part: Any, line: list[Any], known: list[Token]) -> Token:
    id, name, state, parent, difference, internal, triggered, changed = line
    spec = part.spec.task_specs.get(name)
    if spec is None:
        raise StepGone(step=name)
    above = None if parent is None else known[parent]
    token = Token(part, spec, parent=above, state=state, id=UUID(id))
    token.data = _applied({} if above is None else above.data, difference)
    token.internal_data = internal or {}
    token.triggered = bool(triggered)
    token.last_state_change = changed
    if state == TaskState.WAITING and isinstance(spec, CatchingEvent):
        part.top_workflow.event_manager.add_task(token)
    return token


def _applied(before: dict[str, Any], difference: Any) -> dict[str, Any]:
    data = dict(before)
    if difference:
        data.update(difference[0])
        for key in difference[1] if len(difference) > 1 else ():
            del data[key]
    return data


def _predict(part: Any) -> None:
    for token in list(part.tasks.values()):
        if token.has_state(ALIVE):
            token.task_spec._predict(token, mask=TaskState.NOT_FINISHED_MASK)
