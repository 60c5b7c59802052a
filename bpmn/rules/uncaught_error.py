"""An error nobody catches ends the case as if all had gone well."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element, children, reference
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("uncaught-error")


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes:
        if "error" in node.definitions and not _caught(diagram, node):
            yield RULE.at(
                node,
                N_(
                    "Kesalahan pada %(it)s tidak ditangkap, sehingga berkas tampak selesai dengan "
                    "baik. Pakai kejadian akhir biasa, atau tangkap di tepi subprosesnya."
                ),
            )


def _caught(diagram: Diagram, node: Element) -> bool:
    if node.kind != "endEvent":
        return node.kind == "boundaryEvent"
    box = diagram.box(node)
    while box is not None:
        if any(_catches(event, node) for event in diagram.boundaries(box)):
            return True
        box = diagram.box(box)
    return False


def _catches(event: Element, thrown: Element) -> bool:
    return "error" in event.definitions and _error(event) in ("", _error(thrown))


def _error(event: Element) -> str:
    return next((ref for each in children(event.xml) if (ref := reference(each, "errorRef"))), "")
