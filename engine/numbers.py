"""Numbers as an office writes them, `1.250,5`: read exactly, kept in JSON, shown again."""

import re
from decimal import Decimal
from typing import Final

from bpmn.errors import N_, AlurError

# More than these a JSON number does not carry unharmed.
MOST_DIGITS: Final = 15
_SHOWN: Final = 40
_CURRENCY: Final = re.compile(r"^Rp\.?\s*", re.IGNORECASE)
# A group of thousands never begins with 0: `0.500` was meant by an English spreadsheet.
_WRITTEN: Final = re.compile(r"[+-]?(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,\d+)?", re.ASCII)


class BadNumber(AlurError):
    """What was typed stands for no number we could keep."""


class NotANumber(BadNumber):
    sentence = N_("“%(text)s” bukan angka. Tulis misalnya 1.250,5 dengan koma untuk pecahan.")


class TooManyDigits(BadNumber):
    sentence = N_("Angka “%(text)s” terlalu panjang: paling banyak %(most)s angka.")


def read(text: str) -> Decimal:
    """`1.250,5`, `87,5 %` and `Rp 1.000`; `12.5` is refused, for nobody knows who wrote it."""
    bare = _CURRENCY.sub("", text.strip()).replace("\N{MINUS SIGN}", "-")
    bare = bare.removesuffix("%").strip()
    if not _WRITTEN.fullmatch(bare):
        raise NotANumber(text=_short(text))
    return _kept(bare.replace(".", "").replace(",", "."), text)


def of(value: object) -> Decimal:
    """A number as JSON has it, or as it was typed."""
    if isinstance(value, str):
        return read(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise NotANumber(text=_short(str(value)))
    if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
        raise TooManyDigits(text="…", most=MOST_DIGITS)
    return _kept(repr(value) if isinstance(value, float) else str(value), str(value))


def _kept(plain: str, text: str) -> Decimal:
    number = Decimal(plain)
    if not number.is_finite():
        raise NotANumber(text=_short(text))
    number = number.normalize()
    _, digits, exponent = number.as_tuple()
    size = len(digits) + max(int(exponent), 0)
    if size > MOST_DIGITS or int(exponent) < -MOST_DIGITS:
        raise TooManyDigits(text=_short(text), most=MOST_DIGITS)
    return number + 0  # no negative zero


def plain(number: Decimal) -> int | float:
    """As JSON keeps it."""
    return int(number) if number == number.to_integral_value() else float(number)


def write(number: Decimal | int | float) -> str:
    """`1250.5` is `1.250,5`; what is written so is read as the same number."""
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    words = f"{exact.normalize():,f}"
    return words.translate(str.maketrans(",.", ".,"))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
