"""Begun by an error or an escalation it starts at once, by a timer it blocks the end."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("event-subprocess")
_WORK: Final = frozenset({"message", "signal"})


def check(diagram: Diagram) -> Iterator[Finding]:
    for box in diagram.boxes:
        if not box.on_event:
            continue
        starts = [node for node in diagram.inside(box) if node.kind == "startEvent"]
        if any(not start.definitions or start.definitions - _WORK for start in starts):
            yield RULE.at(
                box,
                N_(
                    "%(It)s dimulai oleh kejadian yang tidak dijalankan dengan benar. Pakai "
                    "kejadian tepi pada langkahnya; hanya pesan dan sinyal dapat memulainya."
                ),
            )
