"""Draw any diagram anew: pools and lanes as rows, the flow from left to right, nothing hidden."""

from collections.abc import Iterator

from lxml import etree

from bpmn import xml
from bpmn.layout import blocks, interchange, model, sheet
from bpmn.layout.shapes import Picture

_MARGIN = (60, 60)


def lay_out(data: bytes) -> bytes:
    """The same document with a clean drawing; what it means is left as it is."""
    root = xml.parse(data)
    scopes = model.read(root)
    width = blocks.task_width(name for scope in scopes for name in _task_names(scope))
    pictures = [(scope.id, _with_margin(sheet.draw(scope, width))) for scope in scopes]
    interchange.replace(root, pictures)
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)


def _task_names(scope: model.Scope) -> Iterator[str]:
    for node in scope.nodes:
        if node.kind == "task":
            yield node.name
        if node.inside:
            yield from _task_names(node.inside)


def _with_margin(picture: Picture) -> Picture:
    picture.shapes = [shape.moved(*_MARGIN) for shape in picture.shapes]
    picture.edges = [edge.moved(*_MARGIN) for edge in picture.edges]
    return picture
