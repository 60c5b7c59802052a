"""How the cases of an SOP are called: `Data kinerja {triwulan} {tahun}`, out of its start form."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

# Out of the day a case starts, where its form asks for no field of that name.
OF_THE_DAY: Final = frozenset({"tanggal", "bulan", "triwulan", "tahun"})

_NAME: Final = re.compile(r"\{([^{}]*)\}")
_MONTHS: Final = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
_QUARTERS: Final = ("I", "II", "III", "IV")


def names(rule: str) -> tuple[str, ...]:
    """What stands in braces, in order."""
    return tuple(name.strip() for name in _NAME.findall(rule))


def is_broken(rule: str) -> bool:
    """A brace without its other half."""
    return bool(set("{}") & set(_NAME.sub("", rule)))


def of_day(day: date) -> dict[str, str]:
    month = _MONTHS[day.month - 1]
    return {
        "tanggal": f"{day.day} {month} {day.year}",
        "bulan": month,
        "triwulan": _QUARTERS[(day.month - 1) // 3],
        "tahun": str(day.year),
    }


def compose(rule: str, words: Mapping[str, str]) -> str:
    """The title; what nobody said leaves no gap."""
    title = _NAME.sub(lambda found: words.get(found[1].strip(), ""), rule)
    return " ".join(title.split())
