"""A step without a mutu baku waktu is never late, so nobody learns that it waits."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, warning
from bpmn.rules.several_deadlines import deadlines

RULE: Final = warning("no-deadline")


def check(diagram: Diagram) -> Iterator[Finding]:
    for step in diagram.steps:
        if not deadlines(diagram, step):
            yield RULE.at(
                step,
                N_(
                    "%(It)s belum mempunyai mutu baku waktu. Isi waktunya di tabel langkah, "
                    "misalnya 10 menit."
                ),
            )
