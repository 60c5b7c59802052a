"""Take a figure: medians of CPU time, because the machine is shared and its wall clock lies."""

import gc
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

ROUNDS = 7


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    what: str
    value: float
    unit: str
    aim: str = ""

    def show(self) -> None:
        aim = f"   ({self.aim})" if self.aim else ""
        print(f"{self.what:<64} {self.value:>12,.2f} {self.unit}{aim}", flush=True)

    @property
    def line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def cpu(work: Callable[[], int], rounds: int = ROUNDS) -> float:
    """CPU seconds for one operation; `work` does some and says how many."""
    work()
    return statistics.median(_once(work) for _ in range(rounds))


def _once(work: Callable[[], int]) -> float:
    gc.collect()
    before = time.process_time()
    count = work()
    return (time.process_time() - before) / count
