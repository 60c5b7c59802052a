"""A step needs a document that no step before it yields."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from bpmn.diagram import STEP, Diagram, Element, walk
from bpmn.errors import N_
from bpmn.findings import Finding, warning
from bpmn.rules.no_mutu_baku import mutu_baku

RULE: Final = warning("input-without-source")
_SMALL: Final = frozenset(
    [
        "dan",
        "atau",
        "yang",
        "untuk",
        "dari",
        "ke",
        "di",
        "pada",
        "oleh",
        "per",
        "serta",
        "sudah",
        "telah",
    ]
)
# Sources write KINEJRA for kinerja; half the words must be known to call it the same document.
_ALIKE: Final = 0.8
_ENOUGH: Final = 0.5


def check(diagram: Diagram) -> Iterator[Finding]:
    for step in diagram.steps:
        needed = _words(mutu_baku(step, "kelengkapan"))
        before = _before(diagram, step)
        if not needed or not before:
            continue
        if not any(_covers(_words(there), needed) for there in _at_hand(before)):
            yield RULE.at(
                step,
                N_(
                    "Kelengkapan “%(needed)s” pada %(it)s tidak dihasilkan langkah sebelumnya. "
                    "Samakan istilahnya dengan output langkah itu, atau tambahkan langkahnya."
                ),
                needed=mutu_baku(step, "kelengkapan")[:80],
            )


def _before(diagram: Diagram, step: Element) -> list[Element]:
    earlier = walk([step], lambda node: _earlier(diagram, node)) - {step}
    return [node for node in earlier if node.kind == STEP]


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
    return frozenset(re.findall(r"\w+", text.lower())) - _SMALL


def _covers(there: frozenset[str], needed: frozenset[str]) -> bool:
    known = sum(any(_alike(word, other) for other in there) for word in needed)
    return known >= _ENOUGH * len(needed)


def _alike(word: str, other: str) -> bool:
    return word == other or SequenceMatcher(None, word, other).ratio() >= _ALIKE
