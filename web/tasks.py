"""A task: what to do, by when, and the form that finishes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from secrets import token_urlsafe

from flask import (
    Blueprint,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from bpmn.document import Outcome, Step
from bpmn.errors import AlurError
from engine import performance, sops, spans, vacancies
from engine.access import Held
from engine.cases import CaseError
from engine.formdata import BadData
from engine.models import Draft, Revision, Task
from engine.vacancies import Gap
from engine.worktime import Calendar
from tasks import (
    answers,
    delegation,
    documents,
    drafts,
    excuses,
    freshness,
    inbox,
    lists,
    participation,
)
from tasks.drafts import TypedElsewhere
from tasks.excuses import Excuse
from tasks.forms import FormRefused
from tasks.ground import Reached, TaskError
from tasks.inbox import TaskView
from web import (
    answering,
    comments,
    errors,
    fields,
    filling,
    fresh,
    guard,
    hands,
    lateness,
    notices,
    receiving,
    times,
    versions,
)
from web.guard import allow
from web.i18n import _
from web.receiving import Sent, place

blueprint = Blueprint("tasks", __name__)


@dataclass(frozen=True)
class Form:
    """What stands in the form: sent and refused, kept from before, or nothing yet."""

    fields: Mapping[str, str]
    wrong: Mapping[str, str]
    is_draft: bool = False
    # Which draft the page knows, and by what name it keeps its own.
    base: str = ""
    page: str = field(default_factory=lambda: token_urlsafe(9))
    once: str = field(default_factory=lambda: token_urlsafe(12))


@dataclass(frozen=True)
class Earlier:
    """A step done before, with what was decided."""

    task: Task
    who: str | None
    outcome: Outcome | None


blueprint.before_request(receiving.let_files_in)


@blueprint.get("/tasks/<number:task_id>")
@allow("task.see")
def page(task_id: int) -> str:
    notices.looking_at(task_id=task_id)
    draft = drafts.load(g.session, g.actor.person_id, place(task_id))
    if draft is None:
        return _page(task_id, Form({}, {}), draft)
    wrong = _wrong_in_draft(task_id, draft.fields) if "periksa" in request.args else {}
    is_new = "isi" not in request.args
    return _page(task_id, Form(draft.fields, wrong, is_new, drafts.version(draft)), draft)


@blueprint.post("/tasks/<number:task_id>/claim")
@allow("task.work", form="tasks.page")
def claim(task_id: int) -> ResponseReturnValue:
    inbox.claim(g.session, g.actor, task_id, g.now)
    flash(_("Tugas ini sekarang milik Anda."), "success")
    return redirect(place(task_id), 303)


@blueprint.post("/tasks/<number:task_id>/release")
@allow("task.work", form="tasks.page")
def release(task_id: int) -> ResponseReturnValue:
    if (refused := filling.keep(task_id)) is not None:
        return refused
    inbox.release(g.session, g.actor, task_id, g.now)
    flash(_("Tugas dilepas; pemegang jabatan yang sama dapat mengambilnya."), "success")
    return redirect(url_for("inbox.page"), 303)


@blueprint.post("/tasks/<number:task_id>/completion")
@allow("task.work", form="tasks.page")
def complete(task_id: int) -> ResponseReturnValue:
    try:
        found = inbox.hers(g.session, g.actor, task_id)
    except TaskError as error:
        return _sent_again(task_id) or versions.too_late(task_id, error)
    sent = receiving.received(found)
    try:
        drafts.take(g.session, g.actor.person_id, place(task_id), sent.kept(), sent.writer)
        sent.refuse_files()
        _finish(replace(found, has_files=found.has_files or sent.took_files), sent)
    except TypedElsewhere as error:
        return versions.elsewhere(task_id, sent, error)
    except (TaskError, FormRefused, BadData, receiving.FilesRefused) as error:
        return _refused(task_id, sent, error)
    except CaseError:
        guard.keep(place(task_id), sent.kept(), sent.writer)
        raise
    return _onwards()


def _finish(found: Reached, sent: Sent) -> None:
    inbox.finish(
        g.session,
        g.actor,
        found,
        g.now,
        outcome=request.form.get("outcome"),
        reason=request.form.get("reason", ""),
        data=sent.data,
        excuse=_excuse(),
        checked=sent.ticks,
        key=sent.key,
    )


def _excuse() -> Excuse:
    """Why it is late, if it is: a page asks for that."""
    said = request.form.get("late_reason", ""), request.form.get("late_note", "")
    return Excuse(*said, asked=True)


def _sent_again(task_id: int) -> ResponseReturnValue | None:
    """The line was cut before she heard that it is done: now she hears it."""
    shown = inbox.look(g.session, g.actor, task_id)
    if inbox.is_sent_again(g.actor, shown.task, receiving.typed(shown.step).key):
        return _onwards()
    return None


def _refused(task_id: int, sent: Sent, error: AlurError) -> ResponseReturnValue:
    """The form again, with all that is wrong in it. Files that came with it are not lost."""
    own = getattr(error, "field", None) if isinstance(error, TaskError) else None
    if isinstance(error, TaskError) and own is None:
        guard.keep(place(task_id), sent.kept(), sent.writer)
        raise error
    if sent.took_files:
        drafts.save(g.session, g.actor.person_id, place(task_id), sent.kept(), g.now)
        sent.announce_refusals()
        return redirect(url_for("tasks.page", task_id=task_id, periksa=1), 303)
    shown = inbox.look(g.session, g.actor, task_id)
    wrong = {**fields.wrongs(shown, sent.data), **sent.refused}
    if own is not None:
        wrong[own] = errors.sentence(error)
    return _page(task_id, _again(wrong)), 422


def _again(wrong: Mapping[str, str]) -> Form:
    """As it was sent, from the same opened page."""
    form = Form(request.form, wrong, base=request.form.get("base", ""))
    page = receiving.page_token()
    return replace(form, page=page) if page else form


def _wrong_in_draft(task_id: int, kept: Mapping[str, str]) -> dict[str, str]:
    shown = inbox.look(g.session, g.actor, task_id)
    form = shown.step.form
    return fields.wrongs(shown, fields.read(form, kept)) if form else {}


@blueprint.post("/tasks/<number:task_id>/participation")
@allow("task.work", form="tasks.page")
def take_part(task_id: int) -> ResponseReturnValue:
    participation.take_part(g.session, g.actor, task_id, g.now)
    flash(_("Keikutsertaan Anda tercatat."), "success")
    return redirect(place(task_id), 303)


def _onwards() -> ResponseReturnValue:
    """To the next task she holds, else to the list; a script is told where that is."""
    following = lists.next_in_hand(g.session, g.actor, g.now)
    if following is None:
        flash(_("Langkah selesai. Berkas berlanjut ke langkah berikutnya."), "success")
    else:
        flash(_("Langkah selesai. Ini tugas Anda berikutnya."), "success")
    there = url_for("inbox.page") if following is None else place(following)
    return jsonify(next=there) if errors.wants_data() else redirect(there, 303)


def _page(task_id: int, form: Form, draft: Draft | None = None) -> str:
    shown = inbox.look(g.session, g.actor, task_id)
    task, case, office = shown.task, shown.case, shown.office
    is_mine = task.status == "claimed" and task.claimed_by == g.actor.person_id
    files = documents.of_task(g.session, task_id)
    return render_template(
        "tasks/page.html",
        shown=shown,
        form=form,
        summary_of=fields.summary(shown.step.form, form.wrong),
        controls=fields.controls(shown, form.fields or None, form.wrong, files) if is_mine else [],
        output=fields.output(files, form.wrong),
        blocks=_before(shown),
        deadline=times.deadline(task, office, case.suspended_at or g.now),
        spent=_spent(shown),
        is_mine=is_mine,
        chosen=_chosen(shown.step, task),
        acting=_acting(shown),
        gap=_gap(shown),
        may_claim=_may_claim(shown),
        late=_late(shown) if is_mine else [],
        said_late=_said_late(shown),
        asked_why=lateness.question(shown),
        may=hands.choices(shown),
        given=_given(task_id),
        left_over=versions.left_over(shown, draft) if not is_mine else [],
        parts=participation.of(g.session, task_id),
        may_join=participation.may_join(g.session, g.actor, task),
        earlier=[_earlier(shown, line) for line in reversed(shown.earlier)],
        documents=documents.of_earlier(g.session, task),
        talk=comments.talk(case.id, office.id, task_id),
        seal=fresh.seal(freshness.of(g.session, g.actor, task_id)),
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


def _spent(shown: TaskView) -> dict[str, str | None]:
    """In working time: how long it waited, and how long it has been worked on."""
    task, calendar = shown.task, Calendar.from_dict(shown.office.calendar)
    took = spans.of(g.session, task, calendar, task.ended_at or g.now)
    working = times.length(took.worked, shown.office) if task.claimed_at else None
    return {"waiting": times.length(took.waited, shown.office), "working": working}


def _given(task_id: int) -> delegation.Line | None:
    """The last time somebody was asked to stand in, if that still matters to who has it."""
    lines = delegation.of_task(g.session, task_id)
    return lines[0] if lines else None


def _late(shown: TaskView) -> list[tuple[str, str]]:
    """The reasons to choose from, once it is past its due time."""
    if not excuses.is_late(shown.task, shown.case.suspended_at or g.now):
        return []
    known = ((each["code"], each["text"]) for each in excuses.reasons(shown.office))
    return [(code, _(text)) for code, text in known]


def _said_late(shown: TaskView) -> str | None:
    """Why it was late, in the words of whoever finished it."""
    text = excuses.text(shown.office, shown.task.late_reason)
    said = [_(text) if text else None, shown.task.late_note]
    return ": ".join(each for each in said if each) or None


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
