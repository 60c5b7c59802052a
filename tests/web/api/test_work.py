"""The work itself by API: Gambut's case from its first step to its last, and who is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from engine import steering
from engine.db import EVERYWHERE, Database
from engine.models import Task
from tests import fillings
from tests.web.conftest import Clock, Office, Program

Programs = Callable[..., Program]

SOP = "gambut/pengumpulan-dan-pengukuran-data-kinerja"
KASUBBAG, STAF, SEKCAM, CAMAT, KASI = (
    f"{post}.gambut" for post in ("kasubbag", "staf", "sekcam", "camat", "kasi")
)


def begun(program: Programs, title: str = "Data kinerja triwulan I") -> int:
    answer = program(KASUBBAG).asks("POST", "/cases", json={"sop": SOP, "title": title})
    assert answer.status_code == 201, answer.text
    assert answer.json is not None
    assert answer.headers["Location"] == f"/api/v1/cases/{answer.json['id']}"
    return int(answer.json["id"])


def does(officer: Program, outcome: str | None = None, reason: str = "") -> Any:
    """She takes the one task that waits for her and ends it."""
    [waiting] = officer.gets("/tasks?view=team")["items"]
    place = f"/tasks/{waiting['id']}"
    assert officer.asks("PUT", f"{place}/claim").status_code == 200
    asked = officer.gets(place)
    data = {
        field["key"]: [fillings.ROW]
        for field in asked["fields"]
        if field["required"] and field["kind"] == "data-kinerja"
    }
    body = {"data": data, "outcome": outcome, "reason": reason}
    answer = officer.asks("POST", f"{place}/completion", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_a_case_walks_from_its_first_step_to_its_last(program: Programs) -> None:
    case = begun(program)
    kasubbag, staf, sekcam, camat, kasi = map(program, (KASUBBAG, STAF, SEKCAM, CAMAT, KASI))
    for officer in (kasubbag, staf, sekcam):
        assert does(officer)["status"] == "done"
    does(camat, "tidak", "Nomor surat belum diisi.")
    does(sekcam)
    does(camat, "setuju")
    for officer in (staf, kasi, staf, kasubbag):
        does(officer)
    ended = camat.gets(f"/cases/{case}")
    assert ended["status"] == "done"
    assert {task["status"] for task in ended["tasks"]} == {"done"}
    assert staf.gets("/tasks?view=done")["count"] == 3
    history = camat.gets(f"/cases/{case}/history?limit=200")
    kinds = [line["kind"] for line in history["items"]]
    assert (kinds[0], kinds[-1]) == ("started", "ended")
    assert kinds.count("completed") == len(ended["tasks"]) == 10
    sent_back = next(line for line in history["items"] if line["detail"].get("reason"))
    assert sent_back["account"] == CAMAT
    assert sent_back["detail"]["reason"] == "Nomor surat belum diisi."


def test_a_late_step_may_say_why_by_a_reason_of_the_office(
    program: Programs, clock: Clock, database: Database
) -> None:
    case, kasubbag = begun(program), program(KASUBBAG)
    [waiting] = kasubbag.gets("/tasks?view=team")["items"]
    place = f"/tasks/{waiting['id']}"
    kasubbag.asks("PUT", f"{place}/claim")
    clock.passes(minutes=61)
    wrong = {"late_reason": "hujan", "late_note": "Banjir di jalan."}
    refused = kasubbag.asks("POST", f"{place}/completion", json=wrong)
    assert refused.status_code == 422
    assert refused.json is not None
    assert [each["field"] for each in refused.json["errors"]] == ["late_reason"]
    right = wrong | {"late_reason": "tidak-di-tempat"}
    assert kasubbag.asks("POST", f"{place}/completion", json=right).status_code == 200
    with database.reading(EVERYWHERE) as session:
        task = session.scalars(
            select(Task).where(Task.case_id == case, Task.status == "done")
        ).one()
        assert (task.late_reason, task.late_note) == ("tidak-di-tempat", "Banjir di jalan.")


def test_a_task_says_all_that_is_needed_to_do_it(program: Programs, office: Office) -> None:
    case = office.starts()
    for who in (KASUBBAG, STAF, SEKCAM):
        office.completes(who, case)
    task = program(CAMAT).gets(f"/tasks/{office.waiting(CAMAT, case)}")
    assert [(way["value"], way["back"]) for way in task["outcomes"]] == [
        ("setuju", False),
        ("tidak", True),
    ]
    assert [line["step"] for line in task["earlier"]] == ["Langkah_1", "Langkah_2", "Langkah_3"]
    assert task["needs"]
    assert task["sop"] == SOP


def test_of_two_who_claim_one_gets_it_and_may_say_it_twice(
    program: Programs, office: Office
) -> None:
    task = office.waiting(KASUBBAG, office.starts())
    kasubbag = program(KASUBBAG)
    for _ in range(2):
        answer = kasubbag.asks("PUT", f"/tasks/{task}/claim")
        assert answer.status_code == 200
        assert answer.json is not None
        assert (answer.json["status"], answer.json["assignee"]) == ("claimed", KASUBBAG)
    assert program(STAF).asks("PUT", f"/tasks/{task}/claim").status_code == 403
    released = kasubbag.asks("DELETE", f"/tasks/{task}/claim")
    assert released.json is not None
    assert (released.json["status"], released.json["assignee"]) == ("waiting", None)
    assert kasubbag.asks("DELETE", f"/tasks/{task}/claim").status_code == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "outcome"),
        ({"outcome": "mungkin"}, "outcome"),
        ({"outcome": "tidak"}, "reason"),
        ({"outcome": "tidak", "reason": " "}, "reason"),
        ({"outcome": 1}, "outcome"),
        ({"outcome": "setuju", "data": {"reason": "x"}}, "reason"),
    ],
)
def test_a_decision_without_its_parts_is_refused_by_field(
    program: Programs, office: Office, body: dict[str, Any], field: str
) -> None:
    case = office.starts()
    for who in (KASUBBAG, STAF, SEKCAM):
        office.completes(who, case)
    task = office.claims(CAMAT, case)
    answer = program(CAMAT).asks("POST", f"/tasks/{task}/completion", json=body)
    assert answer.status_code == 422
    assert answer.json is not None
    assert [each["field"] for each in answer.json["errors"]] == [field]


def test_a_form_that_is_not_right_is_told_cell_by_cell(program: Programs, office: Office) -> None:
    case = office.starts()
    for who in (KASUBBAG, STAF, SEKCAM):
        office.completes(who, case)
    office.completes(CAMAT, case, "setuju")
    office.completes(STAF, case)
    task = office.claims(KASI, case)
    rows = [{**fillings.ROW, "realisasi": "banyak"}, fillings.ROW]
    body = {"data": {"kinerja": rows, "lain": 1}}
    answer = program(KASI).asks("POST", f"/tasks/{task}/completion", json=body)
    assert answer.status_code == 422
    assert answer.json is not None
    assert [each["field"] for each in answer.json["errors"]] == [
        "data.lain",
        "data.kinerja, baris 1, realisasi",
    ]


def test_what_is_suspended_or_over_is_a_conflict(program: Programs, office: Office) -> None:
    case = office.starts()
    task = office.claims(KASUBBAG, case)
    kasubbag = program(KASUBBAG)
    office.does(CAMAT, steering.suspend, case, "Menunggu.")
    assert kasubbag.asks("POST", f"/tasks/{task}/completion").status_code == 409
    office.does(CAMAT, steering.resume, case, "Sudah datang.")
    assert kasubbag.asks("POST", f"/tasks/{task}/completion").status_code == 200
    assert kasubbag.asks("POST", f"/tasks/{task}/completion").status_code == 409


def test_a_leader_cancels_with_a_reason_in_the_body_or_the_address(
    program: Programs, office: Office
) -> None:
    camat = program(CAMAT)
    for options, query in (({"json": {"reason": "Dua kali."}}, ""), ({}, "?reason=Dua%20kali.")):
        case = office.starts()
        assert camat.asks("DELETE", f"/cases/{case}").status_code == 422
        answer = camat.asks("DELETE", f"/cases/{case}{query}", **options)
        assert answer.json is not None
        assert (answer.status_code, answer.json["status"]) == (200, "cancelled")
        assert camat.asks("DELETE", f"/cases/{case}?reason=Lagi").status_code == 409


def test_a_leader_assigns_with_a_reason_and_a_holder_gives_back(
    program: Programs, office: Office
) -> None:
    task = office.claims(KASUBBAG, office.starts())
    camat, kasubbag = program(CAMAT), program(KASUBBAG)
    place = f"/tasks/{task}/assignee"
    refused = camat.asks("PUT", place, json={"assignee": STAF})
    assert refused.json is not None
    assert [each["field"] for each in refused.json["errors"]] == ["reason"]
    given = camat.asks("PUT", place, json={"assignee": STAF, "reason": "Kasubbag dinas luar."})
    assert given.json is not None
    assert given.json["assignee"] == STAF
    again = camat.asks("PUT", place, json={"assignee": STAF, "reason": "Sekali lagi."})
    assert again.status_code == 200
    unknown = camat.asks("PUT", place, json={"assignee": "siapa", "reason": "Coba."})
    assert unknown.json is not None
    assert [each["field"] for each in unknown.json["errors"]] == ["assignee"]
    back = camat.asks("PUT", place, json={"assignee": None, "reason": "Sudah kembali."})
    assert back.json is not None
    assert (back.json["status"], back.json["assignee"]) == ("waiting", None)
    assert kasubbag.asks("PUT", f"/tasks/{task}/claim").status_code == 200
    assert kasubbag.asks("PUT", place, json={"assignee": None}).status_code == 200
    mine = kasubbag.asks("PUT", place, json={"assignee": KASUBBAG})
    assert mine.json is not None
    assert (mine.json["status"], mine.json["assignee"]) == ("claimed", KASUBBAG)
    elsewhere = kasubbag.asks("PUT", place, json={"assignee": STAF})
    assert elsewhere.status_code == 422
    kasubbag.asks("POST", f"/tasks/{task}/completion")
    late = camat.asks("PUT", place, json={"assignee": STAF, "reason": "Terlambat."})
    assert late.status_code == 409


def test_a_deed_decided_on_what_is_no_more_so_is_refused(
    program: Programs, office: Office, clock: Clock
) -> None:
    task = office.waiting(KASUBBAG, office.starts())
    kasubbag = program(KASUBBAG)
    seen = kasubbag.asks("GET", f"/tasks/{task}").headers["ETag"]
    # As a program has it whose answer was compressed on its way.
    held = {"If-Match": seen[:-1] + '-gzip"'}
    assert kasubbag.asks("PUT", f"/tasks/{task}/claim", headers=held).status_code == 200
    for method, path in (("DELETE", "claim"), ("POST", "completion")):
        answer = kasubbag.asks(method, f"/tasks/{task}/{path}", headers={"If-Match": seen})
        assert answer.status_code == 412
    fresh = {"If-Match": kasubbag.asks("GET", f"/tasks/{task}").headers["ETag"]}
    answer = kasubbag.asks("POST", f"/tasks/{task}/completion", headers=fresh)
    assert answer.status_code == 200


def test_a_completion_costs_few_statements_and_one_commit(
    program: Programs, office: Office, app: Flask
) -> None:
    case = office.starts()
    kasubbag = program(KASUBBAG)
    kasubbag.gets("/tasks")
    task = office.claims(KASUBBAG, case)
    database: Database = app.extensions["database"]
    statements: list[str] = []
    commits: list[int] = []
    event.listen(database.bind, "before_cursor_execute", lambda *a: statements.append(a[2]))
    event.listen(database.bind, "commit", lambda *_: commits.append(1))
    answer = kasubbag.asks(
        "POST", f"/tasks/{task}/completion", json={}, headers={"Idempotency-Key": "sekali"}
    )
    assert answer.status_code == 200
    asked = [line for line in statements if not line.startswith("BEGIN")]
    assert len(asked) <= 15, "\n".join(asked)
    assert len(commits) == 1
