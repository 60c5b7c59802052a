"""What the columns of a list of cases mean: the start form's fields, by their headings."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bpmn.document import Sop
from bpmn.errors import N_
from bpmn.forms import ANGKA, PILIHAN, Isian
from tasks.sheets import Cell, Line, SheetError

TITLE: Final = "title"
# Spreadsheets number their rows; a field of that name comes first.
_SKIPPED: Final = frozenset({"no", "nomor", "nourut"})


class NotByList(SheetError):
    sentence = N_(
        "SOP ini tidak dapat dimulai dari daftar: isian “%(field)s” wajib dan berupa tabel, yang "
        "tidak muat dalam satu baris. Mulai berkasnya satu per satu."
    )
    field = "sop"


class NoRows(SheetError):
    sentence = N_("Tidak ada baris data. Baris pertama berisi judul kolom: %(known)s.")


class UnknownColumn(SheetError):
    sentence = N_(
        "Kolom “%(name)s” tidak dikenal. Baris pertama berisi judul kolom: %(known)s. Perbaiki "
        "judulnya, atau hapus kolom itu."
    )


class ColumnTwice(SheetError):
    sentence = N_("Kolom “%(name)s” ada dua kali. Hapus salah satunya.")


class ColumnMissing(SheetError):
    sentence = N_("Kolom “%(name)s” tidak ada, padahal wajib diisi. Tambahkan kolom itu.")


class CellBeyond(SheetError):
    sentence = N_(
        "Baris %(row)s mempunyai isi di luar kolom yang berjudul. Hapus isi itu, atau beri judul "
        "kolomnya."
    )


@dataclass(frozen=True)
class Column:
    """One thing that a row says of its case."""

    key: str
    label: str
    asked: Isian

    @property
    def is_required(self) -> bool:
        return self.asked.wajib


@dataclass(frozen=True)
class Row:
    """What one line of the list says, by the keys of the start form."""

    number: int
    title: str
    sent: Mapping[str, Any]


def of(sop: Sop) -> tuple[Column, ...]:
    """The columns that a list for this SOP may have."""
    fields = sop.start_form.isian if sop.start_form else ()
    for field in fields:
        if field.has_rows and field.wajib:
            raise NotByList(field=field.text)
    title = Isian(TITLE, N_("Judul berkas"), wajib=True, maksimal="200")
    asked = [field for field in fields if not field.has_rows]
    return (
        *((Column(TITLE, title.text, title),) if sop.judul is None else ()),
        *(Column(field.kunci, field.text, field) for field in asked),
    )


def read(sop: Sop, lines: Sequence[Line]) -> list[Row]:
    """The rows under their headings; a list of nothing but titles needs none."""
    known = of(sop)
    if not lines:
        raise NoRows(known=_names(known))
    if len(known) == 1 and _find(known, lines[0].cells[0]) is None:
        heads: list[Column | None] = [known[0]]
    else:
        heads, lines = _headings(known, lines[0]), lines[1:]
    if not lines:
        raise NoRows(known=_names(known))
    return [_row(heads, line) for line in lines]


def _names(known: Sequence[Column]) -> str:
    return "; ".join(column.label for column in known)


def _headings(known: Sequence[Column], line: Line) -> list[Column | None]:
    heads: list[Column | None] = []
    for cell in line.cells:
        column = _find(known, cell)
        if column is None and cell != "" and _bare(cell) not in _SKIPPED:
            raise UnknownColumn(name=str(cell)[:60], known=_names(known))
        if column is not None and column in heads:
            raise ColumnTwice(name=column.label)
        heads.append(column)
    for column in known:
        if column.is_required and column not in heads:
            raise ColumnMissing(name=column.label)
    return heads


def _find(known: Sequence[Column], cell: Cell) -> Column | None:
    bare = _bare(cell)
    said = {_bare(name): column for column in known for name in (column.key, column.label)}
    titles = [column for column in known if column.key == TITLE]
    return said.get(bare) or (titles[0] if titles and bare == "judul" else None)


def _bare(cell: Cell) -> str:
    return re.sub(r"[\W_]", "", str(cell).casefold())


def _row(heads: Sequence[Column | None], line: Line) -> Row:
    if len(line.cells) > len(heads):
        raise CellBeyond(row=line.number)
    cells = dict[str, Any]()
    for column, cell in zip(heads, line.cells, strict=False):
        if column is None and cell != "" and not _is_count(cell):
            raise CellBeyond(row=line.number)
        if column is not None and cell != "":
            cells[column.key] = _value(column.asked, cell)
    return Row(line.number, str(cells.pop(TITLE, "")), cells)


def _is_count(cell: Cell) -> bool:
    """What a column of row numbers holds."""
    return str(cell).rstrip(".").isdigit()


def _value(asked: Isian, cell: Cell) -> Any:
    """As its field takes it: a choice by its word, a number as it is, all else as text."""
    if asked.jenis == ANGKA:
        return cell
    text = cell if isinstance(cell, str) else str(cell).replace(".", ",")
    if asked.jenis == PILIHAN:
        return next((one.nilai for one in asked.pilihan if _is(one.nilai, one.text, text)), text)
    return text


def _is(value: str, label: str, text: str) -> bool:
    return text.casefold() in (value.casefold(), label.casefold())
