"""The SOPs that ship are found by office and name, and each is fit to run."""

import re
from typing import Any

import pytest
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser, BpmnValidator
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.util.task import TaskState

from bpmn import library
from bpmn.reader import read
from bpmn.xml import BPMN, BPMNDI, parse, tag


def test_five_offices_ship_seven_sops() -> None:
    assert library.offices() == ("bukit-batu", "gambut", "martapura-barat", "samboja", "sumbang")
    assert library.sops("martapura-barat") == (
        "monitoring-kinerja",
        "monitoring-renstra",
        "pengumpulan-data-kinerja",
    )
    assert len(library.names()) == 7


def test_an_office_without_sops_has_none() -> None:
    assert library.sops("tanah-abang") == ()
    assert library.sops("..") == ()


@pytest.mark.parametrize(
    "name", ["gambut/lain", "../errors", "gambut/../gambut/x", "", "/etc/passwd"]
)
def test_a_name_from_outside_reaches_no_other_file(name: str) -> None:
    with pytest.raises(library.NotShipped, match="gambut/pengumpulan-dan"):
        library.load(name)


@pytest.mark.parametrize("name", library.names())
def test_every_element_that_is_seen_has_its_place_in_the_picture(name: str) -> None:
    root = parse(library.load(name))
    seen = ("participant", "lane", "userTask", "boundaryEvent", "startEvent", "endEvent")
    boxes = ("exclusiveGateway", "subProcess", "sequenceFlow")
    meant = [each.get("id") for kind in (*seen, *boxes) for each in root.iter(tag(BPMN, kind))]
    drawn = [
        each.get("bpmnElement")
        for kind in ("BPMNShape", "BPMNEdge")
        for each in root.iter(tag(BPMNDI, kind))
    ]
    assert sorted(map(str, drawn)) == sorted(map(str, meant))


@pytest.mark.parametrize("name", library.names())
def test_every_node_lists_its_arrows(name: str) -> None:
    root = parse(library.load(name))
    for flow in root.iter(tag(BPMN, "sequenceFlow")):
        assert flow.get("id") in _listed(root, flow.get("sourceRef"), "outgoing")
        assert flow.get("id") in _listed(root, flow.get("targetRef"), "incoming")


@pytest.mark.parametrize("name", library.names())
def test_a_shipped_sop_runs_to_its_end_whether_or_not_all_agree_at_once(name: str) -> None:
    data = library.load(name)
    straight = _run(data, refuse_first=False)
    steps = read(data).steps
    assert set(straight) == {step.id for step in steps}
    detour = _run(data, refuse_first=True)
    assert (len(detour) > len(straight)) is any(step.decision for step in steps)


def _listed(root: etree._Element, node_id: str | None, way: str) -> list[str | None]:
    node = next(each for each in root.iter(f"{{{BPMN}}}*") if each.get("id") == node_id)
    return [each.text for each in node.findall(tag(BPMN, way))]


class _BareDurations(TaskDataEnvironment):  # type: ignore[misc]
    """SpiffWorkflow takes PT10M for Python; nobody waits that long here."""

    def evaluate(self, expression: str, *args: Any, **kwargs: Any) -> Any:
        if re.fullmatch(r"P[0-9WDTHM]+", expression):
            return expression
        return super().evaluate(expression, *args, **kwargs)


def _run(data: bytes, *, refuse_first: bool) -> list[str]:
    """The steps in the order they were done; each decision refuses once if so wanted."""
    parser = BpmnParser(validator=BpmnValidator())
    parser.add_bpmn_str(data)
    process = read(data).id
    workflow = BpmnWorkflow(
        parser.get_spec(process),
        parser.get_subprocess_specs(process),
        script_engine=PythonScriptEngine(environment=_BareDurations()),
    )
    done: list[str] = []
    workflow.do_engine_steps()
    while ready := workflow.get_next_task(state=TaskState.READY, manual=True):
        step = ready.task_spec.bpmn_id
        ready.data["outcome"] = "tidak" if refuse_first and step not in done else "setuju"
        done.append(step)
        ready.run()
        workflow.do_engine_steps()
    assert workflow.completed
    return done
