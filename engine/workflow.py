"""Drive one case through its diagram: start it, let the clock in, complete a step, put it away."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from SpiffWorkflow.task import Task as Token
from SpiffWorkflow.util.task import TaskState

from bpmn.errors import N_, AlurError
from engine import adoption, deadlines, gathered, state
from engine.adoption import Graft
from engine.bureau import Act, Bureau, Calendar, Lateness
from engine.elements import timers
from engine.elements.conditions import ComesTrue
from engine.elements.flows import Flow
from engine.elements.messages import sends
from engine.program import Program

log = logging.getLogger(__name__)

# More often than this through one place, or more engine steps in all, between two steps of people
# is a circle nobody can leave.
MOST_ROUNDS: Final = 300
MOST_STEPS: Final = 5_000
# A repeat of repeats multiplies: two hundred times two hundred is more than anybody can do.
MOST_TOKENS: Final = 6_000


class Endless(AlurError):
    sentence = N_("Diagram ini berputar tanpa henti di “%(step)s” tanpa menunggu siapa pun.")


class Overgrown(AlurError):
    sentence = N_("Terlalu banyak langkah terbuka sekaligus di “%(step)s”. Kurangi pengulangannya.")


class Standstill(AlurError):
    """No one is asked, no timer runs, and yet it is not done: a case must never stand there."""

    sentence = N_(
        "Berkas akan berhenti di “%(step)s”, dan tidak ada yang dapat menggerakkannya lagi. "
        "Pimpinan dapat memindahkannya ke langkah lain, perancang memperbaiki diagramnya."
    )


class Stuck(AlurError):
    """The diagram cannot go on: a condition that fails, a name nobody filled in."""

    sentence = N_("Berkas tidak dapat maju: %(why)s")


class NoSuchStep(AlurError):
    sentence = N_("Langkah ini tidak (lagi) menunggu dikerjakan.")


class NoSuchTarget(AlurError):
    sentence = N_("Tidak ada langkah “%(element)s” di bagian diagram tempat berkas ini berada.")


@dataclass(frozen=True)
class OpenStep:
    """A user task that waits for someone."""

    id: str
    element: str
    name: str
    due_at: datetime | None
    # Which member of a repeat it is for, where it is repeated.
    member: int | None


class Workflow:
    """A running case in memory. On any error it is thrown away, and the stored state stands."""

    def __init__(self, flow: Flow, bureau: Bureau) -> None:
        self._flow = flow
        self._bureau = bureau
        self._folded: set[UUID] = set()
        self._due: list[Token] = []

    def settle(self) -> None:
        """Let due timers fire and engine steps run until only people can move the case."""
        with _moving():
            self._settle()

    def _settle(self) -> None:
        passed: Counter[Any] = Counter()
        while True:
            ready = self._tokens(TaskState.READY)
            moving = [token for token in ready if not token.task_spec.manual]
            if not moving and not self._ring() and not self._notice():
                if not ready:
                    self._refuse_standstill()
                return
            # Whoever is about to wait for a message waits before it is sent.
            for token in [each for each in moving if not sends(each)] or moving[:1]:
                passed[token.workflow, token.task_spec.name] += 1
                self._refuse_circle(passed, token)
                if token.has_state(TaskState.READY):
                    token.run()
            self._fold_parts()

    def _ring(self) -> bool:
        """Let the timer fire that fell due first: of two at once, the one that takes nothing away.

        One at a time, or a late look would let a sub-process be interrupted before the steps in
        it, which were late earlier, could say so.
        """
        while due := self._due or self._fallen_due():
            self._due, token = due, due.pop()
            if self._flow.event_manager.tasks.get(token.id) is token and timers.is_waiting(token):
                self._bureau.ringing = token
                token.task_spec._update(token)
                return True
        return False

    def _fallen_due(self) -> list[Token]:
        """The timers whose time has come, the first to ring at the end."""
        waiting = filter(timers.is_waiting, self._flow.event_manager.tasks.values())
        due = [token for token in waiting if timers.has_come(token, self._bureau.now)]
        return sorted(due, key=timers.order, reverse=True)

    def _notice(self) -> bool:
        """Let those go on whose condition came true elsewhere."""
        waiting = list(self._flow.event_manager.tasks.values())
        for token in waiting:
            if isinstance(token.task_spec.event_definition, ComesTrue):
                token.task_spec._update(token)
        return any(token.has_state(TaskState.READY) for token in waiting)

    def _refuse_standstill(self) -> None:
        if not self.is_done and self.wake_at is None:
            waiting = [token.task_spec for token in self._tokens(TaskState.WAITING)]
            drawn = (spec.bpmn_name or spec.bpmn_id for spec in waiting if spec.bpmn_id)
            raise Standstill(step=next(drawn, self._flow.spec.name))

    def _refuse_circle(self, passed: Counter[Any], token: Token) -> None:
        steps, name = passed.total(), token.task_spec.bpmn_name or token.task_spec.name
        if steps > MOST_STEPS or passed[token.workflow, token.task_spec.name] > MOST_ROUNDS:
            raise Endless(step=name)
        if steps % 10 == 0 and sum(len(part.tasks) for part in self._parts()) > MOST_TOKENS:
            raise Overgrown(step=name)
        if steps % 500 == 0:
            state.forget(self._flow)

    def complete(self, step_id: str, outcome: str | None, data: dict[str, Any]) -> None:
        """Finish a step: its data stays under its own key, its outcome is what gateways see."""
        token = self._step(step_id)
        gathered.store(token, {**data, "outcome": outcome})
        token.data["outcome"] = outcome
        with _moving():
            token.run()
            self._settle()

    def move(self, step_id: str, element: str) -> None:
        """Take the token off a step and put it before another of the same process."""
        token = self._step(step_id)
        top = deadlines.outermost(token)
        spec = _entry(token.workflow, element)
        before = top.parent
        with _moving():
            # What the step's lateness set off goes on, as it does when the step is done.
            for each in deadlines.with_waiting(token):
                each.cancel()
                token.workflow._remove_task(each.id)
            if top.id in token.workflow.tasks and not top.children:
                token.workflow._remove_task(top.id)
            _plant(before, spec)
            self._settle()

    def graft(self, graft: Graft) -> None:
        """Open a step anew in another revision, as the same task with the same due time."""
        part = self._flow.subprocesses[UUID(graft.part)] if graft.part else self._flow
        before, spec = part.tasks[UUID(graft.before)], _entry(part, graft.element)
        known = {step.id for step in self.open_steps()}
        with _moving():
            _plant(before, spec)
            self._settle()
        opened = [step for step in self.open_steps() if step.id not in known]
        anew = [self._step(step.id) for step in opened if step.element == graft.element]
        for token in anew:
            deadlines.keep(token, graft.clock)
        # Where one step became several, none of them is the task that somebody had.
        if len(anew) == 1:
            _rename(anew[0], UUID(graft.step_id))

    def postpone(self, since: datetime) -> None:
        """The clock stood still for this case since then: move what its timers wait for."""
        for token in list(self._flow.event_manager.tasks.values()):
            if timers.is_waiting(token):
                timers.postpone(token, self._bureau.calendar, since, self._bureau.now)
        for timer in self._clocks_that_rang():
            timers.date_later(timer, self._bureau.calendar, since, self._bureau.now)

    def _clocks_that_rang(self) -> list[Token]:
        steps = [token for token in self._tokens(TaskState.READY) if token.task_spec.manual]
        clocks = {timer.id: timer for step in steps for timer in deadlines.clocks(step)}
        return [timer for timer in clocks.values() if timers.has_rung(timer)]

    def redate(self) -> None:
        """The office's hours have changed: reckon anew what timers wait for, or waited for.

        None rings here: what is due now is found at the next look.
        """
        with _moving():
            for part in self._parts():
                for token in filter(_is_reckoned, part.tasks.values()):
                    timers.redate(token, self._bureau.calendar)

    def rest(self, step_id: str) -> set[str]:
        """Let the clock of a step stand still; the steps that share this clock."""
        step = self._step(step_id)
        clocks = deadlines.clocks(step)
        for timer in clocks:
            timers.rest(timer)
        return {step_id} | {str(each.id) for timer in clocks for each in deadlines.guarded(timer)}

    def go_on(self, step_id: str, since: datetime) -> dict[str, datetime | None]:
        """Let it go on, later by the working time since then; when each step is due now."""
        step = self._step(step_id)
        clocks = deadlines.clocks(step)
        for timer in clocks:
            timers.go_on(timer, self._bureau.calendar, since, self._bureau.now)
        sharing = [each for timer in clocks for each in deadlines.guarded(timer)]
        return {str(each.id): deadlines.due(each) for each in [step, *sharing]}

    def open_steps(self) -> list[OpenStep]:
        return [
            OpenStep(
                str(token.id),
                token.task_spec.bpmn_id,
                token.task_spec.bpmn_name or token.task_spec.bpmn_id,
                deadlines.due(token),
                gathered.member(token),
            )
            for token in self._tokens(TaskState.READY)
            if token.task_spec.manual
        ]

    @property
    def late(self) -> list[Lateness]:
        """The escalations raised since the case was loaded, in the order of their due times."""
        return sorted(self._bureau.late, key=lambda lateness: lateness.due_at)

    @property
    def acts(self) -> list[Act]:
        """What service tasks did since the case was loaded."""
        return self._bureau.acts

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
        parts = sorted(self._parts(), key=lambda part: -part.depth)
        return [token for part in parts for token in part.tasks.values() if token._state & mask]

    def _parts(self) -> list[Any]:
        return [*self._flow.get_active_subprocesses(), self._flow]

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
                gathered.fold(holder, part.data)


def start(program: Program, data: dict[str, Any], now: datetime, calendar: Calendar) -> Workflow:
    bureau = Bureau(now, calendar)
    with _moving():
        flow = Flow(program.spec, program.parts, script_engine=bureau)
    flow.data.update(data)
    workflow = Workflow(flow, bureau)
    workflow.settle()
    return workflow


def load(program: Program, stored: bytes, now: datetime, calendar: Calendar) -> Workflow:
    """The case as it was put away; `settle()` lets what fell due in the meantime happen."""
    bureau = Bureau(now, calendar)
    return Workflow(state.load(program, stored, bureau), bureau)


def adopt(
    before: Program,
    program: Program,
    stored: bytes,
    targets: Mapping[str, str],
    now: datetime,
    calendar: Calendar,
) -> Workflow:
    """The case as it was put away under another revision, going on in this one."""
    fitted, grafts = adoption.fit(before, program, stored, targets)
    workflow = load(program, fitted, now, calendar)
    for graft in grafts:
        workflow.graft(graft)
    return workflow


def _plant(before: Token, spec: Any) -> None:
    """Put a new token behind a finished one."""
    child = before._add_child(spec, TaskState.FUTURE)
    child.triggered = True
    spec._predict(child, mask=TaskState.NOT_FINISHED_MASK)
    spec._update(child)


def _is_reckoned(token: Token) -> bool:
    is_timed = timers.is_waiting(token) or timers.is_resting(token)
    return is_timed and hasattr(token.task_spec, "event_definition")


def _rename(token: Token, id: UUID) -> None:
    """Give a token the id under which its task is known."""
    part, parent = token.workflow, token.parent
    parent._children[parent._children.index(token.id)] = id
    for child in token.children:
        child._parent = id
    part.tasks[id] = part.tasks.pop(token.id)
    token.id = id


def _entry(part: Any, element: str) -> Any:
    """Where a token enters a step: before its border events, where it has any."""
    specs = part.spec.task_specs
    spec = specs.get(f"{element}.BoundaryEventSplit") or specs.get(element)
    if spec is None or getattr(specs.get(element), "bpmn_id", None) is None:
        raise NoSuchTarget(element=element)
    return spec


@contextmanager
def _moving() -> Iterator[None]:
    """Whatever goes wrong in a diagram ends in one sentence, and the case is thrown away."""
    try:
        yield
    except AlurError as wrong:
        raise Stuck(why=str(wrong)) from wrong
    except Exception as wrong:
        log.exception("the engine failed")
        raise Stuck(why=f"ada kesalahan mesin ({type(wrong).__name__}).") from wrong
