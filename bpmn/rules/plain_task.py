"""A task of no kind is nobody's: it would never be seen in an inbox."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("plain-task")


def check(diagram: Diagram) -> Iterator[Finding]:
    for task in diagram.of_kind("task"):
        yield RULE.at(
            task,
            N_(
                "%(It)s belum menjadi langkah, sehingga tidak muncul di kotak tugas siapa pun. "
                "Ubah jenisnya menjadi user task."
            ),
        )
