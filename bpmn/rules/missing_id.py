"""Without an id an arrow loses its condition and a step its data."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import FLOW, NODES, Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("missing-id")
_NAMED: Final = ("process", "message", "signal", "error", "escalation")


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.of_kind(*NODES, FLOW, *_NAMED):
        if not element.id.strip():
            yield RULE.at(
                element,
                N_("%(It)s tidak mempunyai id. Simpan ulang diagram dari penyunting BPMN."),
            )
