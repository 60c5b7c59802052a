"""The `sop:` elements as objects and back, by the same vocabulary.json that the designer reads."""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple, TypeVar, cast

from lxml import etree

from bpmn import document, forms
from bpmn.xml import BPMN, SOP, tag

Part = TypeVar("Part")

_CLASSES: Final[dict[str, type]] = {
    "Kepala": document.Header,
    "Kantor": document.Kantor,
    "Tanggal": document.Tanggal,
    "DisahkanOleh": document.DisahkanOleh,
    "Butir": document.Butir,
    "Pedoman": document.Pedoman,
    "Bagian": document.Bagian,
    "Temuan": document.Temuan,
    "Pemicu": document.Pemicu,
    "Kegiatan": document.Kegiatan,
    "MutuBaku": document.MutuBaku,
    "Anggota": document.Anggota,
    "Formulir": forms.Formulir,
    "Isian": forms.Isian,
    "Pilihan": forms.Pilihan,
}
_LIST: Final = "Daftar"


class Property(NamedTuple):
    """One thing a `sop:` element can carry."""

    name: str
    kind: str
    attribute: bool
    body: bool
    many: bool

    @property
    def field(self) -> str:
        """`tanggalPembuatan` is `tanggal_pembuatan` in Python."""
        return re.sub("(?<!^)([A-Z])", r"_\1", self.name).lower()


def extensions(drawn: etree._Element, part: type[Part]) -> tuple[Part, ...]:
    """What the extension elements of a drawn element say of this sort."""
    name = tag(SOP, _written(_kind(part)))
    found = drawn.findall(f"{tag(BPMN, 'extensionElements')}/{name}")
    return tuple(cast("Part", _value(each)) for each in found)


def extension(drawn: etree._Element, part: type[Part]) -> Part | None:
    """The same where only one makes sense."""
    return next(iter(extensions(drawn, part)), None)


def element(part: object) -> etree._Element:
    """The `sop:` element that stands for the object."""
    return _element(_kind(type(part)), part)


@cache
def types() -> dict[str, dict[str, Any]]:
    """What vocabulary.json declares, by name."""
    vocabulary = json.loads(files("bpmn").joinpath("vocabulary.json").read_bytes())
    return {declared["name"]: declared for declared in vocabulary["types"]}


def kind_of(node: etree._Element) -> str | None:
    """Which type of the vocabulary the element is of, if any."""
    name = etree.QName(node)
    kind = name.localname[:1].upper() + name.localname[1:]
    return kind if name.namespace == SOP and kind in types() else None


def _kind(part: type) -> str:
    return next(kind for kind, cls in _CLASSES.items() if cls is part)


def _written(kind: str) -> str:
    return kind[:1].lower() + kind[1:]


def _lineage(kind: str) -> Iterator[str]:
    while kind in types():
        yield kind
        kind = types()[kind].get("superClass", ["Element"])[0]


@cache
def _properties(kind: str) -> tuple[Property, ...]:
    declared = [one for ancestor in _lineage(kind) for one in types()[ancestor]["properties"]]
    return tuple(
        Property(
            name=one["name"],
            kind=one["type"],
            attribute=one.get("isAttr", False),
            body=one.get("isBody", False),
            many=one.get("isMany", False),
        )
        for one in declared
    )


def _is_list(kind: str) -> bool:
    """A heading of the header that carries nothing but its entries."""
    return types()[kind].get("superClass") == [_LIST] and not types()[kind]["properties"]


def _value(node: etree._Element) -> object:
    kind = kind_of(node) or ""
    found = {p.field: value for p in _properties(kind) if (value := _content(node, p))}
    if _is_list(kind):
        return found.get("butir", ())
    cls = next(_CLASSES[ancestor] for ancestor in _lineage(kind) if ancestor in _CLASSES)
    return cls(**found)


def _content(node: etree._Element, wanted: Property) -> object:
    if wanted.attribute:
        text = node.get(wanted.name)
        return text == "true" if wanted.kind == "Boolean" else text
    if wanted.body:
        return (node.text or "").strip()
    values = tuple(
        _value(child) for child in node.iterchildren("*") if kind_of(child) == wanted.kind
    )
    return values if wanted.many else next(iter(values), None)


def _element(kind: str, value: Any) -> etree._Element:
    node = etree.Element(tag(SOP, _written(kind)), nsmap={"sop": SOP})
    for wanted in _properties(kind):
        content = value if _is_list(kind) else getattr(value, wanted.field)
        if wanted.attribute:
            _set(node, wanted.name, content)
        elif wanted.body:
            node.text = content
        else:
            node.extend(_children(wanted, content))
    return node


def _set(node: etree._Element, name: str, content: object) -> None:
    if content is True:
        node.set(name, "true")
    elif content:
        node.set(name, str(content))


def _children(wanted: Property, content: Any) -> Iterator[etree._Element]:
    # An empty Tanggal is written all the same: the source has the heading, without a date.
    if content is None or content in ((), document.Kantor(), document.DisahkanOleh()):
        return
    for one in content if wanted.many else (content,):
        yield _element(wanted.kind, one)
