"""Link events: the engine lets the way end at the first of them."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("link-event")


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes:
        if "link" in node.definitions:
            yield RULE.at(
                node,
                N_("%(It)s adalah kejadian sambung (link), dan alur putus di sana. Pakai panah."),
            )
