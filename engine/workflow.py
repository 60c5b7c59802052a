"""Drive one case through its diagram: start it, let the clock in, complete a step, put it away."""

from collections import ChainMap
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.task import Task as Token
from SpiffWorkflow.util.task import TaskState

from bpmn import expressions
from bpmn.durations import Duration
from bpmn.errors import N_, AlurError
from engine import state
from engine.elements import repeats, timers
from engine.program import Program

# More engine steps than this between two steps of people is a circle nobody can leave.
MOST_ENGINE_STEPS: Final = 5_000


class Endless(AlurError):
    sentence = N_("Diagram ini berputar tanpa henti di “%(step)s” tanpa menunggu siapa pun.")


class NoSuchStep(AlurError):
    sentence = N_("Langkah ini tidak (lagi) menunggu dikerjakan.")


class Calendar(Protocol):
    """What the timers ask of the office's working time."""

    def add(self, start: datetime, duration: Duration) -> datetime: ...


@dataclass(frozen=True)
class OpenStep:
    """A user task that waits for someone."""

    id: str
    element: str
    name: str
    due_at: datetime | None
    # Which member of a repeat it is for, where it is repeated.
    member: int | None


@dataclass(frozen=True)
class Lateness:
    """A step went past its mutu baku waktu, and the diagram said so."""

    step_id: str
    due_at: datetime


class Bureau(PythonScriptEngine):  # type: ignore[misc]
    """All that a diagram may ask for: the time, the calendar and the expression language."""

    def __init__(self, now: datetime, calendar: Calendar) -> None:
        super().__init__()
        self.now = now
        self.calendar = calendar
        self.late: list[Lateness] = []

    def evaluate(self, token: Token, expression: str, external_context: Any = None) -> Any:
        text = expressions.literal(expression)
        return expressions.compile(expression).evaluate(_names(token)) if text is None else text

    def execute(self, task: Token, script: str, external_context: Any = None) -> bool:
        raise Forbidden

    def call_service(self, task: Token, **kwargs: Any) -> None:
        raise Forbidden

    def heard(self, token: Token) -> None:
        """An escalation was raised: note it if a step's timer led to it."""
        above: Token | None = token
        while above is not None and "due" not in above.internal_data:
            above = above.parent
        if above is not None:
            due = datetime.fromisoformat(above.internal_data["due"])
            self.late += [Lateness(str(step.id), due) for step in _guarded(above)]


class Forbidden(AlurError):
    sentence = N_("Diagram tidak boleh menjalankan program.")


class Workflow:
    """A running case in memory. On any error it is thrown away, and the stored state stands."""

    def __init__(self, flow: BpmnWorkflow, bureau: Bureau) -> None:
        self._flow = flow
        self._bureau = bureau
        self._folded: set[UUID] = set()

    def settle(self) -> None:
        """Let due timers fire and engine steps run until only people can move the case."""
        steps = 0
        while True:
            self._flow.refresh_timers()
            ready = [token for token in self._tokens(TaskState.READY) if not token.task_spec.manual]
            if not ready:
                return
            for token in ready:
                steps += 1
                if steps > MOST_ENGINE_STEPS:
                    raise Endless(step=token.task_spec.name)
                if token.has_state(TaskState.READY):
                    token.run()
            self._fold_parts()

    def complete(self, step_id: str, outcome: str | None, data: dict[str, Any]) -> None:
        """Finish a step: its data stays under its own key, its outcome is what gateways see."""
        token = self._step(step_id)
        _store(token, {**data, "outcome": outcome})
        token.data["outcome"] = outcome
        token.run()
        self.settle()

    def open_steps(self) -> list[OpenStep]:
        return [
            OpenStep(
                str(token.id),
                token.task_spec.bpmn_id,
                token.task_spec.bpmn_name or token.task_spec.bpmn_id,
                _due(token),
                _member(token),
            )
            for token in self._tokens(TaskState.READY)
            if token.task_spec.manual
        ]

    @property
    def late(self) -> list[Lateness]:
        """The escalations raised since the case was loaded, in the order of their due times."""
        return sorted(self._bureau.late, key=lambda lateness: lateness.due_at)

    @property
    def wake_at(self) -> datetime | None:
        """When the clock must look at this case next."""
        waiting = filter(timers.is_waiting, self._flow.event_manager.tasks.values())
        return min(filter(None, map(timers.due, waiting)), default=None)

    @property
    def is_done(self) -> bool:
        return bool(self._flow.is_completed())

    def dump(self) -> bytes:
        return state.dump(self._flow)

    def _tokens(self, mask: int) -> list[Token]:
        parts = sorted(self._flow.get_active_subprocesses(), key=lambda part: -part.depth)
        return [
            token
            for part in [*parts, self._flow]
            for token in part.tasks.values()
            if token.has_state(mask)
        ]

    def _step(self, step_id: str) -> Token:
        for token in self._tokens(TaskState.READY):
            if str(token.id) == step_id and token.task_spec.manual:
                return token
        raise NoSuchStep

    def _fold_parts(self) -> None:
        """What a sub-process gathered becomes its surroundings' when it has ended."""
        for id, part in list(self._flow.subprocesses.items()):
            if part.completed and part.success and id not in self._folded:
                self._folded.add(id)
                holder = self._flow.get_task_from_id(id)
                _gather(holder, part.data)


def start(program: Program, data: dict[str, Any], now: datetime, calendar: Calendar) -> Workflow:
    bureau = Bureau(now, calendar)
    flow = BpmnWorkflow(program.spec, program.parts, script_engine=bureau)
    flow.data.update(data)
    workflow = Workflow(flow, bureau)
    workflow.settle()
    return workflow


def load(program: Program, stored: bytes, now: datetime, calendar: Calendar) -> Workflow:
    """The case as it was put away, with everything that fell due in the meantime done."""
    bureau = Bureau(now, calendar)
    workflow = Workflow(state.load(program, stored, bureau), bureau)
    workflow.settle()
    return workflow


# --- data: one place for each process and sub-process, so that no branch overwrites another ---


def _names(token: Token) -> ChainMap[str, Any]:
    """What an expression sees from here: this token's, then its surroundings', inside out."""
    places: list[MutableMapping[str, Any]] = [token.data]
    part: Any = token.workflow
    while part is not None:
        places.append(part.data)
        part = part.parent_workflow
    return ChainMap(*places)


def _store(token: Token, data: dict[str, Any]) -> None:
    """A step's data, under its element; of a repeated step, one for each instance."""
    key, index = token.task_spec.bpmn_id, repeats.member(token)
    gathered = token.workflow.data
    if index is None:
        gathered[key] = data
    else:
        gathered.setdefault(key, {})[str(index)] = data


def _gather(holder: Token, data: dict[str, Any]) -> None:
    index = repeats.member(holder)
    if index is None:
        holder.workflow.data.update(data)
    else:
        holder.workflow.data.setdefault(holder.task_spec.bpmn_id, {})[str(index)] = data


def _member(token: Token) -> int | None:
    """The member this step is for: its own repeat's, or that of the sub-process around it."""
    around: Token | None = token
    while around is not None:
        index = repeats.member(around)
        if index is not None:
            return index
        part = around.workflow
        around = part.top_workflow.get_task_from_id(part.parent_task_id) if part.depth else None
    return None


# --- the timers at a step's border -----------------------------------------------------------


def _due(step: Token) -> datetime | None:
    """The due time stands on the timer at the step's border: the only source of it."""
    return min(filter(None, map(timers.due, _timers(step))), default=None)


def _timers(step: Token) -> Iterator[Token]:
    split = step.parent if repeats.member(step) is None else step.parent and step.parent.parent
    if split is not None and isinstance(split.task_spec, BoundaryEventSplit):
        yield from (event for event in split.children if _is_deadline(event))


def _is_deadline(token: Token) -> bool:
    definition = getattr(token.task_spec, "event_definition", None)
    return isinstance(definition, timers.WorkingTimer) and not token.task_spec.cancel_activity


def _guarded(timer: Token) -> list[Token]:
    """The open steps at whose border this timer stands: one, or a repeated step's instances."""
    split = timer.parent
    if split is None or not isinstance(split.task_spec, BoundaryEventSplit):
        return []
    near = [*split.children, *(below for child in split.children for below in child.children)]
    return [step for step in near if step.task_spec.manual and step.state != TaskState.COMPLETED]
