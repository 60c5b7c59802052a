"""What expressions may do with values: every operation is bounded and none calls foreign code."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite
from typing import Final

from bpmn.errors import N_
from bpmn.expressions.errors import Unfit

LARGEST: Final = 10**18
LONGEST_TEXT: Final = 10_000
LONGEST_LIST: Final = 1_000

Number = int | float

_DIGITS: Final = re.compile(r"[+-]?\d{1,19}", re.ASCII)


def kind(value: object) -> str:
    """What an officer would call this value."""
    if value is None:
        return N_("isian kosong")
    if isinstance(value, bool):
        return N_("ya/tidak")
    if isinstance(value, int | float):
        return N_("angka")
    if isinstance(value, str):
        return N_("teks")
    return N_("daftar") if isinstance(value, list) else N_("kumpulan data")


def number(value: object) -> Number:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(f"memerlukan angka, bukan {kind(value)}")
    if not (isfinite(value) if isinstance(value, float) else True) or abs(value) > LARGEST:
        raise Unfit(N_("angkanya terlalu besar"))
    return value


def yes(value: object) -> bool:
    """True or false; what was never filled in counts as no."""
    if value is None or isinstance(value, bool):
        return bool(value)
    raise Unfit(f"memerlukan ya/tidak, bukan {kind(value)}")


def _short(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise Unfit(N_("teksnya terlalu panjang"))
    return text


def _few(items: list[object]) -> list[object]:
    if len(items) > LONGEST_LIST:
        raise Unfit(N_("daftarnya terlalu panjang"))
    return items


def add(left: object, right: object) -> object:
    if isinstance(left, str) and isinstance(right, str):
        return _short(left + right)
    if isinstance(left, list) and isinstance(right, list):
        return _few(left + right)
    return number(number(left) + number(right))


def subtract(left: object, right: object) -> object:
    return number(number(left) - number(right))


def multiply(left: object, right: object) -> object:
    return number(number(left) * number(right))


def divide(left: object, right: object) -> object:
    return number(number(left) / _divisor(right))


def remainder(left: object, right: object) -> object:
    return number(number(left) % _divisor(right))


def _divisor(value: object) -> Number:
    if number(value) == 0:
        raise Unfit(N_("pembaginya nol"))
    return number(value)


def negative(value: object) -> object:
    return -number(value)


def no(value: object) -> bool:
    return not yes(value)


def equal(left: object, right: object) -> bool:
    # In Python True == 1; on a form "ya" is not the number 1.
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def unequal(left: object, right: object) -> bool:
    return not equal(left, right)


def _ordered(compare: Callable[[Number | str, Number | str], bool]) -> Callable[..., bool]:
    def ordered(left: object, right: object) -> bool:
        if isinstance(left, str) and isinstance(right, str):
            return compare(left, right)
        return compare(number(left), number(right))

    return ordered


less = _ordered(lambda left, right: left < right)  # type: ignore[operator]
at_most = _ordered(lambda left, right: left <= right)  # type: ignore[operator]
greater = _ordered(lambda left, right: left > right)  # type: ignore[operator]
at_least = _ordered(lambda left, right: left >= right)  # type: ignore[operator]


def within(item: object, container: object) -> bool:
    if isinstance(container, str) and isinstance(item, str):
        return item in container
    if isinstance(container, list):
        return any(equal(item, each) for each in container)
    if isinstance(container, Mapping) and isinstance(item, str):
        return item in container
    raise Unfit(f"{kind(item)} tidak dapat dicari dalam {kind(container)}")


def not_within(item: object, container: object) -> bool:
    return not within(item, container)


def member(container: object, key: object) -> object:
    """`Langkah_2.jumlah` and `Langkah_2['jumlah']`: what was never filled in is None."""
    if isinstance(container, Mapping) and isinstance(key, str):
        return container.get(key)
    if isinstance(container, list) and isinstance(key, int) and not isinstance(key, bool):
        return _at(container, key)
    raise Unfit(f"{kind(container)} tidak mempunyai bagian “{key!s:.40}”")


def _at(items: Sequence[object], index: int) -> object:
    if not -len(items) <= index < len(items):
        raise Unfit(f"daftarnya hanya berisi {len(items)}")
    return items[index]


def length(value: object) -> int:
    if isinstance(value, str | list | Mapping):
        return len(value)
    raise Unfit(f"{kind(value)} tidak mempunyai panjang")


def _items(*values: object) -> list[object]:
    items = values[0] if len(values) == 1 else list(values)
    if not isinstance(items, list):
        raise Unfit(f"memerlukan daftar, bukan {kind(items)}")
    if not items:
        raise Unfit(N_("daftarnya kosong"))
    return items


def smallest(*values: object) -> object:
    found, *rest = _items(*values)
    for item in rest:
        found = item if less(item, found) else found
    return found


def largest(*values: object) -> object:
    found, *rest = _items(*values)
    for item in rest:
        found = item if greater(item, found) else found
    return found


def total(values: object) -> object:
    result: Number = 0
    for value in _items(values) if values != [] else []:
        result = number(result + number(value))
    return result


def absolute(value: object) -> object:
    return abs(number(value))


def whole(value: object) -> object:
    """`int`: cuts off the fraction; reads digits."""
    if isinstance(value, str):
        if not _DIGITS.fullmatch(value.strip()):
            raise Unfit(N_("teksnya bukan bilangan bulat"))
        return number(int(value))
    return int(number(value))


def rounded(value: object, digits: object = 0) -> object:
    """Half away from zero, as every office rounds; Python rounds 2.5 to 2."""
    places = number(digits)
    if not isinstance(places, int) or not 0 <= places <= 10:
        raise Unfit(N_("banyaknya desimal harus 0 sampai 10"))
    unit = Decimal(1).scaleb(-places)
    result = Decimal(str(number(value))).quantize(unit, ROUND_HALF_UP)
    return float(result) if places else int(result)


def text(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(number(value))


FUNCTIONS: Final[Mapping[str, Callable[..., object]]] = {
    "len": length,
    "min": smallest,
    "max": largest,
    "int": whole,
    "str": text,
    "sum": total,
    "abs": absolute,
    "round": rounded,
}
