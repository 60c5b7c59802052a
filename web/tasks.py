"""A task: what to do, by when, and the form that finishes it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bpmn.document import Outcome, Step
from bpmn.errors import AlurError
from engine import performance, sops, vacancies
from engine.access import Held
from engine.formdata import BadData
from engine.models import Revision, Task
from engine.vacancies import Gap
from tasks import answers, drafts, inbox, lists, participation
from tasks.forms import FormRefused
from tasks.ground import TaskError
from tasks.inbox import TaskView
from web import answering, errors, fields, filling, notices, times
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


blueprint.before_request(filling.let_files_in)


@blueprint.get("/tasks/<number:task_id>")
@allow("task.see")
def page(task_id: int) -> str:
    notices.looking_at(task_id=task_id)
    draft = drafts.load(g.session, g.actor.person_id, _place(task_id))
    if draft is None:
        return _page(task_id, Form({}, {}))
    wrong = _wrong_in_draft(task_id, draft.fields) if "periksa" in request.args else {}
    return _page(task_id, Form(draft.fields, wrong, is_draft="isi" not in request.args))


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
    found = inbox.hers(g.session, g.actor, task_id)
    sent = filling.received(found)
    try:
        sent.refuse_files()
        inbox.finish(
            g.session, g.actor, found, g.now, outcome=outcome, reason=reason, data=sent.data
        )
    except (TaskError, FormRefused, BadData, filling.FilesRefused) as error:
        return _refused(task_id, sent, error)
    drafts.drop(g.session, g.actor.person_id, _place(task_id))
    return redirect(_onwards(), 303)


def _refused(task_id: int, sent: filling.Sent, error: AlurError) -> ResponseReturnValue:
    """The form again, with all that is wrong in it. Files that came with it are not lost."""
    own = getattr(error, "field", None) if isinstance(error, TaskError) else None
    if isinstance(error, TaskError) and own is None:
        raise error
    if sent.took_files:
        drafts.save(g.session, g.actor.person_id, _place(task_id), sent.kept(), g.now)
        sent.announce_refusals()
        return redirect(url_for("tasks.page", task_id=task_id, periksa=1), 303)
    shown = inbox.look(g.session, g.actor, task_id)
    wrong = {**fields.wrongs(shown, sent.data), **sent.refused}
    if own is not None:
        wrong[own] = errors.sentence(error)
    return _page(task_id, Form(request.form, wrong)), 422


def _wrong_in_draft(task_id: int, kept: Mapping[str, str]) -> dict[str, str]:
    shown = inbox.look(g.session, g.actor, task_id)
    form = shown.step.form
    return fields.wrongs(shown, fields.read(form, kept)) if form else {}


@blueprint.post("/tasks/<number:task_id>/participation")
@allow("task.work", form="tasks.page")
def take_part(task_id: int) -> ResponseReturnValue:
    participation.take_part(g.session, g.actor, task_id, g.now)
    flash(_("Keikutsertaan Anda tercatat."), "success")
    return redirect(_place(task_id), 303)


def _onwards() -> str:
    """The next task she holds, else the list."""
    following = lists.next_in_hand(g.session, g.actor, g.now)
    if following is None:
        flash(_("Langkah selesai. Berkas berlanjut ke langkah berikutnya."), "success")
        return url_for("inbox.page")
    flash(_("Langkah selesai. Ini tugas Anda berikutnya."), "success")
    return _place(following)


def _page(task_id: int, form: Form) -> str:
    shown = inbox.look(g.session, g.actor, task_id)
    is_mine = shown.task.status == "claimed" and shown.task.claimed_by == g.actor.person_id
    return render_template(
        "tasks/page.html",
        shown=shown,
        form=form,
        summary_of=fields.summary(shown.step.form, form.wrong),
        controls=fields.controls(shown, form.fields or None, form.wrong) if is_mine else [],
        blocks=_before(shown),
        deadline=times.deadline(shown.task, shown.office, shown.case.suspended_at or g.now),
        is_mine=is_mine,
        chosen=_chosen(shown.step, shown.task),
        acting=_acting(shown),
        gap=_gap(shown),
        may_claim=_may_claim(shown),
        parts=participation.of(g.session, task_id),
        may_join=participation.may_join(g.session, g.actor, shown.task),
        earlier=[_earlier(shown, line) for line in reversed(shown.earlier)],
        now=g.now,
    )


def _acting(shown: TaskView) -> Held | None:
    """In which capacity she does it, where that is not simply her post."""
    held = g.actor.holding(shown.task.post_id)
    return held if held is not None and held.title != held.name else None


def _gap(shown: TaskView) -> Gap | None:
    """That nobody is there to take it."""
    if shown.task.status != "waiting":
        return None
    return vacancies.gap_of(g.session, shown.task.post_id, g.now)


def _before(shown: TaskView) -> list[answering.Block]:
    """What other steps were answered: a unit's own, and those for all."""
    known = answers.before(g.session, shown.task, fields.meaning(shown))
    rules = performance.rules(shown.office.capaian)
    alone = shown.task.member is not None
    return answering.blocks(g.session, shown.case, known, rules, alone=alone)


def _earlier(shown: TaskView, line: inbox.Earlier) -> Earlier:
    sop = sops.meaning(g.session.get_one(Revision, shown.case.revision_id))
    return Earlier(line.task, line.who, _chosen(sop.step(line.task.step), line.task))


def _chosen(step: Step, task: Task) -> Outcome | None:
    ways = step.decision.outcomes if step.decision else ()
    return next((way for way in ways if way.value == task.outcome), None)


def _may_claim(shown: TaskView) -> bool:
    is_free = shown.task.status == "waiting" and shown.case.status == "running"
    return is_free and g.actor.holding(shown.task.post_id) is not None


def _place(task_id: int) -> str:
    return url_for("tasks.page", task_id=task_id)
