"""Our own behaviour for the elements that SpiffWorkflow runs wrongly, or not in working time."""

from typing import Any, Final

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import (
    BoundaryEventParser,
    EndEventParser,
    IntermediateCatchEventParser,
    IntermediateThrowEventParser,
    StartEventParser,
)
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.defaults import (
    EndEvent,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    StartEvent,
)

from engine.elements import repeats
from engine.elements.ahead import LooksOneAhead
from engine.elements.borders import Border
from engine.elements.conditions import ReadsConditions
from engine.elements.escalations import ReadsEscalations
from engine.elements.gateways import Choice, InclusiveJoin, ParallelJoin
from engine.elements.repeats import ReadsRepeats
from engine.elements.services import ActionTask, ReadsActions
from engine.elements.timers import ReadsTimers


class _Boundary(ReadsTimers, ReadsConditions, ReadsEscalations, BoundaryEventParser):  # type: ignore[misc]
    pass


class _Catch(ReadsTimers, ReadsConditions, IntermediateCatchEventParser):  # type: ignore[misc]
    pass


class _Start(ReadsTimers, ReadsConditions, StartEventParser):  # type: ignore[misc]
    pass


class _Throw(ReadsEscalations, IntermediateThrowEventParser):  # type: ignore[misc]
    pass


class _End(ReadsEscalations, EndEventParser):  # type: ignore[misc]
    pass


class _Action(ReadsRepeats, ReadsActions):
    pass


_ACTIVITIES: Final = (
    "userTask",
    "manualTask",
    "task",
    "sendTask",
    "receiveTask",
    "subProcess",
    "callActivity",
)


def _ahead(spec: type) -> type:
    return type(spec.__name__, (LooksOneAhead, spec), {})


def _repeatable(kind: str) -> tuple[type, type]:
    """An activity as the library reads it, but repeated as we do."""
    parser, spec = BpmnParser.PARSER_CLASSES[full_tag(kind)]
    return type(f"_{kind}", (ReadsRepeats, parser), {}), _ahead(spec)


class _Process(ProcessParser):  # type: ignore[misc]
    """One process, with what a diagram leaves out and the library adds while cases run."""

    def _parse(self) -> None:
        super()._parse()
        instances = repeats.connect(self.spec)
        for element in _all(self.spec):
            is_drawn = element.bpmn_id is not None and element.name not in instances
            if is_drawn and not element.outputs:
                # Where no arrow leads on, the way ends; the process must hear of it.
                element.connect(self.spec.end)
            if is_drawn and not element.inputs:
                # An event sub-process: connected at its first use, it would start in every case.
                element._connect_notify(self.spec.start)


def _all(spec: Any) -> list[Any]:
    return list(spec.task_specs.values())


class Parser(BpmnParser):  # type: ignore[misc]
    """The library's parser, with our own elements in the place of some of its."""

    PROCESS_PARSER_CLASS = _Process
    OVERRIDE_PARSER_CLASSES: Final[dict[str, tuple[Any, Any]]] = {
        full_tag("boundaryEvent"): (_Boundary, Border),
        full_tag("intermediateCatchEvent"): (_Catch, _ahead(IntermediateCatchEvent)),
        full_tag("startEvent"): (_Start, _ahead(StartEvent)),
        full_tag("intermediateThrowEvent"): (_Throw, _ahead(IntermediateThrowEvent)),
        full_tag("endEvent"): (_End, _ahead(EndEvent)),
        full_tag("exclusiveGateway"): (ConditionalGatewayParser, Choice),
        full_tag("parallelGateway"): (GatewayParser, ParallelJoin),
        full_tag("inclusiveGateway"): (ConditionalGatewayParser, InclusiveJoin),
        **{full_tag(kind): _repeatable(kind) for kind in _ACTIVITIES},
        full_tag("serviceTask"): (_Action, _ahead(ActionTask)),
        full_tag("scriptTask"): (None, None),  # a diagram never runs Python
    }
