"""Nothing is published that cannot run, whoever finds out."""

import pytest

from bpmn import rules
from bpmn.rules import bad_expression
from engine import review
from tests.engine.diagrams import Node, diagram

SUM = Node("serviceTask", "", {"xmlns:s": "urn:alur:sop:1", "s:tindakan": "hitung"})
WRONG = diagram("mulai -> A -> Z -> selesai", Z=SUM)


def errors(xml: bytes) -> list[str]:
    return [each.rule for each in review.findings(xml) if each.severity == "error"]


def test_what_runs_is_left_alone() -> None:
    assert errors(diagram("mulai -> A -> selesai")) == []


def test_what_a_rule_finds_is_told_once_and_with_its_place() -> None:
    assert errors(WRONG) == ["bad-expression"]


def test_what_no_rule_finds_the_engine_does(monkeypatch: pytest.MonkeyPatch) -> None:
    others = tuple(rule for rule in rules.RULES if rule is not bad_expression.check)
    monkeypatch.setattr("bpmn.lint.RULES", others)
    assert errors(WRONG) == ["unrunnable"]
