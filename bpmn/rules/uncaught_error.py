"""An error nobody catches ends the case as if all had gone well."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element, children, reference
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("uncaught-error")


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.of_kind("endEvent"):
        if "error" in node.definitions and not _caught(diagram, node):
            yield RULE.at(
                node,
                N_(
                    "Kesalahan pada %(it)s tidak ditangkap, sehingga berkas tampak selesai dengan "
                    "baik. Pakai kejadian akhir biasa, atau tangkap di tepi subprosesnya."
                ),
            )


def _caught(diagram: Diagram, node: Element) -> bool:
    box = diagram.box(node)
    while box is not None:
        if any(catches(diagram, event, node) for event in diagram.boundaries(box)):
            return True
        box = diagram.box(box)
    return False


def catches(diagram: Diagram, event: Element, thrown: Element) -> bool:
    """Whether the event at a border hears what is thrown: the same one, or any of its kind."""
    for kind in ("error", "escalation"):
        if kind in event.definitions & thrown.definitions:
            return _code(diagram, event, kind) in ("", _code(diagram, thrown, kind))
    return False


def _code(diagram: Diagram, event: Element, kind: str) -> str:
    """Two of the same code are the same; without one, each is itself."""
    refs = (reference(each, f"{kind}Ref") for each in children(event.xml))
    named = next(filter(None, refs), "")
    declared = diagram.by_id.get(named)
    return (declared is not None and declared.xml.get(f"{kind}Code")) or named
