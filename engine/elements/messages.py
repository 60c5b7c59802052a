"""Messages and signals: heard by whoever waits for them at that moment, and kept for nobody."""

from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import ThrowingEvent
from SpiffWorkflow.task import Task as Token

_SENT = (MessageEventDefinition, SignalEventDefinition)


def sends(token: Token) -> bool:
    spec = token.task_spec
    return isinstance(spec, ThrowingEvent) and isinstance(spec.event_definition, _SENT)
