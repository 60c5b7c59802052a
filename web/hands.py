"""Give a task to other hands: delegated and given back, handed over, assigned, put back."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import colleagues
from engine.colleagues import Colleague
from engine.models.task import OPEN
from tasks import assigning, delegation, inbox
from tasks.ground import TaskError
from tasks.inbox import TaskView
from web import errors, filling, times
from web.guard import allow
from web.i18n import _
from web.receiving import place

blueprint = Blueprint("hands", __name__)


@dataclass(frozen=True)
class Choices:
    """What somebody may do with a task, and to whom she may give it."""

    delegate: bool = False
    hand_over: bool = False
    assign: bool = False
    unassign: bool = False
    everyone: tuple[Colleague, ...] = ()
    # Those who hold the task's own post.
    same_post: tuple[Colleague, ...] = ()

    def __bool__(self) -> bool:
        return self.delegate or self.hand_over or self.assign or self.unassign


def choices(shown: TaskView, *, with_people: bool = False) -> Choices:
    """Nothing where the case stands still, for nothing would be done."""
    task = shown.task
    if task.status not in OPEN or shown.case.status != "running":
        return Choices()
    is_mine = task.status == "claimed" and task.claimed_by == g.actor.person_id
    holds = g.actor.holding(task.post_id) is not None
    leads = g.actor.may("task.assign", task.office_id)
    is_free = task.status == "waiting" and holds
    found = Choices(
        delegate=is_mine and holds and not _stands_in(task.id),
        hand_over=(is_mine and holds) or is_free,
        assign=leads,
        unassign=leads and task.status == "claimed",
    )
    return _with_people(shown, found) if with_people and found else found


def _stands_in(task_id: int) -> bool:
    """Whether she has it from somebody: then it goes back, and not on."""
    lines = delegation.of_task(g.session, task_id)
    return any(line.delegation.ended_at is None for line in lines)


def _with_people(shown: TaskView, found: Choices) -> Choices:
    task, now = shown.task, g.now
    everyone = [
        person
        for person in colleagues.of_office(g.session, task.office_id, now)
        if person.id not in (g.actor.person_id, task.claimed_by)
    ]
    if found.assign and task.claimed_by != g.actor.person_id:
        everyone = [*everyone, *_herself(task.office_id)]
    holders = colleagues.of_post(g.session, task.post_id, now)
    same = tuple(person for person in everyone if person.id in holders)
    hand_over = found.hand_over and bool(same)
    return Choices(found.delegate, hand_over, found.assign, found.unassign, tuple(everyone), same)


def _herself(office_id: int) -> list[Colleague]:
    office = colleagues.of_office(g.session, office_id, g.now)
    return [person for person in office if person.id == g.actor.person_id]


@blueprint.get("/tasks/<number:task_id>/hands")
@allow("task.work")
def page(task_id: int) -> str:
    return _page(task_id, "", {})


@blueprint.post("/tasks/<number:task_id>/delegation")
@allow("task.work", form="hands.page")
def delegate(task_id: int) -> ResponseReturnValue:
    """Ask a colleague to do it; it comes back for a check if she wants so."""
    wants_check = request.form.get("check") == "1"
    try:
        delegation.delegate(
            g.session, g.actor, task_id, _to(), _note(), g.now, wants_check=wants_check
        )
    except TaskError as error:
        return _refused(task_id, "delegation", error)
    return _done(_("Tugas didelegasikan. Anda tetap melihatnya, dan dapat menariknya kembali."))


@blueprint.post("/tasks/<number:task_id>/delegation/return")
@allow("task.work", form="tasks.page")
def give_back(task_id: int) -> ResponseReturnValue:
    """Hand it back to whoever asked, with all that was typed."""
    if (refused := filling.keep(task_id)) is not None:
        return refused
    delegation.give_back(g.session, g.actor, task_id, _note(), g.now)
    return _done(_("Tugas dikembalikan, beserta isian Anda."))


@blueprint.post("/tasks/<number:task_id>/delegation/recall")
@allow("task.work", form="tasks.page")
def recall(task_id: int) -> ResponseReturnValue:
    delegation.recall(g.session, g.actor, task_id, g.now)
    flash(_("Delegasi ditarik: tugas ini kembali pada Anda."), "success")
    return redirect(place(task_id), 303)


@blueprint.post("/tasks/<number:task_id>/handover")
@allow("task.work", form="hands.page")
def hand_over(task_id: int) -> ResponseReturnValue:
    """To another holder of its post, for good."""
    try:
        assigning.hand_over(g.session, g.actor, task_id, _to(), _note(), g.now)
    except TaskError as error:
        return _refused(task_id, "handover", error)
    return _done(_("Tugas diserahkan."))


@blueprint.post("/tasks/<number:task_id>/assignee")
@allow("task.assign", form="hands.page")
def assign(task_id: int) -> ResponseReturnValue:
    """A leader decides who does it."""
    try:
        assigning.assign(g.session, g.actor, task_id, _to(), _note(), g.now)
    except TaskError as error:
        return _refused(task_id, "assignee", error)
    flash(_("Tugas ditugaskan. Yang bersangkutan membaca alasan Anda."), "success")
    return redirect(place(task_id), 303)


@blueprint.post("/tasks/<number:task_id>/assignee/removal")
@allow("task.assign", form="hands.page")
def unassign(task_id: int) -> ResponseReturnValue:
    """A leader puts it back before all who hold its post."""
    try:
        assigning.unassign(g.session, g.actor, task_id, _note(), g.now)
    except TaskError as error:
        return _refused(task_id, "removal", error)
    flash(_("Tugas kembali menunggu semua pemegang jabatannya."), "success")
    return redirect(place(task_id), 303)


def _to() -> int:
    """The person who was chosen; nobody, where nobody was."""
    to = request.form.get("to_person", "")
    return int(to) if to.isascii() and to.isdigit() and len(to) < 19 else 0


def _note() -> str:
    return request.form.get("note", "")


def _done(said: str) -> ResponseReturnValue:
    """It is out of her hands: back to what else waits for her."""
    flash(said, "success")
    return redirect(url_for("inbox.page"), 303)


def _refused(task_id: int, verb: str, error: TaskError) -> ResponseReturnValue:
    """By the field where it has one; what was typed stays."""
    field = getattr(error, "field", None)
    if field is None:
        raise error
    return _page(task_id, verb, {f"{field}-{verb}": errors.sentence(error)}), error.status


def _page(task_id: int, verb: str, wrong: Mapping[str, str]) -> str:
    shown = inbox.look(g.session, g.actor, task_id)
    return render_template(
        "tasks/hands.html",
        shown=shown,
        may=choices(shown, with_people=True),
        deadline=times.deadline(shown.task, shown.office, shown.case.suspended_at or g.now),
        verb=verb,
        fields=request.form if verb else {},
        wrong=wrong,
        limit=delegation.LONGEST_NOTE,
        now=g.now,
    )
