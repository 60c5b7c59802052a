"""Receive a step's form: what was typed and attached, kept as a draft until it is completed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, current_app, flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from bpmn.errors import N_, AlurError
from bpmn.forms import BERKAS, KINERJA, Formulir, Isian
from engine import vault
from engine.filetypes import TYPES
from engine.models import Task
from tasks import answers, documents, drafts, inbox
from tasks.forms import indicators, paste, texts
from tasks.forms.problems import Problem
from tasks.forms.tables import MOST_ROWS
from tasks.ground import Reached
from web import errors, fields
from web.fields import MARK, name_of
from web.guard import allow
from web.i18n import _, ngettext

blueprint = Blueprint("filling", __name__)

_KEPT_BESIDE: Final = ("outcome", "reason")
# Several files at once; the door in front takes a little more.
_LARGEST: Final = 30 * 1024 * 1024
_LARGEST_TEXT: Final = 2 * 1024 * 1024
# What a script may know before a file travels for nothing.
_FILES: Final = {
    "accept": ",".join(f".{kind}" for kind in (*TYPES, "jpeg")),
    "largest": documents.LARGEST,
    "together": _LARGEST - _LARGEST_TEXT,
}


class FilesRefused(AlurError):
    """A file of the form cannot be taken in; which, and why, stands beside its field."""

    status = 422
    sentence = N_("Ada berkas yang tidak diterima.")


@dataclass
class Sent:
    """What came with a form: typed, and attached."""

    form: Formulir | None = None
    data: dict[str, Any] | None = None
    took_files: bool = False
    # Sentences about files that were refused, by the field they were meant for.
    refused: dict[str, str] = field(default_factory=dict)

    def refuse_files(self) -> None:
        if self.refused:
            raise FilesRefused

    def announce_refusals(self) -> None:
        for said in self.refused.values():
            flash(said, "danger")

    def kept(self) -> dict[str, str]:
        """As a draft keeps it."""
        beside = {name: request.form.get(name, "") for name in _KEPT_BESIDE}
        typed = dict(fields.flat(self.form, self.data or {})) if self.form else {}
        return {MARK: "1", **typed, **{name: text for name, text in beside.items() if text}}


def let_files_in() -> None:
    """Before anything of the form is read: these two take files."""
    if request.endpoint in {"tasks.complete", "filling.draft"}:
        request.max_content_length = _LARGEST
        request.max_form_memory_size = _LARGEST_TEXT


def received(found: Reached) -> Sent:
    """What came with the form of a step; its files are in the vault when this returns."""
    form = found.step.form
    if form is None or MARK not in request.form:
        return Sent()
    sent = Sent(form, fields.read(form, request.form))
    _take_files(found.task, form, sent)
    return sent


def _chosen(asked: Isian) -> list[FileStorage]:
    if asked.jenis != BERKAS:
        return []
    return [file for file in request.files.getlist(name_of((asked.kunci,))) if file.filename]


def _take_files(task: Task, form: Formulir, sent: Sent) -> None:
    for asked in form.isian:
        for file in _chosen(asked):
            try:
                _attach(task, asked, file)
                sent.took_files = True
            except vault.VaultFull:
                raise
            except AlurError as error:
                sent.refused[name_of((asked.kunci,))] = errors.sentence(error)


def _attach(task: Task, asked: Isian, file: FileStorage) -> None:
    documents.attach(
        g.session,
        task,
        asked.kunci,
        file.filename or "",
        file.stream,
        folder(),
        g.actor.person_id,
        g.now,
    )


def folder() -> Path:
    """Where the content of documents lies."""
    found: Path = current_app.config["DOCUMENTS"]
    return found


# --- the draft -------------------------------------------------------------------------------

blueprint.before_request(let_files_in)
blueprint.record_once(lambda setup: setup.app.jinja_env.globals.update(file_limits=_FILES))


@blueprint.post("/tasks/<number:task_id>/draft")
@allow("task.work", form="tasks.page")
def draft(task_id: int) -> ResponseReturnValue:
    """Keep what is typed; add or take away a row, a file; put in what was pasted."""
    found = inbox.hers(g.session, g.actor, task_id)
    task, sent, place = found.task, received(found), url_for("tasks.page", task_id=task_id)
    focus = _do(task, sent, request.form.get("do", ""))
    drafts.save(g.session, g.actor.person_id, place, sent.kept(), g.now)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(_figures(task, sent))
    sent.announce_refusals()
    return redirect(url_for("tasks.page", task_id=task_id, isi=1, _anchor=focus or None), 303)


def _figures(task: Task, sent: Sent) -> dict[str, Any]:
    """What a script shows while somebody types: the capaian of each row."""
    form = sent.form or Formulir()
    rules = answers.rules(g.session, task, form)
    return {
        "capaian": {
            name_of((asked.kunci, at)): indicators.preview(row, rules)
            for asked in form.of_kind(KINERJA)
            for at, row in enumerate((sent.data or {}).get(asked.kunci) or ())
        }
    }


def _do(task: Task, sent: Sent, wish: str) -> str:
    """One of the form's own buttons: `add kinerja`, `drop kinerja 3`; where to look next."""
    deed, _blank, rest = wish.partition(" ")
    key, _blank, number = rest.partition(" ")
    if deed == "detach" and key.isascii() and key.isdigit() and len(key) < 19:
        documents.detach(g.session, task, int(key))
        return ""
    asked = next((one for one in (sent.form or Formulir()).isian if one.kunci == key), None)
    if asked is None or sent.data is None or not asked.has_rows:
        return ""
    rows = sent.data[asked.kunci]
    if deed == "drop" and fields.is_count(number):
        del rows[int(number) : int(number) + 1]
        return name_of((asked.kunci,))
    return _DEEDS[deed](asked, rows) if deed in _DEEDS else ""


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
