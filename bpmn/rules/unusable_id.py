"""An id with blanks or unseen letters: what refers to it misses it, and nobody sees why."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("unusable-id")


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.all:
        if " " in element.id or not element.id.isprintable():
            yield RULE.at(
                element,
                N_(
                    "Id %(it)s memuat spasi atau huruf yang tidak terlihat. Pakai huruf, angka dan "
                    "garis bawah saja, misalnya Langkah_1."
                ),
            )
