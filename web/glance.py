"""The nation at a glance: of many who look within a few seconds, one lets everything be counted."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar, cast

from flask import current_app, g

FRESH_FOR: Final = timedelta(seconds=15)
_MOST: Final = 64

T = TypeVar("T")


def kept(key: Hashable, count: Callable[[], T]) -> T:
    """What was counted under this key a moment ago; nothing that belongs to a session."""
    known: dict[Hashable, tuple[datetime, Any]]
    known = current_app.extensions.setdefault("glance", {})
    if key in known and timedelta() <= g.now - known[key][0] < FRESH_FOR:
        return cast(T, known[key][1])
    value = count()
    if len(known) >= _MOST:
        known.clear()
    known[key] = (g.now, value)
    return value
