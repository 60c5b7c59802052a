"""What a step asks to be filled in: check what was sent, and show what was answered before."""

from collections.abc import Mapping
from typing import Any

from bpmn.forms import BERKAS, KINERJA, TABEL, Formulir, Isian
from engine import formdata
from engine.performance import Rules
from tasks.forms import cells, indicators, tables
from tasks.forms.problems import FormRefused, Problems, UnknownField

__all__ = ["Files", "FormRefused", "check"]

# What is attached to each field of files, as the answer keeps it.
Files = Mapping[str, list[dict[str, Any]]]


def check(form: Formulir, sent: object, rules: Rules, files: Files) -> dict[str, Any]:
    """The answer as it is kept, whether it was typed or came as JSON; else every problem at once.

    Checking what was checked before changes nothing. Every field has its key, so that an
    expression finds `null` where nothing was filled in.
    """
    sent = formdata.check(sent)
    problems = Problems()
    for key in sent.keys() - {field.kunci for field in form.isian}:
        problems.at((key,), UnknownField())
    kept = {field.kunci: _value(field, sent, rules, files, problems) for field in form.isian}
    if problems:
        raise FormRefused(form, problems)
    return formdata.check(kept)


def _value(
    field: Isian, sent: dict[str, Any], rules: Rules, files: Files, problems: Problems
) -> Any:
    value, place = sent.get(field.kunci), (field.kunci,)
    if field.jenis == BERKAS:
        # Never taken from what was sent: only what lies in the vault is an answer.
        return cells.files(field, files.get(field.kunci, []), problems, place)
    if field.jenis == KINERJA:
        return indicators.rows(field, value, rules, problems)
    if field.jenis == TABEL:
        return tables.rows(field, value, problems)
    return cells.value(field, value, problems, place)
