"""A timer on a step that tells nobody when it runs out."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import STEP, Diagram, Element
from bpmn.errors import N_
from bpmn.findings import Finding, warning

RULE: Final = warning("silent-deadline")


def check(diagram: Diagram) -> Iterator[Finding]:
    for event in diagram.of_kind("boundaryEvent"):
        host = diagram.host(event)
        if host is None or host.kind != STEP or "timer" not in event.definitions:
            continue
        if not escalates(diagram, event):
            yield RULE.at(
                event,
                N_(
                    "%(It)s tidak berujung pada eskalasi, jadi %(host)s dianggap tanpa mutu baku "
                    "waktu. Arahkan panahnya ke kejadian eskalasi."
                ),
                host=host.label,
            )


def escalates(diagram: Diagram, event: Element) -> bool:
    """Somebody is told before the next step begins."""
    return any("escalation" in node.definitions for node in diagram.until_steps(event))
