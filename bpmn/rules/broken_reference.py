"""Something points at an element that is not there, or at one of the wrong kind."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element, reference
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("broken-reference")

_ATTRIBUTES: Final = {
    "messageRef": "message",
    "signalRef": "signal",
    "errorRef": "error",
    "escalationRef": "escalation",
    "processRef": "process",
}
_GONE: Final = N_(
    "%(It)s menunjuk “%(missing)s”, tetapi unsur itu tidak ada. Hubungkan lagi atau hapus."
)
_HANGS: Final = N_(
    "%(It)s tidak terhubung ke “%(missing)s”. Tarik ulang panah itu dari unsur ke unsur."
)
_NOT_OUT: Final = N_(
    "%(It)s memilih jalan baku “%(missing)s”, tetapi panah itu tidak keluar dari sini. "
    "Pilih lagi jalan bakunya."
)


def check(diagram: Diagram) -> Iterator[Finding]:
    yield from _flows(diagram)
    yield from _borders(diagram)
    yield from _defaults(diagram)
    yield from _lanes(diagram)
    yield from _steps(diagram)
    for element in diagram.all:
        yield from _attributes(diagram, element)


def _flows(diagram: Diagram) -> Iterator[Finding]:
    for flow in diagram.flows:
        for end, node in (("sourceRef", flow.source), ("targetRef", flow.target)):
            if node is None:
                yield RULE.at(flow, _HANGS, missing=reference(flow.xml, end))


def _borders(diagram: Diagram) -> Iterator[Finding]:
    for event in diagram.of_kind("boundaryEvent"):
        if diagram.host(event) is None:
            yield RULE.at(event, _GONE, missing=reference(event.xml, "attachedToRef"))


def _defaults(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes:
        chosen = reference(node.xml, "default")
        if chosen and chosen not in {flow.id for flow in diagram.outgoing(node)}:
            yield RULE.at(node, _NOT_OUT, missing=chosen)


def _lanes(diagram: Diagram) -> Iterator[Finding]:
    for lane in diagram.lanes:
        own = diagram.box(lane)
        for element_id in lane.held:
            held = diagram.by_id.get(element_id)
            if held is None or own not in _around(diagram, held):
                yield RULE.at(lane, _GONE, missing=element_id)


def _steps(diagram: Diagram) -> Iterator[Finding]:
    steps, lanes = {step.id for step in diagram.steps}, {lane.id for lane in diagram.lanes}
    for step in diagram.steps:
        gone = set(step.sop("bukanPelaku").split()) - steps
        gone |= {step.sop("lajur")} - lanes - {""}
        for missing in sorted(gone):
            yield RULE.at(step, _GONE, missing=missing)


def _around(diagram: Diagram, element: Element) -> Iterator[Element | None]:
    box = diagram.box(element)
    while box is not None:
        yield box
        box = diagram.box(box)


def _attributes(diagram: Diagram, element: Element) -> Iterator[Finding]:
    for name, kind in _ATTRIBUTES.items():
        wanted = reference(element.xml, name)
        found = diagram.by_id.get(wanted)
        if wanted and (found is None or found.kind != kind):
            yield RULE.at(_seen(diagram, element), _GONE, missing=wanted)


def _seen(diagram: Diagram, element: Element) -> Element:
    """An event definition carries the reference; what a person sees is its event."""
    drawn = diagram.holder(element)
    return drawn if drawn is not None and element.kind.endswith("EventDefinition") else element
