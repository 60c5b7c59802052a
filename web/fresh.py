"""Tell a task's page that stays open what has become of the task meanwhile."""

import hashlib

from flask import Blueprint, Response, g, jsonify, request

from tasks import freshness
from tasks.freshness import State
from web.guard import allow
from web.i18n import _, language

blueprint = Blueprint("fresh", __name__)


@blueprint.get("/tasks/<number:task_id>/state")
@allow("task.see", data=True)
def state(task_id: int) -> Response:
    """What has become of it, for a page that stays open."""
    found = freshness.of(g.session, g.actor, task_id)
    answer = jsonify(said=_in_words(found), mine=found.is_hers(g.actor), comments=found.comments)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(seal(found), weak=True)
    answer.make_conditional(request)
    return answer


def seal(found: State) -> str:
    return hashlib.sha256(repr((found, language())).encode()).hexdigest()[:16]


def _in_words(found: State) -> str:
    """How it stands, for whoever has the page open and saw it otherwise."""
    if found.status == "done":
        who = _("Anda") if found.ended_by == g.actor.person_id else found.ender
        return _("Langkah ini sudah diselesaikan oleh %(who)s.", who=who)
    if found.status == "cancelled":
        return _("Tugas ini sudah ditarik: berkasnya berlanjut tanpa langkah ini.")
    if found.case_status == "suspended":
        return _("Berkas ini sedang ditangguhkan; jam kerjanya berhenti.")
    if found.status == "waiting":
        return _("Tugas ini menunggu pemegang jabatannya.")
    if found.is_hers(g.actor):
        return _("Tugas ini pada Anda.")
    return _("Tugas ini sekarang dikerjakan %(who)s.", who=found.claimer)
