"""Write a share as officers do: `12,5 %`, and a dash where there is nothing to share."""

from babel.numbers import format_decimal

from web.i18n import locale


def percent(share: float | None) -> str:
    """Whole numbers, but for small shares that would look like none."""
    if share is None:
        return "–"
    value = share * 100
    digits = 1 if 0 < value < 10 else 0
    return f"{format_decimal(round(value, digits), locale=locale())} %"
