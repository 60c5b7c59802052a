"""Keep what is typed into a step's form until it is sent, and do what its own buttons ask."""

from typing import Any

from flask import Blueprint, flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bpmn.forms import Formulir
from engine.models import Task
from tasks import answers, documents, drafts, inbox
from tasks.drafts import TypedElsewhere
from tasks.ground import TaskError
from web import errors, receiving, rows, versions
from web.guard import allow
from web.i18n import _
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
    return {"capaian": rows.capaian(form, sent.data or {}, answers.rules(g.session, task, form))}


def _do(task: Task, sent: Sent, wish: str) -> str:
    """One of the form's own buttons: `detach 7`, or a deed on its rows; where to look next."""
    deed, _blank, rest = wish.partition(" ")
    if deed == "detach" and rest.isascii() and rest.isdigit() and len(rest) < 19:
        documents.detach(g.session, task, int(rest))
        return ""
    return rows.do(sent.form or Formulir(), sent.data or {}, wish)
