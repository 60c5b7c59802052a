"""Write a finished drawing into the document as BPMN diagram interchange."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from bpmn.layout.shapes import Box, Edge, Picture, Shape
from bpmn.xml import BPMNDI, DC, DI, tag

_NAMESPACES: Final = {"bpmndi": BPMNDI, "dc": DC, "di": DI}
_ATTRIBUTES: Final = {
    "participant": {"isHorizontal": "true"},
    "lane": {"isHorizontal": "true"},
    "exclusiveGateway": {"isMarkerVisible": "true"},
    "subProcess": {"isExpanded": "true"},
    "transaction": {"isExpanded": "true"},
    "adHocSubProcess": {"isExpanded": "true"},
}


def replace(root: etree._Element, pictures: list[tuple[str, Picture]]) -> None:
    """Put these drawings in the place of whatever was drawn before."""
    colours = dict(_colours(root))
    for diagram in root.findall(tag(BPMNDI, "BPMNDiagram")):
        _remove(diagram)
    ids = {element.get("id") for element in root.iter(etree.Element)}
    for number, (element, picture) in enumerate(pictures, 1):
        writer = _Writer(ids, colours)
        diagram = writer.diagram(element, picture, number)
        _append(root, diagram)


def _colours(root: etree._Element) -> Iterator[tuple[str, dict[str, str]]]:
    """What designers paint is theirs: attributes of foreign namespaces stay with their element."""
    for shape in root.iter(tag(BPMNDI, "BPMNShape"), tag(BPMNDI, "BPMNEdge")):
        foreign = {str(k): str(v) for k, v in shape.attrib.items() if str(k).startswith("{")}
        yield shape.get("bpmnElement", ""), foreign


def _remove(diagram: etree._Element) -> None:
    """The blank line before it goes with it; the one after it closes the parent."""
    parent, before = diagram.getparent(), diagram.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = diagram.tail
    parent.remove(diagram)


def _append(root: etree._Element, diagram: etree._Element) -> None:
    last = root[-1] if len(root) else None
    etree.indent(diagram, level=1)
    diagram.tail = "\n"
    if last is not None:
        last.tail = "\n  "
    root.append(diagram)


class _Writer:
    def __init__(self, ids: set[str | None], colours: dict[str, dict[str, str]]) -> None:
        self.ids = ids
        self.colours = colours

    def diagram(self, element: str, picture: Picture, number: int) -> etree._Element:
        diagram = etree.Element(
            tag(BPMNDI, "BPMNDiagram"), nsmap=_NAMESPACES, id=self._id(f"BPMNDiagram_{number}")
        )
        plane = etree.SubElement(
            diagram,
            tag(BPMNDI, "BPMNPlane"),
            id=self._id(f"BPMNPlane_{number}"),
            bpmnElement=element,
        )
        for shape in picture.shapes:
            self._shape(plane, shape)
        for edge in picture.edges:
            self._edge(plane, edge)
        return diagram

    def _shape(self, plane: etree._Element, shape: Shape) -> None:
        drawn = self._drawn(plane, "BPMNShape", shape.id, _ATTRIBUTES.get(shape.kind, {}))
        _bounds(drawn, shape.box)
        _label(drawn, shape.label)

    def _edge(self, plane: etree._Element, edge: Edge) -> None:
        drawn = self._drawn(plane, "BPMNEdge", edge.id, {})
        for x, y in edge.points:
            etree.SubElement(drawn, tag(DI, "waypoint"), x=str(x), y=str(y))
        _label(drawn, edge.label)

    def _drawn(
        self, plane: etree._Element, name: str, element: str, attributes: dict[str, str]
    ) -> etree._Element:
        drawn = etree.SubElement(
            plane, tag(BPMNDI, name), id=self._id(f"{element}_di"), bpmnElement=element
        )
        for key, value in (attributes | self.colours.get(element, {})).items():
            drawn.set(key, value)
        return drawn

    def _id(self, wanted: str) -> str:
        found, number = wanted, 1
        while found in self.ids:
            number += 1
            found = f"{wanted}_{number}"
        self.ids.add(found)
        return found


def _bounds(parent: etree._Element, box: Box) -> None:
    etree.SubElement(
        parent,
        tag(DC, "Bounds"),
        x=str(box.x),
        y=str(box.y),
        width=str(box.width),
        height=str(box.height),
    )


def _label(parent: etree._Element, box: Box | None) -> None:
    if box is not None:
        _bounds(etree.SubElement(parent, tag(BPMNDI, "BPMNLabel")), box)
