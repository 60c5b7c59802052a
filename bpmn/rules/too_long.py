"""Ids and names that fit no column and no screen."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("too-long")
LONGEST_ID: Final = 120
LONGEST_NAME: Final = 400


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.all:
        if len(element.id) > LONGEST_ID:
            yield RULE.at(
                element,
                N_("Id %(it)s terlalu panjang: paling banyak %(most)s huruf. Pendekkan idnya."),
                most=LONGEST_ID,
            )
        if len(element.name) > LONGEST_NAME:
            yield RULE.at(
                element,
                N_(
                    "Nama %(it)s terlalu panjang: paling banyak %(most)s huruf. "
                    "Tulis nama pendek; teks lengkapnya ditaruh pada kegiatan."
                ),
                most=LONGEST_NAME,
            )
