"""A case that waits for a message which nothing in this diagram sends would wait for ever."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element, children, reference, walk
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("unsent-message")
_SENDS: Final = frozenset({"sendTask", "intermediateThrowEvent", "endEvent"})
_AWAITS: Final = frozenset({"receiveTask", "intermediateCatchEvent"})


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes:
        awaited = set(_messages(node)) if node.kind in _AWAITS else set()
        if awaited - set(_sent_without(diagram, node)) and not _has_alternative(diagram, node):
            yield RULE.at(
                node,
                N_(
                    "%(It)s menunggu pesan atau sinyal yang tidak dikirim di diagram ini, "
                    "sehingga berkas berhenti di sana. Ganti dengan user task yang "
                    "mencatat kedatangannya, atau beri pewaktu."
                ),
            )


def _sent_without(diagram: Diagram, node: Element) -> Iterator[str]:
    """What a branch beside the one that waits can send."""
    starts = (start for box in diagram.boxes for start in diagram.starts(box))
    beside = walk(starts, lambda each: [] if each is node else diagram.ahead(each))
    for sender in beside - {node}:
        if sender.kind in _SENDS:
            yield from _messages(sender)


def _messages(node: Element) -> Iterator[str]:
    for holder in (node.xml, *children(node.xml)):
        yield from filter(None, (reference(holder, ref) for ref in ("messageRef", "signalRef")))


def _has_alternative(diagram: Diagram, node: Element) -> bool:
    """A timer beside it: at an event gateway, or on the border of the task that waits."""
    rivals = [other for before in diagram.sources(node) for other in diagram.targets(before)]
    return any("timer" in each.definitions for each in (*rivals, *diagram.boundaries(node)))
