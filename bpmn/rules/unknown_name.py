"""A condition reads a name that no step and no form will ever fill in."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import ACTIVITIES, Diagram, Element
from bpmn.errors import N_
from bpmn.expressions import BadExpression, compile, literal
from bpmn.findings import Finding, warning
from bpmn.xml import SOP, tag

RULE: Final = warning("unknown-name")
_TIMES: Final = ("timeDate", "timeDuration", "timeCycle")
_DATA: Final = ("inputDataItem", "outputDataItem", "dataObject", "dataInput", "dataOutput")


def check(diagram: Diagram) -> Iterator[Finding]:
    known = frozenset(_known(diagram))
    for element, text in (*diagram.expressions(), *_timers(diagram)):
        for name in sorted(_names(text) - known):
            yield RULE.at(
                element,
                N_(
                    "Ungkapan pada %(it)s membaca “%(name)s”, tetapi tidak ada langkah atau isian "
                    "bernama itu. Periksa ejaannya; data langkah ditulis misalnya Langkah_2.jumlah."
                ),
                name=name,
            )


def _timers(diagram: Diagram) -> Iterator[tuple[Element, str]]:
    """The timers that are computed; what is wrong with the others is another rule's matter."""
    for event in diagram.nodes:
        for kind in _TIMES:
            text = event.text(f"timerEventDefinition/{kind}")
            if text is not None and literal(text) is None:
                yield event, text


def _names(text: str) -> frozenset[str]:
    try:
        return compile(text).names
    except BadExpression:
        return frozenset()


def _known(diagram: Diagram) -> Iterator[str]:
    yield "outcome"
    # Steps and service tasks keep data under their own id, repeats that of their rounds.
    yield from (node.id for node in diagram.of_kind(*ACTIVITIES))
    yield from (item.id for item in diagram.of_kind(*_DATA))
    yield from (item.name for item in diagram.of_kind(*_DATA))
    yield from ((item.xml.text or "").strip() for item in diagram.of_kind("loopDataOutputRef"))
    for start in diagram.of_kind("startEvent"):
        yield from _fields(start)


def _fields(start: Element) -> Iterator[str]:
    form = start.extension("formulir")
    if form is not None:
        yield from (field.get("kunci", "") for field in form.findall(tag(SOP, "isian")))
