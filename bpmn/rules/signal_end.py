"""A signal at an end event is never sent."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("signal-end")


def check(diagram: Diagram) -> Iterator[Finding]:
    for end in diagram.of_kind("endEvent"):
        if "signal" in end.definitions:
            yield RULE.at(
                end,
                N_(
                    "Sinyal pada %(it)s tidak pernah dikirim. Kirim dengan kejadian antara "
                    "di depannya, lalu akhiri biasa."
                ),
            )
