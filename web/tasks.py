"""A task: what to do, by when, and the form that finishes it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bpmn.reader import Outcome
from engine import sops
from engine.models import Revision, Task
from tasks import drafts, inbox, participation
from tasks.inbox import TaskError, TaskView
from web import errors, times
from web.guard import allow
from web.i18n import _

blueprint = Blueprint("tasks", __name__)


@dataclass(frozen=True)
class Form:
    """What stands in the form: sent and refused, kept from before, or nothing yet."""

    fields: Mapping[str, str]
    wrong: Mapping[str, str]
    is_draft: bool = False


@dataclass(frozen=True)
class Earlier:
    """A step done before, with what was decided."""

    task: Task
    who: str | None
    outcome: Outcome | None


@blueprint.get("/tasks/<number:task_id>")
@allow("task.see")
def page(task_id: int) -> str:
    draft = drafts.load(g.session, g.actor.person_id, _place(task_id))
    return _page(task_id, Form(draft.fields if draft else {}, {}, draft is not None))


@blueprint.post("/tasks/<number:task_id>/claim")
@allow("task.work", form="tasks.page")
def claim(task_id: int) -> ResponseReturnValue:
    inbox.claim(g.session, g.actor, task_id, g.now)
    flash(_("Tugas ini sekarang milik Anda."), "success")
    return redirect(_place(task_id), 303)


@blueprint.post("/tasks/<number:task_id>/release")
@allow("task.work", form="tasks.page")
def release(task_id: int) -> ResponseReturnValue:
    inbox.release(g.session, g.actor, task_id, g.now)
    flash(_("Tugas dilepas; pemegang jabatan yang sama dapat mengambilnya."), "success")
    return redirect(url_for("inbox.page"), 303)


@blueprint.post("/tasks/<number:task_id>/completion")
@allow("task.work", form="tasks.page")
def complete(task_id: int) -> ResponseReturnValue:
    outcome, reason = request.form.get("outcome"), request.form.get("reason", "")
    try:
        inbox.complete(g.session, g.actor, task_id, g.now, outcome=outcome, reason=reason)
    except TaskError as error:
        if (field := getattr(error, "field", None)) is None:
            raise
        return _page(task_id, Form(request.form, {field: errors.sentence(error)})), error.status
    drafts.drop(g.session, g.actor.person_id, _place(task_id))
    return redirect(_onwards(), 303)


@blueprint.post("/tasks/<number:task_id>/participation")
@allow("task.work", form="tasks.page")
def take_part(task_id: int) -> ResponseReturnValue:
    participation.take_part(g.session, g.actor, task_id, g.now)
    flash(_("Keikutsertaan Anda tercatat."), "success")
    return redirect(_place(task_id), 303)


def _onwards() -> str:
    """The next task she holds, else the list."""
    mine = inbox.page(g.session, g.actor, "mine", g.now, limit=1).items
    if not mine:
        flash(_("Langkah selesai. Berkas berlanjut ke langkah berikutnya."), "success")
        return url_for("inbox.page")
    flash(_("Langkah selesai. Ini tugas Anda berikutnya."), "success")
    return _place(mine[0].task.id)


def _page(task_id: int, form: Form) -> str:
    shown = inbox.look(g.session, g.actor, task_id)
    return render_template(
        "tasks/page.html",
        shown=shown,
        form=form,
        deadline=times.deadline(shown.task, shown.office, shown.case.suspended_at or g.now),
        is_mine=shown.task.status == "claimed" and shown.task.claimed_by == g.actor.person_id,
        may_claim=_may_claim(shown),
        parts=participation.of(g.session, task_id),
        may_join=participation.may_join(g.session, g.actor, shown.task),
        earlier=[_earlier(shown, line) for line in reversed(shown.earlier)],
        now=g.now,
    )


def _earlier(shown: TaskView, line: inbox.Earlier) -> Earlier:
    sop = sops.meaning(g.session.get_one(Revision, shown.case.revision_id))
    decision = sop.step(line.task.step).decision
    ways = decision.outcomes if decision else ()
    outcome = next((way for way in ways if way.value == line.task.outcome), None)
    return Earlier(line.task, line.who, outcome)


def _may_claim(shown: TaskView) -> bool:
    return shown.task.status == "waiting" and g.actor.holding(shown.task.post_id) is not None


def _place(task_id: int) -> str:
    return url_for("tasks.page", task_id=task_id)
