"""Rows copied out of a spreadsheet: known by their headings, or by how many columns there are."""

import csv
import re
from collections.abc import Iterable
from typing import Any, Final

from bpmn.errors import N_
from bpmn.forms import KINERJA, PILIHAN, Isian
from engine.numbers import BadNumber
from engine.performance import NAIK, RENTANG
from tasks.forms import cells, indicators
from tasks.forms.problems import Problem, TooManyRows
from tasks.forms.tables import MOST_ROWS

LONGEST: Final = 400_000

_SKIPPED: Final = frozenset({"no", "nomor", "capaian", "predikat", "unit"})
# By how a heading begins, once it is bare letters; the longer first. `realiasi`: so in a source.
_HEADINGS: Final = {
    "sasaran": "sasaran",
    "indikator": "indikator",
    "satuan": "satuan",
    "arah": "arah",
    "targettriwulan": "target_triwulan",
    "targettw": "target_triwulan",
    "targettahun": "target_tahunan",
    "target": "target_triwulan",
    "realisasi": "realisasi",
    "realiasi": "realisasi",
    "keterangan": "keterangan",
    "bukti": "bukti",
}
_SHORT_FORM: Final = (
    *("sasaran", "indikator", "target_tahunan", "target_triwulan", "realisasi", "keterangan"),
)
_LONG_FORM: Final = tuple(column.kunci for column in indicators.COLUMNS)
_DIRECTIONS: Final = {
    **dict.fromkeys(("naik", "maks", "maksimal", "maksimasi", "maximize", "positif"), "naik"),
    **dict.fromkeys(("turun", "min", "minimal", "minimasi", "minimize", "negatif"), "turun"),
    **dict.fromkeys(("rentang", "range", "stabil"), "rentang"),
}
# `100 %`, `3 desa`, and of a range `14–20 hari` or `7 s.d. 8 bulan`.
_WITH_UNIT: Final = re.compile(
    r"([\d.,]+(?:\s*(?:[–—-]|s\.?\s*/?\s*d\.?|sampai|hingga)\s*[\d.,]+)?)\s*([^\d.,\s–—-][^\d]*)"
)


class NothingPasted(Problem):
    sentence = N_("Tempel dahulu baris-baris dari lembar kerja, lalu masukkan.")


class TooMuchPasted(Problem):
    sentence = N_("Yang ditempel terlalu panjang. Salin hanya baris data, paling banyak %(most)s.")


class UnknownColumns(Problem):
    sentence = N_(
        "Yang ditempel mempunyai %(count)s kolom. Salin beserta judul kolomnya, atau ikuti "
        "urutan kolom formulir ini."
    )


def read(field: Isian, text: str) -> list[dict[str, str]]:
    """The rows as they would have been typed."""
    if len(text) > LONGEST:
        raise TooMuchPasted(most=MOST_ROWS)
    lines = [line for line in _lines(text) if any(cell.strip() for cell in line)]
    if not lines:
        raise NothingPasted
    if len(lines) > MOST_ROWS + 1:
        raise TooManyRows(count=len(lines), most=MOST_ROWS)
    return _indicators(lines) if field.jenis == KINERJA else _table(field, lines)


def _lines(text: str) -> Iterable[list[str]]:
    try:
        return [*csv.reader(text.splitlines(keepends=True), delimiter="\t")]
    except csv.Error:
        return [line.split("\t") for line in text.splitlines()]


def _table(field: Isian, lines: list[list[str]]) -> list[dict[str, str]]:
    keys = [column.kunci for column in field.kolom]
    titles = [_bare(column.text) for column in field.kolom]
    if [_bare(cell) for cell in lines[0]] == titles:
        lines = lines[1:]
    return [_row(_fitting(line, len(keys)), keys) for line in lines]


def _indicators(lines: list[list[str]]) -> list[dict[str, str]]:
    keys = _headings(lines[0])
    if keys:
        lines = lines[1:]
    else:
        keys = _by_count(lines)
    rows = [_completed(_row(line, keys)) for line in lines if not _is_numbering(line)]
    return [row for row in rows if any(row[key] for key in row if key != "arah")]


def _headings(line: list[str]) -> list[str]:
    """The keys of the columns, where the first line says what they are."""
    keys = [_heading(cell) for cell in line]
    return keys if {"indikator", "sasaran"} & {*keys} and len({*keys} - {""}) > 1 else []


def _heading(cell: str) -> str:
    bare = _bare(cell)
    if bare in _SKIPPED:
        return ""
    return next((key for start, key in _HEADINGS.items() if bare.startswith(start)), "")


def _bare(cell: str) -> str:
    return re.sub(r"[^a-z0-9]", "", cell.casefold())


def _by_count(lines: list[list[str]]) -> list[str]:
    width = max(map(len, lines))
    numbered = all(re.fullmatch(r"\s*\d*[.)]?\s*", line[0]) for line in lines)
    for known in (_SHORT_FORM, _LONG_FORM):
        if width == len(known) + numbered:
            return ["", *known] if numbered else [*known]
    raise UnknownColumns(count=width)


def _is_numbering(line: list[str]) -> bool:
    """Forms number their columns in a line of its own: (1) (2) (3) …"""
    written = [re.sub(r"\D", "", cell) for cell in line if cell.strip()]
    bare = all(re.fullmatch(r"\s*\(?\d+\)?\s*", cell) for cell in line if cell.strip())
    return bare and len(written) > 2 and written == [str(at + 1) for at in range(len(written))]


def _fitting(line: list[str], width: int) -> list[str]:
    if len(line) > width and any(cell.strip() for cell in line[width:]):
        raise UnknownColumns(count=len(line))
    return line


def _row(line: list[str], keys: list[str]) -> dict[str, str]:
    cells_ = [*line, *[""] * len(keys)]
    return {key: cell.strip() for key, cell in zip(keys, cells_, strict=False) if key}


def _completed(row: dict[str, str]) -> dict[str, str]:
    """What the sources' form leaves unsaid: the unit stands in the target, the range shows."""
    row = {key: row.get(key, "") for key in _LONG_FORM}
    for key in ("target_tahunan", "target_triwulan", "realisasi"):
        if found := _WITH_UNIT.fullmatch(row[key]):
            row[key], row["satuan"] = found[1], row["satuan"] or found[2].strip()
        elif row[key].endswith("%"):
            row["satuan"] = row["satuan"] or "%"
    row["arah"] = _DIRECTIONS.get(_bare(row["arah"]), row["arah"])
    return row


def _direction(row: dict[str, str]) -> str:
    """A range can be told from its target; of the others higher is nearly always better."""
    try:
        indicators.read_target(RENTANG, row["target_triwulan"])
    except (BadNumber, Problem):
        return NAIK
    return RENTANG


def merge(
    field: Isian, rows: list[dict[str, Any]], pasted: list[dict[str, str]]
) -> list[dict[str, Any]]:
    """Put pasted rows to those of the same indicator, and the new ones behind."""
    columns = indicators.COLUMNS if field.jenis == KINERJA else field.kolom
    if field.jenis != KINERJA:
        return [*_written(columns, rows), *pasted]
    merged = [dict(row) for row in _written(columns, rows)]
    known = {_name(row): row for row in merged if _name(row)}
    for row in pasted:
        there = known.get(_name(row))
        if there is None:
            merged.append({**row, "arah": row["arah"] or _direction(row)})
        else:
            there.update({key: text for key, text in row.items() if text})
    return merged


def _written(columns: tuple[Isian, ...], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    texts = [column.kunci for column in columns if column.jenis != PILIHAN]
    return [row for row in rows if not all(cells.is_blank(row.get(key)) for key in texts)]


def _name(row: dict[str, Any]) -> str:
    return " ".join(str(row.get("indikator", "")).casefold().split())
