import copy
import random
import time
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bpmn.lint import lint
from bpmn.xml import BPMN, tag
from engine import program

SHIPPED = sorted(Path(str(files("bpmn"))).glob("sop/*/*.bpmn"))
DRAWN = sorted(Path(__file__).parent.glob("rules/*/*.bpmn"))
KINDS = [
    *("exclusiveGateway", "parallelGateway", "inclusiveGateway", "userTask", "subProcess", "task"),
    *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "lane"),
]
TEXTS = ["outcome == 'tidak'", "PT10M", "R3/PT1M", "", "true", "len(outcome)", "{", "3", "%(x)s"]


def sop(lanes: str = 'name="Camat"', process: str = "") -> bytes:
    return f"""
    <definitions xmlns="{BPMN}" xmlns:sop="urn:alur:sop:1"><process id="Sop" {process}>
      <laneSet id="Lajur"><lane id="Lajur_1" {lanes}><flowNodeRef>Langkah_1</flowNodeRef></lane>
      </laneSet><startEvent id="Mulai"/><userTask id="Langkah_1" name="Menyusun surat"/>
      <endEvent id="Selesai"/><sequenceFlow id="A" sourceRef="Mulai" targetRef="Langkah_1"/>
      <sequenceFlow id="B" sourceRef="Langkah_1" targetRef="Selesai"/></process></definitions>
    """.encode()


def errors(data: bytes, posts: frozenset[str] | None = None) -> set[str]:
    return {finding.rule for finding in lint(data, posts) if finding.severity == "error"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_sops_have_no_error(path: Path) -> None:
    assert [each.message for each in lint(path.read_bytes()) if each.severity == "error"] == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_sop_is_checked_while_its_designer_types(path: Path) -> None:
    data = path.read_bytes()
    began = time.thread_time()
    lint(data)
    assert time.thread_time() - began < 2


def test_what_cannot_be_read_is_one_error_with_the_reason() -> None:
    [finding] = lint(b"<html/>")
    assert (finding.rule, finding.severity) == ("unreadable", "error")
    assert "bukan BPMN" in finding.message


def test_what_the_reader_refuses_is_an_error_too() -> None:
    repeated = (
        b'<userTask id="Langkah_1" name="Menyusun surat"><extensionElements>'
        b'<sop:anggota jabatan="camat"/></extensionElements><multiInstanceLoopCharacteristics>'
        b"<loopCardinality>7</loopCardinality></multiInstanceLoopCharacteristics></userTask>"
    )
    data = sop().replace(b'<userTask id="Langkah_1" name="Menyusun surat"/>', repeated)
    [finding] = [each for each in lint(data) if each.severity == "error"]
    assert (finding.rule, finding.element) == ("unreadable", "Sop")
    assert "7 kali" in finding.message


def test_findings_come_in_the_order_of_the_file() -> None:
    data = sop(lanes="").replace(b'targetRef="Selesai"', b'targetRef="Hilang"')
    order = [finding.element for finding in lint(data)]
    assert order == sorted(
        order, key=["Sop", "Lajur_1", "Mulai", "Langkah_1", "Selesai", "B"].index
    )
    assert {"Lajur_1", "B"} <= set(order)


def test_the_same_file_gives_the_same_findings_in_the_same_order() -> None:
    for path in DRAWN:
        assert lint(path.read_bytes()) == lint(path.read_bytes())


def test_lanes_are_checked_against_the_posts_of_the_office_only_when_these_are_known() -> None:
    assert errors(sop()) == set()
    assert errors(sop(), frozenset({"camat"})) == set()
    assert errors(sop(), frozenset({"lurah"})) == {"unknown-post"}
    assert errors(sop('name="Pimpinan" sop:jabatan="camat"'), frozenset({"camat"})) == set()


def test_a_service_task_may_call_the_actions_of_this_installation() -> None:
    data = sop().replace(
        b'<endEvent id="Selesai"/>',
        b'<serviceTask id="Kirim" sop:tindakan="kirim-surel"/><endEvent id="Selesai"/>'
        b'<sequenceFlow id="C" sourceRef="Kirim" targetRef="Selesai"/>',
    ).replace(b'id="B" sourceRef="Langkah_1" targetRef="Selesai"',
              b'id="B" sourceRef="Langkah_1" targetRef="Kirim"')  # fmt: skip
    assert errors(data) == {"service-task"}
    assert not any(each.rule == "service-task" for each in lint(data, None, {"kirim-surel"}))


def test_what_a_modeller_marks_as_not_executable_is_executed_all_the_same() -> None:
    assert errors(sop(process='isExecutable="false"')) == set()


def test_the_largest_diagram_is_checked_within_a_second_and_a_larger_one_is_not_checked() -> None:
    assert_quick(chain(298))
    assert assert_quick(chain(6_000)) == {"too-big"}


def chain(length: int) -> bytes:
    ids = ["Mulai", *(f"L{each}" for each in range(length)), "Selesai"]
    steps = "".join(f'<userTask id="{each}" name="Menyusun"/>' for each in ids[1:-1])
    flows = "".join(
        f'<sequenceFlow id="F{at}" sourceRef="{one}" targetRef="{other}"/>'
        for at, (one, other) in enumerate(pairwise(ids))
    )
    held = "".join(f"<flowNodeRef>{each}</flowNodeRef>" for each in ids)
    return (
        f'<definitions xmlns="{BPMN}"><process id="Sop"><laneSet id="L"><lane id="C" name="Camat">'
        f'{held}</lane></laneSet><startEvent id="Mulai"/>{steps}<endEvent id="Selesai"/>{flows}'
        "</process></definitions>"
    ).encode()


def assert_quick(data: bytes) -> set[str]:
    began = time.thread_time()
    found = {finding.rule for finding in lint(data)}
    assert time.thread_time() - began < 5
    return found


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([*SHIPPED, *DRAWN]), st.randoms(use_true_random=False))
def test_no_damage_makes_a_rule_fail_and_what_passes_the_engine_accepts(
    path: Path, luck: random.Random
) -> None:
    data = damaged(path.read_bytes(), luck)
    findings = lint(data, frozenset({"camat"}))
    for finding in findings:
        assert finding.message
    if not any(finding.severity == "error" for finding in findings):
        program.compile(data)


def damaged(data: bytes, luck: random.Random) -> bytes:
    root = etree.fromstring(data)
    for _ in range(luck.choice([1, 1, 2, 5])):
        _damage(root, luck)
    return etree.tostring(root)


def _damage(root: etree._Element, luck: random.Random) -> None:
    elements = [each for each in root.iter(f"{{{BPMN}}}*") if each is not root]
    words = [each.get("id", "") for each in elements] + TEXTS
    if not elements:
        return
    victim = luck.choice(elements)
    parent = victim.getparent()
    assert parent is not None
    match luck.randrange(6):
        case 0:
            parent.remove(victim)
        case 1:
            parent.append(copy.deepcopy(victim))
        case 2:
            victim.text = luck.choice(words)
        case 3:
            victim.tag = tag(BPMN, luck.choice(KINDS))
        case 4:
            names = [*victim.attrib, "id", "name", "default", "attachedToRef", "sourceRef"]
            victim.set(luck.choice(names), luck.choice(words))
        case _:
            for name in list(victim.attrib)[:1]:
                del victim.attrib[name]
