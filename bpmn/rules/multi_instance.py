"""Repeat how often, or for each of what? Exactly one of the two must be said."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("multi-instance")
_LOOP: Final = "multiInstanceLoopCharacteristics"


def check(diagram: Diagram) -> Iterator[Finding]:
    for activity in diagram.nodes:
        loop = activity.find(_LOOP)
        if loop is None:
            continue
        if loop.get("behavior", "All") != "All":
            yield RULE.at(
                activity,
                N_(
                    "%(It)s mengirim kejadian setiap kali satu ulangan selesai, yang tidak "
                    "dijalankan. Hapus pengaturan itu (behavior)."
                ),
            )
        if len(_said(activity)) != 1:
            yield RULE.at(
                activity,
                N_(
                    "%(It)s diulang, tetapi tidak jelas berapa kali. Isi jumlahnya "
                    "(loopCardinality) atau daftarnya (loopDataInputRef), salah satu saja."
                ),
            )


def _said(activity: Element) -> list[str]:
    ways = ("loopCardinality", "loopDataInputRef")
    texts = (activity.text(f"{_LOOP}/{way}") for way in ways)
    return [text for text in texts if text]
