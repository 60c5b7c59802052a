"""Ids and field keys that mean something else to the engine or to the expression language."""

import builtins
import keyword
import re
from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element
from bpmn.errors import N_
from bpmn.expressions import FUNCTIONS, WORDS
from bpmn.findings import Finding, error
from bpmn.xml import SOP, tag

RULE: Final = error("reserved-id")

# A step called `End` is skipped without a word, `typename` makes the stored case unreadable.
_ENGINE: Final = frozenset({"Start", "End", "Root", "StartEventSplit", "StartEventJoin"})
_ENGINE_PARTS: Final = re.compile(r".*(\.EndJoin|\.BoundaryEvent(Split|Join)|\[child\])", re.DOTALL)
_KEYS: Final = FUNCTIONS | WORDS | {"outcome", "reason", "typename"}
_IDS: Final = _ENGINE | _KEYS | frozenset(dir(builtins)) | frozenset(keyword.kwlist)


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes:
        if _reserved(node.id, _IDS) or _ENGINE_PARTS.fullmatch(node.id):
            yield RULE.at(
                node,
                N_("Id “%(id)s” sudah dipakai oleh sistem. Ganti id %(it)s, misalnya Langkah_1."),
                id=node.id,
            )
        for key in _keys(node):
            if _reserved(key, _KEYS):
                yield RULE.at(
                    node,
                    N_("Isian “%(key)s” pada %(it)s memakai nama milik sistem. Ganti kuncinya."),
                    key=key,
                )


def _reserved(name: str, taken: frozenset[str]) -> bool:
    return name.startswith("__") or name in taken


def _keys(node: Element) -> Iterator[str]:
    form = node.extension("formulir")
    if form is not None:
        yield from (field.get("kunci", "").strip() for field in form.iter(tag(SOP, "isian")))
