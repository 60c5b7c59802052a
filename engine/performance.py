"""How far a target was reached (capaian): the arithmetic of a performance report, and its rules.

Higher is better (naik): R / T x 100. Lower is better (turun): (T - (R - T)) / T x 100. For a range
(rentang), within it is 100; above it, the upper bound is the T of the second formula; below it,
the lower bound is the T of the first. Target 7-8 months, actual 9: (8 - (9 - 8)) / 8 = 87.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, Final

from bpmn.errors import N_, AlurError
from engine import numbers

NAIK: Final = "naik"
TURUN: Final = "turun"
RENTANG: Final = "rentang"
DIRECTIONS: Final = (NAIK, TURUN, RENTANG)

# What a target of zero, which nothing can be divided by, is worth.
NOT_COUNTED: Final = "tidak-dihitung"
FULL_IF_NOUGHT: Final = "seratus-bila-nol"  # 100 if nothing happened, else not counted
FULL_IF_REACHED: Final = "seratus-bila-tercapai"  # 100 if reached, else 0
ZERO_RULES: Final = (NOT_COUNTED, FULL_IF_NOUGHT, FULL_IF_REACHED)

_HUNDRED: Final = Decimal(100)
_MOST_DECIMALS: Final = 6

WHY: Final = {
    "no-actual": N_("realisasi belum diisi"),
    "no-target": N_("target belum diisi"),
    "zero-target": N_("target nol tidak dihitung"),
    "negative-target": N_("target negatif tidak dihitung"),
}


class BadRules(AlurError):
    """The office's rules for capaian do not make sense."""

    sentence = N_("Aturan capaian: “%(name)s” tidak boleh bernilai “%(value)s”.")


@dataclass(frozen=True)
class Range:
    """A target to stay within, both ends included."""

    lower: Decimal
    upper: Decimal


Target = Decimal | Range


@dataclass(frozen=True)
class Rules:
    """What agencies settle for themselves; without more, the formulas stand as they are."""

    nol: str = NOT_COUNTED
    paling_rendah: Decimal | None = None
    paling_tinggi: Decimal | None = None
    desimal: int = 2
    # The least of each band with its name, the best first: ((91, "sangat tinggi"), …).
    predikat: tuple[tuple[Decimal, str], ...] = ()

    def band(self, capaian: Decimal) -> str:
        """What the office calls so much; nothing, where it has no bands."""
        return next((name for least, name in self.predikat if capaian >= least), "")

    def to_dict(self) -> dict[str, Any]:
        return {
            "nol": self.nol,
            "paling_rendah": _kept(self.paling_rendah),
            "paling_tinggi": _kept(self.paling_tinggi),
            "desimal": self.desimal,
            "predikat": [[numbers.plain(least), name] for least, name in self.predikat],
        }


@dataclass(frozen=True)
class Capaian:
    """The percentage, or why there is none."""

    percent: Decimal | None
    why: str = ""


def rules(stored: Mapping[str, Any]) -> Rules:
    """The rules as an office keeps them; what it does not say is as usual."""
    known = Rules.__dataclass_fields__
    for name in stored:
        if name not in known:
            raise BadRules(name=name, value=stored[name])
    nol, places = stored.get("nol", NOT_COUNTED), stored.get("desimal", 2)
    if nol not in ZERO_RULES:
        raise BadRules(name="nol", value=nol)
    if type(places) is not int or not 0 <= places <= _MOST_DECIMALS:
        raise BadRules(name="desimal", value=places)
    lowest, highest = _limit(stored, "paling_rendah"), _limit(stored, "paling_tinggi")
    if lowest is not None and highest is not None and lowest > highest:
        raise BadRules(name="paling_rendah", value=lowest)
    return Rules(nol, lowest, highest, places, _bands(stored.get("predikat", ())))


def capaian(
    direction: str, target: Target | None, actual: Decimal | None, rules: Rules | None = None
) -> Capaian:
    """How far the target was reached, under the office's rules."""
    if target is None:
        return Capaian(None, "no-target")
    if actual is None:
        return Capaian(None, "no-actual")
    rules = rules or Rules()
    with localcontext() as context:
        context.prec = 60  # two numbers of 15 digits, divided and rounded, stay exact enough
        return _measured(direction, target, actual, rules)


def _measured(direction: str, target: Target, actual: Decimal, rules: Rules) -> Capaian:
    if isinstance(target, Range):
        if target.lower <= actual <= target.upper:
            return Capaian(_settled(_HUNDRED, rules))
        above = actual > target.upper
        direction, target = (TURUN, target.upper) if above else (NAIK, target.lower)
    if target < 0:
        return Capaian(None, "negative-target")
    if target == 0:
        return _of_nothing(direction, actual, rules)
    reached = actual if direction != TURUN else target - (actual - target)
    return Capaian(_settled(reached / target * _HUNDRED, rules))


def _of_nothing(direction: str, actual: Decimal, rules: Rules) -> Capaian:
    reached = actual <= 0 if direction == TURUN else actual >= 0
    if rules.nol == FULL_IF_REACHED:
        return Capaian(_settled(_HUNDRED if reached else Decimal(0), rules))
    if rules.nol == FULL_IF_NOUGHT and actual == 0:
        return Capaian(_settled(_HUNDRED, rules))
    return Capaian(None, "zero-target")


def _settled(percent: Decimal, rules: Rules) -> Decimal:
    """Within the office's limits, rounded as people round: a half goes up."""
    if rules.paling_tinggi is not None:
        percent = min(percent, rules.paling_tinggi)
    if rules.paling_rendah is not None:
        percent = max(percent, rules.paling_rendah)
    return percent.quantize(Decimal(1).scaleb(-rules.desimal), ROUND_HALF_UP)


def _limit(stored: Mapping[str, Any], name: str) -> Decimal | None:
    value = stored.get(name)
    try:
        return None if value is None else numbers.of(value)
    except numbers.BadNumber:
        raise BadRules(name=name, value=value) from None


def _bands(stored: Any) -> tuple[tuple[Decimal, str], ...]:
    try:
        bands = [(numbers.of(least), str(name)) for least, name in stored]
    except (TypeError, ValueError, numbers.BadNumber):
        raise BadRules(name="predikat", value=stored) from None
    return tuple(sorted(bands, reverse=True))


def _kept(number: Decimal | None) -> int | float | None:
    return None if number is None else numbers.plain(number)
