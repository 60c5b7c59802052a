"""Sending or awaiting a message without saying which: the engine passes through at once."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element, children, reference
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("missing-message")


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes:
        if _talks(node) and not _message(node):
            yield RULE.at(
                node,
                N_(
                    "%(It)s belum menyebut pesan atau sinyalnya, sehingga dilewati begitu saja. "
                    "Pilih pesannya, atau ganti dengan user task."
                ),
            )


def _talks(node: Element) -> bool:
    return node.kind in ("sendTask", "receiveTask") or bool(
        {"message", "signal"} & node.definitions
    )


def _message(node: Element) -> bool:
    holders = (node.xml, *children(node.xml))
    return any(reference(each, "messageRef") or reference(each, "signalRef") for each in holders)
