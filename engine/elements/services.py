"""A service task calls one of our own actions, and nothing else."""

from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.task import Task as Token

from bpmn import xml
from engine.actions import check


class ActionTask(BpmnSpecMixin):  # type: ignore[misc]
    """Runs by itself: the bureau does what the diagram names."""

    action = ""
    content = ""

    def _run_hook(self, token: Token) -> bool:
        token.workflow.top_workflow.script_engine.act(token, self.action, self.content)
        return True


class ReadsActions(TaskParser):  # type: ignore[misc]
    """Reads `sop:tindakan` and `sop:isi` from a service task."""

    node: etree._Element

    def create_task(self) -> Any:
        task = super().create_task()
        task.action = self.node.get(xml.tag(xml.SOP, "tindakan"), "")
        task.content = self.node.get(xml.tag(xml.SOP, "isi"), "")
        check(task.action, task.content)
        return task
