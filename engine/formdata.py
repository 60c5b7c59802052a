"""What a person or another system sends with a step: checked at the door, plain JSON behind it."""

import re
from collections.abc import Mapping
from math import isfinite
from typing import Any, Final

from bpmn.errors import N_, AlurError

LARGEST: Final = 256 * 1024
DEEPEST: Final = 20
LARGEST_NUMBER: Final = 10**18

_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
# Beside the fields stand the engine's own answers.
_BESIDE: Final = frozenset({"outcome", "reason"})
# At this word a library takes what it reads for one of its own objects.
_ANYWHERE: Final = frozenset({"typename"})
# A form's line breaks and tabs are welcome; PostgreSQL takes no NUL, and half a character is none.
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class BadData(AlurError):
    """What was sent cannot be kept; `field` says where."""

    status = 422

    def __init__(self, field: str = "", **facts: object) -> None:
        super().__init__(field=field, **facts)
        self.field = field


class NoFields(BadData):
    sentence = N_("Data langkah harus berupa isian dengan nama dan nilainya.")


class BadName(BadData):
    sentence = N_(
        "Nama isian “%(field)s” tidak dapat dipakai: tulis paling banyak 64 huruf, angka, garis "
        "bawah atau tanda hubung, dan mulai dengan huruf."
    )


class ReservedName(BadData):
    sentence = N_("Nama isian “%(field)s” milik sistem. Pakai nama lain.")


class NotPlain(BadData):
    sentence = N_(
        "Nilai isian “%(field)s” tidak dapat disimpan: kirim teks, angka, ya/tidak atau daftar."
    )


class BadNumber(BadData):
    sentence = N_("Angka pada isian “%(field)s” bukan angka biasa atau terlalu besar.")


class BadText(BadData):
    sentence = N_("Teks pada isian “%(field)s” memuat karakter yang tidak dapat disimpan.")


class TooDeep(BadData):
    sentence = N_("Isian “%(field)s” bertingkat terlalu dalam: paling banyak %(most)s tingkat.")


class TooLarge(BadData):
    sentence = N_(
        "Data langkah terlalu besar: sampai isian “%(field)s” sudah lebih dari %(most)s KB. "
        "Lampirkan yang besar sebagai berkas."
    )


def check(data: object) -> dict[str, Any]:
    """A copy that can be kept, or `BadData` with the field that cannot."""
    if not isinstance(data, Mapping):
        raise NoFields
    return _Copy().fields(data, "", 1)


class _Copy:
    """Counts what it copies, so that a bomb is left lying before it is unpacked."""

    def __init__(self) -> None:
        self._size = 0

    def fields(self, data: Mapping[Any, Any], around: str, depth: int) -> dict[str, Any]:
        copied = {}
        for key, value in data.items():
            at = around + (key[:80] if isinstance(key, str) else type(key).__name__)
            _refuse_name(key, at, is_outermost=depth == 1)
            self._weigh(len(key) + 4, at)
            copied[str(key)] = self.value(value, at, depth)
        return copied

    def value(self, value: object, at: str, depth: int) -> Any:
        self._weigh(3, at)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            return self._number(value, at)
        return self._text(value, at) if isinstance(value, str) else self._nest(value, at, depth)

    def _nest(self, value: object, at: str, depth: int) -> Any:
        if depth == DEEPEST:
            raise TooDeep(_short(at), most=DEEPEST)
        if isinstance(value, Mapping):
            return self.fields(value, f"{at}.", depth + 1)
        if isinstance(value, list | tuple):
            return [self.value(each, f"{at}[{n}]", depth + 1) for n, each in enumerate(value)]
        raise NotPlain(_short(at))

    def _number(self, value: float, at: str) -> float:
        # NaN and Infinity are no JSON, and what reads the state holds no larger integer.
        if (isinstance(value, float) and not isfinite(value)) or abs(value) > LARGEST_NUMBER:
            raise BadNumber(_short(at))
        self._weigh(len(str(value)), at)
        return value

    def _text(self, text: str, at: str) -> str:
        # Weighed first: looking through a huge text takes time as well.
        self._weigh(len(text), at)
        if _UNFIT.search(text):
            raise BadText(_short(at))
        self._weigh(len(text.encode()) - len(text), at)
        return str(text)

    def _weigh(self, size: int, at: str) -> None:
        self._size += size
        if self._size > LARGEST:
            raise TooLarge(_short(at), most=LARGEST // 1024)


def _refuse_name(key: object, at: str, is_outermost: bool) -> None:
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise BadName(_short(at))
    if key.startswith("__") or key in _ANYWHERE or (is_outermost and key in _BESIDE):
        raise ReservedName(_short(at))


def _short(at: str) -> str:
    seen = "".join(each if each.isprintable() else "·" for each in at[:81])
    return seen if len(seen) <= 80 else seen[:79] + "…"
