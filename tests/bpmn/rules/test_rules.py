import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from bpmn import rules, xml
from bpmn.diagram import Diagram
from bpmn.findings import Finding, Rule
from bpmn.rules import RULES

HERE = Path(__file__).parent
NAMES = sorted(path.name for path in HERE.iterdir() if (path / "wrong.bpmn").exists())
POSTS = frozenset({"camat", "sekcam"})


def rule(name: str) -> Rule:
    found = import_module(f"bpmn.rules.{name}").RULE
    assert isinstance(found, Rule)
    return found


def drawn(name: str, which: str) -> bytes:
    return (HERE / name / f"{which}.bpmn").read_bytes()


def found(name: str, which: str) -> list[Finding]:
    diagram = Diagram(xml.parse(drawn(name, which)), POSTS)
    return list(import_module(f"bpmn.rules.{name}").check(diagram))


@pytest.mark.parametrize("name", NAMES)
def test_the_right_diagram_pleases_the_rule(name: str) -> None:
    assert [finding.message for finding in found(name, "right")] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_wrong_diagram_is_found_at_its_elements(name: str) -> None:
    findings = found(name, "wrong")
    at = re.search(r"<!-- at: (.+) -->", drawn(name, "wrong").decode())
    assert at is not None
    assert {finding.element for finding in findings} == set(at.group(1).split())
    assert {(each.rule, each.severity) for each in findings} == {
        (rule(name).name, rule(name).severity)
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_finding_says_in_whole_sentences_what_is_wrong_and_how_to_mend_it(name: str) -> None:
    for finding in found(name, "wrong"):
        assert re.fullmatch(r"[A-Z“].+[^.]\.( [A-Z].+\.)?", finding.message), finding.message
        assert "%(" not in finding.message


def test_every_rule_has_its_diagrams_and_its_place_in_the_table() -> None:
    assert rules.__file__ is not None
    files = {path.stem for path in Path(rules.__file__).parent.glob("[a-z]*.py")}
    assert set(NAMES) == files == set(tabled())


def tabled() -> Iterator[str]:
    return (check.__module__.rpartition(".")[2] for check in RULES)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_is_named_after_its_file_and_says_why_it_stands(name: str) -> None:
    assert rule(name).name == name.replace("_", "-")
    assert (import_module(f"bpmn.rules.{name}").__doc__ or "").endswith(".")
