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
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    StartEvent,
)

from engine.elements.escalations import ReadsEscalations
from engine.elements.gateways import InclusiveJoin, ParallelJoin
from engine.elements.services import ActionTask, ReadsActions
from engine.elements.timers import ReadsTimers


class _Boundary(ReadsTimers, ReadsEscalations, BoundaryEventParser):  # type: ignore[misc]
    pass


class _Catch(ReadsTimers, IntermediateCatchEventParser):  # type: ignore[misc]
    pass


class _Start(ReadsTimers, StartEventParser):  # type: ignore[misc]
    pass


class _Throw(ReadsEscalations, IntermediateThrowEventParser):  # type: ignore[misc]
    pass


class _End(ReadsEscalations, EndEventParser):  # type: ignore[misc]
    pass


class Parser(BpmnParser):  # type: ignore[misc]
    """The library's parser, with our own elements in the place of some of its."""

    OVERRIDE_PARSER_CLASSES: Final[dict[str, tuple[Any, Any]]] = {
        full_tag("boundaryEvent"): (_Boundary, BoundaryEvent),
        full_tag("intermediateCatchEvent"): (_Catch, IntermediateCatchEvent),
        full_tag("startEvent"): (_Start, StartEvent),
        full_tag("intermediateThrowEvent"): (_Throw, IntermediateThrowEvent),
        full_tag("endEvent"): (_End, EndEvent),
        full_tag("parallelGateway"): (GatewayParser, ParallelJoin),
        full_tag("inclusiveGateway"): (ConditionalGatewayParser, InclusiveJoin),
        full_tag("serviceTask"): (ReadsActions, ActionTask),
        full_tag("scriptTask"): (None, None),  # a diagram never runs Python
    }
