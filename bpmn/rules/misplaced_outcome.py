"""`outcome` is the answer of the step before the gateway: something else in between, no answer."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import STEP, Diagram, Element
from bpmn.errors import N_
from bpmn.expressions import BadExpression, compile
from bpmn.findings import Finding, error

RULE: Final = error("misplaced-outcome")


def check(diagram: Diagram) -> Iterator[Finding]:
    for gateway in diagram.nodes:
        if not any(_reads_outcome(way.condition) for way in diagram.outgoing(gateway)):
            continue
        for before in diagram.sources(gateway):
            if not _can_ask(before, gateway):
                yield RULE.at(
                    gateway,
                    N_(
                        "%(It)s memakai outcome, tetapi didahului %(before)s. Taruh gerbang "
                        "eksklusif (X) itu tepat sesudah langkah yang memutuskan."
                    ),
                    before=before.label,
                )


def _can_ask(before: Element, gateway: Element) -> bool:
    return before.kind == STEP and gateway.kind == "exclusiveGateway"


def _reads_outcome(condition: str | None) -> bool:
    try:
        return condition is not None and "outcome" in compile(condition).names
    except BadExpression:
        return False
