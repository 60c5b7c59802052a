"""The rows of a performance report: target and realisasi of each indicator, and its capaian."""

import re
from typing import Any, Final

from bpmn.errors import N_
from bpmn.forms import ANGKA, PILIHAN, Isian, Pilihan
from engine import numbers, performance
from engine.performance import RENTANG, Range, Rules, Target
from tasks.forms import cells, tables
from tasks.forms.problems import Place, Problem, Problems

DIRECTIONS: Final = (
    Pilihan(performance.NAIK, N_("Naik")),
    Pilihan(performance.TURUN, N_("Turun")),
    Pilihan(performance.RENTANG, N_("Rentang")),
)
TARGETS: Final = ("target_tahunan", "target_triwulan")
# The columns of the sources' form, and those it lacks: satuan, arah, bukti.
COLUMNS: Final = (
    Isian("sasaran", N_("Sasaran"), wajib=True, maksimal="500"),
    Isian("indikator", N_("Indikator Kinerja"), wajib=True, maksimal="500"),
    Isian("satuan", N_("Satuan"), wajib=True, maksimal="40"),
    Isian("arah", N_("Arah"), PILIHAN, wajib=True, pilihan=DIRECTIONS),
    Isian("target_tahunan", N_("Target Tahunan"), ANGKA),
    Isian("target_triwulan", N_("Target Triwulan"), ANGKA),
    Isian("realisasi", N_("Realisasi Triwulan"), ANGKA),
    Isian("keterangan", N_("Keterangan"), maksimal="1000"),
    Isian("bukti", N_("Bukti"), maksimal="300"),
)
_MEASURED: Final = "capaian"
_ENDS: Final = re.compile(
    r"(?P<lower>\S.*?)\s*(?:[\N{EN DASH}\N{EM DASH}]|s\.?\s*/?\s*d\.?|sampai|hingga|(?<=[\d%])\s*-)"
    r"\s*(?P<upper>.*\S)",
    re.IGNORECASE,
)


class NotARange(Problem):
    sentence = N_("Tulis target rentang sebagai dua angka, misalnya 7–8.")


class Reversed(Problem):
    sentence = N_("Batas bawah %(lower)s lebih besar daripada batas atas %(upper)s.")


class OnlyForRanges(Problem):
    sentence = N_("Dua angka hanya untuk arah Rentang. Tulis satu angka, atau ubah arahnya.")


class Unexplained(Problem):
    sentence = N_("Isi angkanya, atau tulis sebabnya di Keterangan.")


def rows(field: Isian, sent: object, rules: Rules, problems: Problems) -> list[dict[str, Any]]:
    """Checked rows with their capaian; an empty sasaran is that of the row above, as on paper."""
    kept: list[dict[str, Any]] = []
    for at, row in tables.filled(field, COLUMNS, sent, problems, without=_MEASURED):
        above = kept[-1]["sasaran"] if kept else ""
        if cells.is_blank(row.get("sasaran")):
            row = {**row, "sasaran": above}
        kept.append(_row((field.kunci, at), row, rules, problems))
    return kept


def _row(
    place: tuple[str, int], row: dict[str, Any], rules: Rules, problems: Problems
) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for column in COLUMNS:
        value, at = row.get(column.kunci), (*place, column.kunci)
        if column.kunci in TARGETS:
            kept[column.kunci] = _target(kept["arah"], value, problems, at)
        else:
            kept[column.kunci] = cells.value(column, value, problems, at)
    for key in ("target_triwulan", "realisasi"):
        if cells.is_blank(row.get(key)) and not kept["keterangan"]:
            problems.at((*place, key), Unexplained())
    return {**kept, _MEASURED: measured(kept, rules)}


def _target(arah: str | None, sent: object, problems: Problems, place: Place) -> Any:
    if cells.is_blank(sent):
        return None
    try:
        return kept_target(read_target(arah, sent))
    except (numbers.BadNumber, Problem) as problem:
        problems.at(place, problem)
        return None


def read_target(arah: str | None, sent: object) -> Target:
    """`80`, and for a range `7–8`, `7-8`, `7 s.d. 8` or `[7, 8]`."""
    ends = _ends(sent)
    if arah != RENTANG:
        if ends is not None:
            raise OnlyForRanges
        return numbers.of(sent)
    if ends is None:
        raise NotARange
    lower, upper = (numbers.of(end) for end in ends)
    if lower > upper:
        raise Reversed(lower=numbers.write(lower), upper=numbers.write(upper))
    return Range(lower, upper)


def _ends(sent: object) -> tuple[object, object] | None:
    if isinstance(sent, list) and len(sent) == 2:
        return sent[0], sent[1]
    if not isinstance(sent, str) or len(sent) > 100:
        return None
    found = _ENDS.fullmatch(sent.strip())
    return (found["lower"], found["upper"]) if found else None


def kept_target(target: Target) -> Any:
    if isinstance(target, Range):
        return [numbers.plain(target.lower), numbers.plain(target.upper)]
    return numbers.plain(target)


def target_of(kept: Any) -> Target | None:
    """The target as it is reckoned with, of the one that is kept."""
    if isinstance(kept, list):
        return Range(*(numbers.of(end) for end in kept))
    return None if kept is None else numbers.of(kept)


def measured(row: dict[str, Any], rules: Rules) -> int | float | None:
    """The capaian of a checked row, as it is kept with it."""
    percent = _capaian(row, rules).percent
    return None if percent is None else numbers.plain(percent)


def preview(row: dict[str, Any], rules: Rules) -> str:
    """The capaian of a row as it is being typed; nothing, as long as it cannot be reckoned."""
    try:
        target = read_target(row.get("arah"), row.get("target_triwulan") or "")
        actual = numbers.of(row.get("realisasi") or "")
    except (numbers.BadNumber, Problem):
        return ""
    percent = performance.capaian(row.get("arah") or "", target, actual, rules).percent
    return percent_text(percent, rules)


def percent_text(percent: Any, rules: Rules) -> str:
    """`96,05` and `100,00`: with the office's decimals, so that a column reads as one."""
    if percent is None:
        return ""
    whole, _comma, fraction = numbers.write(percent).partition(",")
    fraction = fraction.ljust(rules.desimal, "0")
    return f"{whole},{fraction}" if fraction else whole


def why_not(row: dict[str, Any], rules: Rules) -> str:
    """Why a checked row has no capaian."""
    return performance.WHY.get(_capaian(row, rules).why, "")


def _capaian(row: dict[str, Any], rules: Rules) -> performance.Capaian:
    actual = row.get("realisasi")
    return performance.capaian(
        row.get("arah") or "",
        target_of(row.get("target_triwulan")),
        None if actual is None else numbers.of(actual),
        rules,
    )


def written(value: Any) -> str:
    """A number or a range as it stands in a cell."""
    if isinstance(value, list):
        return "–".join(numbers.write(end) for end in value)
    return "" if value is None else numbers.write(value)


def carried_over(row: dict[str, Any]) -> dict[str, Any]:
    """A row for the next quarter: what is measured stays, what was measured goes."""
    stay = ("sasaran", "indikator", "satuan", "arah", "target_tahunan")
    return {
        column.kunci: row.get(column.kunci) if column.kunci in stay else None for column in COLUMNS
    }
