"""All that a diagram may ask for: the time, the calendar and the expression language."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.task import Task as Token

from bpmn import expressions
from bpmn.durations import Duration
from bpmn.errors import N_, AlurError
from engine import deadlines, gathered
from engine.actions import ACTIONS


class Forbidden(AlurError):
    sentence = N_("Diagram tidak boleh menjalankan program.")


class Calendar(Protocol):
    """What the timers ask of the office's working time."""

    def add(self, start: datetime, duration: Duration) -> datetime: ...

    def resume(
        self,
        due: datetime,
        paused_at: datetime,
        resumed_at: datetime,
        duration: Duration | None = None,
    ) -> datetime: ...


@dataclass(frozen=True)
class Lateness:
    """A step went past its mutu baku waktu, and the diagram said so."""

    step_id: str
    due_at: datetime


@dataclass(frozen=True)
class Act:
    """An action that the diagram had done."""

    element: str
    action: str
    data: dict[str, Any]


class _NoPython:
    """In the place of the library's own environment, which some elements would ask directly."""

    def evaluate(self, *args: Any, **kwargs: Any) -> Any:
        raise Forbidden

    execute = call_service = evaluate


class Bureau(PythonScriptEngine):  # type: ignore[misc]
    """What the library calls its script engine; ours runs no script."""

    def __init__(self, now: datetime, calendar: Calendar) -> None:
        super().__init__(_NoPython())
        self.now = now
        self.calendar = calendar
        self.ringing: Token | None = None
        self.late: list[Lateness] = []
        self.acts: list[Act] = []

    def evaluate(self, token: Token, expression: str, external_context: Any = None) -> Any:
        text = expressions.literal(expression)
        return (
            expressions.compile(expression).evaluate(gathered.names(token))
            if text is None
            else text
        )

    def act(self, token: Token, action: str, content: str) -> None:
        """Do what a service task names; what it yields is data of the case."""
        data = ACTIONS[action](gathered.names(token), content)
        gathered.store(token, data)
        self.acts.append(Act(token.task_spec.bpmn_id, action, data))

    def execute(self, task: Token, script: str, external_context: Any = None) -> bool:
        raise Forbidden

    def call_service(self, task: Token, **kwargs: Any) -> None:
        raise Forbidden

    def rang(self, timer: Token) -> None:
        """A timer at a border fired: remember for whom, before it takes them away."""
        timer.internal_data["for"] = [str(step.id) for step in deadlines.guarded(timer)]

    def heard(self, token: Token) -> None:
        """An escalation was raised: note it if a step's timer led to it."""
        above: Token | None = token
        while above is not None and "due" not in above.internal_data:
            # What comes after a step of people is their doing, not the timer's.
            above = None if above.task_spec.manual else above.parent
        if above is not None:
            due = datetime.fromisoformat(above.internal_data["due"])
            self.late += [Lateness(step, due) for step in above.internal_data.pop("for", [])]
