"""An event at the border of an activity says what it waits for; elsewhere nothing listens."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import ACTIVITIES, Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("boundary-event")


def check(diagram: Diagram) -> Iterator[Finding]:
    for event in diagram.of_kind("boundaryEvent"):
        if not event.definitions:
            yield RULE.at(
                event,
                N_("%(It)s belum berjenis. Pilih jenisnya, misalnya pewaktu, atau hapus."),
            )
        if "error" in event.definitions and not event.interrupts:
            yield RULE.at(
                event,
                N_("%(It)s menangkap kesalahan, yang selalu memutus. Pakai garis yang utuh."),
            )
        host = diagram.host(event)
        if host is not None and host.kind not in ACTIVITIES:
            yield RULE.at(
                event,
                N_("%(It)s menempel pada %(host)s. Tempelkan pada langkah atau subproses."),
                host=host.label,
            )
