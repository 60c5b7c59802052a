"""A mutu baku that ends the step it measures: the officer loses the work the moment it is late."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import STEP, Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, warning

RULE: Final = warning("interrupting-deadline")


def check(diagram: Diagram) -> Iterator[Finding]:
    for event in diagram.of_kind("boundaryEvent"):
        host = diagram.host(event)
        if host is None or host.kind != STEP or "timer" not in event.definitions:
            continue
        if event.interrupts:
            yield RULE.at(
                event,
                N_(
                    "%(It)s memutus %(host)s begitu waktunya habis. Untuk mutu baku waktu, "
                    "pakai pewaktu yang tidak memutus (garis putus-putus)."
                ),
                host=host.label,
            )
