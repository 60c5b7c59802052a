"""An answer as it stands in the fields of a page: numbers as an office writes them."""

from typing import Any

from bpmn.forms import ANGKA, BERKAS, KINERJA, Formulir, Isian
from engine import numbers
from tasks.forms import indicators


def of(form: Formulir, kept: dict[str, Any]) -> dict[str, Any]:
    """The typed form of a kept answer; checked again it yields the same."""
    return {
        field.kunci: _text(field, kept.get(field.kunci))
        for field in form.isian
        if field.jenis != BERKAS
    }


def columns(field: Isian) -> tuple[Isian, ...]:
    """The columns of a field with rows."""
    return indicators.COLUMNS if field.jenis == KINERJA else field.kolom


def row(field: Isian, kept: dict[str, Any]) -> dict[str, str]:
    return {column.kunci: _cell(column, kept.get(column.kunci)) for column in columns(field)}


def _text(field: Isian, kept: Any) -> Any:
    if field.has_rows:
        return [row(field, each) for each in kept or ()]
    return _cell(field, kept)


def _cell(column: Isian, kept: Any) -> str:
    if column.kunci in indicators.TARGETS:
        return indicators.written(kept)
    if column.jenis == ANGKA and kept is not None:
        return numbers.write(kept)
    return "" if kept is None else str(kept)
