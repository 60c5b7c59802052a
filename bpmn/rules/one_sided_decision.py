"""A decision that leaves no choice: one answer only, or every answer leads the same way."""

from collections.abc import Iterator
from typing import Final

from bpmn.arrows import Arrows
from bpmn.decisions import decision
from bpmn.diagram import Diagram, Element
from bpmn.errors import N_, AlurError
from bpmn.findings import Finding, error

RULE: Final = error("one-sided-decision")
_ALONE: Final = N_(
    "Sesudah %(it)s hanya ada satu jawaban: “%(answers)s”. Gambar juga jalan untuk jawaban lainnya."
)
_SAME: Final = N_(
    "Sesudah %(it)s semua jawaban (%(answers)s) menuju tempat yang sama. "
    "Arahkan tiap jawaban ke langkahnya, atau hapus gerbangnya."
)


def check(diagram: Diagram) -> Iterator[Finding]:
    for process in diagram.processes:
        arrows = Arrows(process.xml)
        for step in diagram.steps:
            if process.xml in step.xml.iterancestors():
                yield from _decided(diagram, step, arrows)


def _decided(diagram: Diagram, step: Element, arrows: Arrows) -> Iterator[Finding]:
    try:
        found = decision(step.xml, arrows)
    except AlurError as unclear:
        yield RULE.at(step, N_("Putusan sesudah %(it)s: %(why)s"), why=unclear)
        return
    if found is None:
        return
    answers = ", ".join(outcome.value for outcome in found.outcomes)
    gateway = diagram.by_id.get(found.gateway)
    ways = [] if gateway is None else diagram.targets(gateway)
    if len(found.outcomes) < 2:
        yield RULE.at(step, _ALONE, answers=answers)
    elif len(ways) > 1 and len(set(ways)) == 1:
        yield RULE.at(step, _SAME, answers=answers)
