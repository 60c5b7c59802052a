"""A timer that would only fail once a case is waiting at it, or that would open no case."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from lxml import etree

from bpmn import durations
from bpmn.diagram import STEP, Diagram, Element, children
from bpmn.errors import N_, AlurError
from bpmn.expressions import compile, literal, unquoted
from bpmn.findings import Finding, error
from bpmn.xml import BPMN, tag

RULE: Final = error("bad-timer")

Wrong = tuple[str, dict[str, object]] | None

_CYCLE: Final = re.compile(r"R\d{0,4}/(?:(?P<start>[^/]+)/)?(?P<every>[^/]+)", re.ASCII)
_MONTHS: Final = re.compile(r"R/P(?:[1-9]M|1[0-2]M|1Y)")
_LOOKS_ISO: Final = re.compile(r"-?P[\dTYMWDHS.,]*")
_KINDS: Final = frozenset(tag(BPMN, kind) for kind in ("timeDate", "timeDuration", "timeCycle"))
# Offices keep calendars for these years, and no step takes longer than five of them.
_FIRST, _LAST = 2000, 2100
_MOST_DAYS: Final = 1_200
_MINUTES_A_DAY: Final = 450
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
_TOO_LONG: Final = N_(
    "Pewaktu pada %(at)s menunggu lebih dari lima tahun kerja (“%(text)s”). Pendekkan waktunya."
)
_OPENS: Final = N_(
    "Jadwal “%(text)s” pada %(at)s tidak dapat membuka berkas. Tulis siklus tanpa batas, misalnya "
    "R/P3M (tiap triwulan) atau R/P1W, atau satu tanggal."
)


def check(diagram: Diagram) -> Iterator[Finding]:
    for event in diagram.nodes:
        host = diagram.host(event)
        wrong = _wrong(event, host) if "timer" in event.definitions else None
        wrong = wrong or _wrong_timetable(event)
        if wrong is not None:
            sentence, facts = wrong
            yield RULE.at(event, sentence, at=(host or event).label, **facts)


def _wrong(event: Element, host: Element | None) -> Wrong:
    times = list(_times(event))
    text = (times[0].text or "").strip() if len(times) == 1 else ""
    if not text:
        return _ONE, {}
    if event.kind == "startEvent":
        return _wrong_opening(unquoted(text))
    if times[0].tag == tag(BPMN, "timeDate"):
        return _wrong_date(text)
    if times[0].tag == tag(BPMN, "timeCycle"):
        return _wrong_cycle(unquoted(text))
    # On a step the time is the mutu baku of its table, so it must be readable as it stands.
    plain = _LOOKS_ISO.fullmatch(unquoted(text)) or (host is not None and host.kind == STEP)
    return _wrong_length(text) if plain else _computed(text, _wrong_length)


def _times(event: Element) -> Iterator[etree._Element]:
    for definition in event.xml.iterfind(tag(BPMN, "timerEventDefinition")):
        yield from (time for time in children(definition) if time.tag in _KINDS)


def _computed(text: str, wrong: Callable[[str], Wrong]) -> Wrong:
    """What needs no data of a case is computed now, and must be a time."""
    try:
        expression = compile(text)
        return None if expression.names else wrong(str(expression.evaluate({})))
    except AlurError as why:
        return _LENGTH, {"why": why}


def _wrong_length(text: str) -> Wrong:
    try:
        duration = durations.parse(text)
    except AlurError as why:
        return _LENGTH, {"why": why}
    days = duration.weeks * 5 + duration.days + duration.minutes / _MINUTES_A_DAY
    return (_TOO_LONG, {"text": duration.iso}) if days > _MOST_DAYS else None


def _wrong_date(text: str) -> Wrong:
    if literal(text) is None:
        return _computed(text, _wrong_moment)
    return _wrong_moment(unquoted(text))


def _wrong_moment(text: str) -> Wrong:
    return None if _is_moment(text) else (_DATE, {"text": text[:60]})


def _wrong_cycle(text: str) -> Wrong:
    found = _CYCLE.fullmatch(text)
    if found is None or _wrong_length(found["every"]):
        return _REPEATS, {"text": text[:60]}
    return _wrong_moment(found["start"]) if found["start"] else None


def _wrong_opening(text: str) -> Wrong:
    """A timetable goes on for ever; nobody counts how many cases it has opened."""
    endless = text.startswith("R/") and not _wrong_cycle(text)
    if endless or _MONTHS.fullmatch(text) or _is_moment(text):
        return None
    return _OPENS, {"text": text[:60]}


def _wrong_timetable(event: Element) -> Wrong:
    mark = event.extension("pemicu") if event.kind == "startEvent" else None
    return None if mark is None else _wrong_opening(mark.get("siklus", ""))


def _is_moment(text: str) -> bool:
    try:
        return _FIRST <= datetime.fromisoformat(text).year < _LAST
    except ValueError:
        return False
