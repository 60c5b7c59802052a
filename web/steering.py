"""What leaders may do to a case: try again, suspend, resume, move, cancel, say how urgent it is."""

from collections.abc import Callable, Mapping
from typing import Final

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bpmn.errors import N_
from engine import access, casebook, incidents, priorities, steering
from engine.cases import CaseError
from engine.models import Case
from engine.models.task import OPEN
from engine.workflow import NoSuchTarget
from web import errors, urgency
from web.guard import allow
from web.i18n import _

blueprint = Blueprint("steering", __name__)

_DONE: Final = {
    "suspension": N_("Berkas ditangguhkan; jam kerjanya berhenti."),
    "resumption": N_("Berkas dilanjutkan; tenggatnya bergeser selama waktu ia berhenti."),
    "cancellation": N_("Berkas dibatalkan."),
    "move": N_("Berkas dipindahkan."),
    "priority": N_("Sifat berkas diubah; langkah-langkahnya mengikuti."),
}


@blueprint.get("/cases/<number:case_id>/steering")
@allow("case.steer")
def page(case_id: int) -> str:
    return _page(case_id, "", {})


@blueprint.post("/cases/<number:case_id>/suspension")
@allow("case.steer", form="steering.page")
def suspend(case_id: int) -> ResponseReturnValue:
    return _steer(case_id, "suspension", steering.suspend)


@blueprint.post("/cases/<number:case_id>/resumption")
@allow("case.steer", form="steering.page")
def resume(case_id: int) -> ResponseReturnValue:
    return _steer(case_id, "resumption", steering.resume)


@blueprint.post("/cases/<number:case_id>/cancellation")
@allow("case.steer", form="steering.page")
def cancel(case_id: int) -> ResponseReturnValue:
    return _steer(case_id, "cancellation", steering.cancel)


@blueprint.post("/cases/<number:case_id>/move")
@allow("case.steer", form="steering.page")
def move(case_id: int) -> ResponseReturnValue:
    task, step = request.form.get("task", ""), request.form.get("step", "")
    number = int(task) if task.isascii() and task.isdigit() and len(task) < 19 else 0
    return _steer(
        case_id,
        "move",
        lambda session, actor, case, reason, now: steering.move(
            session, actor, case, number, step, reason, now
        ),
    )


@blueprint.post("/cases/<number:case_id>/priority")
@allow("case.steer", form="steering.page")
def prioritise(case_id: int) -> ResponseReturnValue:
    chosen = urgency.read(request.form.get("priority", ""))
    return _steer(
        case_id,
        "priority",
        lambda session, actor, case, reason, now: priorities.set_(
            session, actor, case, chosen, reason, now
        ),
    )


@blueprint.post("/cases/<number:case_id>/retry")
@allow("case.steer", form="steering.page")
def retry(case_id: int) -> ResponseReturnValue:
    incidents.retry(g.session, g.actor, case_id, g.now)
    flash(_("Berkas berjalan lagi."), "success")
    return redirect(url_for("cases.page", case_id=case_id), 303)


def _steer(case_id: int, verb: str, deed: Callable[..., Case]) -> ResponseReturnValue:
    try:
        deed(g.session, g.actor, case_id, request.form.get("reason", ""), g.now)
    except (CaseError, NoSuchTarget) as error:
        field = "step" if isinstance(error, NoSuchTarget) else getattr(error, "field", None)
        if field is None:
            raise
        return _page(case_id, verb, {f"{field}-{verb}": errors.sentence(error)}), 422
    flash(_(_DONE[verb]), "success")
    return redirect(url_for("cases.page", case_id=case_id), 303)


def _page(case_id: int, verb: str, wrong: Mapping[str, str]) -> str:
    shown = casebook.view(g.session, g.actor, case_id)
    access.require(g.actor, "case.steer", shown.office.id)
    return render_template(
        "cases/steering.html",
        shown=shown,
        waiting=[line for line in shown.tasks if line.task.status in OPEN],
        incidents=incidents.open_of(g.session, case_id),
        verb=verb,
        fields=request.form if verb else {},
        wrong=wrong,
        limit=steering.LONGEST_REASON,
        urgencies=urgency.LABELS,
        now=g.now,
    )
