"""Every route, for everyone: whoever adds a route says here what each role gets."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engine import absences, access, decrees, identity, offices, people, sops, webhooks
from engine.absences import Plan
from engine.access import MACHINE
from engine.db import EVERYWHERE, Database, Scope
from engine.models import Holder, Sop, Task
from engine.models import Office as Kantor
from tasks import batches, documents, schedule, sheets
from tests import fillings
from tests.engine import test_emblems
from tests.web.conftest import Office, Program, Visitor

OWN: Final = "kasubbag.gambut staf.gambut camat.gambut perancang.gambut pengawas.banjar admin"
OTHER: Final = "staf.sumbang camat.sumbang perancang.sumbang pengawas.banyumas"
PEOPLE: Final = ["-", *OWN.split(), *OTHER.split()]

DECREE: Final = "<decree>"
SOP: Final = "pengumpulan-dan-pengukuran-data-kinerja"

# The case is Gambut's; its tasks are for the pelaksana (staf).
# 303 onwards, 401 sign in, 403 not your right, 404 not your office's, 422 nothing to start.
TABLE: Final = """
                                     its own office                    another office
                                 -   kasubbag staf camat per peng adm  staf camat per peng
GET /                            303 200 200 200 200 200 200   200 200 200 200
GET /list                        401 200 200 200 200 200 200   200 200 200 200
POST /filters                    401 422 422 422 422 422 422   422 422 422 422
POST /filters/<number:filter_id>/removal 401 404 404 404 404 404 404   404 404 404 404
POST /bulk                       401 422 422 422 403 403 403   422 422 403 403
GET /sign-in                     200 303 303 303 303 303 303   303 303 303 303
POST /sign-in                    401 401 401 401 401 401 401   401 401 401 401
POST /sign-out                   401 303 303 303 303 303 303   303 303 303 303
POST /language                   303 303 303 303 303 303 303   303 303 303 303
GET /tasks/<number:task_id>      303 200 200 200 403 200 403   404 404 403 404
POST /tasks/<number:task_id>/claim      401 403 303 403 403 403 403   404 404 403 403
POST /tasks/<number:task_id>/release    401 403 303 403 403 403 403   404 404 403 403
POST /tasks/<number:task_id>/completion 401 403 303 403 403 403 403   404 404 403 403
POST /tasks/<number:task_id>/draft      401 403 303 403 403 403 403   404 404 403 403
POST /tasks/<number:task_id>/draft/removal 401 303 303 303 403 403 403   404 404 403 403
POST /tasks/<number:task_id>/documents  401 403 200 403 403 403 403   404 404 403 403
GET /tasks/<number:task_id>/state       401 200 200 200 403 200 403   404 404 403 404
GET /tasks/<number:task_id>/hands       303 200 200 200 403 403 403   404 404 403 403
POST /tasks/<number:task_id>/delegation 401 403 422 403 403 403 403   404 404 403 403
POST /tasks/<number:task_id>/delegation/return 401 403 409 403 403 403 403   404 404 403 403
POST /tasks/<number:task_id>/delegation/recall 401 409 409 409 403 403 403   404 404 403 403
POST /tasks/<number:task_id>/handover   401 403 422 403 403 403 403   404 404 403 403
POST /tasks/<number:task_id>/assignee   401 403 403 422 403 403 403   403 404 403 403
POST /tasks/<number:task_id>/assignee/removal 401 403 403 422 403 403 403   403 404 403 403
GET /tasks/<number:task_id>/lateness         303 200 200 200 403 200 403   404 404 403 404
POST /tasks/<number:task_id>/explanation     401 403 409 403 403 403 403   404 404 403 403
POST /tasks/<number:task_id>/acknowledgement 401 403 403 403 403 403 403   404 404 403 404
POST /tasks/<number:task_id>/participation 401 403 403 403 403 403 403   404 404 403 403
GET /cases                       303 200 200 200 200 200 403   200 200 200 200
POST /cases                      401 303 422 422 403 403 403   422 422 403 403
GET /cases/new                   303 200 200 200 403 403 403   200 200 403 403
POST /cases/new/draft            401 303 422 422 403 403 403   422 422 403 403
GET /batches/new                 303 200 200 200 403 403 403   200 200 403 403
POST /batches                    401 422 422 422 403 403 403   422 422 403 403
GET /batches/new/template.xlsx   303 404 404 404 403 403 403   404 404 403 403
GET /batches/<number:batch_id>              303 200 404 404 403 403 403   404 404 403 403
GET /batches/<number:batch_id>/progress     401 200 404 404 403 403 403   404 404 403 403
POST /batches/<number:batch_id>/beginning   401 303 404 404 403 403 403   404 404 403 403
POST /batches/<number:batch_id>/stop        401 303 404 404 403 403 403   404 404 403 403
POST /batches/<number:batch_id>/resumption  401 303 404 404 403 403 403   404 404 403 403
POST /batches/<number:batch_id>/removal     401 303 404 404 403 403 403   404 404 403 403
GET /cases/<number:case_id>           303 200 200 200 200 200 403   404 404 404 404
GET /cases/<number:case_id>/progress  401 200 200 200 200 200 403   404 404 404 404
GET /cases/<number:case_id>/diagram   401 200 200 200 200 200 403   404 404 404 404
GET /cases/<number:case_id>/comments  303 200 200 200 403 200 403   404 404 403 404
POST /cases/<number:case_id>/comments 401 422 422 422 403 422 403   404 404 403 404
GET /cases/<number:case_id>/people    401 200 200 200 403 200 403   404 404 403 404
POST /comments/<number:comment_id>/removal 401 404 404 404 403 404 403   404 404 403 404
GET /cases/<number:case_id>/performance.xlsx 303 200 200 200 403 200 403   404 404 403 404
GET /cases/<number:case_id>/performance.csv  303 200 200 200 403 200 403   404 404 403 404
GET /documents/<number:document_id>          303 200 200 200 403 200 403   404 404 403 404
GET /cases/<number:case_id>/steering       303 403 403 200 403 403 403   403 404 403 403
POST /cases/<number:case_id>/suspension    401 403 403 422 403 403 403   403 404 403 403
POST /cases/<number:case_id>/resumption    401 403 403 422 403 403 403   403 404 403 403
POST /cases/<number:case_id>/cancellation  401 403 403 422 403 403 403   403 404 403 403
POST /cases/<number:case_id>/move          401 403 403 422 403 403 403   403 404 403 403
POST /cases/<number:case_id>/priority      401 403 403 422 403 403 403   403 404 403 403
POST /cases/<number:case_id>/retry         401 403 403 303 403 403 403   403 404 403 403
GET /sops                                      303 200 200 200 200 200 200   200 200 200 200
POST /sops                                     401 403 403 403 422 403 403   403 403 422 403
GET /sops/new                                  303 403 403 403 200 403 403   403 403 200 403
GET /sops/<office>/<slug>                      303 200 200 200 200 200 200   404 404 404 404
POST /sops/<office>/<slug>/replies             401 403 403 422 403 403 403   403 404 403 403
GET /sops/<office>/<slug>/diagram              401 200 200 200 200 200 200   404 404 404 404
GET /sops/<office>/<slug>/revisions/<number:n>.bpmn 303 200 200 200 200 200 200   404 404 404 404
POST /sops/<office>/<slug>/revisions           401 403 403 403 404 403 403   403 403 404 403
GET /sops/<office>/<slug>/draft                303 403 403 403 200 403 403   403 403 404 403
POST /sops/<office>/<slug>/draft               401 403 403 403 422 403 403   403 403 404 403
GET /sops/<office>/<slug>/draft/diagram        401 403 403 403 404 403 403   403 403 404 403
POST /sops/<office>/<slug>/draft/discard       401 403 403 403 303 403 403   403 403 404 403
GET /offices                                   303 303 303 303 303 200 200   303 303 303 303
POST /offices                                  401 403 403 403 403 403 422   403 403 403 403
GET /offices/new                               303 403 403 403 403 403 200   403 403 403 403
GET /offices/<office>/ladder                   303 403 403 200 403 403 200   403 404 403 403
POST /offices/<office>/ladder                  401 403 403 409 403 403 409   403 404 403 403
GET /offices/<office>/ladder/<slug>            303 403 403 200 403 403 200   403 404 403 403
POST /offices/<office>/ladder/<slug>           401 403 403 409 403 403 409   403 404 403 403
GET /offices/<office>/reasons                  303 403 403 200 403 403 200   403 404 403 403
POST /offices/<office>/reasons                 401 403 403 409 403 403 409   403 404 403 403
GET /offices/<office>/settings                 303 403 403 200 403 403 200   403 404 403 403
POST /offices/<office>/identity                401 403 403 403 403 403 422   403 403 403 403
GET /offices/<office>/emblem                   303 200 200 200 200 200 200   404 404 404 404
POST /offices/<office>/emblem                  401 403 403 422 403 403 422   403 404 403 403
POST /offices/<office>/emblem/removal          401 403 403 303 403 403 303   403 404 403 403
GET /offices/<office>/posts                    303 200 200 200 200 200 200   404 404 404 404
POST /offices/<office>/posts                   401 403 403 403 403 403 422   403 403 403 403
GET /offices/<office>/new-post                 303 403 403 403 403 403 200   403 403 403 403
GET /offices/<office>/posts/<post>             303 200 200 200 200 200 200   404 404 404 404
POST /offices/<office>/posts/<post>/name       401 403 403 403 403 403 422   403 403 403 403
POST /offices/<office>/posts/<post>/superior   401 403 403 403 403 403 303   403 403 403 403
POST /offices/<office>/posts/<post>/holders    401 403 403 422 403 403 422   403 404 403 403
POST /offices/<office>/posts/<post>/holders/<number:holder_id>/last-day   401 403 403 422 403 403 422   403 404 403 403
POST /offices/<office>/posts/<post>/holders/<number:holder_id>/withdrawal 401 403 403 422 403 403 409   403 404 403 403
GET /offices/<office>/calendar                 303 200 200 200 200 200 200   404 404 404 404
GET /offices/<office>/calendar/days            303 403 403 200 403 200 200   403 404 403 404
POST /offices/<office>/calendar/days           401 403 403 422 403 422 422   403 404 403 404
POST /offices/<office>/calendar/days/removal   401 403 403 422 403 422 422   403 404 403 404
GET /offices/<office>/calendar/hours           303 403 403 403 403 403 200   403 403 403 403
POST /offices/<office>/calendar/hours          401 403 403 403 403 403 422   403 403 403 403
GET /offices/<office>/calendar/changes/<number:change_id>              303 200 200 200 200 200 200   404 404 404 404
GET /offices/<office>/calendar/changes/<number:change_id>/progress     401 200 200 200 200 200 200   404 404 404 404
POST /offices/<office>/calendar/changes/<number:change_id>/application 401 403 403 303 403 303 303   403 404 403 404
POST /offices/<office>/calendar/changes/<number:change_id>/removal     401 403 403 303 403 303 303   403 404 403 404
POST /offices/<office>/calendar/changes/<number:change_id>/retry       401 403 403 303 403 303 303   403 404 403 404
GET /decrees/new                               303 403 403 200 403 200 200   403 200 403 200
POST /decrees                                  401 403 403 422 403 422 422   403 422 403 422
GET /decrees/<decree>                          303 403 403 200 403 200 200   403 404 403 404
POST /decrees/<decree>/application             401 403 403 303 403 303 303   403 404 403 404
POST /decrees/<decree>/removal                 401 403 403 303 403 303 303   403 404 403 404
GET /offices/<office>/absences                 303 200 200 200 403 200 200   404 404 403 404
POST /offices/<office>/absences                401 422 422 422 403 403 422   404 404 403 403
GET /offices/<office>/absences/new             303 200 200 200 403 403 200   404 404 403 403
POST /offices/<office>/absences/<number:absence_id>/end 401 403 303 303 403 403 303   404 404 403 403
GET /sops/<office>/<slug>/live                 303 403 403 200 200 200 403   403 404 404 404
GET /sops/<office>/<slug>/live/table           401 403 403 200 200 200 403   403 404 404 404
GET /sops/<office>/<slug>/live/heat            401 403 403 200 200 200 403   403 404 404 404
GET /monitor                                   303 403 403 200 403 200 403   403 200 403 200
GET /monitor/list                              401 403 403 200 403 200 403   403 200 403 200
GET /monitor/sheet                             303 403 403 200 403 200 403   403 200 403 200
GET /monitor/wall                              303 403 403 200 403 200 403   403 200 403 200
POST /monitor/deeds                            401 403 403 422 403 422 403   403 422 403 422
GET /reports                                   303 403 403 200 200 200 403   403 200 200 200
GET /offices/<office>/assessments              303 403 403 303 303 303 403   403 404 404 404
GET /offices/<office>/assessments/<half>       303 403 403 200 200 200 403   403 404 404 404
POST /offices/<office>/assessments/<half>      401 403 403 303 403 403 403   403 404 403 403
POST /offices/<office>/assessments/<half>/rule 401 403 403 303 403 403 403   403 404 403 403
GET /reports/comparison                        303 403 403 200 200 200 403   403 200 200 200
GET /reports/<office>/<slug>/report.xlsx       303 403 403 200 200 200 403   403 404 404 404
GET /reports/<office>/<slug>/report.csv        303 403 403 200 200 200 403   403 404 404 404
GET /reports/<office>/<slug>/log.xes           303 403 403 200 200 200 403   403 404 404 404
GET /reports/<office>/<slug>                   303 403 403 200 200 200 403   403 404 404 404
GET /vacancies                                 303 403 403 200 403 200 403   403 200 403 200
GET /people                                    303 403 403 403 403 403 200   403 403 403 403
POST /people                                   401 403 403 403 403 403 422   403 403 403 403
GET /people/new                                303 403 403 403 403 403 200   403 403 403 403
GET /people/<number:person_id>                 303 403 403 403 403 403 200   403 403 403 403
POST /people/<number:person_id>/name           401 403 403 403 403 403 422   403 403 403 403
POST /people/<number:person_id>/password       401 403 403 403 403 403 200   403 403 403 403
POST /people/<number:person_id>/sign-out       401 403 403 403 403 403 303   403 403 403 403
POST /people/<number:person_id>/roles          401 403 403 403 403 403 422   403 403 403 403
POST /people/<number:person_id>/roles/<number:grant_id>/revocation 401 403 403 403 403 403 404   403 403 403 403
POST /people/<number:person_id>/closure        401 403 403 403 403 403 422   403 403 403 403
POST /people/<number:person_id>/erasure        401 403 403 403 403 403 422   403 403 403 403
GET /account                     303 200 200 200 200 200 200   200 200 200 200
GET /account/data.json           303 200 200 200 200 200 200   200 200 200 200
GET /account/password            303 200 200 200 200 200 200   200 200 200 200
GET /tokens                      303 200 200 200 200 200 200   200 200 200 200
POST /tokens                     401 422 422 422 422 422 422   422 422 422 422
POST /tokens/<number:token_id>/revocation 401 404 404 404 404 404 404   404 404 404 404
GET /reference                   303 200 200 200 200 200 200   200 200 200 200
POST /account/password           401 422 422 422 422 422 422   422 422 422 422
GET /api/v1/openapi.json                            200 200 200 200 200 200 200   200 200 200 200
GET /api/v1/offices                                 401 200 200 200 200 200 200   200 200 200 200
GET /api/v1/sops                                    401 200 200 200 200 200 200   200 200 200 200
GET /api/v1/sops/<office>/<slug>                    401 200 200 200 200 200 200   404 404 404 404
GET /api/v1/sops/<office>/<slug>/revisions/<number:n>.bpmn 401 200 200 200 200 200 200   404 404 404 404
POST /api/v1/sops/<office>/<slug>/revisions         401 403 403 403 415 403 403   403 403 404 403
GET /api/v1/cases                                   401 200 200 200 200 200 403   200 200 200 200
POST /api/v1/cases                                  401 201 403 403 403 403 403   404 404 403 403
GET /api/v1/cases/<number:case_id>                  401 200 200 200 200 200 403   404 404 404 404
GET /api/v1/cases/<number:case_id>/history          401 200 200 200 200 200 403   404 404 404 404
DELETE /api/v1/cases/<number:case_id>               401 403 403 200 403 403 403   403 404 403 403
GET /api/v1/tasks                                   401 200 200 200 200 200 200   200 200 200 200
GET /api/v1/tasks/<number:task_id>                  401 200 200 200 403 200 403   404 404 403 404
PUT /api/v1/tasks/<number:task_id>/claim            401 403 200 403 403 403 403   404 404 403 403
DELETE /api/v1/tasks/<number:task_id>/claim         401 403 409 403 403 403 403   404 404 403 403
PUT /api/v1/tasks/<number:task_id>/assignee         401 403 422 422 403 403 403   404 404 403 403
POST /api/v1/tasks/<number:task_id>/completion      401 403 200 403 403 403 403   404 404 403 403
GET /api/v1/escalations                             401 200 200 200 403 200 403   200 200 403 200
GET /notices                                   303 200 200 200 200 200 200   200 200 200 200
POST /notices/reading                          401 303 303 303 303 303 303   303 303 303 303
POST /notices/<number:notice_id>/reading       401 303 303 303 303 303 303   303 303 303 303
GET /preferences                               303 200 200 200 200 200 200   200 200 200 200
POST /preferences/<channel>/address            401 404 404 404 404 404 404   404 404 404 404
POST /preferences/<channel>/proof              401 303 303 303 303 303 303   303 303 303 303
POST /preferences/<channel>/choices            401 409 409 409 409 409 409   409 409 409 409
POST /preferences/<channel>/removal            401 303 303 303 303 303 303   303 303 303 303
GET /deliveries/failed                         303 403 403 403 403 403 200   403 403 403 403
POST /deliveries/failed/retry                  401 403 403 403 403 403 303   403 403 403 403
POST /deliveries/<number:delivery_id>/retry    401 403 403 403 403 403 404   403 403 403 403
GET /api/v1/webhooks                                401 403 403 200 403 403 200   403 200 403 403
POST /api/v1/webhooks                               401 403 403 201 403 403 201   403 404 403 403
GET /api/v1/webhooks/<number:webhook_id>            401 403 403 200 403 403 200   403 404 403 403
DELETE /api/v1/webhooks/<number:webhook_id>         401 403 403 204 403 403 204   403 404 403 403
POST /api/v1/webhooks/<number:webhook_id>/trial     401 403 403 202 403 403 202   403 404 403 403
GET /api/v1/webhooks/<number:webhook_id>/deliveries 401 403 403 200 403 403 200   403 404 403 403
POST /api/v1/webhooks/<number:webhook_id>/retry     401 403 403 200 403 403 200   403 404 403 403
POST /api/v1/webhooks/<number:webhook_id>/deliveries/<number:delivery_id>/retry 401 403 403 409 403 403 409   403 404 403 403
GET /webhooks                                       303 403 403 200 403 403 200   403 200 403 403
POST /webhooks                                      401 403 403 422 403 403 422   403 422 403 403
GET /webhooks/<number:webhook_id>                   303 403 403 200 403 403 200   403 404 403 403
POST /webhooks/<number:webhook_id>/trial            401 403 403 303 403 403 303   403 404 403 403
POST /webhooks/<number:webhook_id>/retry            401 403 403 303 403 403 303   403 404 403 403
POST /webhooks/<number:webhook_id>/removal          401 403 403 303 403 403 303   403 404 403 403
POST /webhooks/<number:webhook_id>/deliveries/<number:delivery_id>/retry 401 403 403 409 403 403 409   403 404 403 403
GET /healthz                     200 200 200 200 200 200 200   200 200 200 200
GET /readyz                      200 200 200 200 200 200 200   200 200 200 200
GET /metrics                     200 200 200 200 200 200 200   200 200 200 200
GET /operations                  303 403 403 403 403 403 200   403 403 403 403
GET /static/<filename>           200 200 200 200 200 200 200   200 200 200 200
"""  # noqa: E501


def expected() -> dict[str, list[int]]:
    lines = [line.split() for line in TABLE.split("\n")[3:-1]]
    return {" ".join(words[:2]): [int(word) for word in words[2:]] for words in lines}


class Rehearsal(Database):
    """Everything happens, and nothing stays: each cell of the table finds the same office."""

    @contextmanager
    def transaction(self, scope: Scope) -> Iterator[Session]:
        with super().transaction(scope) as session:
            yield session
            session.rollback()


@pytest.fixture
def rehearsal(app: Flask, database: Database) -> Database:
    rehearsal = Rehearsal(str(database.bind.url))
    app.extensions["database"] = rehearsal
    return rehearsal


@pytest.mark.parametrize("route", expected())
def test_everyone_gets_what_the_table_says(
    route: str,
    app: Flask,
    office: Office,
    rehearsal: Database,
    visitor: Callable[[str], Visitor],
    stranger: Visitor,
    program: Callable[[str], Program],
) -> None:
    case = office.starts()
    office.completes("kasubbag.gambut", case)
    task = (office.waiting if route.endswith("claim") else office.claims)("staf.gambut", case)
    method, rule = route.split()
    with app.test_request_context():
        asset = app.jinja_env.globals["asset"]("app.js").rpartition("/")[2]  # type: ignore[operator]
    if "readyz" in route:
        schedule.beat(office.database, office.clock())
    if "emblem" in route:
        wearing(office)
    if "document_id" in route or "performance" in route:
        filled_in(app, office, case, task)
    names = {
        "<number:document_id>": "1",
        "<number:comment_id>": "1",
        "<number:absence_id>": str(away(office)) if "absence_id" in rule else "",
        "<number:holder_id>": str(holder_of_camat(office)) if "holder_id" in rule else "",
        "<number:change_id>": str(decreed(office)) if "change_id" in rule or DECREE in rule else "",
        DECREE: "banjir",
        "<number:person_id>": "1",
        "<number:grant_id>": "99999",
        "<post>": "camat",
        "<number:notice_id>": "1",
        "<number:task_id>": str(task),
        "<number:case_id>": str(case),
        "<filename>": asset,
        "<office>": "gambut",
        "<slug>": SOP,
        "<half>": "2026-1",
        "<channel>": "email",
        "<number:n>": "1",
        "<number:token_id>": "1",
        "<number:webhook_id>": str(told(office)) if "webhook_id" in rule else "",
        "<number:delivery_id>": "1",
        "<number:filter_id>": "1",
        "<number:batch_id>": str(listed(office)) if "batch_id" in rule else "",
    }
    for name, value in names.items():
        rule = rule.replace(name, value)

    def status(person: str) -> int:
        if rule.startswith("/api/"):
            if person == "-":
                return answered(stranger.client.open, method, rule, route)
            path = rule.removeprefix("/api/v1")
            return answered(program(person).asks, method, path, route)
        who = stranger if person == "-" else visitor(person)
        if method == "GET":
            with who.opens(rule) as answer:
                return answer.status_code
        return who.sends(rule, sop=sop_of_gambut(office), title="Data kinerja").status_code

    assert {person: status(person) for person in PEOPLE} == dict(
        zip(PEOPLE, expected()[route], strict=True)
    )
    rehearsal.close()


def listed(office: Office) -> int:
    """The kasubbag has uploaded a list of two titles."""
    with office.database.transaction(EVERYWHERE) as session:
        actor = office._actor(session, "kasubbag.gambut")
        [(sop, _)] = sops.startable(session, actor)
        lines = sheets.of_text("Data Januari\nData Februari")
        return batches.propose(session, actor, sop, "", lines, office.clock()).id


def away(office: Office) -> int:
    """The pelaksana is away today, the kasubbag stands in."""
    with office.database.transaction(EVERYWHERE) as session:
        staf, kasubbag = (people.find(session, f"{who}.gambut") for who in ("staf", "kasubbag"))
        assert staf is not None and kasubbag is not None
        actor, today = access.actor(session, staf, office.clock()), office.clock().date()
        plan = Plan(staf.id, kasubbag.id, today, today, "cuti")
        here = offices.find(session, actor, "gambut", "absence.record")
        return absences.record(session, actor, here, plan, office.clock()).id


def decreed(office: Office) -> int:
    """The camat proposes a day off, under a name as if for the whole kabupaten."""
    with office.database.transaction(EVERYWHERE) as session:
        camat = people.find(session, "camat.gambut")
        assert camat is not None
        actor = access.actor(session, camat, office.clock())
        here = offices.find(session, actor, "gambut", "calendar.decree")
        today = decrees.Plan(decrees.OFF, office.clock().date(), reason="Banjir")
        change = decrees.propose(session, actor, here, today, office.clock())
        change.decree = "banjir"
        return change.id


def wearing(office: Office) -> None:
    """The camat has given the office an emblem."""
    with office.database.transaction(EVERYWHERE) as session:
        camat = people.find(session, "camat.gambut")
        assert camat is not None
        actor = access.actor(session, camat, office.clock())
        here = offices.find(session, actor, "gambut", "office.furnish")
        identity.wear(session, actor, here, test_emblems.png(), office.clock())


def holder_of_camat(office: Office) -> int:
    with office.database.reading(EVERYWHERE) as session:
        camat = people.find(session, "camat.gambut")
        assert camat is not None
        return session.scalars(select(Holder.id).where(Holder.person_id == camat.id)).one()


def told(office: Office) -> int:
    """An address that hears what happens in Gambut."""
    with office.database.transaction(EVERYWHERE) as session:
        ours = session.scalars(select(Kantor).where(Kantor.slug == "gambut")).one()
        facts = ("e-SAKIP", "https://example.org/", webhooks.TOPICS, office.clock())
        return webhooks.make(session, MACHINE, ours, *facts).id


BODIES: Final = {
    "POST /api/v1/webhooks": {"name": "x", "url": "https://example.org/", "office": "gambut"},
    "POST /api/v1/cases": {"sop": f"gambut/{SOP}", "title": "Data kinerja"},
    "DELETE /api/v1/cases/<number:case_id>": {"reason": "Dimulai dua kali."},
    "PUT /api/v1/tasks/<number:task_id>/assignee": {"assignee": "siapa"},
}


def answered(ask: Callable[..., TestResponse], method: str, path: str, route: str) -> int:
    """What a program gets; never a page, whatever went wrong."""
    answer = ask(method=method, path=path, json=BODIES.get(route))
    assert "html" not in (answer.mimetype or "")
    return answer.status_code


def filled_in(app: Flask, office: Office, case: int, task: int) -> None:
    """The step was answered with a row of performance data, and has a file."""
    with office.database.transaction(EVERYWHERE) as session:
        step = session.get_one(Task, task)
        step.data, step.step, step.status = {"kinerja": [fillings.KEPT]}, "Langkah_6", "done"
        person = step.claimed_by or 0
        file, folder = BytesIO(b"%PDF-1.7 surat"), app.config["DOCUMENTS"]
        now = office.clock()
        documents.attach(session, step, "bukti", "surat.pdf", file, folder, person, now)


def sop_of_gambut(office: Office) -> str:
    ours = select(Kantor.id).where(Kantor.slug == "gambut").scalar_subquery()
    with office.database.reading(EVERYWHERE) as session:
        return str(session.scalar(select(Sop.id).where(Sop.office_id == ours)))


def test_no_route_is_missing_from_the_table(app: Flask) -> None:
    served = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD"}
    }
    assert served == set(expected())
