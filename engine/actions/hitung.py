"""Compute a value from the case's data, for the decisions that follow."""

from collections.abc import Mapping
from typing import Any

from bpmn import expressions


def run(names: Mapping[str, Any], content: str) -> dict[str, Any]:
    return {"hasil": expressions.compile(content).evaluate(names)}
