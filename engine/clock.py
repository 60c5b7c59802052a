"""The one place that asks what time it is; everything beneath the edges is told."""

from datetime import UTC, datetime, timedelta

_offset = timedelta()


def now() -> datetime:
    return datetime.now(UTC) + _offset


def run_apart(offset: timedelta) -> None:
    """For a training: let this program's time be another than the world's, from its start on."""
    global _offset
    _offset = offset


def offset() -> timedelta:
    """How far it is from the world's time; nothing, outside a training."""
    return _offset
