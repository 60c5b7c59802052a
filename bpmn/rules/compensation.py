"""Compensation is thrown to nobody: the engine treats it as an event without meaning."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("compensation")


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes:
        if "compensate" in node.definitions or _compensates(node):
            yield RULE.at(
                node,
                N_(
                    "%(It)s memakai kompensasi, yang tidak dijalankan. "
                    "Gambar langkah pembatalannya sebagai langkah biasa."
                ),
            )


def _compensates(node: Element) -> bool:
    return node.xml.get("isForCompensation", "false") in ("true", "1")
