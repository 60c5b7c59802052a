"""A late step: who was told and knows of it, why it is asked about, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.models.task import OPEN
from tasks import escalations, excuses, explanations, inbox
from tasks.escalations import Told
from tasks.excuses import Excuse
from tasks.explanations import Talk
from tasks.ground import TaskError
from tasks.inbox import TaskView
from web import errors, times
from web.guard import allow
from web.i18n import _
from web.receiving import place

blueprint = Blueprint("lateness", __name__)


@dataclass(frozen=True)
class Late:
    """What its page shows: of a step in time, nothing."""

    talk: Talk
    told: list[Told]
    may_answer: bool
    may_know: bool


@blueprint.get("/tasks/<number:task_id>/lateness")
@allow("task.see")
def page(task_id: int) -> str:
    return _page(task_id, {})


@blueprint.post("/tasks/<number:task_id>/explanation")
@allow("task.work", form="lateness.page")
def explain(task_id: int) -> ResponseReturnValue:
    """Say why before the step is done: whoever asked hears it."""
    said = Excuse(request.form.get("late_reason", ""), request.form.get("late_note", ""))
    try:
        explanations.give(g.session, g.actor, task_id, said, g.now)
    except TaskError as error:
        field = getattr(error, "field", None)
        if field is None:
            raise
        return _page(task_id, {field: errors.sentence(error)}), error.status
    flash(_("Sebabnya tercatat; yang menanyakan sudah diberi tahu."), "success")
    return redirect(place(task_id), 303)


@blueprint.post("/tasks/<number:task_id>/acknowledgement")
@allow("task.acknowledge", form="lateness.page")
def know(task_id: int) -> ResponseReturnValue:
    escalations.acknowledge(g.session, g.actor, task_id, g.now)
    flash(_("Tercatat bahwa Anda mengetahui keterlambatannya."), "success")
    return redirect(url_for("lateness.page", task_id=task_id), 303)


def question(shown: TaskView) -> explanations.Line | None:
    """What somebody above asked about its lateness and waits to hear."""
    if not excuses.is_late(shown.task, shown.case.suspended_at or g.now):
        return None
    return next(iter(_talk(shown).open), None)


def _talk(shown: TaskView) -> Talk:
    return explanations.of_tasks(g.session, [shown.task]).get(shown.task.id, Talk())


def _page(task_id: int, wrong: Mapping[str, str]) -> str:
    shown = inbox.look(g.session, g.actor, task_id)
    reasons = ((each["code"], each["text"]) for each in excuses.reasons(shown.office))
    return render_template(
        "tasks/lateness.html",
        shown=shown,
        late=_late(shown),
        deadline=times.deadline(shown.task, shown.office, shown.case.suspended_at or g.now),
        reasons=[(code, _(text)) for code, text in reasons],
        limit=excuses.LONGEST_NOTE,
        fields=request.form,
        wrong=wrong,
        now=g.now,
    )


def _late(shown: TaskView) -> Late:
    task, told = shown.task, escalations.told(g.session, shown.task.id)
    is_late = task.status in OPEN and excuses.is_late(task, shown.case.suspended_at or g.now)
    has_it = task.claimed_by == g.actor.person_id
    may_take = task.claimed_by is None and g.actor.holding(task.post_id) is not None
    unknown = [each for each in told if each.escalation.acknowledged_at is None]
    hers = [e for e in unknown if escalations.is_told(g.actor, task, e.escalation)]
    may_know = task.status in OPEN and bool(hers)
    return Late(_talk(shown), told, is_late and (has_it or may_take), may_know)
