"""Coordinates that are no numbers: neither the engine nor a modeller can open the file."""

from collections.abc import Iterator
from math import isfinite
from typing import Final

from lxml import etree

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error
from bpmn.xml import BPMNDI, DC, DI, tag

RULE: Final = error("broken-drawing")


def check(diagram: Diagram) -> Iterator[Finding]:
    for shape in diagram.root.xml.iter(tag(BPMNDI, "BPMNShape"), tag(BPMNDI, "BPMNEdge")):
        if all(_is_number(text) for text in _coordinates(shape)):
            continue
        drawn = diagram.by_id.get(shape.get("bpmnElement", ""), diagram.root)
        yield RULE.at(
            drawn,
            N_("Letak %(it)s pada gambar bukan angka. Simpan ulang dari penyunting BPMN."),
        )


def _coordinates(shape: etree._Element) -> Iterator[str]:
    for place in shape.iter(tag(DC, "Bounds"), tag(DI, "waypoint")):
        yield from (place.get(name, "0") for name in ("x", "y", "width", "height"))


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False
