"""Find what is wrong with a diagram before anybody's work depends on it."""

from typing import Final

from bpmn import calls, reader
from bpmn.diagram import Diagram
from bpmn.errors import N_, AlurError
from bpmn.findings import ERROR, Finding, error
from bpmn.rules import RULES, too_big
from bpmn.xml import Unreadable

__all__ = ["Finding", "lint"]

UNREADABLE: Final = error("unreadable")


def lint(
    data: bytes, posts: frozenset[str] | None = None, actions: frozenset[str] = frozenset()
) -> tuple[Finding, ...]:
    """All findings in the order of the file; with the office's posts, lanes are checked too."""
    try:
        diagram = Diagram(calls.read(data), posts, actions)
    except Unreadable as refused:
        return (Finding(UNREADABLE.name, "", ERROR, "%(why)s", {"why": str(refused)}),)
    # The other rules take time that grows with the square of the diagram.
    findings = list(too_big.check(diagram)) or [each for rule in RULES for each in rule(diagram)]
    if all(finding.severity != ERROR for finding in findings):
        findings += _refused_by_reader(diagram, data)
    return tuple(sorted(findings, key=lambda finding: diagram.position(finding.element)))


def _refused_by_reader(diagram: Diagram, data: bytes) -> list[Finding]:
    """What passes every rule must also be readable as an SOP: publishing reads it next."""
    try:
        reader.read(data)
    except AlurError as refused:
        place = (*diagram.processes, diagram.root)[0]
        return [UNREADABLE.at(place, N_("%(It)s tidak dapat dibaca: %(why)s"), why=refused)]
    return []
