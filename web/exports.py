"""Hand over the performance data of a case, for a spreadsheet or another system to go on with."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import xlsxwriter
from flask import Blueprint, Response, g

from bpmn.errors import N_, AlurError
from engine import casebook, numbers
from engine.casebook import CaseView
from tasks import answers
from tasks.answers import Report
from tasks.forms import indicators
from web.guard import allow
from web.i18n import _

blueprint = Blueprint("exports", __name__)

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What somebody typed stays what it is.
OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
# What makes a spreadsheet take a text for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDTHS: Final = (26, 5, 34, 34, 11, 9, 12, 12, 12, 11, 34, 26)
_NUMBERS: Final = frozenset({"realisasi", "capaian", *indicators.TARGETS})
_OWED: Final = N_("belum mengirim data")


class NothingToExport(AlurError):
    """Nobody has filled in performance data yet."""

    sentence = N_("Berkas ini belum memuat data kinerja.")
    status = 404


@dataclass(frozen=True)
class Sheet:
    """The report as lines of a table, whatever file it becomes."""

    shown: CaseView
    report: Report

    @property
    def titles(self) -> list[tuple[str, str]]:
        return [
            (_("Kantor"), self.shown.office.name),
            (_("SOP"), self.shown.sop.name),
            (_("Berkas"), self.shown.case.title),
        ]

    @property
    def keys(self) -> list[str]:
        keys = [column.kunci for column in indicators.COLUMNS]
        keys.insert(keys.index("realisasi") + 1, "capaian")
        return keys

    @property
    def header(self) -> list[str]:
        titles = {column.kunci: _(column.text) for column in indicators.COLUMNS}
        titles["capaian"] = _("Capaian (%)")
        return [_("Unit"), _("No"), *(titles[key] for key in self.keys)]

    def lines(self) -> Iterator[list[Any]]:
        """Unit by unit; a unit that owes its data has one line that says so."""
        key = self.report.field.kunci
        for unit in self.report.units:
            name = unit.name or self.shown.office.name
            if unit.is_open:
                yield [name, None, _(_OWED)]
                continue
            for number, row in enumerate(unit.rows(key), 1):
                yield [name, number, *(_value(row, key) for key in self.keys)]


def _value(row: dict[str, Any], key: str) -> Any:
    """A number as a number; a range, and all else, as text."""
    kept = row.get(key)
    if key == "arah":
        return next((_(one.text) for one in indicators.DIRECTIONS if one.nilai == kept), "")
    return indicators.written(kept) if isinstance(kept, list) else kept


@blueprint.get("/cases/<number:case_id>/performance.xlsx")
@allow("task.see")
def xlsx(case_id: int) -> Response:
    sheet = _sheet(case_id)
    return saved(_workbook(sheet), XLSX, f"data-kinerja-{case_id}.xlsx")


@blueprint.get("/cases/<number:case_id>/performance.csv")
@allow("task.see")
def comma_separated(case_id: int) -> Response:
    written = io.StringIO()
    lines = csv.writer(written, delimiter=";", lineterminator="\r\n")
    sheet = _sheet(case_id)
    lines.writerow(map(safe, sheet.header))
    lines.writerows(map(safe, line) for line in sheet.lines())
    # With the mark Excel knows the letters; with semicolons and commas it knows our numbers.
    return saved(
        written.getvalue().encode("utf-8-sig"),
        "text/csv; charset=utf-8",
        f"data-kinerja-{case_id}.csv",
    )


def _sheet(case_id: int) -> Sheet:
    shown = casebook.view(g.session, g.actor, case_id)
    if not g.actor.may("task.see", shown.office.id):
        raise NothingToExport
    known = answers.of_case(g.session, case_id, shown.meaning)
    report = answers.report(g.session, case_id, known)
    if report is None:
        raise NothingToExport
    return Sheet(shown, report)


def safe(value: Any) -> str:
    """A text that a spreadsheet would run is kept from it; our own numbers may begin with minus."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return numbers.write(value).replace(".", "")
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def saved(content: bytes, mimetype: str, name: str) -> Response:
    answer = Response(content, content_type=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _workbook(sheet: Sheet) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, OPTIONS) as book:
        _fill(book, sheet)
    return written.getvalue()


@dataclass(frozen=True)
class Formats:
    """How the cells of a table look."""

    head: Any
    text: Any
    number: Any


def formats(book: xlsxwriter.Workbook) -> Formats:
    base = {"valign": "top", "border": 1, "border_color": "#999999"}
    return Formats(
        book.add_format({**base, "bold": True, "text_wrap": True, "bg_color": "#E4F0F8"}),
        book.add_format({**base, "text_wrap": True}),
        book.add_format({**base, "num_format": "#,##0.######"}),
    )


def write_cell(page: Any, row: int, column: int, value: Any, formats: Formats) -> None:
    """A number as a number, and anything else as the text it is."""
    if isinstance(value, int | float):
        page.write_number(row, column, value, formats.number)
    else:
        page.write_string(row, column, value or "", formats.text)


def _fill(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    page = book.add_worksheet(_("Data kinerja"))
    looks, bold = formats(book), book.add_format({"bold": True})
    for at, (label, value) in enumerate(sheet.titles):
        page.write_string(at, 0, label, bold)
        page.write_string(at, 1, value)
    top = len(sheet.titles) + 1
    for column, (title, width) in enumerate(zip(sheet.header, _WIDTHS, strict=True)):
        page.set_column(column, column, width)
        page.write_string(top, column, title, looks.head)
    for at, line in enumerate(sheet.lines(), top + 1):
        for column, value in enumerate([*line, *[None] * (len(_WIDTHS) - len(line))]):
            write_cell(page, at, column, value, looks)
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
