"""An escalation that tells the bureau which timer led to it."""

from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import EscalationEventDefinition
from SpiffWorkflow.task import Task as Token


class RaisedEscalation(EscalationEventDefinition):  # type: ignore[misc]
    """Once thrown, it is heard twice: by the diagram, and by who records what is late."""

    def throw(self, token: Token) -> None:
        token.workflow.top_workflow.script_engine.heard(token)
        super().throw(token)


class ReadsEscalations:
    """Reads our own escalations in the place of the library's."""

    def parse_escalation_event(self, event: etree._Element) -> Any:
        plain = super().parse_escalation_event(event)  # type: ignore[misc]
        return RaisedEscalation(plain.name, plain.code, description=plain.description)
