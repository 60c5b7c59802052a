"""A diagram made ready to run: read once a revision and process, shared and never changed."""

from dataclasses import dataclass
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser import ValidationException
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

from bpmn import calls, xml
from bpmn.errors import N_, AlurError
from engine.elements import Parser, repeats


class Unrunnable(AlurError):
    sentence = N_("Diagram ini tidak dapat dijalankan: %(why)s")


@dataclass(frozen=True)
class Program:
    """The specifications a case runs on. Their instances live in the case's state."""

    spec: Any
    parts: dict[str, Any]


def compile(data: bytes) -> Program:
    """Everything that would fail at run time should fail here, where a designer sees it."""
    root = calls.read(data)
    _mend(root)
    parser = Parser()
    try:
        parser.add_bpmn_xml(root)
        process = _executable(root)
        program = Program(parser.get_spec(process), parser.get_subprocess_specs(process))
    except ValidationException as wrong:
        raise Unrunnable(why=str(wrong)) from wrong
    for spec in (program.spec, *program.parts.values()):
        repeats.mend(spec)
    _start_at_once(program.spec)
    return program


def _executable(root: etree._Element) -> str:
    processes = [process.get("id", "") for process in root.iter(xml.tag(xml.BPMN, "process"))]
    if len(processes) != 1:
        raise Unrunnable(why=f"ada {len(processes)} proses yang dapat dimulai, harus satu.")
    return processes[0]


def _mend(root: etree._Element) -> None:
    """Take the white space out of references that a modeller printed prettily."""
    for reference in ("flowNodeRef", "incoming", "outgoing"):
        for element in root.iter(xml.tag(xml.BPMN, reference)):
            element.text = (element.text or "").strip()
    for process in root.iter(xml.tag(xml.BPMN, "process")):
        process.set("isExecutable", "true")


def _start_at_once(spec: Any) -> None:
    """A start timer says when the clock opens a case; once open, a case does not wait for it."""
    for start in spec.bpmn_start_events:
        if isinstance(start.event_definition, TimerEventDefinition):
            start.event_definition = NoneEventDefinition()
