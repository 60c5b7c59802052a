"""Hand over the report of an SOP: as a workbook, as rows for a spreadsheet, as an event log."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import xlsxwriter
from flask import Blueprint, Response, g

from engine import eventlog, offices, reportbook, sopbook
from engine.models import Office, Tally
from engine.reportbook import SopReport
from engine.tallies import Count
from web import exports, periods, reports
from web.guard import allow
from web.i18n import _
from web.periods import Choice

blueprint = Blueprint("reportfiles", __name__, url_prefix="/reports/<office>/<slug>")

XES: Final = "application/xml"
_HOUR: Final = 3600


@dataclass(frozen=True)
class Sheet:
    """One sheet of the workbook: its name, its columns and its lines."""

    name: str
    header: Sequence[str]
    lines: Sequence[Sequence[Any]]


# --- a workbook ----------------------------------------------------------------------------------


@blueprint.get("/report.xlsx")
@allow("report.see")
def xlsx(office: str, slug: str) -> Response:
    report, choice = _report(office, slug)
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, exports.OPTIONS) as book:
        for sheet in _sheets(report):
            _fill(book, sheet)
    return exports.saved(written.getvalue(), exports.XLSX, _name(report, choice, "xlsx"))


def _sheets(report: SopReport) -> Iterator[Sheet]:
    yield _summary(report)
    yield _steps(report)
    yield _months(report)
    yield Sheet(_("Alasan"), [_("Alasan"), _("Kali")], reports.reasons(report))
    yield Sheet(_("Eskalasi"), [_("Tingkat"), _("Kali")], reports.levels(report))
    yield _posts(report)


def _summary(report: SopReport) -> Sheet:
    cases, total = report.cases, report.total
    lines = [
        (_("SOP"), report.sop.name),
        (_("Kantor"), report.office.name),
        (_("Kurun"), periods.words(report.reading.period)),
        (_("Berkas dimulai"), cases.started),
        (_("Berkas selesai"), cases.done),
        (_("Berkas dibatalkan"), cases.cancelled),
        (_("Berkas tepat waktu"), cases.done - cases.late),
        (_("Lama berkas, median (jam kerja)"), _hours(cases.lasted.median)),
        (_("Langkah selesai"), total.done),
        (_("Langkah bertenggat"), total.timed),
        (_("Langkah terlambat"), total.late),
        (_("Dikembalikan"), total.returned),
        (_("Belum dihitung"), report.reading.uncounted),
    ]
    return Sheet(_("Ringkasan"), [_("Hal"), _("Nilai")], lines)


def _steps(report: SopReport) -> Sheet:
    header = [
        *(_("No"), _("Langkah"), _("Pelaksana"), _("Mutu baku"), _("Mutu baku (jam kerja)")),
        *_count_header(),
        _("Terbuka sekarang"),
    ]
    lines = [
        [
            *(step.nomor, step.name, step.lane, step.standard.words if step.standard else None),
            _hours(step.standard_seconds),
            *_counted(step.count),
            step.now.open,
        ]
        for step in report.steps
    ]
    return Sheet(_("Langkah"), header, lines)


def _count_header() -> list[str]:
    return [
        *(_("Selesai"), _("Bertenggat"), _("Terlambat"), _("Dikembalikan")),
        *(_("Menunggu, median (jam kerja)"), _("Menunggu, p90 (jam kerja)")),
        *(_("Dikerjakan, median (jam kerja)"), _("Dikerjakan, p90 (jam kerja)")),
        _("Jam berhenti (jam kerja)"),
    ]


def _counted(count: Count) -> list[Any]:
    return [
        *(count.done, count.timed, count.late, count.returned),
        *(_hours(count.waited.median), _hours(count.waited.p90)),
        *(_hours(count.worked.median), _hours(count.worked.p90)),
        _hours(count.paused),
    ]


def _months(report: SopReport) -> Sheet:
    header = [
        *(_("Bulan"), _("Dimulai"), _("Selesai"), _("Dibatalkan"), _("Ada langkah terlambat")),
        *(_("Lama berkas, median (jam kerja)"), _("Langkah selesai"), _("Langkah terlambat")),
    ]
    lines = [
        [
            *(month.first.strftime("%Y-%m"), month.cases.started, month.cases.done),
            *(month.cases.cancelled, month.cases.late, _hours(month.cases.lasted.median)),
            *(month.steps.done, month.steps.late),
        ]
        for month in report.months
    ]
    return Sheet(_("Bulan"), header, lines)


def _posts(report: SopReport) -> Sheet:
    lines = [
        [post.name, *_counted(post.count), _hours(post.count.worked.total), post.now.open]
        for post in report.posts
    ]
    more = [_("Waktu kerja seluruhnya (jam kerja)"), _("Terbuka sekarang")]
    return Sheet(_("Jabatan"), [_("Jabatan"), *_count_header(), *more], lines)


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / _HOUR, 2)


def _fill(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.name)
    formats = exports.formats(book)
    for column, title in enumerate(sheet.header):
        texts = [line[column] for line in sheet.lines if isinstance(line[column], str)]
        longest = max(map(len, texts), default=0)
        page.set_column(column, column, min(max(12, longest), 44))
        page.write_string(0, column, title, formats.head)
    for row, line in enumerate(sheet.lines, 1):
        for column, value in enumerate(line):
            exports.write_cell(page, row, column, value, formats)
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)


# --- rows ----------------------------------------------------------------------------------------


@blueprint.get("/report.csv")
@allow("report.see")
def comma_separated(office: str, slug: str) -> Response:
    """A row for each month, step and post, for whoever reckons on."""
    report, choice = _report(office, slug)
    written = io.StringIO()
    rows = csv.writer(written, delimiter=";", lineterminator="\r\n")
    header = [_("Bulan"), _("Langkah"), _("Nama langkah"), _("Jabatan"), *_count_header()]
    rows.writerow(map(exports.safe, header))
    names = reportbook.post_names(g.session, report.reading)
    cells = report.reading.by(_cell)
    for (month, step, post_id), count in sorted(cells.items(), key=lambda cell: str(cell[0])):
        line = [month.strftime("%Y-%m"), step, count.name, names.get(post_id or 0, "")]
        rows.writerow(map(exports.safe, [*line, *_counted(count)]))
    content = written.getvalue().encode("utf-8-sig")
    return exports.saved(content, "text/csv; charset=utf-8", _name(report, choice, "csv"))


def _cell(row: Tally) -> tuple[Any, str, int | None]:
    return row.month, row.step, row.post_id


# --- an event log --------------------------------------------------------------------------------


@blueprint.get("/log.xes")
@allow("report.see")
def xes(office: str, slug: str) -> Response:
    """Of the berkas that were begun in the period: IEEE 1849, posts instead of persons."""
    here = _office(office)
    choice = periods.asked(offices.today(here, g.now))
    found, owner = sopbook.find(g.session, g.actor, office, slug)
    written = io.BytesIO()
    eventlog.write(g.session, found, owner, choice.period, written)
    name = f"{office}-{found.slug}-{choice.period.first}-{choice.period.last}.xes"
    return exports.saved(written.getvalue(), XES, name)


# --- both ----------------------------------------------------------------------------------------


def _office(slug: str) -> Office:
    return offices.find(g.session, g.actor, slug, "report.see")


def _report(office: str, slug: str) -> tuple[SopReport, Choice]:
    choice = periods.asked(offices.today(_office(office), g.now))
    return reportbook.sop(g.session, g.actor, office, slug, choice.period, g.now), choice


def _name(report: SopReport, choice: Choice, ending: str) -> str:
    days = f"{choice.period.first}-{choice.period.last}"
    return f"{report.office.slug}-{report.sop.slug}-{days}.{ending}"
