"""Twin of web/gauges.py: figures for a watcher, for nobody else, and at little cost."""

import math
import socket
from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event

from engine import steering, vitals
from engine.db import EVERYWHERE, Database
from engine.models import Incident
from engine.settings import BadSetting, Settings, from_environment
from tasks import schedule
from tests.web.conftest import Clock, Office, Visitor
from tests.web.test_serving import served
from web import create_app, gauges


def figures(visitor: Visitor) -> dict[str, float]:
    answer = visitor.opens("/metrics")
    assert answer.status_code == 200
    assert answer.content_type == gauges.TYPE
    return {
        sample.name + "".join(f",{value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_a_watcher_reads_how_alur_is(
    stranger: Visitor, office: Office, database: Database, clock: Clock
) -> None:
    office.starts()
    stopped = office.starts("Berhenti")
    office.does("camat.gambut", steering.suspend, stopped, "Menunggu")
    clock.passes(minutes=20)
    with database.transaction(EVERYWHERE) as session:
        session.add(Incident(office_id=1, case_id=1, at=clock(), sentence="macet"))
    schedule.beat(database, clock())
    clock.passes(seconds=5)
    seen = figures(stranger)
    assert seen["alur_cases,running"] == 1
    assert seen["alur_cases,suspended"] == 1
    assert seen["alur_tasks_open"] == 2
    assert seen["alur_tasks_overdue"] == 2
    assert seen["alur_incidents_open"] == 1
    assert seen["alur_clock_silence_seconds"] == 5
    assert seen["alur_clock_lag_seconds"] == 10 * 60 + 5
    assert seen["alur_database_bytes"] > 100_000


def test_nobody_kept_the_time_yet(stranger: Visitor) -> None:
    assert math.isnan(figures(stranger)["alur_clock_silence_seconds"])


def test_answers_are_timed_by_what_officers_wait_for(
    stranger: Visitor,
) -> None:
    stranger.opens("/healthz")
    stranger.opens("/tidak-ada")
    stranger.opens("/")
    seen = figures(stranger)
    assert seen["alur_request_seconds_count,health,2xx"] == 1
    assert seen["alur_request_seconds_count,other,4xx"] == 1
    assert seen["alur_request_seconds_count,inbox.page,3xx"] == 1


def test_finished_steps_are_timed(
    stranger: Visitor, visitor: Callable[[str], Visitor], office: Office
) -> None:
    task = office.claims("kasubbag.gambut", office.starts())
    kasubbag = visitor("kasubbag.gambut")
    for _ in range(2):  # the second time it is done already
        kasubbag.sends(f"/tasks/{task}/completion")
    assert figures(stranger)["alur_step_seconds_count,page"] == 1


def test_many_watchers_ask_the_database_once(
    app: Flask, stranger: Visitor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(database.bind, "before_cursor_execute", note)
    for _ in range(5):
        figures(stranger)
    first = len(asked)
    assert 0 < first <= 10
    monkeypatch.setattr(gauges, "FRESH_FOR", -1.0)
    figures(stranger)
    assert len(asked) == 2 * first


def test_the_figures_of_open_work_come_from_indexes_of_open_work_alone(
    database: Database, clock: Clock
) -> None:
    """As many finished tasks as a country has in years cost nothing."""
    statements = list[tuple[str, object]]()

    def note(_c: object, _u: object, statement: str, parameters: object, *_: object) -> None:
        statements.append((statement, parameters))

    event.listen(database.bind, "before_cursor_execute", note)
    with database.reading(EVERYWHERE) as session:
        vitals.of(session, clock())
    event.remove(database.bind, "before_cursor_execute", note)
    plan = list[str]()
    with database.bind.connect() as connection:
        for statement, parameters in statements:
            if statement.lstrip().upper().startswith("SELECT"):
                explained = connection.exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {statement}", parameters
                )
                plan += [row[3] for row in explained]
    scans = [line for line in plan if line.startswith("SCAN") and "INDEX" not in line]
    # The chores are a handful; of what changed in calendars the last two hundred are read.
    assert {line.split()[1] for line in scans} <= {"chore", "calendar_change", "CONSTANT"}, scans
    assert any("ix_case_open" in line for line in plan), plan


@pytest.mark.parametrize(
    ("address", "status"),
    [("127.0.0.1", 200), ("::1", 200), ("10.1.2.3", 200), ("10.2.2.3", 403), ("8.8.8.8", 403)],
)
def test_only_this_machine_and_named_networks_may_ask(
    tmp_path: Path, database: Database, clock: Clock, address: str, status: int
) -> None:
    named = Settings(data=tmp_path, metrics_from=(ip_network("10.1.0.0/16"),))
    client = create_app(named, database, clock).test_client()
    answer = client.get("/metrics", environ_overrides={"REMOTE_ADDR": address})
    assert answer.status_code == status
    unnamed = create_app(replace(named, metrics_from=()), database, clock).test_client()
    answer = unnamed.get("/metrics", environ_overrides={"REMOTE_ADDR": address})
    assert answer.status_code == (200 if address in ("127.0.0.1", "::1") else 403)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_a_proxy_on_this_machine_does_not_let_the_world_in(stranger: Visitor, header: str) -> None:
    assert stranger.opens("/metrics", headers={header: "8.8.8.8"}).status_code == 403
    assert stranger.opens("/metrics", headers={header: "127.0.0.1"}).status_code == 403


def test_nor_one_that_speaks_tls_for_us_and_says_nothing(
    tmp_path: Path, database: Database, clock: Clock
) -> None:
    behind = Settings(data=tmp_path, tls=True)
    assert create_app(behind, database, clock).test_client().get("/metrics").status_code == 403
    named = replace(behind, metrics_from=(ip_network("127.0.0.0/8"),))
    assert create_app(named, database, clock).test_client().get("/metrics").status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("jahat.example", 403),
        ("127.0.0.1.jahat.example:8000", 403),
        ("localhost.jahat.example", 403),
    ],
)
def test_a_page_elsewhere_cannot_read_them_through_an_officers_browser(
    stranger: Visitor, host: str, status: int
) -> None:
    """Its name may be turned upon this machine; the name stays foreign."""
    assert stranger.opens("/metrics", headers={"Host": host}).status_code == status


def test_what_a_proxy_says_comes_through_the_door(app: Flask) -> None:
    with served(app) as (host, port), socket.create_connection((host, port), timeout=5) as caller:
        said = f"GET /metrics HTTP/1.0\r\nHost: {host}\r\n"
        caller.sendall(f"{said}X-Forwarded-For: 8.8.8.8\r\n\r\n".encode())
        assert caller.recv(1000).startswith(b"HTTP/1.0 403")


def test_the_networks_and_the_nights_are_settings() -> None:
    chosen = from_environment({"ALUR_METRICS_FROM": "10.0.0.0/8, fd00::/8", "ALUR_BACKUPS": "3"})
    assert chosen.metrics_from == (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    assert chosen.backups == 3
    for wrong in ({"ALUR_METRICS_FROM": "siapa"}, {"ALUR_BACKUPS": "-1"}, {"ALUR_BACKUPS": "x"}):
        with pytest.raises(BadSetting, match="ALUR_"):
            from_environment(wrong)
