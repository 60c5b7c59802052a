"""Foretell how a modeller breaks and measures a label, so that room for it can be kept."""

import math
import re
from typing import Final

# bpmn-js writes inside shapes in 12 px and beside them in 11 px, with 1.2 as line height.
INSIDE: Final = 12
BESIDE: Final = 11
_LINE: Final = 1.2

# Arial's advance widths in thousandths of the font size.
_WIDTHS: Final = {
    letter: width
    for width, letters in {
        191: "'",
        222: "ijl",
        278: " !,./:;I[]\\ft|",
        333: "()-`r{}",
        355: '"',
        389: "*",
        500: "Jckvxyzs",
        556: "0123456789#$?_Labdeghnopqu",
        584: "+<=>~",
        611: "FTZ",
        667: "&ABEKPSVXY",
        722: "CDHNRUw",
        778: "GOQ",
        833: "Mm",
        889: "%",
        944: "W",
        1015: "@",
    }.items()
    for letter in letters
}
_UNKNOWN: Final = 620
# DejaVu, which a bare Linux draws with for want of Arial, is so much wider.
_SLACK: Final = 1.18
_BREAKS: Final = re.compile(r"(\s|-|\u00ad)")


def width(text: str, font: int = BESIDE) -> float:
    """Pixels that one line of text needs."""
    return sum(_WIDTHS.get(letter, _UNKNOWN) for letter in text.rstrip()) * font * _SLACK / 1000


def height(lines: int, font: int = BESIDE) -> int:
    """Pixels that so many lines need."""
    return math.ceil(lines * font * _LINE)


def wrap(text: str, limit: float, font: int = BESIDE) -> list[str]:
    """The lines bpmn-js makes of a text; it breaks by share of letters, not by exact width."""
    lines = []
    for paragraph in re.split(r"\u00ad?\r?\n", text.strip()):
        rest = paragraph
        while rest:
            line = _first_line(rest, limit, font)
            lines.append(line)
            rest = rest[len(line) :].strip()
    return lines


def measure(text: str, limit: float, font: int = BESIDE) -> tuple[int, int]:
    """Width and height of a text wrapped at `limit` without cutting a word.

    The width is safe to wrap at again.
    """
    limit = max(limit, narrowest(text, font))
    lines = wrap(text, limit, font)
    widest = max((width(line, font) for line in lines), default=0.0)
    # Breaking by share of letters is jumpy: a box as wide as its lines may break anew.
    narrow = (size for size in range(math.ceil(widest) + 2, math.ceil(limit), 2))
    kept = next((size for size in narrow if wrap(text, size, font) == lines), None)
    return kept or math.ceil(max(limit, widest)), height(len(lines), font)


def widest_word(text: str, font: int = BESIDE) -> int:
    """Below this width a word would be cut."""
    return max((math.ceil(width(word, font)) + 2 for word in re.split(r"[\s-]", text)), default=0)


def narrowest(text: str, font: int = BESIDE) -> int:
    """The limit below which `measure` does not go; breaking by share of letters wants slack."""
    return math.ceil(widest_word(text, font) * 1.1 + 6) if text else 0


def _first_line(text: str, limit: float, font: int) -> str:
    line = text
    while len(line) > 1 and (needed := width(line, font)) > limit:
        line = _shorten(line, max(len(line) * limit / needed, 1))
    return line


def _shorten(line: str, letters: float) -> str:
    kept, length = [], 0
    for part in _BREAKS.split(line):
        if length + len(part) >= letters:
            break
        kept.append(part)
        length += len(part)
    if not "".join(kept).strip():
        return line[: max(round(letters - 1), 1)]
    return "".join(kept)
