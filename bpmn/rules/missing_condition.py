"""A way out of a choice that says neither when it is taken nor that it is the default."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import CHOICES, Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("missing-condition")


def check(diagram: Diagram) -> Iterator[Finding]:
    for gateway in diagram.nodes:
        ways = diagram.outgoing(gateway)
        if gateway.kind not in CHOICES or len(ways) < 2:
            continue
        for way in ways:
            if way.condition is None and not way.is_default:
                yield RULE.at(
                    way,
                    N_(
                        "%(It)s keluar dari %(gateway)s tanpa syarat. Tulis syaratnya, misalnya "
                        "outcome == 'setuju', atau jadikan jalan baku."
                    ),
                    gateway=gateway.label,
                )
