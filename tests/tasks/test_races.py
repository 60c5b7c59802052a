"""The same task completed at the same moment, over and over: one wins, the other is told."""

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable
from multiprocessing.synchronize import Barrier as ProcessBarrier
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import func, select

from bpmn.errors import AlurError
from engine import access, cases, history, sops
from engine.access import MACHINE
from engine.db import EVERYWHERE, Database
from engine.models import Event, Office, Person, Task
from tasks import inbox, lists
from tests.conftest import THURSDAY, Cast

ROUNDS = 1_000 if os.environ.get("ALUR_LONG") else 60

# One step that comes back for as long as it is answered "lagi".
ROUND_AND_ROUND = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:sop="urn:alur:sop:1" id="D" targetNamespace="urn:contoh">
  <bpmn:process id="P" name="Memeriksa berulang" isExecutable="true">
    <bpmn:laneSet id="LS"><bpmn:lane id="L" name="Pelaksana" sop:jabatan="pelaksana">
      <bpmn:flowNodeRef>Mulai</bpmn:flowNodeRef><bpmn:flowNodeRef>Langkah_1</bpmn:flowNodeRef>
      <bpmn:flowNodeRef>Putusan_1</bpmn:flowNodeRef>
      <bpmn:flowNodeRef>Selesai</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
    <bpmn:startEvent id="Mulai"><bpmn:outgoing>F1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="Langkah_1" name="Memeriksa berkas"><bpmn:incoming>F1</bpmn:incoming>
      <bpmn:incoming>F3</bpmn:incoming><bpmn:outgoing>F2</bpmn:outgoing></bpmn:userTask>
    <bpmn:exclusiveGateway id="Putusan_1" name="Sudah?"><bpmn:incoming>F2</bpmn:incoming>
      <bpmn:outgoing>F3</bpmn:outgoing><bpmn:outgoing>F4</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:endEvent id="Selesai"><bpmn:incoming>F4</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="F1" sourceRef="Mulai" targetRef="Langkah_1"/>
    <bpmn:sequenceFlow id="F2" sourceRef="Langkah_1" targetRef="Putusan_1"/>
    <bpmn:sequenceFlow id="F3" name="Lagi" sourceRef="Putusan_1" targetRef="Langkah_1">
      <bpmn:conditionExpression>outcome == 'lagi'</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="F4" name="Sudah" sourceRef="Putusan_1" targetRef="Selesai">
      <bpmn:conditionExpression>outcome == 'sudah'</bpmn:conditionExpression></bpmn:sequenceFlow>
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture
def turning(cast: Cast) -> Cast:
    with cast.database.transaction(EVERYWHERE) as session:
        gambut = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        sops.publish(session, MACHINE, gambut, "berulang", ROUND_AND_ROUND, THURSDAY)
    with cast.at_work("staf.gambut") as (session, staf):
        [(sop, _)] = sops.startable(session, staf)
        cases.start(session, staf, sop, "Berkas berputar", THURSDAY)
    return cast


def claim_next(cast: Cast) -> int:
    with cast.at_work("staf.gambut") as (session, staf):
        [item] = lists.page(session, staf, "team", THURSDAY).items
        inbox.claim(session, staf, item.task.id, THURSDAY)
        return item.task.id


def complete(database: Database, task_id: int) -> str:
    """What the person is told: "done", or the name of the refusal."""
    try:
        with database.transaction(EVERYWHERE) as session:
            person = session.scalars(select(Person).where(Person.account == "staf.gambut")).one()
            staf = access.actor(session, person, THURSDAY)
            session.info["scope"] = staf.scope
            inbox.complete(session, staf, task_id, THURSDAY, outcome="lagi", reason="belum")
    except AlurError as told:
        return type(told).__name__
    return "done"


def judge(cast: Cast, told: Counter[str]) -> None:
    assert told == Counter(done=ROUNDS, AlreadyDone=ROUNDS)
    with cast.database.reading(EVERYWHERE) as session:
        ended = session.scalar(select(func.count(Task.id)).where(Task.status == "done"))
        lines = session.scalar(select(func.count(Event.id)).where(Event.kind == "completed"))
        assert (ended, lines) == (ROUNDS, ROUNDS)
        history.verify(session)


def test_two_threads_complete_the_same_task_and_one_wins(turning: Cast) -> None:
    told: Counter[str] = Counter()
    for _ in range(ROUNDS):
        task, gate, answers = claim_next(turning), Barrier(2), list[str]()

        def go(task: int = task, gate: Barrier = gate, answers: list[str] = answers) -> None:
            gate.wait()
            answers.append(complete(turning.database, task))

        both(lambda: Thread(target=go))
        told.update(answers)
    judge(turning, told)


def both(make: Callable[[], Any]) -> None:
    pair = [make(), make()]
    for each in pair:
        each.start()
    for each in pair:
        each.join()


def racer(url: str, gate: ProcessBarrier, tasks: Any, answers: Any) -> None:
    database = Database(url)
    while (task := tasks.get()) is not None:
        gate.wait()
        answers.put(complete(database, task))
    database.close()


def test_two_processes_complete_the_same_task_and_one_wins(turning: Cast) -> None:
    spawn = multiprocessing.get_context("spawn")
    url = turning.database.bind.url.render_as_string(hide_password=False)
    gate, answers = spawn.Barrier(2), spawn.Queue()
    queues = [spawn.Queue(), spawn.Queue()]
    racers = [spawn.Process(target=racer, args=(url, gate, queue, answers)) for queue in queues]
    for each in racers:
        each.start()
    told: Counter[str] = Counter()
    for _ in range(ROUNDS):
        task = claim_next(turning)
        for queue in queues:
            queue.put(task)
        told.update([answers.get(timeout=60), answers.get(timeout=60)])
    for queue in queues:
        queue.put(None)
    for each in racers:
        each.join(timeout=30)
    judge(turning, told)
