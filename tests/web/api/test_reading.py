"""What programs read: lists page by page, one thing at a time, and nothing of another office."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, get_args, get_type_hints

from flask import Flask
from sqlalchemy import event

from bpmn import library
from engine.db import Database
from tasks import lists, schedule
from tests.web.conftest import Clock, Office, Program
from web.api.shapes.tasks import TaskQuery

Programs = Callable[..., Program]

SOP = "gambut/pengumpulan-dan-pengukuran-data-kinerja"


def walked(program: Program, path: str) -> list[Any]:
    """Every item of a list, page by page, as `next` leads."""
    found, after = [], ""
    while after is not None:
        page = program.gets(
            f"{path}{'&' if '?' in path else '?'}limit=2{after and '&after='}{after}"
        )
        found += page["items"]
        after = page["next"]
    assert page["count"] == len(found)
    return found


def test_every_view_of_the_pages_is_a_view_here(program: Programs) -> None:
    view, *_ = get_args(get_type_hints(TaskQuery, include_extras=True)["view"])
    assert set(get_args(view)) == set(lists.VIEWS)
    camat = program("camat.gambut")
    for view in lists.VIEWS:
        assert camat.gets(f"/tasks?view={view}") == {"items": [], "next": None, "count": 0}


def test_what_waits_comes_page_by_page_the_most_urgent_first(
    program: Programs, office: Office, clock: Clock
) -> None:
    cases = []
    for title in ("Satu", "Dua", "Tiga", "Empat", "Lima"):
        cases.append(office.starts(title))
        clock.passes(minutes=1)
    kasubbag = program("kasubbag.gambut")
    found = walked(kasubbag, "/tasks?view=inbox")
    assert [task["case"] for task in found] == cases
    assert found[0] == {
        "id": found[0]["id"],
        "case": cases[0],
        "case_title": "Satu",
        "step": "Langkah_1",
        "name": "Merumuskan pengumpulan data dan memerintahkan surat",
        "lane": "Kasubbag Renkeua",
        "office": "gambut",
        "status": "waiting",
        "assignee": None,
        "opened_at": "2026-03-12T01:00:00Z",
        "due_at": "2026-03-12T01:10:00Z",
        "ended_at": None,
        "overdue": False,
    }
    first = kasubbag.asks("GET", "/tasks?view=inbox&limit=2")
    assert first.json is not None
    assert first.headers["Link"].endswith(f'&after={first.json["next"]}>; rel="next"')
    assert "view=inbox" in first.headers["Link"]


def test_what_is_late_says_so_and_was_told_once(
    program: Programs, office: Office, clock: Clock, database: Database
) -> None:
    case = office.starts()
    clock.passes(minutes=10)
    schedule.tick(database, clock())
    kasubbag = program("kasubbag.gambut")
    [task] = kasubbag.gets("/tasks?view=overdue")["items"]
    assert task["overdue"] is True
    [told] = kasubbag.gets("/escalations")["items"]
    assert told == {
        "id": told["id"],
        "task": task["id"],
        "case": case,
        "office": "gambut",
        "level": 1,
        "due_at": "2026-03-12T01:10:00Z",
        "raised_at": "2026-03-12T01:10:00Z",
        "to": told["to"],
    }
    assert kasubbag.gets(f"/escalations?case={case}&office=gambut")["count"] == 1
    assert kasubbag.gets(f"/escalations?case={case + 1}")["count"] == 0
    later = (clock() + timedelta(seconds=1)).isoformat().replace("+", "%2B")
    assert kasubbag.gets(f"/escalations?since={later}")["count"] == 0
    assert kasubbag.asks("GET", "/escalations?since=2026-03-12T09:00:00").status_code == 422


def test_lists_are_narrowed_by_office_sop_state_and_words(
    program: Programs, office: Office
) -> None:
    office.starts("Data kinerja triwulan I")
    office.starts("Rencana kerja", who="camat.martapura-barat")
    banjar = program("pengawas.banjar")
    assert len(walked(banjar, "/cases")) == 2
    [ours] = banjar.gets(f"/cases?sop={SOP}")["items"]
    assert (ours["sop"], ours["office"], ours["revision"]) == (SOP, "gambut", 1)
    assert banjar.gets("/cases?office=martapura-barat")["count"] == 1
    assert banjar.gets("/cases?search=triwulan")["count"] == 1
    assert banjar.gets("/cases?status=done")["count"] == 0
    assert banjar.gets("/cases?status=open&office=gambut")["count"] == 1
    assert {sop["office"] for sop in walked(banjar, "/sops")} == {"gambut", "martapura-barat"}
    assert banjar.gets("/sops?office=gambut")["count"] == 1
    assert [each["slug"] for each in walked(banjar, "/offices")] == ["gambut", "martapura-barat"]
    kasubbag = program("kasubbag.gambut")
    assert kasubbag.gets("/tasks?search=triwulan&office=gambut")["count"] == 1
    assert kasubbag.gets(f"/tasks?search=tahunan&sop={SOP}")["count"] == 0


def test_another_offices_names_are_as_unknown_as_those_of_nobody(
    program: Programs, office: Office
) -> None:
    case = office.starts()
    task = office.waiting("kasubbag.gambut", case)
    stranger = program("camat.sumbang")
    for path in (
        f"/cases/{case}",
        f"/cases/{case}/history",
        f"/tasks/{task}",
        f"/sops/{SOP}",
        f"/sops/{SOP}/revisions/1.bpmn",
        "/cases?office=gambut",
        f"/cases?sop={SOP}",
        "/sops?office=gambut",
        "/tasks?office=gambut",
        "/escalations?office=gambut",
    ):
        theirs = stranger.asks("GET", path)
        nobodys = stranger.asks(
            "GET", path.replace("gambut", "atlantis").replace(f"s/{case}", "s/987654")
        )
        assert theirs.status_code == 404, path
        assert theirs.json is not None
        assert nobodys.json is not None
        assert theirs.json["detail"] == nobodys.json["detail"]
    started = stranger.asks("POST", "/cases", json={"sop": SOP, "title": "Coba"})
    assert started.status_code == 404


def test_what_has_not_changed_is_not_sent_again(program: Programs, office: Office) -> None:
    case = office.starts()
    kasubbag = program("kasubbag.gambut")
    for path in ("/tasks", f"/cases/{case}", f"/sops/{SOP}", f"/sops/{SOP}/revisions/1.bpmn"):
        first = kasubbag.asks("GET", path, headers={"Accept-Encoding": "gzip"})
        again = kasubbag.asks("GET", path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path
        assert first.headers["Cache-Control"] == "private, no-cache"
    compressed = kasubbag.asks("GET", f"/sops/{SOP}", headers={"Accept-Encoding": "gzip"})
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert compressed.headers["ETag"].endswith('-gzip"')
    before = kasubbag.asks("GET", "/tasks").headers["ETag"]
    office.starts("Satu lagi")
    assert kasubbag.asks("GET", "/tasks", headers={"If-None-Match": before}).status_code == 200


def test_a_head_has_no_body_and_the_same_headers(program: Programs, office: Office) -> None:
    office.starts()
    kasubbag = program("kasubbag.gambut")
    head, get = kasubbag.asks("HEAD", "/tasks"), kasubbag.asks("GET", "/tasks")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == get.headers["ETag"]


def test_the_diagram_that_is_given_is_the_diagram_that_was_published(program: Programs) -> None:
    answer = program("kasubbag.gambut").asks("GET", f"/sops/{SOP}/revisions/1.bpmn")
    assert answer.data == library.load(SOP)
    assert answer.mimetype == "application/xml"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    missing = program("kasubbag.gambut").asks("GET", f"/sops/{SOP}/revisions/9.bpmn")
    assert missing.status_code == 404
    assert missing.mimetype == "application/problem+json"


def test_an_sop_tells_its_steps_and_revisions(program: Programs) -> None:
    sop = program("kasubbag.gambut").gets(f"/sops/{SOP}")
    assert sop["starter"] == "kasubbag-perencanaan-keuangan"
    assert sop["steps"][0]["time"] == "PT10M"
    assert sop["revisions"][0]["in_force"] is True


def test_no_list_asks_more_of_the_database_for_more_rows(
    program: Programs, office: Office, app: Flask, clock: Clock
) -> None:
    database: Database = app.extensions["database"]
    asked: list[str] = []
    event.listen(database.bind, "before_cursor_execute", lambda *a: asked.append(a[2]))
    kasubbag = program("kasubbag.gambut")
    paths = ("/tasks?view=inbox", "/cases", "/cases/1/history", "/escalations", "/sops", "/offices")

    def statements() -> dict[str, int]:
        found = {}
        for path in paths:
            asked.clear()
            kasubbag.gets(path)
            found[path] = sum(not line.startswith("BEGIN") for line in asked)
        return found

    office.claims("kasubbag.gambut", office.starts())
    clock.passes(minutes=11)
    schedule.tick(database, clock())
    statements()
    few = statements()
    for number in range(12):
        office.claims("kasubbag.gambut", office.starts(f"Berkas {number}"))
    clock.passes(minutes=11)
    schedule.tick(database, clock())
    assert statements() == few
    assert max(few.values()) <= 8, few


def test_times_are_instants(program: Programs, office: Office) -> None:
    case = program("kasubbag.gambut").gets(f"/cases/{office.starts()}")
    assert datetime.fromisoformat(case["started_at"]).utcoffset() == timedelta(0)
