"""Keep what is typed into a step's form until it is sent, and do what its own buttons ask."""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bpmn.forms import KINERJA, Formulir, Isian
from engine.models import Task
from tasks import answers, documents, drafts, inbox
from tasks.drafts import TypedElsewhere
from tasks.forms import indicators, paste, texts
from tasks.forms.problems import Problem
from tasks.forms.tables import MOST_ROWS
from tasks.ground import TaskError
from web import errors, fields, receiving, versions
from web.fields import name_of
from web.guard import allow
from web.i18n import _, ngettext
from web.receiving import Sent, place, received

blueprint = Blueprint("filling", __name__)

blueprint.before_request(receiving.let_files_in)
blueprint.record_once(lambda setup: setup.app.jinja_env.globals.update(file_limits=receiving.FILES))


@blueprint.post("/tasks/<number:task_id>/draft")
@allow("task.work", form="tasks.page")
def draft(task_id: int) -> ResponseReturnValue:
    """Keep what is typed; add or take away a row, a file; put in what was pasted."""
    try:
        found = inbox.hers(g.session, g.actor, task_id)
    except TaskError as error:
        return versions.too_late(task_id, error)
    wish, sent = request.form.get("do", ""), received(found)
    focus = _do(found.task, sent, wish)
    try:
        drafts.save(g.session, g.actor.person_id, place(task_id), sent.kept(), g.now, sent.writer)
    except TypedElsewhere as error:
        return versions.elsewhere(task_id, sent, error)
    if errors.wants_data():
        return jsonify(_figures(found.task, sent))
    sent.announce_refusals()
    if wish == "hands":
        return redirect(url_for("hands.page", task_id=task_id), 303)
    return redirect(url_for("tasks.page", task_id=task_id, isi=1, _anchor=focus or None), 303)


def keep(task_id: int) -> ResponseReturnValue | None:
    """Keep what came with one of the form's other buttons; the page that says why not, if so."""
    if receiving.page_token() is None:
        return None
    try:
        sent = received(inbox.hers(g.session, g.actor, task_id))
        drafts.save(g.session, g.actor.person_id, place(task_id), sent.kept(), g.now, sent.writer)
    except TypedElsewhere as error:
        return versions.elsewhere(task_id, sent, error)
    except TaskError as error:
        return versions.too_late(task_id, error)
    return None


@blueprint.post("/tasks/<number:task_id>/draft/removal")
@allow("task.work", form="tasks.page")
def discard(task_id: int) -> ResponseReturnValue:
    """Let go of what she typed and did not send."""
    inbox.look(g.session, g.actor, task_id)
    drafts.drop(g.session, g.actor.person_id, place(task_id))
    flash(_("Isian yang belum terkirim dibuang."), "success")
    return redirect(place(task_id), 303)


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
