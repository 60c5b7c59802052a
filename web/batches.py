"""Cases from a list: uploaded or pasted, looked at row by row, then started while one watches."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import xlsxwriter
from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bpmn.forms import ANGKA, PILIHAN, TANGGAL, TEKS
from engine import sops
from engine.db import Database
from engine.models import Batch, BatchRow, Office, Sop
from tasks import batches, columns, sheets, starting
from tasks.batches import View
from tasks.columns import Column
from tasks.sheets import Line, SheetError
from web import errors, exports
from web.guard import allow
from web.i18n import _
from web.starting import NoSopChosen

blueprint = Blueprint("batches", __name__, url_prefix="/batches")

# What comes around the file; below it, a file that is too large gets its own sentence.
_LARGEST_FORM: Final = sheets.LARGEST * 2
_STATES: Final = (batches.RIGHT, batches.WRONG, batches.STARTED, batches.FAILED)
_PATIENCE: Final = timedelta(minutes=3)


@dataclass(frozen=True)
class Expected:
    """A column as the page explains it."""

    label: str
    is_required: bool
    takes: str


@dataclass(frozen=True)
class Said:
    """A row of the list, with what is wrong with it in words."""

    row: BatchRow
    wrong: Sequence[tuple[str, str]] = ()
    # What stands in it, where that makes no title yet.
    content: str = ""


@dataclass(frozen=True)
class Progress:
    """How far a list has come."""

    shown: View
    is_stuck: bool

    @property
    def is_over(self) -> bool:
        return self.shown.batch.ended_at is not None or self.shown.batch.stopped_at is not None

    @property
    def done(self) -> int:
        return self.shown.tally.started + self.shown.tally.failed


@blueprint.before_request
def _let_lists_in() -> None:
    if request.endpoint == "batches.create":
        request.max_content_length = _LARGEST_FORM
        request.max_form_memory_size = _LARGEST_FORM


@blueprint.get("/new")
@allow("case.start")
def new() -> ResponseReturnValue:
    return _new(g.session, request.args.get("sop", ""), {})


@blueprint.post("")
@allow("case.start", form="batches.new", apart=True)
def create() -> ResponseReturnValue:
    """A spreadsheet is read while nobody waits for the database."""
    database: Database = current_app.extensions["database"]
    wanted = request.form.get("sop", "")
    with database.reading(g.actor.scope) as session:
        if _chosen(session, wanted) is None:
            return _new(session, wanted, {"sop": errors.sentence(NoSopChosen())}), 422
    try:
        name, lines = _sent()
        with database.transaction(g.actor.scope) as session:
            batch_id = _propose(session, wanted, name, lines)
    except SheetError as error:
        with database.reading(g.actor.scope) as session:
            return _new(session, wanted, {error.field: errors.sentence(error)}), error.status
    return redirect(url_for("batches.page", batch_id=batch_id), 303)


def _propose(session: Session, wanted: str, name: str, lines: Sequence[Line]) -> int:
    chosen = _chosen(session, wanted)
    if chosen is None:
        raise NoSopChosen
    return batches.propose(session, g.actor, chosen[0], name, lines, g.now).id


def _sent() -> tuple[str, Sequence[Line]]:
    """The file, or what was pasted; a mistake in that stands at its own field."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return file.filename, sheets.of_file(file.filename, file.stream)
    pasted = request.form.get("rows", "")
    if not pasted.strip():
        raise sheets.NothingThere
    return "", sheets.of_text(pasted)


@blueprint.get("/new/template.xlsx")
@allow("case.start")
def template() -> Response:
    """An empty list with the right headings."""
    chosen = _chosen(g.session, request.args.get("sop", ""))
    if chosen is None:
        raise sops.NoSuchSop
    sop, _office = chosen
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, exports.OPTIONS) as book:
        sheet = book.add_worksheet(_("Berkas"))
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        bold = book.add_format({"bold": True})
        for at, column in enumerate(columns.of(starting.meaning(g.session, sop))):
            sheet.set_column(at, at, 24, day if column.asked.jenis == TANGGAL else None)
            sheet.write_string(0, at, _(column.label), bold)
        sheet.freeze_panes(1, 0)
    return exports.saved(written.getvalue(), exports.XLSX, f"daftar-{sop.slug}.xlsx")


@blueprint.get("/<number:batch_id>")
@allow("case.start")
def page(batch_id: int) -> str:
    shown = batches.find(g.session, g.actor, batch_id)
    state = request.args.get("state", "")
    state = state if state in _STATES else ""
    after = request.args.get("after") or None
    found = batches.rows(g.session, shown.batch, state or None, after)
    return render_template(
        "batches/page.html",
        shown=shown,
        office=g.session.get_one(Office, shown.batch.office_id),
        progress=_progress(shown),
        found=found,
        rows=[_said(shown, row) for row in found.items],
        state=state,
        after=after,
        again=batches.again(g.session, shown.batch) if not shown.batch.begun_at else None,
        now=g.now,
    )


@blueprint.get("/<number:batch_id>/progress")
@allow("case.start", data=True)
def progress(batch_id: int) -> str:
    shown = batches.find(g.session, g.actor, batch_id)
    facts = {"shown": shown, "progress": _progress(shown), "is_polled": True}
    return render_template("batches/_progress.html", **facts)


@blueprint.post("/<number:batch_id>/beginning")
@allow("case.start", form="batches.page")
def begin(batch_id: int) -> ResponseReturnValue:
    batches.begin(g.session, g.actor, batch_id, g.now)
    return _back(batch_id)


@blueprint.post("/<number:batch_id>/stop")
@allow("case.start", form="batches.page")
def stop(batch_id: int) -> ResponseReturnValue:
    batches.stop(g.session, g.actor, batch_id, g.now)
    flash(_("Dihentikan. Berkas yang sudah dimulai tetap berjalan."), "success")
    return _back(batch_id)


@blueprint.post("/<number:batch_id>/resumption")
@allow("case.start", form="batches.page")
def resume(batch_id: int) -> ResponseReturnValue:
    batches.resume(g.session, g.actor, batch_id)
    return _back(batch_id)


@blueprint.post("/<number:batch_id>/removal")
@allow("case.start", form="batches.page")
def discard(batch_id: int) -> ResponseReturnValue:
    sop_id = batches.find(g.session, g.actor, batch_id).sop.id
    batches.discard(g.session, g.actor, batch_id)
    flash(_("Daftar dibuang; tidak ada berkas yang dimulai."), "success")
    return redirect(url_for("batches.new", sop=sop_id), 303)


def _back(batch_id: int) -> ResponseReturnValue:
    return redirect(url_for("batches.page", batch_id=batch_id), 303)


# --- in words --------------------------------------------------------------------------------


def _new(session: Session, wanted: str, wrong: Mapping[str, str]) -> str:
    startable = sops.startable(session, g.actor)
    if not wanted and len(startable) == 1:
        wanted = str(startable[0][0].id)
    chosen = _chosen(session, wanted)
    expected: list[Expected] = []
    try:
        expected = [_expected(each) for each in _columns(session, chosen)]
    except columns.NotByList as error:
        wrong = {**wrong, "sop": errors.sentence(error)}
    return render_template(
        "batches/new.html",
        startable=startable,
        chosen=chosen,
        expected=expected,
        wrong=wrong,
        typed=request.form.get("rows", ""),
        latest=batches.latest(session, g.actor),
        most=sheets.MOST_ROWS,
        largest=sheets.LARGEST >> 20,
        now=g.now,
    )


def _chosen(session: Session, wanted: str) -> tuple[Sop, Office] | None:
    found = sops.startable(session, g.actor)
    return next(((sop, office) for sop, office in found if str(sop.id) == wanted), None)


def _columns(session: Session, chosen: tuple[Sop, Office] | None) -> Sequence[Column]:
    return columns.of(starting.meaning(session, chosen[0])) if chosen else ()


def _expected(column: Column) -> Expected:
    asked = column.asked
    if asked.jenis == PILIHAN:
        takes = _(
            "salah satu dari: %(choices)s", choices=", ".join(one.text for one in asked.pilihan)
        )
    else:
        takes = {
            TEKS: _("teks"),
            ANGKA: _("angka, dengan koma untuk pecahan"),
            TANGGAL: _("tanggal, misalnya 31/3/2026"),
        }[asked.jenis]
    return Expected(_(column.label), column.is_required, takes)


def _said(shown: View, row: BatchRow) -> Said:
    """A row that is wrong says it in the reader's language; so it is checked again."""
    if row.state != batches.WRONG:
        return Said(row)
    sop, meaning = shown.sop, shown.meaning
    title = "" if meaning.judul else row.title
    _title, wrong = batches.check(g.session, sop, meaning, title, row.sent, g.now)
    known = columns.of(meaning)
    labels = {column.key: _(column.label) for column in known}
    said = [(labels.get(key, key), errors.sentence(why)) for key, why in wrong.items()]
    if row.same_as is not None:
        twice = _("Sama dengan baris %(number)s. Hapus salah satunya.", number=row.same_as)
        said.append((_("Seluruh baris"), twice))
    return Said(row, said, "; ".join(_content(known, row)))


def _content(known: Sequence[Column], row: BatchRow) -> Iterator[str]:
    for column in known:
        if (value := row.sent.get(column.key)) is not None:
            text = next((one.text for one in column.asked.pilihan if one.nilai == value), value)
            yield f"{_(column.label)}: {text}"


def _progress(shown: View) -> Progress:
    batch: Batch = shown.batch
    seen: Any = batch.claimed_until or batch.begun_at
    over = batch.ended_at or batch.stopped_at
    return Progress(shown, is_stuck=bool(seen and not over and seen + _PATIENCE < g.now))
