"""The things a step needs, one by one, out of the one sentence in which an SOP lists them."""

import re
from typing import Final

_LINES: Final = re.compile(r"[;\n•]+")
_COMMAS: Final = re.compile(r",(?![^(]*\))(?!\d)")
# Behind two commas the last "dan" ends the list; elsewhere it may join one thing ("data dan
# informasi", "surat masuk dan disposisi"), and nobody but its author could tell.
_LAST: Final = re.compile(r"^(?:dan|serta|atau)\s+|\s+(?:dan|serta)\s+", re.IGNORECASE)
_NUMBER: Final = re.compile(r"^\s*(?:\d{1,2}|[a-z])[.)]\s+", re.IGNORECASE)
# What begins so tells more of what stands before the comma.
_TELLS_MORE: Final = re.compile(r"(?:yang|sesuai|untuk|dengan|oleh)\b", re.IGNORECASE)


def items(text: str | None) -> tuple[str, ...]:
    """`Renstra, IKU, PK, target tahunan dan target triwulan` is five; a sentence is one."""
    lines = [part for part in _LINES.split(text or "") if part.strip(" .,-")]
    parts = lines if len(lines) > 1 else _listed(lines[0]) if lines else []
    bare = (_NUMBER.sub("", part).strip(" \t.,-") for part in parts)
    return tuple(dict.fromkeys(" ".join(part.split()) for part in bare if part))


def _listed(line: str) -> list[str]:
    parts: list[str] = []
    for part in _COMMAS.split(line):
        if parts and _TELLS_MORE.match(part.strip()):
            parts[-1] += f",{part}"
        else:
            parts.append(part)
    if len(parts) > 2:
        parts[-1:] = [each for each in _LAST.split(parts[-1].strip(), maxsplit=1) if each]
    return parts
