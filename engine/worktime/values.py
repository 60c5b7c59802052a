"""Plain values of a form: each is what it should be, or the error names its field."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar

from engine.worktime.errors import TooMany, UnknownField, WrongForm

_T = TypeVar("_T")
_CLOCK = re.compile(r"([01][0-9]|2[0-4])[:.]([0-5][0-9])(?::00)?")


def table(value: object, field: str, keys: Iterable[str]) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise WrongForm(field=field, expected="daftar isian bernama")
    for key in value:
        if key not in keys:
            raise UnknownField(field=field, key=key)
    return value


def rows(
    fields: Mapping[str, object],
    key: str,
    field: str,
    read_row: Callable[[object, str], _T],
    most: int,
) -> tuple[_T, ...]:
    found = items(fields.get(key, []), field, most)
    return tuple(read_row(row, f"{field} ke-{number}") for number, row in enumerate(found, 1))


def items(value: object, field: str, most: int) -> list[object]:
    if not isinstance(value, list | tuple):
        raise WrongForm(field=field, expected="daftar")
    if len(value) > most:
        raise TooMany(field=field, most=most)
    return list(value)


def pair(
    value: object, field: str, expected: str, read_one: Callable[[object, str], _T]
) -> tuple[_T, _T]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise WrongForm(field=field, expected=expected)
    return read_one(value[0], field), read_one(value[1], field)


def switch(fields: Mapping[str, object], key: str, field: str) -> bool:
    value = fields.get(key, True)
    if not isinstance(value, bool):
        raise WrongForm(field=field, expected="ya atau tidak")
    return value


def text(value: object, field: str) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= 200:
        raise WrongForm(field=field, expected="teks, paling panjang 200 huruf")
    return value.strip()


def minutes(value: object, field: str) -> int:
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    after_midnight = int(found[1]) * 60 + int(found[2]) if found else None
    if after_midnight is None or after_midnight > 24 * 60:
        raise WrongForm(field=field, expected="jam seperti 07:30")
    return after_midnight


def day(value: object, field: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise WrongForm(field=field, expected="tanggal seperti 2026-08-18") from None
