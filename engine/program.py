"""A diagram made ready to run: read once a revision and process, shared and never changed."""

from dataclasses import dataclass
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

from bpmn import calls, xml
from bpmn.errors import N_, AlurError
from engine.elements import Parser, plain
from engine.elements.timers import StartsElsewhere


class Unrunnable(AlurError):
    sentence = N_("Diagram ini tidak dapat dijalankan: %(why)s")


class NeverInterrupts(Unrunnable):
    sentence = N_(
        "Subproses kejadian “%(name)s” hanya dapat berjalan di samping proses utamanya. Jadikan "
        "kejadian mulainya tidak memutus, atau pakai kejadian tepi pada langkahnya."
    )


@dataclass(frozen=True)
class Program:
    """The specifications a case runs on. Their instances live in the case's state."""

    spec: Any
    parts: dict[str, Any]


def compile(data: bytes) -> Program:
    """Everything that would fail at run time should fail here, where a designer sees it."""
    root = calls.read(data)
    plain.make(root)
    _refuse_what_never_happens(root)
    parser = Parser()
    try:
        parser.add_bpmn_xml(root)
        process = _executable(root)
        program = Program(parser.get_spec(process), parser.get_subprocess_specs(process))
    except AlurError:
        raise
    except Exception as wrong:
        raise Unrunnable(why=_why(wrong)) from wrong
    _start_at_once(program.spec)
    return program


def _why(wrong: Exception) -> str:
    """The library says in English what went wrong; where it was is worth more to a designer."""
    cause = wrong.__context__
    if isinstance(cause, AlurError):
        return str(cause)
    place = getattr(wrong, "name", None) or getattr(wrong, "id", None)
    return f"mesin menolak unsur “{place}”." if place else "susunannya tidak dapat dibaca mesin."


def _executable(root: etree._Element) -> str:
    processes = [process.get("id", "") for process in root.iter(xml.tag(xml.BPMN, "process"))]
    if len(processes) != 1:
        raise Unrunnable(why=f"ada {len(processes)} proses yang dapat dimulai, harus satu.")
    return processes[0]


def _refuse_what_never_happens(root: etree._Element) -> None:
    """The library starts an event sub-process only in the process itself, and beside all else."""
    for part in root.iter(xml.tag(xml.BPMN, "subProcess")):
        if part.get("triggeredByEvent") != "true":
            continue
        starts = part.findall(xml.tag(xml.BPMN, "startEvent"))
        beside = all(start.get("isInterrupting", "true") == "false" for start in starts)
        around = part.getparent()
        if not beside or around is None or around.tag != xml.tag(xml.BPMN, "process"):
            raise NeverInterrupts(name=part.get("name") or part.get("id"))


def _start_at_once(spec: Any) -> None:
    """A start timer says when the clock opens a case; once open, a case does not wait for it."""
    starts = [start.event_definition for start in spec.bpmn_start_events]
    is_plain = any(isinstance(start, NoneEventDefinition) for start in starts)
    for start in spec.bpmn_start_events:
        if isinstance(start.event_definition, TimerEventDefinition):
            start.event_definition = StartsElsewhere() if is_plain else NoneEventDefinition()
