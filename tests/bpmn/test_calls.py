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


ZEEBE = b"""><bpmn:extensionElements><z:calledElement processId="Periksa"
    xmlns:z="http://camunda.org/schema/zeebe/1.0"/></bpmn:extensionElements><bpmn:incoming>"""


def test_every_modellers_way_of_calling_means_the_same() -> None:
    for written in (b'calledElement=" Periksa "', b'calledElement="sop:Periksa"'):
        assert opened(CALLS.replace(b'calledElement="Periksa"', written)) == 2
    zeebe = CALLS.replace(b' calledElement="Periksa">\n      <bpmn:incoming>', ZEEBE)
    assert b"calledElement=" not in zeebe
    assert opened(zeebe) == 2


def opened(data: bytes) -> int:
    assert [each.message for each in lint.lint(data) if each.severity == "error"] == []
    return len(reader.read(data).steps)


def chain(deep: int) -> bytes:
    """Each process calls the next; the last has the step."""
    links = "".join(_link(at).replace("userTask", "callActivity") for at in range(1, deep))
    first = CALLER.replace("Periksa", "Periksa_1")
    return (HEAD + first + links + _link(deep) + "</bpmn:definitions>").encode()


def _link(at: int) -> str:
    own = CALLED.replace("Periksa", f"Periksa_{at}").replace("_p", f"_p{at}")
    own = own.replace("P1", f"P1_{at}").replace("P2", f"P2_{at}")
    return own.replace('name="Memeriksa berkas"', f'calledElement="Periksa_{at + 1}"')


def test_calls_within_calls_are_counted_where_they_are_made_and_have_an_end() -> None:
    assert opened(chain(10)) == 2
    with pytest.raises(calls.TooManyCalls, match="20 tingkat"):
        calls.read(chain(25))


def test_the_process_of_a_pool_that_stays_empty_is_nobodys() -> None:
    pools = """<bpmn:collaboration id="C">
        <bpmn:participant id="W" name="Warga" processRef="Kosong"/>
        <bpmn:participant id="K" name="Kantor" processRef="Utama"/></bpmn:collaboration>
        <bpmn:process id="Kosong" isExecutable="false"><!-- milik warga --></bpmn:process>"""
    data = CALLS.replace(b"<bpmn:process", pools.encode() + b"<bpmn:process", 1)
    assert [each.message for each in lint.lint(data) if each.severity == "error"] == []
    assert reader.read(data).id == "Utama"


def test_work_by_hand_is_a_step() -> None:
    data = CALLS.replace(b"userTask", b"manualTask")
    assert [each.message for each in lint.lint(data) if each.severity == "error"] == []
    assert [step.id for step in reader.read(data).steps] == ["Langkah_p", "Langkah_p_2"]
