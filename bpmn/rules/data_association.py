"""Arrows to and from data: what the engine cannot resolve stops the case at that step."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element
from bpmn.errors import N_
from bpmn.findings import Finding, error
from bpmn.xml import BPMN, tag

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
    sources = node.xml.iterfind(f"{tag(BPMN, 'dataInputAssociation')}/{tag(BPMN, 'sourceRef')}")
    read = (diagram.by_id.get((source.text or "").strip()) for source in sources)
    return any(found is None or found.kind != "dataObjectReference" for found in read)
