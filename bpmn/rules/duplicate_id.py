"""Two elements with one id: the engine runs one of them and forgets the other."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("duplicate-id")


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.all:
        if element.id and diagram.by_id[element.id] is not element:
            yield RULE.at(
                element,
                N_(
                    "Id “%(id)s” dipakai dua kali, juga oleh %(it)s. "
                    "Beri salah satunya id lain, atau gambar ulang unsur itu."
                ),
                id=element.id,
            )
