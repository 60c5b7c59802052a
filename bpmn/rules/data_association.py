"""Arrows to and from data: what the engine cannot resolve stops the case at that step."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("data-association")


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes:
        if _unresolved(diagram, node):
            yield RULE.at(
                node,
                N_(
                    "Panah data pada %(it)s tidak dapat dijalankan. Hapus panahnya dan sebut "
                    "berkasnya dalam kelengkapan atau output."
                ),
            )


def _unresolved(diagram: Diagram, node: Element) -> bool:
    # Nothing of ours ever fills a data object, so a step that must hand one on would fail.
    if node.find("dataOutputAssociation/targetRef") is not None:
        return True
    source = node.text("dataInputAssociation/sourceRef")
    if source is None:
        return False
    found = diagram.by_id.get(source)
    return found is None or found.kind != "dataObjectReference"
