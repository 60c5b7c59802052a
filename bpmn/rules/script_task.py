"""A diagram never runs a program."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("script-task")


def check(diagram: Diagram) -> Iterator[Finding]:
    for task in diagram.of_kind("scriptTask"):
        yield RULE.at(
            task,
            N_(
                "%(It)s berisi skrip, dan diagram tidak boleh menjalankan program. "
                "Ganti dengan user task, atau hapus."
            ),
        )
