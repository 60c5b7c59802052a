"""The recurring jobs, one to a file: each does a bounded piece of what is due, and says so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from engine.db import Database
from engine.settings import Settings

USUAL: Final = Settings()
# What cannot be done must not keep all else waiting: it is tried again after this.
PATIENCE: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class Round:
    """What one round of a job did."""

    done: int = 0
    failed: int = 0

    def __add__(self, other: "Round") -> "Round":
        return Round(self.done + other.done, self.failed + other.failed)


Job = Callable[[Database, datetime], Round]
# One that speaks with the world outside, as the settings of this installation say.
OutsideJob = Callable[[Database, datetime, Settings], Round]
