"""`/tasks`: what waits for whom, and the verbs that bring it on."""

from flask import g

from bpmn.errors import N_
from engine import models, offices, people, sopbook
from engine.models.task import OPEN
from tasks import assigning, ground, inbox, lists
from tasks.excuses import Excuse
from tasks.filters import Filter
from web.api import answers
from web.api.ground import delete, get, post, put
from web.api.shapes import Listed
from web.api.shapes import tasks as shapes
from web.api.shapes.sops import parts
from web.api.shapes.tasks import Assignee, Completion, Task, TaskDetail, TaskQuery

_RACED = (409, 412)
# No person bears this number.
NOBODY = 0


@get("/tasks", "inbox.see", N_("Tugas Anda, yang paling mendesak di depan."))
def index(query: TaskQuery) -> Listed[Task]:
    found = lists.page(
        g.session,
        g.actor,
        query.view,
        g.now,
        narrowed=_narrowed(query),
        after=query.after,
        limit=query.limit,
    )
    who = shapes.people_of([item.task for item in found.items])
    accounts = people.accounts(g.session, who)
    return answers.listed(
        found,
        lambda item: shapes.task(item.task, item.case_title, item.office, accounts, g.now),
    )


def _narrowed(query: TaskQuery) -> Filter:
    office, sop = query.office, query.sop
    return Filter(
        search=query.search,
        office=offices.find(g.session, g.actor, office, "task.see").id if office else None,
        sop=sopbook.find(g.session, g.actor, *parts(sop))[0].id if sop else None,
    )


@get("/tasks/<number:task_id>", "task.see", N_("Satu tugas dengan semua yang diperlukannya."))
def show(task_id: int) -> TaskDetail:
    shown = inbox.look(g.session, g.actor, task_id)
    accounts = people.accounts(g.session, shapes.people_of([shown.task]))
    return shapes.detail(shown, accounts, g.now)


@put(
    "/tasks/<number:task_id>/claim",
    "task.work",
    N_("Ambil tugas. Yang sudah Anda pegang tetap milik Anda."),
    refuses=_RACED,
)
def claim(task_id: int) -> Task:
    task = _reached(task_id)
    if task.status != "claimed" or task.claimed_by != g.actor.person_id:
        inbox.claim(g.session, g.actor, task_id, g.now)
    return _line(task_id)


@delete(
    "/tasks/<number:task_id>/claim",
    "task.work",
    N_("Lepas tugas, kembali kepada semua pemegang jabatannya."),
    refuses=_RACED,
)
def release(task_id: int) -> Task:
    _reached(task_id)
    inbox.release(g.session, g.actor, task_id, g.now)
    return _line(task_id)


@post(
    "/tasks/<number:task_id>/completion",
    "task.work",
    N_("Selesaikan tugas yang Anda pegang; berkasnya langsung berlanjut."),
    refuses=_RACED,
)
def complete(task_id: int, body: Completion | None) -> Task:
    asked = body or Completion()
    found = inbox.hers(g.session, g.actor, task_id)
    answers.require(lambda: show(task_id))
    inbox.finish(
        g.session,
        g.actor,
        found,
        g.now,
        outcome=asked.outcome,
        reason=asked.reason,
        data=asked.data,
        excuse=Excuse(asked.late_reason, asked.late_note),
    )
    return _line(task_id)


@put(
    "/tasks/<number:task_id>/assignee",
    "task.work",
    N_(
        "Serahkan tugas kepada sesama pemegang jabatannya; pimpinan menugaskannya kepada siapa "
        "saja di kantornya, dengan alasan."
    ),
    refuses=_RACED,
)
def assign(task_id: int, body: Assignee) -> Task:
    task = _reached(task_id)
    if task.status not in OPEN:
        ground.refuse(g.session, g.actor, task)
    is_leader = g.actor.may("task.assign", task.office_id)
    if body.assignee is None:
        _put_back(task_id, body.reason, is_leader=is_leader)
        return _line(task_id)
    if body.assignee == g.actor.account and task.status == "waiting":
        inbox.claim(g.session, g.actor, task_id, g.now)
        return _line(task_id)
    to = people.find(g.session, body.assignee)
    if to is None or task.status != "claimed" or task.claimed_by != to.id:
        deed = assigning.assign if is_leader else assigning.hand_over
        # Whether there is such a person is told only to whoever may give the task away.
        deed(g.session, g.actor, task_id, to.id if to else NOBODY, body.reason, g.now)
    return _line(task_id)


def _put_back(task_id: int, reason: str, *, is_leader: bool) -> None:
    if is_leader:
        assigning.unassign(g.session, g.actor, task_id, reason, g.now)
    else:
        inbox.release(g.session, g.actor, task_id, g.now)


def _reached(task_id: int) -> models.Task:
    """The task, held until the transaction ends, as whoever asks believes it to be."""
    found = ground.lock(g.session, g.actor, task_id)
    answers.require(lambda: show(task_id))
    return found.task


def _line(task_id: int) -> Task:
    """The task as it is now; the session has nearly all of it already."""
    task = g.session.get_one(models.Task, task_id)
    case = g.session.get_one(models.Case, task.case_id)
    office = g.session.get_one(models.Office, task.office_id)
    others = shapes.people_of([task]) - {g.actor.person_id}
    accounts = {g.actor.person_id: g.actor.account, **people.accounts(g.session, others)}
    return shapes.task(task, case.title, office, accounts, g.now)
