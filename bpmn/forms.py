"""What a step asks to be filled in, as its diagram declares it: fields, choices and columns."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

TEKS: Final = "teks"
ANGKA: Final = "angka"
TANGGAL: Final = "tanggal"
PILIHAN: Final = "pilihan"
TABEL: Final = "tabel"
BERKAS: Final = "berkas"
KINERJA: Final = "data-kinerja"

IN_A_CELL: Final = frozenset({TEKS, ANGKA, TANGGAL, PILIHAN})
WITH_ROWS: Final = frozenset({TABEL, KINERJA})
KINDS: Final = IN_A_CELL | WITH_ROWS | {BERKAS}

# What stands in the engine's data and in expressions must be a plain name.
KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
MOST_FIELDS: Final = 40


@dataclass(frozen=True, slots=True)
class Pilihan:
    """One answer among several; without a label its value is shown."""

    nilai: str = ""
    label: str = ""

    @property
    def text(self) -> str:
        return self.label or self.nilai


@dataclass(frozen=True, slots=True)
class Isian:
    """One field; `dari` names the step whose answer it begins with, `kolom` a table's columns."""

    kunci: str = ""
    label: str = ""
    jenis: str = TEKS
    wajib: bool = False
    petunjuk: str = ""
    minimal: str = ""
    maksimal: str = ""
    dari: str = ""
    pilihan: tuple[Pilihan, ...] = ()
    kolom: tuple["Isian", ...] = ()

    @property
    def text(self) -> str:
        return self.label or self.kunci

    @property
    def has_rows(self) -> bool:
        return self.jenis in WITH_ROWS


@dataclass(frozen=True, slots=True)
class Formulir:
    """All that a step asks for, in the order of the diagram."""

    isian: tuple[Isian, ...] = ()

    @property
    def is_wide(self) -> bool:
        """A table needs the whole width of the page."""
        return any(field.has_rows for field in self.isian)

    @property
    def takes_files(self) -> bool:
        return any(field.jenis == BERKAS for field in self.isian)

    def of_kind(self, jenis: str) -> tuple[Isian, ...]:
        return tuple(field for field in self.isian if field.jenis == jenis)


class BadBound(ValueError):
    """A `minimal` or `maksimal` that is none for its kind of field."""


def bound(jenis: str, text: str) -> Decimal | date | int | None:
    """The least or most a field takes: a number, a day, or how many letters, rows or files."""
    if not text:
        return None
    try:
        if jenis == ANGKA:
            return _finite(text)
        return date.fromisoformat(text) if jenis == TANGGAL else _count(text)
    except (ValueError, InvalidOperation) as wrong:
        raise BadBound(text) from wrong


def _finite(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise BadBound(text)
    return number


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise BadBound(text)
    return int(text)
