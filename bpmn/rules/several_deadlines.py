"""A step has one mutu baku waktu; of two, nobody knows which is meant."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element
from bpmn.errors import N_
from bpmn.findings import Finding, error
from bpmn.rules.silent_deadline import escalates

RULE: Final = error("several-deadlines")


def check(diagram: Diagram) -> Iterator[Finding]:
    for step in diagram.steps:
        if len(deadlines(diagram, step)) > 1:
            yield RULE.at(
                step,
                N_(
                    "%(It)s mempunyai lebih dari satu pewaktu eskalasi. "
                    "Sisakan satu sebagai mutu baku waktu."
                ),
            )


def deadlines(diagram: Diagram, step: Element) -> list[Element]:
    """The timers that hold the mutu baku waktu of a step."""
    return [
        event
        for event in diagram.boundaries(step)
        if event.find("timerEventDefinition/timeDuration") is not None
        and not event.interrupts
        and escalates(diagram, event)
    ]
