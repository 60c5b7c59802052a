"""A process that calls another of its file runs as if it were drawn in its place."""

import time

import pytest

from bpmn import calls, lint, reader
from bpmn.xml import BPMNDI

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:sop="urn:alur:sop:1" id="D" targetNamespace="urn:contoh">"""

CALLED = """
  <bpmn:process id="Periksa" name="Memeriksa">
    <bpmn:startEvent id="Mulai_p"><bpmn:outgoing>P1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="Langkah_p" name="Memeriksa berkas"><bpmn:incoming>P1</bpmn:incoming>
      <bpmn:outgoing>P2</bpmn:outgoing></bpmn:userTask>
    <bpmn:endEvent id="Selesai_p"><bpmn:incoming>P2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="P1" sourceRef="Mulai_p" targetRef="Langkah_p"/>
    <bpmn:sequenceFlow id="P2" sourceRef="Langkah_p" targetRef="Selesai_p"/>
  </bpmn:process>"""

CALLER = """
  <bpmn:process id="Utama" name="Mengurus surat" isExecutable="true">
    <bpmn:laneSet id="LS">
      <bpmn:lane id="L1" name="Pelaksana"><bpmn:flowNodeRef>Mulai</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>Panggil_1</bpmn:flowNodeRef></bpmn:lane>
      <bpmn:lane id="L2" name="Camat"><bpmn:flowNodeRef>Panggil_2</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>Selesai</bpmn:flowNodeRef></bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="Mulai"><bpmn:outgoing>F1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:callActivity id="Panggil_1" name="Diperiksa pelaksana" calledElement="Periksa">
      <bpmn:incoming>F1</bpmn:incoming><bpmn:outgoing>F2</bpmn:outgoing></bpmn:callActivity>
    <bpmn:callActivity id="Panggil_2" name="Diperiksa camat" calledElement="Periksa">
      <bpmn:incoming>F2</bpmn:incoming><bpmn:outgoing>F3</bpmn:outgoing></bpmn:callActivity>
    <bpmn:endEvent id="Selesai"><bpmn:incoming>F3</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="F1" sourceRef="Mulai" targetRef="Panggil_1"/>
    <bpmn:sequenceFlow id="F2" sourceRef="Panggil_1" targetRef="Panggil_2"/>
    <bpmn:sequenceFlow id="F3" sourceRef="Panggil_2" targetRef="Selesai"/>
  </bpmn:process>"""

CALLS = (HEAD + CALLER + CALLED + "</bpmn:definitions>").encode()
CIRCULAR = CALLS.replace(
    b'<bpmn:userTask id="Langkah_p" name="Memeriksa berkas">',
    b'<bpmn:callActivity id="Langkah_p" name="Lagi" calledElement="Periksa">',
).replace(b"</bpmn:userTask>", b"</bpmn:callActivity>")


def test_the_steps_of_a_called_process_stand_in_the_callers_lane() -> None:
    sop = reader.read(CALLS)
    assert [(step.id, step.lane and step.lane.name) for step in sop.steps] == [
        ("Langkah_p", "Pelaksana"),
        ("Langkah_p_2", "Camat"),
    ]


def test_a_call_of_a_process_of_the_same_file_is_no_error() -> None:
    errors = [each.message for each in lint.lint(CALLS) if each.severity == "error"]
    assert errors == []


def test_a_process_that_calls_itself_is_refused_in_words() -> None:
    with pytest.raises(calls.CircularCall, match="melingkar"):
        calls.read(CIRCULAR)
    [finding] = lint.lint(CIRCULAR)
    assert finding.severity == "error"
    assert "memanggil dirinya sendiri" in finding.message


def test_a_call_of_a_process_that_is_not_there_is_refused() -> None:
    alone = (HEAD + CALLER + "</bpmn:definitions>").encode()
    rules = {finding.rule for finding in lint.lint(alone) if finding.severity == "error"}
    assert "unsupported-element" in rules


def test_thousands_of_pools_and_shapes_are_put_away_at_once() -> None:
    pools = "".join(f'<bpmn:participant id="K{n}" processRef="Periksa"/>' for n in range(4_000))
    shapes = "".join(f'<di:BPMNShape id="G{n}" bpmnElement="K{n}"/>' for n in range(4_000))
    plane = f'<di:BPMNDiagram xmlns:di="{BPMNDI}"><di:BPMNPlane>{shapes}</di:BPMNPlane>'
    drawn = f"<bpmn:collaboration>{pools}</bpmn:collaboration>{CALLED}{plane}</di:BPMNDiagram>"
    data = (HEAD + CALLER + drawn + "</bpmn:definitions>").encode()
    began = time.process_time()
    root = calls.read(data)
    assert time.process_time() - began < 5  # shape by shape for each pool it took minutes
    assert not [each for each in root.iter() if each.get("id", "").startswith(("K", "G"))]
