"""Decision tables (DMN) are not run yet."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("business-rule")


def check(diagram: Diagram) -> Iterator[Finding]:
    for task in diagram.of_kind("businessRuleTask"):
        yield RULE.at(
            task,
            N_(
                "%(It)s memakai tabel keputusan (DMN), yang belum dapat dijalankan. "
                "Ganti dengan user task dan gerbang eksklusif (X)."
            ),
        )
