"""Rows out of a spreadsheet: a workbook, a CSV file, or cells that were copied; bounded throughout.

Nothing of a file is believed: not its name, not the size it says it unpacks to, not its dates.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO, Any, Final

import openpyxl

from bpmn.errors import N_, AlurError
from engine import filetypes

Cell = str | int | float

LARGEST: Final = 4 << 20
MOST_ROWS: Final = 1_000
# Empty rows between them count here: a sheet can have a million.
LONGEST: Final = 20_000
MOST_COLUMNS: Final = 60
LONGEST_CELL: Final = 4_000

# Empty cells count here.
_WIDEST: Final = 1_000
_MOST_PARTS: Final = 500
_UNPACKED: Final = 60 << 20
# Not its bytes but its tags make a reader work: 17 kB of empty styles kept one busy for minutes.
_MOST_TAGS: Final = 600_000  # in a sheet
_MOST_OTHER_TAGS: Final = 40_000  # in all that is not one
_CELLS: Final = re.compile(r"xl/(worksheets/[^/]+|sharedStrings)\.xml")
# Whoever writes a workbook writes this; in other alphabets a tag could look like none.
_STRANGE: Final = re.compile(rb"<\?xml[^>]{0,100}encoding\s*=\s*.(?!utf-8)", re.IGNORECASE)
# Beyond, neither a spreadsheet nor JSON knows a number to its last digit.
_LARGEST_NUMBER: Final = 2**53
# The other ways of packing cannot be unpacked bit by bit: a few bytes become gigabytes at once.
_PACKED: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# A workbook needs none; what declares one means to multiply it.
_DECLARES: Final = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E")
_BREAKS: Final = zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError
_SEPARATORS: Final = ";\t,"


class SheetError(AlurError):
    """A spreadsheet that is not taken; nothing of it is kept."""

    status = 422
    field = "file"


class NothingThere(SheetError):
    sentence = N_("Pilih berkas .xlsx atau .csv, atau tempel baris-barisnya.")


class WrongKind(SheetError):
    sentence = N_(
        "“%(name)s” tidak dapat dibaca. Simpan sebagai .xlsx atau .csv, lalu unggah lagi."
    )


class TooLarge(SheetError):
    sentence = N_("“%(name)s” terlalu besar: paling besar %(most)s MB. Bagi menjadi beberapa.")


class Swells(SheetError):
    sentence = N_(
        "“%(name)s” membengkak saat dibuka, jadi tidak diterima. Salin baris-barisnya ke lembar "
        "kerja baru, lalu unggah lagi."
    )


class Broken(SheetError):
    sentence = N_(
        "“%(name)s” rusak. Buka di Excel atau LibreOffice, simpan ulang, lalu unggah lagi."
    )


class TooManyRows(SheetError):
    sentence = N_("Ada lebih dari %(most)s baris. Bagi menjadi beberapa daftar.")


class TooLong(SheetError):
    sentence = N_(
        "Lembar kerja ini memanjang sampai lewat baris ke-%(most)s. Salin hanya baris datanya ke "
        "lembar kerja baru, lalu unggah lagi."
    )


class TooManyColumns(SheetError):
    sentence = N_(
        "Baris %(row)s mempunyai lebih dari %(most)s kolom. Hapus kolom yang tidak dipakai."
    )


class CellTooLong(SheetError):
    sentence = N_("Sel pada baris %(row)s, kolom ke-%(column)s lebih dari %(most)s huruf.")


@dataclass(frozen=True)
class Line:
    """A row that says something, under the number its spreadsheet gives it."""

    number: int
    cells: tuple[Cell, ...]


def of_file(name: str, stream: IO[bytes]) -> list[Line]:
    """The rows of a workbook's first sheet, or of a CSV file."""
    name = filetypes.clean_name(name)
    stream.seek(0, io.SEEK_END)
    if stream.tell() > LARGEST:
        raise TooLarge(name=name, most=LARGEST >> 20)
    try:
        kind = filetypes.recognise(name, stream)
    except (filetypes.NotTaken, filetypes.NameLies, filetypes.TwoInOne) as wrong:
        raise WrongKind(name=name) from wrong
    except filetypes.FileRefused as wrong:
        raise _Refused(wrong) from wrong
    if kind == "xlsx":
        return _lines(_workbook(name, stream))
    if kind in ("csv", "txt"):
        return _lines(_separated(name, _decoded(stream.read())))
    raise WrongKind(name=name)


def of_text(text: str) -> list[Line]:
    """The same of what was pasted."""
    if len(text) > LARGEST:
        raise TooManyRows(most=MOST_ROWS)
    return _lines(_separated("", text))


class _Refused(SheetError):
    """What the types of files say of it, at this field."""

    def __init__(self, wrong: AlurError) -> None:
        self.sentence = wrong.sentence
        super().__init__(**wrong.facts)


def _lines(rows: Iterable[Sequence[Any]]) -> list[Line]:
    found: list[Line] = []
    for number, row in enumerate(rows, 1):
        if number > LONGEST:
            raise TooLong(most=LONGEST)
        cells = tuple(_cells(number, row))
        if cells:
            found.append(Line(number, cells))
        if len(found) > MOST_ROWS + 1:  # one is the heading
            raise TooManyRows(most=MOST_ROWS)
    return found


def _cells(number: int, row: Sequence[Any]) -> list[Cell]:
    if len(row) > _WIDEST:
        raise TooManyColumns(row=number, most=MOST_COLUMNS)
    cells = [_cell(value) for value in row]
    while cells and cells[-1] == "":
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise TooManyColumns(row=number, most=MOST_COLUMNS)
    for column, cell in enumerate(cells, 1):
        if isinstance(cell, str) and len(cell) > LONGEST_CELL:
            raise CellTooLong(row=number, column=column, most=LONGEST_CELL)
    return cells


def _cell(value: Any) -> Cell:
    """As it would have been typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        at_midnight = value.time() == time()
        return value.date().isoformat() if at_midnight else value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, date) else _text(value)


def _number(value: int | float) -> Cell:
    if not abs(value) < _LARGEST_NUMBER:
        return str(value)  # no number for a form, and it says so
    return int(value) if value == int(value) else value


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | time | timedelta) else ""


# --- text ------------------------------------------------------------------------------------


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _separated(name: str, text: str) -> Iterator[list[str]]:
    head = text.lstrip("\r\n").partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as wrong:
        raise Broken(name=name) from wrong


# --- a workbook ------------------------------------------------------------------------------


def _workbook(name: str, stream: IO[bytes]) -> Iterator[tuple[Any, ...]]:
    """Row by row, never the whole sheet: one cell in its last corner is a sheet of billions."""
    try:
        _refuse_bombs(name, stream)
        with warnings.catch_warnings():
            # What a workbook has beside its cells is no matter here.
            warnings.simplefilter("ignore")
            yield from _first_sheet(name, stream)
    except SheetError:
        raise
    except Exception as wrong:
        # Whatever a reader of somebody else's format stumbles over.
        raise Broken(name=name) from wrong


def _first_sheet(name: str, stream: IO[bytes]) -> Iterator[tuple[Any, ...]]:
    book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise Broken(name=name)
        sheets[0].reset_dimensions()  # what the sheet says of its size
        yield from sheets[0].iter_rows(values_only=True)
    finally:
        book.close()


def _refuse_bombs(name: str, stream: IO[bytes]) -> None:
    """Unpacked once, counting: what comes out is what a reader will see."""
    with zipfile.ZipFile(stream) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS or any(part.compress_type not in _PACKED for part in parts):
            raise Swells(name=name)
        left, others = _UNPACKED, _MOST_OTHER_TAGS
        for part in parts:
            size, tags = _measured(name, archive, part, left)
            left -= size
            if _CELLS.fullmatch(part.filename) is None:
                others -= tags
            if others < 0 or tags > _MOST_TAGS:
                raise Swells(name=name)
    stream.seek(0)


def _measured(
    name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int
) -> tuple[int, int]:
    """How many bytes a part is, and how many tags; a size it only claims is found out."""
    size, tags, before = 0, 0, b""
    try:
        with archive.open(part) as content:
            while chunk := content.read(1 << 20):
                is_strange = size == 0 and _STRANGE.search(chunk[:200])
                size, tags = size + len(chunk), tags + chunk.count(b"<")
                if size > most or is_strange or _DECLARES.search(before + chunk):
                    raise Swells(name=name)
                before = chunk[-20:]
    except _BREAKS as wrong:
        raise Broken(name=name) from wrong
    return size, tags
