"""A diagram made ready to run: read once a revision and process, shared and never changed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser, ValidationException
from SpiffWorkflow.bpmn.parser.event_parsers import (
    BoundaryEventParser,
    EndEventParser,
    IntermediateCatchEventParser,
    IntermediateThrowEventParser,
    StartEventParser,
)
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    StartEvent,
)
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import EscalationEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import DurationTimerEventDefinition

from bpmn import durations, xml
from bpmn.errors import N_, AlurError

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task as Token


class Unrunnable(AlurError):
    sentence = N_("Diagram ini tidak dapat dijalankan: %(why)s")


class WorkingTimer(DurationTimerEventDefinition):  # type: ignore[misc]
    """A duration counted in the office's working time, on the clock we are told."""

    def has_fired(self, token: "Token") -> bool:
        bureau = token.workflow.top_workflow.script_engine
        due = token.internal_data.get("event_value")
        if due is None:
            duration = durations.parse(bureau.evaluate(token, self.expression))
            due = bureau.calendar.add(bureau.now, duration).astimezone(UTC).isoformat()
            token.internal_data["event_value"] = due
        if datetime.fromisoformat(due) <= bureau.now:
            # The due time outlives the firing: the escalation is dated from it.
            token.internal_data.update(event_fired=True, due=due)
        return bool(token.internal_data.get("event_fired", False))


class RaisedEscalation(EscalationEventDefinition):  # type: ignore[misc]
    """An escalation that tells the bureau which timer led to it."""

    def throw(self, token: "Token") -> None:
        token.workflow.top_workflow.script_engine.heard(token)
        super().throw(token)


class _Ours:
    """Reads our own timers and escalations in the place of the library's."""

    node: etree._Element

    def parse_timer_event(self, event: etree._Element) -> Any:
        duration = event.find(xml.tag(xml.BPMN, "timeDuration"))
        if duration is None:
            return super().parse_timer_event(event)  # type: ignore[misc]
        name = self.node.get("name") or self.node.get("id")
        return WorkingTimer(name, (duration.text or "").strip())

    def parse_escalation_event(self, event: etree._Element) -> Any:
        plain = super().parse_escalation_event(event)  # type: ignore[misc]
        return RaisedEscalation(plain.name, plain.code, description=plain.description)


class _Boundary(_Ours, BoundaryEventParser):  # type: ignore[misc]
    pass


class _Catch(_Ours, IntermediateCatchEventParser):  # type: ignore[misc]
    pass


class _Start(_Ours, StartEventParser):  # type: ignore[misc]
    pass


class _Throw(_Ours, IntermediateThrowEventParser):  # type: ignore[misc]
    pass


class _End(_Ours, EndEventParser):  # type: ignore[misc]
    pass


class _Parser(BpmnParser):  # type: ignore[misc]
    OVERRIDE_PARSER_CLASSES: Final = {
        full_tag("boundaryEvent"): (_Boundary, BoundaryEvent),
        full_tag("intermediateCatchEvent"): (_Catch, IntermediateCatchEvent),
        full_tag("startEvent"): (_Start, StartEvent),
        full_tag("intermediateThrowEvent"): (_Throw, IntermediateThrowEvent),
        full_tag("endEvent"): (_End, EndEvent),
        full_tag("scriptTask"): (None, None),  # a diagram never runs Python
    }


@dataclass(frozen=True)
class Program:
    """The specifications a case runs on. Their instances live in the case's state."""

    spec: Any
    parts: dict[str, Any]


def compile(data: bytes) -> Program:
    root = xml.parse(data)
    _mend(root)
    parser = _Parser()
    try:
        parser.add_bpmn_xml(root)
        process = _executable(parser)
        return Program(parser.get_spec(process), parser.get_subprocess_specs(process))
    except ValidationException as wrong:
        raise Unrunnable(why=str(wrong)) from wrong


def _executable(parser: _Parser) -> str:
    processes: list[str] = parser.get_process_ids()
    if len(processes) != 1:
        raise Unrunnable(why=f"ada {len(processes)} proses yang dapat dijalankan, harus satu.")
    return processes[0]


def _mend(root: etree._Element) -> None:
    """Take the white space out of references that a modeller printed prettily."""
    for reference in ("flowNodeRef", "incoming", "outgoing"):
        for element in root.iter(xml.tag(xml.BPMN, reference)):
            element.text = (element.text or "").strip()
    for process in root.iter(xml.tag(xml.BPMN, "process")):
        process.set("isExecutable", "true")
