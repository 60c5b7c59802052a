"""Elements that the engine does not know, or that would lose their lane on the way."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("unsupported-element")

_CURES: Final = {
    "complexGateway": N_("Pakai gerbang eksklusif (X), inklusif (O) atau paralel (+)."),
    "callActivity": N_(
        "Sertakan proses yang dipanggil dalam berkas ini, atau gambar isinya sebagai subproses."
    ),
    "dataStore": N_("Sebut berkasnya dalam kelengkapan atau output langkah."),
    "choreography": N_("Gambar SOP sebagai satu proses dengan lajur."),
    "globalChoreographyTask": N_("Gambar SOP sebagai satu proses dengan lajur."),
    "choreographyTask": N_("Gambar SOP sebagai satu proses dengan lajur."),
    "subChoreography": N_("Gambar SOP sebagai satu proses dengan lajur."),
    "callChoreography": N_("Gambar SOP sebagai satu proses dengan lajur."),
    "conversation": N_("Gambar SOP sebagai satu proses dengan lajur."),
    "subConversation": N_("Gambar SOP sebagai satu proses dengan lajur."),
    "callConversation": N_("Gambar SOP sebagai satu proses dengan lajur."),
}


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.of_kind(*_CURES):
        yield RULE.at(
            element,
            N_("%(It)s berjenis %(kind)s, yang tidak dapat dijalankan. %(cure)s"),
            kind=element.kind,
            cure=_CURES[element.kind],
        )
