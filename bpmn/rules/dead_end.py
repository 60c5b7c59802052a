"""A place from which no way leads to an end."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element, walk
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("dead-end")


def check(diagram: Diagram) -> Iterator[Finding]:
    ending = walk(_ends(diagram), lambda node: _before(diagram, node))
    for node in diagram.nodes:
        if node in ending:
            continue
        if diagram.outgoing(node):
            yield RULE.at(
                node,
                N_("Dari %(it)s tidak ada jalan ke kejadian akhir. Gambar jalan keluarnya."),
            )
        else:
            yield RULE.at(
                node,
                N_("Tidak ada panah yang keluar dari %(it)s. Tarik panah ke langkah berikutnya."),
            )


def _ends(diagram: Diagram) -> Iterator[Element]:
    beside = _beside(diagram)
    for node in diagram.nodes:
        box = diagram.box(node)
        free = node.on_event or (box is not None and box.kind == "adHocSubProcess")
        if node.kind == "endEvent" or free or (node in beside and _may_stop(node)):
            yield node


def _beside(diagram: Diagram) -> frozenset[Element]:
    """What happens beside the step, at its non-interrupting events; it may end where it likes."""
    events = [each for each in diagram.of_kind("boundaryEvent") if not each.interrupts]
    return walk(events, diagram.targets)


def _may_stop(node: Element) -> bool:
    return node.kind == "intermediateThrowEvent" and "escalation" in node.definitions


def _before(diagram: Diagram, node: Element) -> list[Element]:
    host = diagram.host(node) if node.kind == "boundaryEvent" and node.interrupts else None
    return diagram.sources(node) + ([host] if host is not None else [])
