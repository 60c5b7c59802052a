"""The sekcam steers a case: cancels, suspends, resumes and moves it, each with a reason."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from engine import access, casebook, cases, incidents, sops, steering
from engine.access import MACHINE
from engine.db import EVERYWHERE
from engine.models import Case, Escalation, Office, Task
from engine.workflow import NoSuchTarget
from tasks import inbox, schedule
from tests.conftest import THURSDAY, WITA, Cast
from tests.gambut import do, start, waiting


def open_task(cast: Cast) -> Task:
    with cast.database.reading(EVERYWHERE) as session:
        return session.scalars(select(Task).where(Task.status.in_(("waiting", "claimed")))).one()


def kinds(cast: Cast, case: int) -> list[str]:
    with cast.at_work("camat.gambut") as (session, camat):
        return [line.event.kind for line in casebook.view(session, camat, case).history]


def test_a_cancelled_case_waits_for_nobody(cast: Cast) -> None:
    case = start(cast)
    with cast.at_work("sekcam.gambut") as (session, sekcam):
        steering.cancel(session, sekcam, case, "Salah triwulan", THURSDAY)
    assert waiting(cast, "kasubbag.gambut") == []
    assert kinds(cast, case)[-1] == "cancelled"
    schedule.tick(cast.database, THURSDAY + timedelta(days=1))
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Escalation)).all() == []


def test_only_leaders_steer_and_only_with_a_reason(cast: Cast) -> None:
    case = start(cast)
    with pytest.raises(access.Forbidden):
        with cast.at_work("staf.gambut") as (session, staf):
            steering.cancel(session, staf, case, "Bosan", THURSDAY)
    with pytest.raises(cases.NoSuchCase):
        with cast.at_work("camat.sumbang") as (session, stranger):
            steering.cancel(session, stranger, case, "Iseng", THURSDAY)
    with pytest.raises(steering.NoReason):
        with cast.at_work("camat.gambut") as (session, camat):
            steering.cancel(session, camat, case, "  ", THURSDAY)


def test_a_suspended_case_is_not_late_and_goes_on_with_the_time_it_had(cast: Cast) -> None:
    case = start(cast)  # step 1 is due at 09:10
    four_left = THURSDAY + timedelta(minutes=6)
    with cast.at_work("camat.gambut") as (session, camat):
        steering.suspend(session, camat, case, "Menunggu berkas dari kabupaten", four_left)
    monday = datetime(2026, 3, 16, 10, 0, tzinfo=WITA)
    schedule.tick(cast.database, monday)
    with pytest.raises(cases.IsSuspended):
        do(cast, "kasubbag.gambut", "Langkah_1", now=monday)
    with cast.at_work("camat.gambut", monday) as (session, camat):
        steering.resume(session, camat, case, "Berkas sudah lengkap", monday)
    assert open_task(cast).due_at == monday + timedelta(minutes=4)
    schedule.tick(cast.database, monday + timedelta(minutes=3))
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Escalation)).all() == []
    schedule.tick(cast.database, monday + timedelta(minutes=4))
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Escalation.due_at)).one() == monday + timedelta(minutes=4)


def test_what_was_late_before_the_suspension_stays_late(cast: Cast) -> None:
    case = start(cast)
    with cast.at_work("camat.gambut") as (session, camat):
        steering.suspend(session, camat, case, "Rapat", THURSDAY + timedelta(minutes=30))
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Escalation.due_at)).one() == THURSDAY + timedelta(minutes=10)


def test_a_case_moved_to_another_step_goes_on_from_there(cast: Cast) -> None:
    case = start(cast)
    do(cast, "kasubbag.gambut", "Langkah_1")
    task = open_task(cast)
    later = THURSDAY + timedelta(minutes=5)
    with cast.at_work("sekcam.gambut", later) as (session, sekcam):
        steering.move(session, sekcam, case, task.id, "Langkah_5", "Surat sudah ada", later)
    moved = open_task(cast)
    assert moved.step == "Langkah_5"
    assert moved.due_at == later + timedelta(minutes=10)
    assert kinds(cast, case)[-3:] == ["moved", "withdrawn", "opened"]
    do(cast, "staf.gambut", "Langkah_5", now=later)
    do(cast, "kasi.gambut", "Langkah_6", now=later)
    do(cast, "staf.gambut", "Langkah_7", now=later)
    do(cast, "kasubbag.gambut", "Langkah_8", now=later)
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Case.status)).one() == "done"


def test_a_case_cannot_be_moved_to_where_there_is_nothing(cast: Cast) -> None:
    case = start(cast)
    task = open_task(cast)
    for target in ("Langkah_99", "Lewat_1.BoundaryEventSplit", "Start", "Mulai", "Selesai"):
        with pytest.raises(NoSuchTarget):
            with cast.at_work("sekcam.gambut") as (session, sekcam):
                steering.move(session, sekcam, case, task.id, target, "Coba", THURSDAY)
    assert open_task(cast).step == "Langkah_1"


FAILING = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:sop="urn:alur:sop:1" id="D" targetNamespace="urn:contoh">
  <bpmn:process id="P" name="Menghitung" isExecutable="true">
    <bpmn:laneSet id="LS"><bpmn:lane id="L" name="Pelaksana" sop:jabatan="pelaksana">
      <bpmn:flowNodeRef>Mulai</bpmn:flowNodeRef><bpmn:flowNodeRef>Langkah_1</bpmn:flowNodeRef>
      <bpmn:flowNodeRef>Gerbang</bpmn:flowNodeRef><bpmn:flowNodeRef>Langkah_2</bpmn:flowNodeRef>
      <bpmn:flowNodeRef>Selesai</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
    <bpmn:startEvent id="Mulai"><bpmn:outgoing>F1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="Langkah_1" name="Menghitung berkas">
      <bpmn:incoming>F1</bpmn:incoming><bpmn:outgoing>F2</bpmn:outgoing></bpmn:userTask>
    <bpmn:exclusiveGateway id="Gerbang" default="F4">
      <bpmn:incoming>F2</bpmn:incoming><bpmn:outgoing>F3</bpmn:outgoing>
      <bpmn:outgoing>F4</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:userTask id="Langkah_2" name="Memeriksa berkas">
      <bpmn:incoming>F3</bpmn:incoming><bpmn:outgoing>F5</bpmn:outgoing></bpmn:userTask>
    <bpmn:endEvent id="Selesai"><bpmn:incoming>F4</bpmn:incoming>
      <bpmn:incoming>F5</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="F1" sourceRef="Mulai" targetRef="Langkah_1"/>
    <bpmn:sequenceFlow id="F2" sourceRef="Langkah_1" targetRef="Gerbang"/>
    <bpmn:sequenceFlow id="F3" sourceRef="Gerbang" targetRef="Langkah_2">
      <bpmn:conditionExpression>Langkah_1.jumlah &gt; 5</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="F4" sourceRef="Gerbang" targetRef="Selesai"/>
    <bpmn:sequenceFlow id="F5" sourceRef="Langkah_2" targetRef="Selesai"/>
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture
def counting(cast: Cast) -> int:
    """A case of an SOP whose decision needs a number that the step may leave out."""
    with cast.database.transaction(EVERYWHERE) as session:
        gambut = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        sops.publish(session, MACHINE, gambut, "menghitung", FAILING, THURSDAY)
    with cast.at_work("staf.gambut") as (session, staf):
        [(sop, _)] = sops.startable(session, staf)
        return cases.start(session, staf, sop, "Berkas masuk", THURSDAY).id


def count(cast: Cast, data: dict[str, int]) -> None:
    with cast.at_work("staf.gambut") as (session, staf):
        task = session.scalars(select(Task).where(Task.step == "Langkah_1")).one()
        inbox.complete(session, staf, task.id, THURSDAY, data=data)


def test_a_failing_decision_becomes_an_incident_and_saves_nothing_by_halves(
    cast: Cast, counting: int
) -> None:
    with cast.at_work("staf.gambut") as (session, staf):
        inbox.claim(session, staf, open_task(cast).id, THURSDAY)
    for _ in range(2):
        with pytest.raises(cases.CaseStuck, match="belum tercatat") as stuck:
            count(cast, {})
        with cast.database.transaction(EVERYWHERE) as session:
            incidents.record(session, stuck.value, THURSDAY)
    task = open_task(cast)
    assert (task.step, task.status, task.ended_at) == ("Langkah_1", "claimed", None)
    with cast.at_work("camat.gambut") as (session, _camat):
        [incident] = incidents.open_of(session, counting)
        assert "jumlah" in incident.sentence
    assert kinds(cast, counting) == ["started", "opened", "claimed", "stuck"]

    count(cast, {"jumlah": 9})
    assert open_task(cast).step == "Langkah_2"
    with cast.at_work("camat.gambut") as (session, camat):
        incidents.retry(session, camat, counting, THURSDAY)
        assert incidents.open_of(session, counting) == []
