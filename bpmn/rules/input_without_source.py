"""A step needs a document that no step before it yields."""

import re
from collections.abc import Iterator
from typing import Final

from bpmn.diagram import BOXES, STEP, Diagram, Element, walk
from bpmn.errors import N_
from bpmn.findings import Finding, warning
from bpmn.rules.no_mutu_baku import mutu_baku

RULE: Final = warning("input-without-source")
_SMALL: Final = re.compile(r"(dan|atau|yang|untuk|dari|ke|di|pada|oleh|per|serta|sudah|telah)")
# Sources write KINEJRA for kinerja, so only the beginning of a word counts; and half of the words
# must be known to call it the same document.
_BEGINNING: Final = 4
_ENOUGH: Final = 0.5
_LONGEST: Final = 400


def check(diagram: Diagram) -> Iterator[Finding]:
    # What the first step needs comes from outside.
    first = {node for start in diagram.of_kind("startEvent") for node in diagram.targets(start)}
    for step in diagram.steps:
        needed = _words(mutu_baku(step, "kelengkapan"))
        before = _before(diagram, step)
        if not needed or (step in first and diagram.box(step) in diagram.processes):
            continue
        if before and not any(_covers(_words(there), needed) for there in _at_hand(before)):
            yield RULE.at(
                step,
                N_(
                    "Kelengkapan “%(needed)s” pada %(it)s tidak dihasilkan langkah sebelumnya. "
                    "Samakan istilahnya dengan output langkah itu, atau tambahkan langkahnya."
                ),
                needed=mutu_baku(step, "kelengkapan")[:80],
            )


def _before(diagram: Diagram, step: Element) -> list[Element]:
    """The steps that come first; those of a later round do not."""
    begin = (start for process in diagram.processes for start in diagram.starts(process))
    first = walk(begin, lambda node: () if node is step else _later(diagram, node))
    earlier = walk([step], lambda node: _earlier(diagram, node)) - {step}
    return [node for node in first & earlier if node.kind == STEP]


def _later(diagram: Diagram, node: Element) -> list[Element]:
    return [*diagram.ahead(node), *(diagram.starts(node) if node.kind in BOXES else ())]


def _earlier(diagram: Diagram, node: Element) -> list[Element]:
    """Where the case was just before: also inside a sub-process, and out of one again."""
    host = diagram.host(node) if node.kind == "boundaryEvent" else None
    box = diagram.box(node) if node.kind == "startEvent" else None
    around = [each for each in (host, box) if each is not None]
    return [*diagram.sources(node), *around, *diagram.inside(node)]


def _at_hand(before: list[Element]) -> Iterator[str]:
    for step in before:
        yield mutu_baku(step, "output")
        yield mutu_baku(step, "kelengkapan")


def _words(text: str) -> frozenset[str]:
    words = re.findall(r"\w+", text[:_LONGEST].lower())
    return frozenset(word[:_BEGINNING] for word in words if not _SMALL.fullmatch(word))


def _covers(there: frozenset[str], needed: frozenset[str]) -> bool:
    return len(there & needed) >= _ENOUGH * len(needed)
