"""Everything a person or another system sees."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from engine import clock as real_clock
from engine.db import Database
from engine.settings import Settings

if TYPE_CHECKING:
    from flask import Flask


def create_app(
    settings: Settings,
    database: Database | None = None,
    clock: Callable[[], datetime] = real_clock.now,
) -> "Flask":
    """The application, on the database of the settings unless it is handed another."""
    # Imported only here: a command that serves no page need not wait for all of this.
    from web.application import build

    return build(settings, database, clock)
