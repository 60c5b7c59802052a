"""Drive one case through its diagram: start it, let the clock in, complete a step, put it away."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.task import Task as Token
from SpiffWorkflow.util.task import TaskState

from bpmn import expressions
from bpmn.durations import Duration
from bpmn.errors import N_, AlurError
from engine import state
from engine.program import Program, WorkingTimer

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
    lane: str
    due_at: datetime | None


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
        return expressions.compile(expression).evaluate(token.data) if text is None else text

    def execute(self, task: Token, script: str, external_context: Any = None) -> bool:
        raise Forbidden

    def call_service(self, task: Token, **kwargs: Any) -> None:
        raise Forbidden

    def heard(self, token: Token) -> None:
        """An escalation was raised: note it if a step's timer led to it."""
        above: Token | None = token
        while above is not None and "due" not in above.internal_data:
            above = above.parent
        if above is not None and (step := _guarded(above)) is not None:
            due = datetime.fromisoformat(above.internal_data["due"])
            self.late.append(Lateness(str(step.id), due))


class Forbidden(AlurError):
    sentence = N_("Diagram tidak boleh menjalankan program.")


class Workflow:
    """A running case in memory. On any error it is thrown away, and the stored state stands."""

    def __init__(self, flow: BpmnWorkflow, bureau: Bureau) -> None:
        self._flow = flow
        self._bureau = bureau

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
            self._close_parts()

    def complete(self, step_id: str, outcome: str | None, data: dict[str, Any]) -> None:
        """Finish a step: its data stays under its own key, its outcome is what gateways see."""
        token = self._step(step_id)
        token.data[token.task_spec.bpmn_id] = {**data, "outcome": outcome}
        token.data["outcome"] = outcome
        token.run()
        self.settle()

    def open_steps(self) -> list[OpenStep]:
        return [
            OpenStep(
                str(token.id),
                token.task_spec.bpmn_id,
                token.task_spec.bpmn_name or token.task_spec.bpmn_id,
                token.task_spec.lane or "",
                _due(token),
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
        return min(
            (
                datetime.fromisoformat(token.internal_data["event_value"])
                for token in self._flow.event_manager.tasks.values()
                if isinstance(token.task_spec.event_definition, WorkingTimer)
                and "event_value" in token.internal_data
            ),
            default=None,
        )

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

    def _close_parts(self) -> None:
        """A sub-process that has ended lets the task that holds it go on."""
        for part in self._flow.get_active_subprocesses():
            holder = self._flow.get_task_from_id(part.parent_task_id)
            holder.task_spec._update(holder)


def start(program: Program, data: dict[str, Any], now: datetime, calendar: Calendar) -> Workflow:
    bureau = Bureau(now, calendar)
    flow = BpmnWorkflow(program.spec, program.parts, script_engine=bureau)
    flow.task_tree.data.update(data)
    workflow = Workflow(flow, bureau)
    workflow.settle()
    return workflow


def load(program: Program, stored: bytes, now: datetime, calendar: Calendar) -> Workflow:
    """The case as it was put away, with everything that fell due in the meantime done."""
    bureau = Bureau(now, calendar)
    workflow = Workflow(state.load(program, stored, bureau), bureau)
    workflow.settle()
    return workflow


def _due(step: Token) -> datetime | None:
    """The due time stands on the timer at the step's border: the only source of it."""
    return next(
        (
            datetime.fromisoformat(
                timer.internal_data.get("event_value") or timer.internal_data["due"]
            )
            for timer in _timers(step)
            if "event_value" in timer.internal_data or "due" in timer.internal_data
        ),
        None,
    )


def _timers(step: Token) -> Iterator[Token]:
    parent = step.parent
    if parent is not None and isinstance(parent.task_spec, BoundaryEventSplit):
        for sibling in parent.children:
            definition = getattr(sibling.task_spec, "event_definition", None)
            if isinstance(definition, WorkingTimer) and not sibling.task_spec.cancel_activity:
                yield sibling


def _guarded(timer: Token) -> Token | None:
    """The step at whose border this timer stands."""
    parent = timer.parent
    if parent is None or not isinstance(parent.task_spec, BoundaryEventSplit):
        return None
    return next(token for token in parent.children if token.task_spec.manual)
