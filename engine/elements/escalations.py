"""Errors and escalations: they climb out of the sub-processes around them, and nowhere else.

The library lets the border of a neighbour hear them too, so that one late step would interrupt
a sub-process that has nothing to do with it.
"""

from copy import deepcopy
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import (
    ErrorEventDefinition,
    EscalationEventDefinition,
)
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.task import Task as Token

from engine.elements import borders


class _Climbs:
    """Heard by the nearest border around it that waits for it, and by no other."""

    def throw(self, token: Token) -> None:
        event = BpmnEvent(self, payload=deepcopy(token.data))
        part = token.workflow
        while part.depth:
            hearing = [each for each in borders.waiting_at(part.holder) if _hears(each, event)]
            if hearing:
                _wake(min(hearing, key=_is_for_any), event)
                return
            part = part.parent_workflow


class RaisedError(_Climbs, ErrorEventDefinition):  # type: ignore[misc]
    pass


class RaisedEscalation(_Climbs, EscalationEventDefinition):  # type: ignore[misc]
    """Once thrown, it is heard twice: by the diagram, and by who records what is late."""

    def throw(self, token: Token) -> None:
        token.workflow.top_workflow.script_engine.heard(token)
        super().throw(token)


def _hears(token: Token, event: BpmnEvent) -> bool:
    return bool(token.task_spec.catches(token, event))


def _is_for_any(token: Token) -> bool:
    """One that names the error or escalation comes before one that takes any."""
    return token.task_spec.event_definition.code is None


def _wake(token: Token, event: BpmnEvent) -> None:
    token.task_spec.catch(token, event)
    token.task_spec._update(token)


class ReadsEscalations:
    """Reads our own errors and escalations in the place of the library's."""

    def parse_escalation_event(self, event: etree._Element) -> Any:
        plain = super().parse_escalation_event(event)  # type: ignore[misc]
        return RaisedEscalation(plain.name, plain.code, description=plain.description)

    def parse_error_event(self, event: etree._Element) -> Any:
        plain = super().parse_error_event(event)  # type: ignore[misc]
        return RaisedError(plain.name, plain.code, description=plain.description)
