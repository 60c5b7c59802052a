"""A round of gateways only waits for nobody: the engine would turn in it without end."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import GATEWAYS, THROWS, Diagram, rounds
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("idle-loop")
_BUSY: Final = GATEWAYS | THROWS | {"sendTask", "serviceTask"}


def check(diagram: Diagram) -> Iterator[Finding]:
    busy = [node for node in diagram.nodes if node.kind in _BUSY]
    for node in rounds(busy, diagram.targets):
        yield RULE.at(
            node,
            N_(
                "Putaran yang melewati %(it)s tidak menunggu siapa pun, sehingga sistem berputar "
                "tanpa henti. Arahkan panah balik ke sebuah langkah."
            ),
        )
