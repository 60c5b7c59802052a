"""A border that waits for an error or an escalation which nothing inside throws."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import THROWS, Diagram, walk
from bpmn.errors import N_
from bpmn.findings import Finding, error
from bpmn.rules.uncaught_error import catches

RULE: Final = error("unthrown")


def check(diagram: Diagram) -> Iterator[Finding]:
    for event in diagram.of_kind("boundaryEvent"):
        host = diagram.host(event)
        if host is None or not event.definitions & {"error", "escalation"}:
            continue
        inside = walk(diagram.inside(host), diagram.inside)
        if not any(catches(diagram, event, node) for node in inside if node.kind in THROWS):
            yield RULE.at(
                event,
                N_(
                    "%(It)s menunggu kesalahan atau eskalasi yang tidak pernah muncul di dalam "
                    "%(host)s, sehingga jalannya tidak pernah ditempuh. Kirim di dalam "
                    "subproses itu, atau hapus."
                ),
                host=host.label,
            )
