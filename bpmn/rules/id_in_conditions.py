"""A step whose id no condition can spell: its data is out of reach."""

import re
from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, warning

RULE: Final = warning("id-in-conditions")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def check(diagram: Diagram) -> Iterator[Finding]:
    for step in diagram.steps:
        if step.id and not _NAME.fullmatch(step.id):
            yield RULE.at(
                step,
                N_(
                    "Id %(it)s tidak dapat ditulis dalam syarat. Pakai huruf, angka dan garis "
                    "bawah saja, misalnya Langkah_1."
                ),
            )
