"""A loop back into a parallel gateway: the first case to come waits for a round never made."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element, Flow, walk
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("repeated-parallel")


def check(diagram: Diagram) -> Iterator[Finding]:
    for gateway in diagram.of_kind("parallelGateway"):
        for flow in loops_into(diagram, gateway):
            yield RULE.at(
                gateway,
                N_(
                    "%(Flow)s kembali langsung ke %(it)s, yang menunggu semua panah masuknya, "
                    "sehingga berkas macet. Taruh gerbang eksklusif (X) di depannya dan arahkan "
                    "panah balik ke sana."
                ),
                Flow=flow.label[:1].upper() + flow.label[1:],
            )


def loops_into(diagram: Diagram, gateway: Element) -> Iterator[Flow]:
    """The arrows that can only be reached through the gateway they lead to."""
    box = diagram.box(gateway)
    starts = diagram.starts(box) if box is not None else []
    without = walk(
        (start for start in starts if start is not gateway),
        lambda node: (each for each in diagram.ahead(node) if each is not gateway),
    )
    for flow in diagram.incoming(gateway):
        comes_round = flow.source in diagram.entered and flow.source not in without
        if comes_round and len(diagram.incoming(gateway)) > 1:
            yield flow
