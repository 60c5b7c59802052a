"""What every command stands on: a right, a database of ours, and one sentence when it fails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy.orm import Session

from bpmn.errors import AlurError
from engine import access, clock, settings
from engine.access import MACHINE
from engine.db import EVERYWHERE, Database
from engine.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")


class CommandError(AlurError):
    """What an operator asked for cannot be done."""


def command(right: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A command, and the right that whoever types it must have: MACHINE's, from access.py."""

    def declare(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            if not MACHINE.may_somewhere(right):
                raise access.Forbidden
            return function(*args, **kwargs)

        checked.right = right  # type: ignore[attr-defined]
        return checked

    return declare


@contextmanager
def opened(chosen: Settings) -> Iterator[Database]:
    from engine import schema, training

    schema.prepare_folder(chosen.data)
    database = Database(chosen.url)
    try:
        schema.prepare(database.bind)
        clock.run_apart(training.offset(database, chosen.clock))
        yield database
    finally:
        database.close()


@contextmanager
def working() -> Iterator[Session]:
    """One transaction over every office, for a command that changes or reads rows."""
    with (
        opened(settings.from_environment()) as database,
        database.transaction(EVERYWHERE) as session,
    ):
        yield session
