"""An arrow across the border of a sub-process: the engine would mix two levels into one."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("crossing-flow")


def check(diagram: Diagram) -> Iterator[Finding]:
    for flow in diagram.flows:
        if flow.source is None or flow.target is None:
            continue
        if diagram.box(flow.source) is not diagram.box(flow.target):
            yield RULE.at(
                flow,
                N_(
                    "%(It)s melintasi batas subproses atau kolam, dari %(source)s ke %(target)s. "
                    "Hubungkan panah dengan subprosesnya, bukan dengan isinya."
                ),
                source=flow.source.label,
                target=flow.target.label,
            )
