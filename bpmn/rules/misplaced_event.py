"""An event of a kind that cannot stand there: the engine passes it by, or waits for ever."""

from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from bpmn.diagram import BOXES, EVENTS, Diagram, Element, children
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("misplaced-event")

_WAITED_FOR: Final = frozenset({"timer", "message", "signal", "conditional"})
_FITS: Final[Mapping[str, frozenset[str]]] = {
    "endEvent": frozenset({"message", "escalation", "error", "terminate"}),
    "intermediateThrowEvent": frozenset({"message", "signal", "escalation"}),
    "intermediateCatchEvent": _WAITED_FOR,
    "boundaryEvent": _WAITED_FOR | {"escalation", "error"},
}
# Of these a rule of their own has more to say.
_TOLD: Final = frozenset({"link", "compensate", "cancel"})


def check(diagram: Diagram) -> Iterator[Finding]:
    for event in diagram.nodes:
        if event.kind in EVENTS and _kinds(event) > 1:
            yield RULE.at(
                event,
                N_("%(It)s menunggu atau mengirim beberapa hal sekaligus. Sisakan satu saja."),
            )
        elif event.kind == "startEvent":
            yield from _start(diagram, event)
        elif event.kind in EVENTS:
            yield from _event(event)


def _event(event: Element) -> Iterator[Finding]:
    told = _TOLD | {"signal"} if event.kind == "endEvent" else _TOLD
    if event.definitions - _FITS[event.kind] - told:
        yield RULE.at(
            event,
            N_("%(It)s berjenis yang tidak dapat berada di sana. Pilih jenis kejadian yang lain."),
        )
    elif event.kind == "intermediateCatchEvent" and not event.definitions:
        yield RULE.at(
            event,
            N_("%(It)s tidak menunggu apa pun. Pilih jenisnya, misalnya pewaktu, atau hapus."),
        )


def _kinds(event: Element) -> int:
    names = (etree.QName(child).localname for child in children(event.xml))
    return sum(name.endswith("EventDefinition") for name in names)


def _start(diagram: Diagram, start: Element) -> Iterator[Finding]:
    box = diagram.box(start)
    if box is None or box.on_event:
        return
    if box.kind in BOXES and start.definitions:
        yield RULE.at(
            start,
            N_(
                "%(It)s berada di dalam subproses, yang dimulai begitu berkas sampai di sana. "
                "Pakai kejadian mulai biasa."
            ),
        )
    elif start.definitions - {"timer"}:
        yield RULE.at(
            start,
            N_(
                "%(It)s menunggu sesuatu yang tidak pernah sampai: berkas dibuka oleh petugas "
                "atau oleh jadwal. Pakai kejadian mulai biasa atau pewaktu."
            ),
        )
