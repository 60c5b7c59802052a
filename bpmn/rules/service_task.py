"""A service task calls an action of this installation; one nobody knows can do nothing."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element
from bpmn.errors import N_
from bpmn.findings import Finding, error

RULE: Final = error("service-task")


def check(diagram: Diagram) -> Iterator[Finding]:
    for task in diagram.of_kind("serviceTask"):
        if _action(task) not in diagram.actions:
            yield RULE.at(
                task,
                N_(
                    "%(It)s memanggil tindakan “%(action)s” yang tidak dikenal di sini. "
                    "Ganti dengan user task, atau pilih tindakan yang tersedia."
                ),
                action=_action(task) or "-",
            )


def _action(task: Element) -> str:
    return task.sop("tindakan")
