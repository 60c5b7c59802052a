"""A timer that would only fail once a case is waiting at it."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from lxml import etree

from bpmn import durations
from bpmn.diagram import STEP, Diagram, Element, children
from bpmn.errors import N_, AlurError
from bpmn.expressions import compile, literal
from bpmn.findings import Finding, error
from bpmn.xml import BPMN, tag

RULE: Final = error("bad-timer")

_CYCLE: Final = re.compile(r"R\d{0,4}/(?:(?P<start>[^/]+)/)?(?P<every>P[^/]+)")
_KINDS: Final = frozenset(tag(BPMN, kind) for kind in ("timeDate", "timeDuration", "timeCycle"))
_ONE: Final = N_(
    "Pewaktu pada %(it)s harus berisi satu waktu: lamanya (misalnya PT10M atau P1W), "
    "tanggal, atau siklus."
)
_DATE: Final = N_(
    "Tanggal “%(text)s” pada %(it)s tidak dapat dipakai. Tulis lengkap dengan jam dan zona waktu, "
    "misalnya 2026-03-12T07:30:00+08:00."
)
_REPEATS: Final = N_(
    "Siklus “%(text)s” pada %(it)s tidak dapat dipakai. Tulis misalnya R3/PT10M (tiga kali, "
    "tiap 10 menit)."
)
_LENGTH: Final = N_("Pewaktu pada %(it)s: %(why)s")


def check(diagram: Diagram) -> Iterator[Finding]:
    for event in diagram.nodes:
        if "timer" in event.definitions:
            yield from _timer(diagram, event)


def _timer(diagram: Diagram, event: Element) -> Iterator[Finding]:
    times = [
        time
        for definition in children(event.xml)
        if definition.tag == tag(BPMN, "timerEventDefinition")
        for time in children(definition)
        if time.tag in _KINDS
    ]
    if len(times) != 1 or not _text(times[0]):
        yield RULE.at(event, _ONE)
    elif times[0].tag == tag(BPMN, "timeDate"):
        yield from _date(event, _text(times[0]))
    elif times[0].tag == tag(BPMN, "timeCycle"):
        yield from _cycle(event, _text(times[0]))
    else:
        yield from _duration(diagram, event, _text(times[0]))


def _duration(diagram: Diagram, event: Element, text: str) -> Iterator[Finding]:
    host = diagram.host(event)
    try:
        # On a step the time is the mutu baku of its table, so it must be readable as it stands.
        if literal(text) or text[:1] in "'\"" or (host is not None and host.kind == STEP):
            durations.parse(text)
        else:
            compile(text)
    except AlurError as wrong:
        yield RULE.at(event, _LENGTH, why=wrong)


def _date(event: Element, text: str) -> Iterator[Finding]:
    # Without a zone the engine would take the server's.
    if literal(text) is None:
        yield from _computed(event, text)
    elif not _is_instant(text):
        yield RULE.at(event, _DATE, text=text[:60])


def _cycle(event: Element, text: str) -> Iterator[Finding]:
    found = _CYCLE.fullmatch(text)
    if found is None or not _is_length(found["every"]):
        yield RULE.at(event, _REPEATS, text=text[:60])
    elif found["start"] and not _is_instant(found["start"]):
        yield RULE.at(event, _DATE, text=found["start"][:60])


def _computed(event: Element, text: str) -> Iterator[Finding]:
    try:
        compile(text)
    except AlurError as wrong:
        yield RULE.at(event, _LENGTH, why=wrong)


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _is_length(text: str) -> bool:
    try:
        return bool(durations.parse(text))
    except durations.BadDuration:
        return False


def _text(time: etree._Element) -> str:
    return (time.text or "").strip()
