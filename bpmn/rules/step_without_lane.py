"""A step outside every lane has nobody to do it."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("step-without-lane")


def check(diagram: Diagram) -> Iterator[Finding]:
    for step in diagram.steps:
        if not diagram.lanes_of(step):
            yield RULE.at(
                step,
                N_(
                    "%(It)s tidak berada dalam lajur, jadi tidak ada yang mengerjakannya. "
                    "Geser ke lajur jabatan pelaksananya."
                ),
            )
