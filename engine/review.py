"""All that speaks against a diagram: what the rules find, and else what the engine refuses."""

from typing import Final

from bpmn import lint
from bpmn.errors import AlurError
from bpmn.findings import ERROR, error
from engine import program
from engine.actions import ACTIONS

UNRUNNABLE: Final = error("unrunnable")


def findings(xml: bytes, posts: frozenset[str] | None = None) -> tuple[lint.Finding, ...]:
    """In the order of the file; with the office's posts, lanes are checked too."""
    found = lint.lint(xml, posts, frozenset(ACTIONS))
    if any(finding.severity == ERROR for finding in found):
        return found
    try:
        program.compile(xml)
    except AlurError as refused:
        # A rule should have said so, and where. But nothing is published that cannot run.
        return (*found, lint.Finding(UNRUNNABLE.name, "", ERROR, "%(why)s", {"why": str(refused)}))
    return found
