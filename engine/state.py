"""A case's state as few bytes: without the diagram, without what is past, without what may come.

What is past is pruned because SpiffWorkflow walks the whole tree at every step: a loop that kept
its history would grow slower each round, stall at 500 rounds, and count the joins of earlier
rounds. What may come is predicted anew when the state is loaded.
"""

from typing import Any, Final
from uuid import UUID

import orjson
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task as Token
from SpiffWorkflow.util.task import TaskState

from bpmn.errors import N_, AlurError
from engine.program import Program

FORMAT: Final = 1
_ALIVE: Final = TaskState.WAITING | TaskState.READY | TaskState.STARTED
_MAY_COME: Final = TaskState.PREDICTED_MASK | TaskState.FUTURE


class UnknownState(AlurError):
    sentence = N_(
        "Berkas ini disimpan oleh Alur yang lebih baru (bentuk %(format)s). Perbarui Alur dahulu."
    )


class StepGone(AlurError):
    sentence = N_("Langkah “%(step)s” tidak ada lagi pada diagram revisi ini.")


def dump(flow: BpmnWorkflow) -> bytes:
    if flow.completed:
        return orjson.dumps({"format": FORMAT, "data": flow.data})
    for part in [flow, *flow.subprocesses.values()]:
        _prune(part)
    alive = {id: part for id, part in flow.subprocesses.items() if _holder(flow, id) is not None}
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


def load(program: Program, data: bytes, bureau: object) -> BpmnWorkflow:
    document = orjson.loads(data)
    if document["format"] != FORMAT:
        raise UnknownState(format=document["format"])
    flow = BpmnWorkflow(program.spec, program.parts, script_engine=bureau, deserializing=True)
    _load_flow(flow, document["flow"])
    for id, name, content in document["parts"]:
        part = BpmnSubWorkflow(program.parts[name], UUID(id), flow, deserializing=True)
        flow.subprocesses[UUID(id)] = part
        holder = flow.get_task_from_id(UUID(id))
        part.completed_event.connect(holder.task_spec._on_subworkflow_completed, holder)
        _load_flow(part, content)
    for part in [flow, *flow.subprocesses.values()]:
        _predict(part)
    return flow


def _holder(flow: BpmnWorkflow, id: UUID) -> Token | None:
    places = [flow, *flow.subprocesses.values()]
    return next((place.tasks[id] for place in places if id in place.tasks), None)


# --- writing ---------------------------------------------------------------------------------


def _dump_flow(part: Any) -> dict[str, Any]:
    tokens = [token for token in _walk(part.task_tree) if _is_kept(token)]
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


def _walk(token: Token) -> Any:
    yield token
    for child in token.children:
        yield from _walk(child)


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
        if token.has_state(_ALIVE):
            token.task_spec._predict(token, mask=TaskState.NOT_FINISHED_MASK)


# --- forgetting ------------------------------------------------------------------------------


def _prune(part: Any) -> None:
    """Hang what is alive under the root; drop the finished steps that led there."""
    alive = _moving(part)
    if not alive or part.completed:
        return
    keep = _last_done(_common(alive))
    root = part.task_tree
    if keep is None or keep is root or (keep.parent is root and root._children == [keep.id]):
        return
    root._children = [keep.id]
    keep._parent = root.id
    root.data = {}
    reachable = {token.id for token in _walk(root)}
    for id in [id for id in part.tasks if id not in reachable]:
        part.top_workflow.subprocesses.pop(id, None)
        del part.tasks[id]
    if part.last_task is None or part.last_task.id not in reachable:
        part.last_task = keep


def _moving(part: Any) -> list[Token]:
    """What is alive, less the branches that reached their end and only wait for the others.

    Each late step leaves such a branch behind; kept, it would hold all that came after it.
    """
    alive = [token for token in part.tasks.values() if token.has_state(_ALIVE)]
    at_end = [token for token in alive if isinstance(token.task_spec, _EndJoin)]
    if len(at_end) == len(alive):
        return alive
    for token in at_end:
        part.data.update(token.data)
        part._remove_task(token.id)
    return [token for token in alive if token.id in part.tasks]


def _common(alive: list[Token]) -> Token:
    """The lowest ancestor of all that is alive."""
    paths = [_path(token) for token in alive]
    shared = [step for step in zip(*paths, strict=False) if len({token.id for token in step}) == 1]
    return shared[-1][0]


def _path(token: Token) -> list[Token]:
    path = [token]
    while (parent := path[-1].parent) is not None:
        path.append(parent)
    return path[::-1]


def _last_done(token: Token) -> Token | None:
    while token is not None and token.state != TaskState.COMPLETED:
        token = token.parent
    return token
