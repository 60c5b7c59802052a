"""A case that waits for a condition which no step beside it can change would wait for ever."""

from collections.abc import Iterator
from typing import Final

from bpmn.beside import Beside
from bpmn.diagram import STEP, Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error
from bpmn.rules.unsent_message import has_timer_beside

RULE: Final = error("unchanging-condition")
_SPEAKS: Final = frozenset({STEP, "serviceTask"})


def check(diagram: Diagram) -> Iterator[Finding]:
    beside = Beside(diagram)
    for event in diagram.of_kind("intermediateCatchEvent"):
        if "conditional" not in event.definitions or has_timer_beside(diagram, event):
            continue
        if all(each.kind not in _SPEAKS for each in beside.certain(event)):
            yield RULE.at(
                event,
                N_(
                    "%(It)s menunggu syarat yang tidak diubah langkah di cabang lain: bila belum "
                    "terpenuhi, berkas berhenti di sana. Ganti dengan gerbang eksklusif (X), atau "
                    "beri pewaktu."
                ),
            )
