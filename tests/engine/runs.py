"""A case in a test: what is open, do this, let time pass; put away and fetched after every step."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from engine import program, workflow
from engine.program import Program
from engine.workflow import Lateness, OpenStep
from engine.worktime import Calendar, Hours

NOW = datetime(2026, 3, 12, 1, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# An office that never closes, so that a duration is what the clock on the wall shows.
ROUND_THE_CLOCK = Calendar(Hours("Asia/Makassar", (((0, 1440),),) * 7, national_holidays=False))


class Run:
    """One case. With `stored`, nothing of it survives a step but its bytes and the program."""

    def __init__(
        self,
        xml: bytes | Program,
        data: dict[str, Any] | None = None,
        now: datetime = NOW,
        stored: bool = True,
        calendar: Calendar = ROUND_THE_CLOCK,
    ) -> None:
        self.program = program.compile(xml) if isinstance(xml, bytes) else xml
        self.calendar, self.stored, self.now = calendar, stored, now
        self.late: list[Lateness] = []
        self.case = workflow.start(self.program, data or {}, now, calendar)
        self._keep()

    @classmethod
    def stored_as(cls, compiled: Program, state: bytes, now: str) -> "Run":
        """A case that another release put away."""
        run = cls.__new__(cls)
        run.program, run.calendar, run.stored = compiled, ROUND_THE_CLOCK, True
        run.now, run.late = datetime.fromisoformat(now), []
        run.case = workflow.load(compiled, state, run.now, run.calendar)
        return run

    @property
    def open(self) -> list[str]:
        """The open steps by name, with the member where they are repeated: `A`, `A#0`."""
        return sorted(map(_label, self.case.open_steps())) if not self.case.is_done else []

    @property
    def is_done(self) -> bool:
        return self.case.is_done

    @property
    def wake_at(self) -> datetime | None:
        return None if self.case.is_done else self.case.wake_at

    def step(self, label: str) -> OpenStep:
        return next(step for step in self.case.open_steps() if _label(step) == label)

    def do(self, *labels: str, **data: Any) -> list[str]:
        """Complete these steps, one after the other; what is open then."""
        for label in labels:
            self._complete(label, data)
        return self.open

    def at(self, passed: timedelta | datetime) -> list[str]:
        """Let the clock look at the case then."""
        self.now = passed if isinstance(passed, datetime) else self.now + passed
        self._fetch()
        self.case.settle()
        self._keep()
        return self.open

    def data(self) -> dict[str, Any]:
        """All that the case has gathered, outermost."""
        data: dict[str, Any] = self.case._flow.data
        return data

    @property
    def bytes(self) -> bytes:
        return self.case.dump()

    @property
    def tokens(self) -> int:
        """How many tokens the stored state holds."""
        return tokens(self.bytes)

    def _complete(self, label: str, data: dict[str, Any]) -> None:
        values = dict(data)
        self.case.complete(self.step(label).id, values.pop("outcome", None), values)
        self._keep()

    def _keep(self) -> None:
        self.late += self.case.late
        self.case._bureau.late.clear()
        if self.stored:
            self._fetch()

    def _fetch(self) -> None:
        if self.case.is_done:
            return
        if self.stored:
            self.case = workflow.load(self.program, self.case.dump(), self.now, self.calendar)
        else:
            self.case._bureau.now = self.now


def tokens(state: bytes) -> int:
    written = orjson.loads(state)
    if "flow" not in written:
        return 0
    parts = [content for _, _, content in written["parts"]]
    return sum(len(content["tokens"]) for content in [written["flow"], *parts])


def _label(step: OpenStep) -> str:
    return step.element if step.member is None else f"{step.element}#{step.member}"


def wall(hour: int, minute: int = 0, day: int = 12) -> datetime:
    """A moment on the office's own clock, in March 2026."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)
