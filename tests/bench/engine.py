"""Load, step, save, without a database: ours beside the library's own way, in the same run."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from engine import program, workflow
from engine.worktime import perpres
from tests.bench.fourteen import STEPS, diagram
from tests.bench.measure import Figure, cpu

NOW = datetime(2026, 3, 12, 1, 0, tzinfo=UTC)
CALENDAR = perpres("Asia/Makassar")
DATA = {"catatan": "x" * 200}
CASES, STOCK_CASES = 10, 2
LOOPS = 3_000


def figures() -> Iterator[Figure]:
    compiled = program.compile(diagram())
    ours = cpu(lambda: sum(_case(compiled) for _ in range(CASES)))
    stock = cpu(_stock_work(), rounds=3)
    yield Figure("engine: steps a second, load + step + save", 1 / ours, "/s", "aim >= 1,000")
    yield Figure("engine: the same, SpiffWorkflow as it comes", 1 / stock, "/s")
    yield Figure("engine: ours / stock", stock / ours, "x", "aim >= 6")
    yield Figure("engine: stored state after step 14", _state_size(compiled), "bytes", "<= 8,192")
    first, last, size = _loop(compiled)
    yield Figure("engine: rejection loop, rounds 100-300", first * 1e3, "ms CPU a round")
    yield Figure("engine: rejection loop, rounds 2,800-3,000", last * 1e3, "ms CPU a round")
    yield Figure("engine: last / first", last / first, "x", "aim 0.8 - 1.2")
    yield Figure("engine: stored state after 3,000 rounds", size, "bytes")


def _step(compiled: program.Program, stored: bytes, outcome: str | None = None) -> bytes:
    running = workflow.load(compiled, stored, NOW, CALENDAR)
    running.settle()
    running.complete(running.open_steps()[0].id, outcome, DATA)
    return running.dump()


def _case(compiled: program.Program, steps: int = STEPS) -> int:
    stored = workflow.start(compiled, {}, NOW, CALENDAR).dump()
    for number in range(1, steps + 1):
        stored = _step(compiled, stored, "setuju" if number == 4 else None)
    return steps


def _state_size(compiled: program.Program) -> int:
    stored, largest = workflow.start(compiled, {}, NOW, CALENDAR).dump(), 0
    for number in range(1, STEPS + 1):
        stored = _step(compiled, stored, "setuju" if number == 4 else None)
        largest = max(largest, len(stored))
    return largest


def _loop(compiled: program.Program) -> tuple[float, float, int]:
    """CPU of an early and of a late round of rejection, and the size at the end."""
    stored = workflow.start(compiled, {}, NOW, CALENDAR).dump()
    for _ in range(2):
        stored = _step(compiled, stored)
    times = []
    for _ in range(LOOPS):
        before = _now()
        stored = _step(compiled, stored)
        stored = _step(compiled, stored, "tidak")
        times.append(_now() - before)
    early, late = sorted(times[100:300]), sorted(times[-200:])
    return early[100], late[100], len(stored)


def _now() -> float:
    import time

    return time.process_time()


def _stock_work() -> Any:
    parser = BpmnParser()
    parser.add_bpmn_str(diagram("'PT10M'"))
    spec = parser.get_spec("P")
    serializer = BpmnWorkflowSerializer()

    def work() -> int:
        return sum(_stock_case(spec, serializer) for _ in range(STOCK_CASES))

    return work


def _stock_case(spec: Any, serializer: BpmnWorkflowSerializer) -> int:
    running = BpmnWorkflow(spec)
    running.do_engine_steps()
    stored = serializer.serialize_json(running)
    for _ in range(STEPS):
        running = serializer.deserialize_json(stored)
        [step] = running.get_tasks(state=TaskState.READY, manual=True)
        step.data[step.task_spec.name] = dict(DATA)
        step.data["outcome"] = "setuju"
        step.run()
        running.do_engine_steps()
        stored = serializer.serialize_json(running)
    return STEPS
