"""The one place that asks what time it is; everything beneath the edges is told."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
