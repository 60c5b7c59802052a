"""Cases: the list, and one with its steps, its diagram and its history."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, Response, g, jsonify, render_template, request
from lxml import etree

import bpmn.xml
from bpmn.errors import N_
from bpmn.reader import Step
from engine import casebook, incidents, performance, sopbook, sops
from engine.casebook import CaseView, EventLine, TaskLine
from engine.models import Office, Sop
from tasks import answers
from web import answering, comments, notices, times, urgency
from web.guard import allow
from web.i18n import _

blueprint = Blueprint("cases", __name__)

STATUSES: Final = {
    "": N_("Semua"),
    "open": N_("Belum selesai"),
    "running": N_("Berjalan"),
    "suspended": N_("Ditangguhkan"),
    "done": N_("Selesai"),
    "cancelled": N_("Dibatalkan"),
}
_HAPPENED: Final = {
    "started": N_("Berkas dimulai"),
    "opened": N_("Langkah dibuka"),
    "claimed": N_("Langkah diambil"),
    "released": N_("Langkah dilepas"),
    "completed": N_("Langkah selesai"),
    "late": N_("Langkah lewat tenggat"),
    "escalated": N_("Keterlambatan disampaikan lebih tinggi"),
    "paused": N_("Jam langkah dihentikan"),
    "unpaused": N_("Jam langkah berjalan lagi"),
    "withdrawn": N_("Langkah ditarik"),
    "ended": N_("Berkas selesai"),
    "cancelled": N_("Berkas dibatalkan"),
    "suspended": N_("Berkas ditangguhkan"),
    "resumed": N_("Berkas dilanjutkan"),
    "prioritised": N_("Sifat berkas diubah"),
    "moved": N_("Berkas dipindahkan ke langkah lain"),
    "migrated": N_("Berkas beralih ke revisi baru"),
    "stuck": N_("Berkas macet"),
    "retried": N_("Berkas dicoba lagi"),
    "acted": N_("Dikerjakan otomatis"),
    "joined": N_("Ikut serta"),
    "delegated": N_("Langkah didelegasikan"),
    "returned": N_("Langkah dikembalikan kepada yang mendelegasikan"),
    "recalled": N_("Delegasi ditarik kembali"),
    "handed over": N_("Langkah diserahkan kepada sesama pemegang jabatan"),
    "assigned": N_("Langkah ditugaskan oleh pimpinan"),
    "substituted": N_("Langkah beralih kepada pengganti"),
    "handed back": N_("Langkah kembali kepada yang digantikan"),
    "pooled": N_("Langkah kembali kepada semua pemegang jabatannya"),
    "placed": N_("Langkah mendapat jabatannya"),
    "reminded": N_("Pelaksana diingatkan"),
    "asked why": N_("Sebab keterlambatan ditanyakan"),
    "explained": N_("Sebab keterlambatan dijelaskan"),
    "acknowledged": N_("Keterlambatan diketahui"),
    "unassigned": N_("Langkah dikembalikan kepada semua pemegang jabatannya"),
    "redated": N_("Tenggat bergeser karena kalender kantor berubah"),
}
_MARKS: Final = {
    "late": "timeline-late",
    "escalated": "timeline-late",
    "stuck": "timeline-late",
    "completed": "timeline-done",
    "ended": "timeline-done",
}


@dataclass(frozen=True)
class StepRow:
    """A row of the table beside the diagram: a step, and one time it was reached, if it was."""

    step: Step
    line: TaskLine | None
    round: int
    deadline: times.Deadline | None
    outcome: str | None
    took: Sequence[str] = ()

    @property
    def name(self) -> str:
        """With the unit it is done for, where there are several."""
        return self.line.task.name if self.line else self.step.name

    @property
    def mark(self) -> str:
        if self.deadline is None:
            return ""
        known = {"done": "is-done", "late": "is-late", "cancelled": ""}
        return known.get(self.deadline.state, "is-current")


@dataclass(frozen=True)
class Happened:
    """A line of the history in words."""

    at: datetime
    mark: str
    what: str
    step: str | None
    outcome: str | None
    reason: str | None
    who: str | None
    capacity: str | None
    to: str | None
    # From what to what it was changed.
    changed: tuple[str, str] | None = None
    # From when to when a due time moved.
    moved: tuple[datetime, datetime] | None = None
    opened: list[str] = field(default_factory=list)


# --- the list --------------------------------------------------------------------------------


@blueprint.get("/cases")
@allow("case.see")
def index() -> str:
    search, status = request.args.get("search", "").strip()[:100], request.args.get("status", "")
    status = status if status in STATUSES else ""
    after = request.args.get("after") or None
    sop = _only_of(request.args.get("sop", ""))
    step = request.args.get("step", "")[:120] if sop else ""
    found = casebook.page(
        g.session,
        g.actor,
        search=search,
        status=status,
        sop=sop.id if sop else None,
        step=step,
        after=after,
    )
    return render_template(
        "cases/index.html",
        found=found,
        search=search,
        status=status,
        sop=sop,
        step=step,
        step_name=sopbook.step_name(g.session, sop, step) if sop and step else "",
        statuses=STATUSES,
        after=after,
        may_start=bool(sops.startable(g.session, g.actor)),
        one_office=len({row.office.id for row in found.items}) < 2,
        now=g.now,
    )


def _only_of(sop_id: str) -> Sop | None:
    """The one SOP whose cases are asked for."""
    is_number = sop_id.isdecimal() and len(sop_id) < 19
    return sopbook.known(g.session, g.actor, int(sop_id)) if is_number else None


# --- one -------------------------------------------------------------------------------------


@blueprint.get("/cases/<number:case_id>")
@allow("case.see")
def page(case_id: int) -> str:
    notices.looking_at(case_id=case_id)
    shown = casebook.view(g.session, g.actor, case_id)
    return render_template(
        "cases/page.html",
        shown=shown,
        rows=list(_rows(shown)),
        history=_history(shown),
        blocks=_blocks(shown),
        talk=_talk(shown),
        mine={line.task.id for line in shown.tasks if _is_for_me(line)},
        incidents=incidents.open_of(g.session, case_id),
        may_steer=g.actor.may("case.steer", shown.office.id) and shown.case.ended_at is None,
        statuses=STATUSES,
        now=g.now,
    )


def _blocks(shown: CaseView) -> list[answering.Block]:
    """What the steps were answered, for whoever may see the tasks themselves."""
    if not g.actor.may("task.see", shown.office.id):
        return []
    known = answers.of_whole(g.session, shown.case, shown.meaning)
    rules = performance.rules(shown.office.capaian)
    return answering.blocks(g.session, shown.case, known, rules)


def _talk(shown: CaseView) -> comments.Talk | None:
    if not g.actor.may("task.see", shown.office.id):
        return None
    return comments.talk(shown.case.id, shown.office.id)


@blueprint.get("/cases/<number:case_id>/progress")
@allow("case.see", data=True)
def progress(case_id: int) -> Response:
    shown = casebook.view(g.session, g.actor, case_id)
    state = casebook.progress(shown, g.now)
    for step in state["current"]:
        step["due"] = _due_in_words(step["due"], shown.office)
    spans = state.pop("spans").items()
    state["times"] = {step: _took(shown.office, *took) for step, took in spans}
    return _to_be_asked_again(jsonify(state))


@blueprint.get("/cases/<number:case_id>/diagram")
@allow("case.see", data=True)
def diagram(case_id: int) -> Response:
    xml = casebook.diagram(g.session, g.actor, case_id)
    answer = Response(_as_utf8(xml), mimetype="application/xml")
    # Opened by itself it is saved, not shown: a drawing from elsewhere is no page of ours.
    answer.headers["Content-Disposition"] = f'attachment; filename="berkas-{case_id}.bpmn"'
    return _to_be_asked_again(answer)


def _to_be_asked_again(answer: Response) -> Response:
    """The browser may keep it, but asks each time whether it still holds."""
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag(weak=True)
    answer.make_conditional(request)
    return answer


def _as_utf8(xml: bytes) -> bytes:
    try:
        xml.decode()
    except UnicodeDecodeError:
        return etree.tostring(bpmn.xml.parse(xml), encoding="UTF-8", xml_declaration=True)
    return xml


def _due_in_words(due: str | None, office: Office) -> str | None:
    if due is None:
        return None
    return times.near(datetime.fromisoformat(due), office.zone, g.now).striptags()


def _took(office: Office, waited: int | None, worked: int | None) -> list[str]:
    """How long a step waited and was worked on, to stand beneath it."""
    if waited is None or worked is None:
        return []
    return [
        _("menunggu %(span)s", span=times.length(waited, office)),
        _("dikerjakan %(span)s", span=times.length(worked, office)),
    ]


def _is_for_me(line: TaskLine) -> bool:
    task = line.task
    is_free = task.status == "waiting" and g.actor.holding(task.post_id) is not None
    return is_free or (task.status == "claimed" and task.claimed_by == g.actor.person_id)


def _rows(shown: CaseView) -> Iterator[StepRow]:
    """Every step: once for each time the case came there, unit by unit, or once as to come."""
    for step in shown.meaning.steps:
        lines = [line for line in shown.tasks if line.task.step == step.id]
        if not lines:
            yield StepRow(step, None, 1, None, None)
        rounds = Counter[int | None]()
        for line in lines:
            rounds[line.task.member] += 1
            # Its clock stood still when the case was suspended, and goes on with the case.
            deadline = times.deadline(line.task, shown.office, shown.case.suspended_at or g.now)
            round_, outcome = rounds[line.task.member], _label(step, line.task.outcome)
            took = _took(shown.office, line.task.waited, line.task.worked)
            yield StepRow(step, line, round_, deadline, outcome, took)


def _label(step: Step, outcome: str | None) -> str | None:
    ways = step.decision.outcomes if step.decision else ()
    return next((way.label for way in ways if way.value == outcome), outcome)


def _history(shown: CaseView) -> list[Happened]:
    """Line by line; what a step opened stands with it, for it happened by itself."""
    told: list[Happened] = []
    for line in shown.history:
        if line.event.kind == "opened" and told and told[-1].at == line.event.at:
            told[-1].opened.append(line.step or "")
        else:
            told.append(_happened(shown, line))
    return told


def _happened(shown: CaseView, line: EventLine) -> Happened:
    event, detail = line.event, line.event.detail
    return Happened(
        at=event.at,
        mark=_MARKS.get(event.kind, ""),
        what=_(_HAPPENED[event.kind]) if event.kind in _HAPPENED else event.kind,
        step=line.step,
        outcome=_outcome(shown, detail),
        reason=detail.get("reason") or detail.get("why"),
        who=line.who,
        capacity=event.capacity,
        to=line.to,
        changed=_changed(detail) if event.kind == "prioritised" else None,
        moved=_moved(detail) if event.kind == "redated" else None,
    )


def _changed(detail: Mapping[str, Any]) -> tuple[str, str]:
    before, now = (urgency.LABELS[detail[name]] for name in ("before", "priority"))
    return _(before), _(now)


def _moved(detail: Mapping[str, Any]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(detail["was"]), datetime.fromisoformat(detail["due_at"])


def _outcome(shown: CaseView, detail: Mapping[str, Any]) -> str | None:
    steps = {step.id: step for step in shown.meaning.steps}
    step = steps.get(detail.get("step", ""))
    return _label(step, detail.get("outcome")) if step else None
