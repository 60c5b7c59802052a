"""Write a sentence of the diagram's own into the case's history."""

from collections.abc import Mapping
from typing import Any


def run(_names: Mapping[str, Any], content: str) -> dict[str, Any]:
    return {"catatan": content}
