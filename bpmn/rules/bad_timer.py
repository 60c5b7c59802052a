"""A timer that would only fail once a case is waiting at it."""

import re
from collections.abc import Callable, Iterator
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

Wrong = tuple[str, dict[str, object]] | None

_CYCLE: Final = re.compile(r"R\d{0,4}/(?:(?P<start>[^/]+)/)?(?P<every>[^/]+)")
_LOOKS_ISO: Final = re.compile(r"-?P[\dTYMWDHS.,]*")
_KINDS: Final = frozenset(tag(BPMN, kind) for kind in ("timeDate", "timeDuration", "timeCycle"))
_ONE: Final = N_(
    "Pewaktu pada %(at)s harus berisi satu waktu: lamanya (misalnya PT10M atau P1W), "
    "tanggal, atau siklus."
)
_DATE: Final = N_(
    "Tanggal “%(text)s” pada %(at)s tidak dapat dipakai. Tulis tahun-bulan-tanggal dan jam, "
    "misalnya 2026-03-12T07:30."
)
_REPEATS: Final = N_(
    "Siklus “%(text)s” pada %(at)s tidak dapat dipakai. Tulis misalnya R3/PT10M (tiga kali, "
    "tiap 10 menit)."
)
_LENGTH: Final = N_("Pewaktu pada %(at)s: %(why)s")


def check(diagram: Diagram) -> Iterator[Finding]:
    for event in diagram.nodes:
        host = diagram.host(event)
        wrong = _wrong(event, host) if "timer" in event.definitions else None
        if wrong is not None:
            sentence, facts = wrong
            yield RULE.at(event, sentence, at=(host or event).label, **facts)


def _wrong(event: Element, host: Element | None) -> Wrong:
    times = list(_times(event))
    text = (times[0].text or "").strip() if len(times) == 1 else ""
    if not text:
        return _ONE, {}
    if times[0].tag == tag(BPMN, "timeDate"):
        return _wrong_date(text)
    if times[0].tag == tag(BPMN, "timeCycle"):
        return _wrong_cycle(text)
    # On a step the time is the mutu baku of its table, so it must be readable as it stands.
    plain = _looks_plain(text) or (host is not None and host.kind == STEP)
    return _refused(durations.parse if plain else compile, text)


def _looks_plain(text: str) -> bool:
    return literal(text) is not None or _LOOKS_ISO.fullmatch(text.strip("'\"")) is not None


def _times(event: Element) -> Iterator[etree._Element]:
    for definition in event.xml.iterfind(tag(BPMN, "timerEventDefinition")):
        yield from (time for time in children(definition) if time.tag in _KINDS)


def _wrong_date(text: str) -> Wrong:
    if literal(text) is None:
        return _refused(compile, text)
    return None if _is_moment(text) else (_DATE, {"text": text[:60]})


def _wrong_cycle(text: str) -> Wrong:
    found = _CYCLE.fullmatch(text.strip("'\""))
    if found is None or _refused(durations.parse, found["every"]):
        return _REPEATS, {"text": text[:60]}
    start = found["start"]
    return None if start is None or _is_moment(start) else (_DATE, {"text": start[:60]})


def _refused(read: Callable[[str], object], text: str) -> Wrong:
    try:
        read(text)
    except AlurError as why:
        return _LENGTH, {"why": why}
    return None


def _is_moment(text: str) -> bool:
    try:
        return bool(datetime.fromisoformat(text))
    except ValueError:
        return False
