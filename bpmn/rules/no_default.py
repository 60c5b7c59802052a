"""When no condition holds and there is no default, the step before cannot be completed."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import CHOICES, Diagram, Flow
from bpmn.errors import N_
from bpmn.expressions import BadExpression, compile
from bpmn.findings import Finding, warning

RULE: Final = warning("no-default")


def check(diagram: Diagram) -> Iterator[Finding]:
    for gateway in diagram.nodes:
        ways = diagram.outgoing(gateway)
        if gateway.kind not in CHOICES or any(way.is_default for way in ways):
            continue
        if any(way.condition and not _only_outcome(way) for way in ways):
            yield RULE.at(
                gateway,
                N_(
                    "%(It)s tidak mempunyai jalan baku: bila tidak satu pun syarat terpenuhi, "
                    "berkas berhenti. Jadikan salah satu panah jalan baku."
                ),
            )


def _only_outcome(way: Flow) -> bool:
    """A person can only choose among the outcomes that the arrows name."""
    try:
        return compile(way.condition or "").names == {"outcome"}
    except BadExpression:
        return False
