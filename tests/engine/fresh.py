"""Read stored cases in a process that knows nothing but them: `python -m tests.engine.fresh`."""

import base64
import json
import sys
from datetime import datetime
from typing import Any

from engine import program, workflow
from tests.engine.runs import ROUND_THE_CLOCK


def read(kept: dict[str, str]) -> dict[str, Any]:
    """What is open, when the clock must look, and whether it can be done to its end."""
    compiled = program.compile(base64.b64decode(kept["xml"]))
    now = datetime.fromisoformat(kept["now"])
    state = base64.b64decode(kept["state"])
    case = workflow.load(compiled, state, now, ROUND_THE_CLOCK)
    case.settle()
    wake = case.wake_at
    return {
        "open": sorted(step.element for step in case.open_steps()),
        "wake": wake and wake.isoformat(),
        "ends": _ends(compiled, case),
    }


def _ends(compiled: program.Program, case: workflow.Workflow) -> bool:
    for _ in range(500):
        if case.is_done:
            return True
        if steps := case.open_steps():
            case.complete(steps[0].id, None, {})
        elif case.wake_at is not None:
            case = workflow.load(compiled, case.dump(), case.wake_at, ROUND_THE_CLOCK)
            case.settle()
    return False


if __name__ == "__main__":
    print(json.dumps([read(kept) for kept in json.load(sys.stdin)]))
