"""`/cases`: start one, see how far it has come and what happened, and end it."""

from flask import g, url_for

from bpmn.errors import N_
from engine import casebook, cases, offices, people, sopbook, steering
from tasks import starting
from web.api import answers
from web.api.answers import Made
from web.api.bodies import Missing
from web.api.ground import delete, get, post
from web.api.refusals import BadFields
from web.api.shapes import Listed, Paged
from web.api.shapes import cases as shapes
from web.api.shapes.cases import (
    Case,
    CaseLine,
    CaseQuery,
    Ending,
    Event,
    NewCase,
    OnlyReason,
)
from web.api.shapes.sops import parts


@get("/cases", "case.see", N_("Berkas kantor Anda, terbaru di depan."))
def index(query: CaseQuery) -> Listed[CaseLine]:
    sop = sopbook.find(g.session, g.actor, *parts(query.sop))[0] if query.sop else None
    office = offices.find(g.session, g.actor, query.office, "case.see") if query.office else None
    found = casebook.page(
        g.session,
        g.actor,
        search=query.search,
        status=query.status or "",
        sop=sop.id if sop else None,
        office=office.id if office else None,
        after=query.after,
        limit=query.limit,
    )
    numbers = casebook.numbers(g.session, found.items)
    return answers.listed(found, lambda row: shapes.line(row, numbers[row.case.revision_id]))


@post(
    "/cases",
    "case.start",
    N_("Mulai berkas, sebagai pemegang jabatan langkah pertamanya."),
    status=201,
    refuses=(404, 409),
)
def start(body: NewCase) -> Made[Case]:
    sop, _office = sopbook.find(g.session, g.actor, *parts(body.sop))
    case = starting.start(g.session, g.actor, sop, body.title, body.data, g.now)
    return Made(_shown(case.id), url_for("api.cases_show", case_id=case.id))


@get("/cases/<number:case_id>", "case.see", N_("Satu berkas dengan tugas-tugasnya."))
def show(case_id: int) -> Case:
    return _shown(case_id)


@delete(
    "/cases/<number:case_id>",
    "case.steer",
    N_("Batalkan berkas, dengan alasannya."),
    refuses=(409, 412),
)
def cancel(case_id: int, body: Ending | None, query: OnlyReason) -> Case:
    cases.locked(g.session, case_id)
    answers.require(lambda: _shown(case_id))
    reason = body.reason if body else query.reason
    if reason is None:
        raise BadFields({"reason": Missing()})
    steering.cancel(g.session, g.actor, case_id, reason, g.now)
    return _shown(case_id)


@get("/cases/<number:case_id>/history", "case.see", N_("Riwayat berkas, yang terlama di depan."))
def history(case_id: int, query: Paged) -> Listed[Event]:
    found = casebook.events(g.session, g.actor, case_id, query.after, query.limit)
    accounts = people.accounts(g.session, shapes.people_in(found.items))
    return answers.listed(found, lambda line: shapes.event(line, accounts))


def _shown(case_id: int) -> Case:
    shown = casebook.brief(g.session, g.actor, case_id)
    accounts = people.accounts(g.session, shapes.people_of(shown))
    return shapes.case(shown, accounts, g.now)
