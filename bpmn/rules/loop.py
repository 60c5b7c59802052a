"""A standard loop says until when, or how often at most, and is no repeat besides."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("loop")
_LOOP: Final = "standardLoopCharacteristics"
_REPEAT: Final = "multiInstanceLoopCharacteristics"


def check(diagram: Diagram) -> Iterator[Finding]:
    for activity in diagram.nodes:
        if activity.find(_LOOP) is None:
            continue
        if activity.find(_REPEAT) is not None:
            yield RULE.at(
                activity,
                N_(
                    "%(It)s diulang dengan dua cara sekaligus. Sisakan satu: putaran (loop) atau "
                    "banyak pelaku (multi-instance)."
                ),
            )
        if not _bounded(activity):
            yield RULE.at(
                activity,
                N_(
                    "%(It)s diulang tanpa batas yang jelas. Isi syarat berhentinya "
                    "(loopCondition) atau jumlah paling banyak (loopMaximum) dengan angka."
                ),
            )


def _bounded(activity: Element) -> bool:
    loop = activity.find(_LOOP)
    most = loop.get("loopMaximum") if loop is not None else None
    if most is not None:
        return most.isascii() and most.isdecimal() and 0 < int(most[:9]) <= 1000
    return bool(activity.text(f"{_LOOP}/loopCondition"))
