"""Read a day as browsers send it, or as people write it where the browser has no calendar."""

import re
from datetime import date
from typing import Final

_WRITTEN: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", re.ASCII)


def read(text: str) -> date | None:
    """`2026-03-16` or `16-3-2026`; what is no day is none."""
    text = text.strip()
    try:
        if written := _WRITTEN.fullmatch(text):
            day, month, year = map(int, written.groups())
            return date(year, month, day)
        return date.fromisoformat(text) if len(text) == len("2026-03-16") else None
    except ValueError:
        return None
