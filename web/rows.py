"""What a form's own buttons do to its rows: one more, one less, or many out of a spreadsheet."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import flash, request

from bpmn.forms import KINERJA, Formulir, Isian
from engine.performance import Rules
from tasks.forms import indicators, paste, texts
from tasks.forms.problems import Problem
from tasks.forms.tables import MOST_ROWS
from web import errors, fields
from web.fields import name_of
from web.i18n import _, ngettext


def do(form: Formulir, data: Mapping[str, Any], wish: str) -> str:
    """`add kinerja`, `drop kinerja 3`, `paste kinerja`; where to look next."""
    deed, key, number = (*wish.split(" ", 2), "", "")[:3]
    asked = next((one for one in form.isian if one.kunci == key), None)
    if asked is None or not asked.has_rows or asked.kunci not in data:
        return ""
    rows = data[asked.kunci]
    if deed == "drop" and fields.is_count(number):
        del rows[int(number) : int(number) + 1]
        return name_of((asked.kunci,))
    return _DEEDS[deed](asked, rows) if deed in _DEEDS else ""


def capaian(form: Formulir, data: Mapping[str, Any], rules: Rules) -> dict[str, str]:
    """What a script shows while somebody types: the capaian of each row."""
    return {
        name_of((asked.kunci, at)): indicators.preview(row, rules)
        for asked in form.of_kind(KINERJA)
        for at, row in enumerate(data.get(asked.kunci) or ())
    }


def _add(asked: Isian, rows: list[dict[str, Any]]) -> str:
    if len(rows) >= MOST_ROWS:
        flash(_("Formulir ini memuat paling banyak %(most)s baris.", most=MOST_ROWS), "danger")
        return name_of((asked.kunci,))
    rows.append(fields.blank(asked))
    return name_of((asked.kunci, len(rows) - 1, texts.columns(asked)[0].kunci))


def _paste(asked: Isian, rows: list[dict[str, Any]]) -> str:
    try:
        pasted = paste.read(asked, request.form.get(f"paste.{asked.kunci}", ""))
    except Problem as error:
        flash(errors.sentence(error), "danger")
        return ""
    merged = paste.merge(asked, rows, pasted)
    if len(merged) > MOST_ROWS:
        flash(_("Formulir ini memuat paling banyak %(most)s baris.", most=MOST_ROWS), "danger")
        return ""
    rows[:] = merged
    said = ngettext("%(num)s baris dimasukkan.", "%(num)s baris dimasukkan.", len(pasted))
    if asked.jenis == KINERJA:
        said += " " + _("Periksa kolom Arah: yang tidak disebut dianggap Naik.")
    flash(said, "success")
    return ""


_DEEDS: Final[dict[str, Callable[[Isian, list[dict[str, Any]]], str]]] = {
    "add": _add,
    "paste": _paste,
}
