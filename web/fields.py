"""The fields of a step's form on its page: what stands in each, and what is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import g

from bpmn.errors import N_
from bpmn.forms import BERKAS, KINERJA, Formulir, Isian
from bpmn.reader import Sop
from engine import formdata, sops
from engine.models import Revision
from engine.performance import Rules
from tasks import answers, documents
from tasks.forms import FormRefused, indicators, texts
from tasks.inbox import TaskView
from web import errors
from web.i18n import _

# What comes with every form of a step, also when nothing in it was filled in.
MARK: Final = "f"

_ORIGIN_STEP: Final = N_("Baris diambil dari langkah “%(name)s”.")
_ORIGIN_CASE: Final = N_(
    "Sasaran, indikator dan target tahunan diambil dari berkas “%(name)s”. Target dan realisasi "
    "triwulan ini diisi baru."
)


@dataclass(frozen=True)
class Cell:
    """One input of a row."""

    column: Isian
    name: str
    label: str
    value: str
    wrong: str | None

    @property
    def options(self) -> list[str]:
        return [_(one.text) for one in self.column.pilihan]


@dataclass(frozen=True)
class Row:
    """A row of a table, numbered as people count."""

    number: int
    name: str
    cells: list[Cell]
    capaian: str = ""

    @property
    def wrong(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.wrong]


@dataclass(frozen=True)
class Control:
    """One field as it stands on the page."""

    asked: Isian
    name: str
    value: str = ""
    wrong: str | None = None
    rows: list[Row] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    origin: str | None = None

    @property
    def label(self) -> str:
        return _(self.asked.text)

    @property
    def measured(self) -> str:
        return _("Capaian (%)")


# --- on the page -----------------------------------------------------------------------------


def controls(
    shown: TaskView,
    fields: Mapping[str, str] | None,
    wrong: Mapping[str, str],
    files: Mapping[str, list[dict[str, Any]]],
) -> list[Control]:
    """The fields of a step's form: as typed, or as it begins."""
    form = shown.step.form
    if form is None:
        return []
    begun = answers.Beginning()
    if fields is None:
        begun = answers.beginning(g.session, shown.task, meaning(shown))
    typed = begun.typed if fields is None else read(form, fields)
    rules = answers.rules(g.session, shown.task, form)
    return of_form(form, typed, wrong, rules, files, begun)


def of_form(
    form: Formulir,
    typed: Mapping[str, Any],
    wrong: Mapping[str, str],
    rules: Rules,
    files: Mapping[str, list[dict[str, Any]]],
    begun: answers.Beginning | None = None,
) -> list[Control]:
    """The fields of any form, as they stand."""
    begun = begun or answers.Beginning()
    return [
        _control(asked, typed.get(asked.kunci), wrong, rules, files, _origin(asked, begun))
        for asked in form.isian
    ]


def output(files: Mapping[str, list[dict[str, Any]]], wrong: Mapping[str, str]) -> Control:
    """Where what the step yields is attached, whatever its form asks for."""
    asked = Isian(documents.OUTPUT, N_("Dokumen hasil"), BERKAS)
    return _control(asked, None, wrong, Rules(), files, None)


def meaning(shown: TaskView) -> Sop:
    return sops.meaning(g.session.get_one(Revision, shown.case.revision_id))


def _origin(asked: Isian, begun: answers.Beginning) -> str | None:
    if name := begun.from_step.get(asked.kunci):
        return _(_ORIGIN_STEP, name=name)
    if name := begun.from_case.get(asked.kunci):
        return _(_ORIGIN_CASE, name=name)
    return None


def _control(
    asked: Isian,
    typed: Any,
    wrong: Mapping[str, str],
    rules: Rules,
    files: Mapping[str, list[dict[str, Any]]],
    origin: str | None,
) -> Control:
    name = name_of((asked.kunci,))
    said = wrong.get(name)
    if asked.jenis == BERKAS:
        return Control(asked, name, wrong=said, files=files.get(asked.kunci, []))
    if not asked.has_rows:
        return Control(asked, name, typed or "", said)
    rows = [_row(asked, at, row, wrong, rules) for at, row in enumerate(typed or [blank(asked)])]
    columns = [_(column.text) for column in texts.columns(asked)]
    return Control(asked, name, wrong=said, rows=rows, columns=columns, origin=origin)


def blank(asked: Isian) -> dict[str, str]:
    """A row to begin with."""
    return {"arah": "naik"} if asked.jenis == KINERJA else {}


def _row(
    asked: Isian, at: int, typed: Mapping[str, str], wrong: Mapping[str, str], rules: Rules
) -> Row:
    cells = []
    for column in texts.columns(asked):
        name = name_of((asked.kunci, at, column.kunci))
        value = typed.get(column.kunci) or ""
        cells.append(Cell(column, name, _(column.text), value, wrong.get(name)))
    capaian = indicators.preview(dict(typed), rules) if asked.jenis == KINERJA else ""
    return Row(at + 1, name_of((asked.kunci, at)), cells, capaian)


# --- names -----------------------------------------------------------------------------------


def name_of(place: tuple[str | int, ...]) -> str:
    """`f.kinerja.3.realisasi`: the name of an input, and its id."""
    return ".".join((MARK, *map(str, place)))


def read(form: Formulir, fields: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, in the shape in which it is checked."""
    return {
        asked.kunci: _rows(asked, fields)
        if asked.has_rows
        else fields.get(name_of((asked.kunci,)), "")
        for asked in form.isian
        if asked.jenis != BERKAS
    }


def _rows(asked: Isian, fields: Mapping[str, str]) -> list[dict[str, str]]:
    start, known = f"{name_of((asked.kunci,))}.", {column.kunci for column in texts.columns(asked)}
    found: dict[int, dict[str, str]] = {}
    for name, text in fields.items():
        number, _dot, column = name.removeprefix(start).partition(".")
        if name.startswith(start) and is_count(number) and column in known:
            found.setdefault(int(number), {})[column] = text
    return [found[at] for at in sorted(found)]


def is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5


def flat(form: Formulir, typed: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The same as the fields of a page."""
    for asked in form.isian:
        value = typed.get(asked.kunci)
        if not asked.has_rows and asked.jenis != BERKAS:
            yield name_of((asked.kunci,)), value or ""
        for at, row in enumerate(value or () if asked.has_rows else ()):
            for column, text in row.items():
                yield name_of((asked.kunci, at, column)), text or ""


# --- what is wrong ---------------------------------------------------------------------------


def wrongs(shown: TaskView, sent: Mapping[str, Any] | None) -> dict[str, str]:
    """All that is wrong with the form, each sentence by the id of its field."""
    try:
        files = documents.of_task(g.session, shown.task.id)
        answers.check(g.session, shown.task, shown.step, dict(sent or {}), files)
    except (FormRefused, formdata.BadData) as error:
        return refused(error)
    return {}


def refused(error: FormRefused | formdata.BadData) -> dict[str, str]:
    """The same of a form that was refused."""
    if isinstance(error, FormRefused):
        return {name_of(place): errors.sentence(why) for place, why in error.wrong.items()}
    key = error.field.partition("[")[0].partition(".")[0]
    return {name_of((key,)): errors.sentence(error)}


def summary(form: Formulir | None, wrong: Mapping[str, str]) -> dict[str, str]:
    """The same for the head of the page, where a sentence must say of which field it speaks."""
    return {name: _headed(form, name, said) for name, said in wrong.items()}


def _headed(form: Formulir | None, name: str, said: str) -> str:
    key, row, column = (*name.split(".")[1:], "", "", "")[:3]
    asked = next((one for one in form.isian if one.kunci == key), None) if form else None
    if asked is None:
        return said
    if not row:
        return f"{_(asked.text)}: {said}"
    titles = {each.kunci: _(each.text) for each in texts.columns(asked)}
    facts = {"number": int(row) + 1, "column": titles.get(column, column)}
    place = _("Baris %(number)s, %(column)s", **facts)
    return f"{place}: {said}"
