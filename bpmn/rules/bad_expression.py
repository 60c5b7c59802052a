"""A condition, a count or a sum that the expression language cannot read."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.expressions import BadExpression, compile
from bpmn.findings import Finding, error

RULE: Final = error("bad-expression")


def check(diagram: Diagram) -> Iterator[Finding]:
    for element, text in diagram.expressions():
        try:
            compile(text)
        except BadExpression as wrong:
            yield RULE.at(element, N_("Ungkapan pada %(it)s: %(why)s"), why=wrong)
