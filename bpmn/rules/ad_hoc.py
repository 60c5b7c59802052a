"""Steps in no order have no next step, no due time and no place in the table."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("ad-hoc")


def check(diagram: Diagram) -> Iterator[Finding]:
    for box in diagram.of_kind("adHocSubProcess"):
        yield RULE.at(
            box,
            N_(
                "%(It)s berjenis ad-hoc, yang tidak didukung. Urutkan langkahnya dengan panah, "
                "atau jalankan bersama dengan gerbang paralel (+)."
            ),
        )
