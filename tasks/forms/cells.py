"""One value of a form: text, number, day, choice or files, typed by a person or sent as JSON."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from bpmn import forms
from bpmn.forms import Isian
from engine import numbers
from tasks.forms.problems import (
    NoFiles,
    NotAChoice,
    NotADay,
    NotText,
    Place,
    Problem,
    Problems,
    Required,
    TooEarly,
    TooLarge,
    TooLate,
    TooLong,
    TooManyFiles,
    TooShort,
    TooSmall,
)

LONGEST_TEXT: Final = 2_000
MOST_FILES: Final = 20

_MONTHS: Final = (
    *("januari", "februari", "maret", "april", "mei", "juni"),
    *("juli", "agustus", "september", "oktober", "november", "desember"),
)
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_LOCAL: Final = re.compile(
    r"(\d{1,2})\s*[-/. ]\s*(\d{1,2}|[a-z]{3,9})\s*[-/. ]\s*(\d{4})", re.ASCII
)


def value(field: Isian, sent: object, problems: Problems, place: Place) -> Any:
    """The value as it is kept, or `None` with a problem noted."""
    if is_blank(sent):
        if field.wajib:
            problems.at(place, Required())
        return "" if field.jenis == forms.TEKS else None
    try:
        return _READERS[field.jenis](field, sent)
    except (numbers.BadNumber, Problem) as problem:
        problems.at(place, problem)
        return None


def is_blank(sent: object) -> bool:
    return sent is None or (isinstance(sent, str) and not sent.strip())


def text(field: Isian, sent: object) -> str:
    if not isinstance(sent, str):
        raise NotText
    written = "\n".join(line.rstrip() for line in sent.strip().splitlines())
    least, most = (forms.bound(field.jenis, each) for each in (field.minimal, field.maksimal))
    most = most if isinstance(most, int) else LONGEST_TEXT
    if len(written) > most:
        raise TooLong(most=most, length=len(written))
    if isinstance(least, int) and len(written) < least:
        raise TooShort(least=least, length=len(written))
    return written


def number(field: Isian, sent: object) -> int | float:
    found = numbers.of(sent)
    least, most = (forms.bound(field.jenis, each) for each in (field.minimal, field.maksimal))
    if isinstance(least, Decimal) and found < least:
        raise TooSmall(least=numbers.write(least))
    if isinstance(most, Decimal) and found > most:
        raise TooLarge(most=numbers.write(most))
    return numbers.plain(found)


def day(field: Isian, sent: object) -> str:
    found = read_day(sent) if isinstance(sent, str) else None
    if found is None:
        raise NotADay(text=str(sent)[:40])
    least, most = (forms.bound(field.jenis, each) for each in (field.minimal, field.maksimal))
    if isinstance(least, date) and found < least:
        raise TooEarly(least=write_day(least))
    if isinstance(most, date) and found > most:
        raise TooLate(most=write_day(most))
    return found.isoformat()


def read_day(text: str) -> date | None:
    """`2026-03-31`, `31/3/2026`, `31-03-2026`, `31 Maret 2026`, `31 Mar 2026`."""
    bare = text.strip().casefold()
    if iso := _ISO.fullmatch(bare):
        return _date(iso[1], iso[2], iso[3])
    if local := _LOCAL.fullmatch(bare):
        return _date(local[3], _month(local[2]), local[1])
    return None


def _month(text: str) -> str:
    """`3`, `maret`, `mar`; nothing for what is no month or could be two."""
    known = [str(at) for at, name in enumerate(_MONTHS, 1) if name.startswith(text)]
    return text if text.isdigit() else known[0] if len(known) == 1 else "0"


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def write_day(day: date) -> str:
    """`31 Maret 2026`"""
    return f"{day.day} {_MONTHS[day.month - 1].capitalize()} {day.year}"


def choice(field: Isian, sent: object) -> str:
    if sent not in [one.nilai for one in field.pilihan]:
        raise NotAChoice
    return str(sent)


def files(
    field: Isian, attached: list[dict[str, Any]], problems: Problems, place: Place
) -> list[dict[str, Any]]:
    least, most = counts(field, MOST_FILES)
    if len(attached) < least:
        problems.at(place, NoFiles(least=least, count=len(attached)))
    if len(attached) > most:
        problems.at(place, TooManyFiles(most=most, count=len(attached)))
    return attached


def counts(field: Isian, most: int) -> tuple[int, int]:
    """How many rows or files a field takes."""
    lower, upper = (forms.bound(field.jenis, each) for each in (field.minimal, field.maksimal))
    least = lower if isinstance(lower, int) else int(field.wajib)
    return least, min(upper, most) if isinstance(upper, int) else most


_READERS: Final[Mapping[str, Callable[[Isian, object], Any]]] = {
    forms.TEKS: text,
    forms.ANGKA: number,
    forms.TANGGAL: day,
    forms.PILIHAN: choice,
}
