"""A condition where nobody looks at it: only choices read conditions, and never the default's."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import CHOICES, Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("ignored-condition")


def check(diagram: Diagram) -> Iterator[Finding]:
    for flow in diagram.flows:
        if flow.condition is None or flow.source is None:
            continue
        if flow.source.kind not in CHOICES:
            yield RULE.at(
                flow,
                N_(
                    "Syarat pada %(it)s tidak dibaca, karena panah itu keluar dari %(source)s. "
                    "Taruh gerbang eksklusif (X) di sana, atau hapus syaratnya."
                ),
                source=flow.source.label,
            )
        elif flow.is_default:
            yield RULE.at(
                flow,
                N_(
                    "Syarat pada %(it)s tidak dibaca, karena panah itu jalan baku. "
                    "Hapus syaratnya, atau pilih jalan baku yang lain."
                ),
            )
