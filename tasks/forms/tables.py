"""The rows of a table: what is blank falls away, what is filled in is checked cell by cell."""

from typing import Any, Final, TypeGuard

from bpmn import forms
from bpmn.forms import Isian
from tasks.forms import cells
from tasks.forms.problems import NoRows, NotRows, Place, Problems, TooManyRows, UnknownField

# A page takes a thousand fields in all.
MOST_ROWS: Final = 100
MOST_CELLS: Final = 900


def rows(field: Isian, sent: object, problems: Problems) -> list[dict[str, Any]]:
    return [
        {
            column.kunci: cells.value(
                column, row.get(column.kunci), problems, (field.kunci, at, column.kunci)
            )
            for column in field.kolom
        }
        for at, row in filled(field, field.kolom, sent, problems)
    ]


def filled(
    field: Isian, columns: tuple[Isian, ...], sent: object, problems: Problems, without: str = ""
) -> list[tuple[int, dict[str, Any]]]:
    """The rows in which something stands, each with its place in what was sent.

    A column `without` is passed over: it is reckoned anew.
    """
    place: Place = (field.kunci,)
    if not _are_rows(sent):
        problems.at(place, NotRows())
        return []
    found = [(at, row) for at, row in enumerate(sent or []) if not is_blank(columns, row)]
    least, most = cells.counts(field, min(MOST_ROWS, MOST_CELLS // max(1, len(columns))))
    if len(found) > most:
        problems.at(place, TooManyRows(count=len(found), most=most))
        return []
    if len(found) < least:
        problems.at(place, NoRows(least=least, count=len(found)))
    _refuse_unknown(field, {*(column.kunci for column in columns), without}, found, problems)
    return found


def _are_rows(sent: object) -> TypeGuard[list[dict[str, Any]] | None]:
    return sent is None or (isinstance(sent, list) and all(isinstance(row, dict) for row in sent))


def is_blank(columns: tuple[Isian, ...], row: dict[str, Any]) -> bool:
    """A choice that stands at its first value says nothing by itself."""
    written = [column for column in columns if column.jenis != forms.PILIHAN]
    return all(cells.is_blank(row.get(column.kunci)) for column in written or columns)


def _refuse_unknown(
    field: Isian, known: set[str], found: list[tuple[int, dict[str, Any]]], problems: Problems
) -> None:
    for at, row in found:
        for key in sorted(row.keys() - known):
            problems.at((field.kunci, at, key), UnknownField())
