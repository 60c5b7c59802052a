"""An event sub-process runs beside the process; begun otherwise it starts at once, or never."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("event-subprocess")
_WORK: Final = frozenset({"message", "signal"})
_KIND: Final = N_(
    "%(It)s dimulai oleh kejadian yang tidak dijalankan dengan benar. Pakai kejadian tepi pada "
    "langkahnya; hanya pesan dan sinyal dapat memulainya."
)
_BESIDE: Final = N_(
    "%(It)s hanya dapat berjalan di samping proses utamanya, bukan memutusnya. Jadikan kejadian "
    "mulainya tidak memutus (garis putus-putus), atau pakai kejadian tepi."
)
_NESTED: Final = N_(
    "%(It)s berada di dalam subproses lain, padahal hanya dijalankan di proses utamanya. "
    "Pindahkan ke luar, atau pakai kejadian tepi."
)


def check(diagram: Diagram) -> Iterator[Finding]:
    for box in diagram.boxes:
        if box.on_event:
            starts = [node for node in diagram.inside(box) if node.kind == "startEvent"]
            yield from _wrong(diagram, box, starts)


def _wrong(diagram: Diagram, box: Element, starts: list[Element]) -> Iterator[Finding]:
    around = diagram.box(box)
    if any(not start.definitions or start.definitions - _WORK for start in starts):
        yield RULE.at(box, _KIND)
    elif any(_interrupts(start) for start in starts):
        yield RULE.at(box, _BESIDE)
    if around is not None and around.kind != "process":
        yield RULE.at(box, _NESTED)


def _interrupts(start: Element) -> bool:
    return start.xml.get("isInterrupting", "true").strip() not in ("false", "0")
