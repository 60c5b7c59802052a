"""Many tasks at once: asked first, then each with what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from bpmn.errors import N_, AlurError
from engine import colleagues
from tasks import bulk, lists
from tasks.ground import TaskError
from tasks.lists import Item
from web import errors
from web.guard import allow

blueprint = Blueprint("bulk", __name__)

_HEADINGS = {
    "claim": N_("Mengambil beberapa tugas"),
    "complete": N_("Menyelesaikan beberapa tugas"),
    "handover": N_("Menyerahkan beberapa tugas"),
}


class NoSuchDeed(TaskError):
    sentence = N_("Pilih apa yang akan dilakukan: ambil, selesaikan, atau serahkan.")
    status = 422


@dataclass(frozen=True)
class Line:
    """One of them, and why it was refused, if it was."""

    task_id: int
    name: str
    case_title: str
    refused: str | None


@blueprint.post("/bulk")
@allow("task.work", form="inbox.page")
def do() -> ResponseReturnValue:
    deed = request.form.get("do", "")
    if deed not in _HEADINGS:
        raise NoSuchDeed
    ids = _chosen()
    if deed != "claim" and "sure" not in request.form:
        return _ask(deed, ids, {})
    to, note = request.form.get("to", ""), request.form.get("note", "")
    if deed == "handover" and not to:
        return _ask(deed, ids, {"to": errors.sentence(NobodyChosen())}), 422
    results = _done(deed, ids, int(to) if _is_id(to) else 0, note)
    known = lists.with_ids(g.session, g.actor, [result.task_id for result in results])
    return render_template(
        "inbox/bulk_done.html",
        heading=_HEADINGS[deed],
        lines=[_line(result, known.get(result.task_id)) for result in results],
    )


class NobodyChosen(AlurError):
    sentence = N_("Pilih kepada siapa tugas ini diserahkan.")


def _chosen() -> list[int]:
    ids = [int(id) for id in request.form.getlist("chosen") if _is_id(id)]
    if not ids:
        raise bulk.NothingChosen
    if len(ids) > bulk.MOST:
        raise bulk.TooMany(most=bulk.MOST, count=len(ids))
    return ids


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _done(deed: str, ids: Sequence[int], to: int, note: str) -> list[bulk.Result]:
    if deed == "claim":
        return bulk.claim(g.session, g.actor, ids, g.now)
    if deed == "complete":
        return bulk.complete(g.session, g.actor, ids, g.now)
    return bulk.hand_over(g.session, g.actor, ids, to, note, g.now)


def _line(result: bulk.Result, item: Item | None) -> Line:
    said = errors.sentence(result.refused) if result.refused else None
    return Line(result.task_id, result.name, item.case_title if item else "", said)


def _ask(deed: str, ids: Sequence[int], wrong: dict[str, str]) -> str:
    """What will happen, to which tasks; nothing has happened yet."""
    found = lists.with_ids(g.session, g.actor, ids)
    offices = {item.task.office_id for item in found.values()}
    return render_template(
        "inbox/bulk.html",
        deed=deed,
        heading=_HEADINGS[deed],
        items=[found[id] for id in ids if id in found],
        people=[
            person
            for office in sorted(offices)
            if deed == "handover"
            for person in colleagues.of_office(g.session, office, g.now)
            if person.id != g.actor.person_id
        ],
        fields=request.form,
        wrong=wrong,
    )
