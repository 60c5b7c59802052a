"""A case that waits for a message which nothing beside it sends would wait for ever."""

from collections.abc import Iterator
from typing import Final

from bpmn.beside import Beside
from bpmn.diagram import Diagram, Element, children, reference
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("unsent-message")
_SENDS: Final = frozenset({"sendTask", "intermediateThrowEvent", "endEvent"})
_HOLDS: Final = frozenset({"receiveTask", "intermediateCatchEvent"})
_STOPS: Final = N_(
    "%(It)s menunggu pesan atau sinyal yang tidak dikirim di cabang lain diagram ini, sehingga "
    "berkas berhenti di sana. Ganti dengan user task yang mencatat kedatangannya, atau beri "
    "pewaktu."
)
_NEVER: Final = N_(
    "%(It)s menunggu pesan atau sinyal yang tidak dikirim selagi ia menunggu, sehingga jalannya "
    "tidak pernah ditempuh. Kirim di cabang lain, atau hapus."
)


def check(diagram: Diagram) -> Iterator[Finding]:
    beside = Beside(diagram)
    for node in diagram.nodes:
        if not _awaits(diagram, node):
            continue
        if node.kind not in _HOLDS:
            around, sentence = beside.possible(diagram.host(node) or node), _NEVER
        elif not has_timer_beside(diagram, node):
            around, sentence = beside.certain(node), _STOPS
        else:
            continue
        if _misses(node, around):
            yield RULE.at(node, sentence)


def _misses(node: Element, around: frozenset[Element]) -> bool:
    sent = {each for other in around if other.kind in _SENDS for each in _messages(other)}
    return not sent.issuperset(_messages(node))


def _awaits(diagram: Diagram, node: Element) -> bool:
    box = diagram.box(node)
    begins = node.kind == "startEvent" and box is not None and box.on_event
    return (begins or node.kind in _HOLDS | {"boundaryEvent"}) and any(_messages(node))


def _messages(node: Element) -> Iterator[str]:
    for holder in (node.xml, *children(node.xml)):
        yield from filter(None, (reference(holder, ref) for ref in ("messageRef", "signalRef")))


def has_timer_beside(diagram: Diagram, node: Element) -> bool:
    """At an event gateway, or on the border of the task that waits: then it does not wait long."""
    rivals = [
        other
        for before in diagram.sources(node)
        if before.kind == "eventBasedGateway"
        for other in diagram.targets(before)
    ]
    borders = [event for event in diagram.boundaries(node) if event.interrupts]
    return any("timer" in each.definitions for each in (*rivals, *borders))
