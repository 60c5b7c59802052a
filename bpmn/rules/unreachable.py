"""Drawn, but no case ever comes there."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("unreachable")


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes:
        if node not in diagram.entered:
            yield RULE.at(
                node,
                N_(
                    "%(It)s tidak pernah dicapai dari kejadian mulai. "
                    "Tarik panah ke sana, atau hapus."
                ),
            )
