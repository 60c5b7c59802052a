"""A transaction promises to undo what people did; no office can."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("transaction")


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes:
        if node.kind == "transaction" or "cancel" in node.definitions:
            yield RULE.at(
                node,
                N_(
                    "%(It)s memakai transaksi, yang tidak didukung. Pakai subproses biasa dan "
                    "gambar jalan pembatalannya."
                ),
            )
