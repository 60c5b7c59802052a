"""Lists in pages that stay whole while rows come and go: a page begins after a row, not a count."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import orjson

from bpmn.errors import N_, AlurError

T = TypeVar("T")


class BadCursor(AlurError):
    sentence = N_("Penanda halaman ini tidak dikenal. Buka daftar dari awal.")
    status = 422


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows of a list, how many there are in all, and where the next page begins."""

    items: Sequence[T]
    count: int
    next: str | None


def write_cursor(*key: Any) -> str:
    return urlsafe_b64encode(orjson.dumps(key)).decode().rstrip("=")


def read_cursor(text: str, *kinds: type[Any]) -> list[Any]:
    """The key a page ended with; a cursor made by hand is refused. A time may be missing."""
    try:
        key = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(key, list) or len(key) != len(kinds):
            raise BadCursor
        return [_read(part, kind) for part, kind in zip(key, kinds, strict=True)]
    except (ValueError, OverflowError, NotBase64) as wrong:
        raise BadCursor from wrong


def _read(part: object, kind: type[Any]) -> Any:
    if kind is datetime and part is None:
        return None
    if kind is datetime and isinstance(part, str):
        at = datetime.fromisoformat(part)
        if at.tzinfo is not None:
            return at.astimezone(UTC)  # beyond the first or last year: OverflowError
    if kind is str and isinstance(part, str) and "\0" not in part:
        return part
    if kind is int and type(part) is int and 0 <= part < 2**63:
        return part
    raise BadCursor
