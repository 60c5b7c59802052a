"""The answers a step may end with, found in the conditions of the gateway behind it."""

import ast
from collections import Counter
from typing import Final

from lxml import etree

from bpmn.arrows import Arrows
from bpmn.document import Decision, Outcome
from bpmn.errors import N_, AlurError
from bpmn.expressions import BadExpression, compile
from bpmn.expressions.dialects import as_python
from bpmn.lanes import slug
from bpmn.xml import BPMN, SOP, tag

OUTCOME: Final = "outcome"
_GATEWAY: Final = tag(BPMN, "exclusiveGateway")


class UnclearOutcome(AlurError):
    """The condition of an arrow cannot be offered to a person as an answer."""

    sentence = N_(
        "Syarat pada panah “%(flow)s” dari putusan “%(gateway)s” tidak menyebut jawabannya. "
        "Tulis misalnya outcome == 'setuju'."
    )


class NamelessOutcome(AlurError):
    """The remaining answer has no name to put on the button."""

    sentence = N_(
        "Panah “%(flow)s” dari putusan “%(gateway)s” berlaku untuk jawaban selebihnya, "
        "tetapi belum bernama. Tulis jawabannya sebagai nama panah, misalnya Tidak."
    )


def decision(step: etree._Element, arrows: Arrows) -> Decision | None:
    """What the person decides at the end of the step, if anything; `back` is not yet known."""
    targets = [arrows.target(flow) for flow in arrows.out_of(step)]
    gateway = targets[0] if len(targets) == 1 else None
    if gateway is None or gateway.tag != _GATEWAY:
        return None
    flows = arrows.out_of(gateway)
    if not any(OUTCOME in _names(flow, gateway) for flow in flows):
        return None
    answers = [(answer, flow) for flow in flows for answer in _answers(flow, gateway, flows)]
    return Decision(
        gateway=gateway.get("id", ""),
        question=_name(gateway),
        outcomes=_outcomes(answers, arrows),
    )


def _outcomes(answers: list[tuple[str, etree._Element]], arrows: Arrows) -> tuple[Outcome, ...]:
    flows_of = Counter(answer for answer, _ in answers)
    answers_of = Counter(flow for _, flow in answers)
    outcomes = {
        answer: Outcome(
            value=answer,
            # An arrow's name speaks for one answer only.
            label=(_name(flow) if answers_of[flow] == 1 == flows_of[answer] else "") or answer,
            target=_only(arrows.steps_through(flow)) if flows_of[answer] == 1 else None,
            usulan=flow.get(tag(SOP, "usulan")) == "true",
        )
        for answer, flow in answers
    }
    return tuple(outcomes.values())


def _answers(
    flow: etree._Element, gateway: etree._Element, flows: list[etree._Element]
) -> list[str]:
    """The answers that lead along this arrow; none when only other data decides."""
    named = {answer for each in flows for answer in _literals(each)}
    names = _names(flow, gateway)
    if names and OUTCOME not in names:
        return []
    # Where other data has its say too, an answer is possible, not certain.
    candidates = named if names == {OUTCOME} else _literals(flow)
    found = sorted(each for each in candidates if names != {OUTCOME} or _leads(flow, each))
    return found or [_remaining(flow, gateway, named)]


def _leads(flow: etree._Element, answer: str) -> bool:
    try:
        return compile(_condition(flow)).evaluate({OUTCOME: answer}) is True
    except BadExpression:
        return False


def _remaining(flow: etree._Element, gateway: etree._Element, named: set[str]) -> str:
    """The answer of an arrow for "anything else": its name must say what that is."""
    answer = slug(_name(flow))
    if _condition(flow) and not _leads(flow, answer):
        raise UnclearOutcome(flow=_label(flow), gateway=_label(gateway))
    if not answer or answer in named:
        raise NamelessOutcome(flow=_label(flow), gateway=_label(gateway))
    return answer


def _condition(flow: etree._Element) -> str:
    written = flow.find(tag(BPMN, "conditionExpression"))
    return (written.text or "").strip() if written is not None else ""


def _names(flow: etree._Element, gateway: etree._Element) -> frozenset[str]:
    condition = _condition(flow)
    try:
        return compile(condition).names if condition else frozenset()
    except BadExpression:
        raise UnclearOutcome(flow=_label(flow), gateway=_label(gateway)) from None


def _literals(flow: etree._Element) -> set[str]:
    """The texts that the condition compares the outcome with."""
    condition = _condition(flow)
    tree = ast.walk(ast.parse(as_python(condition), mode="eval")) if condition else ()
    compared = [node for node in tree if isinstance(node, ast.Compare) and _is_outcome(node)]
    return {
        part.value
        for comparison in compared
        for part in ast.walk(comparison)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def _is_outcome(comparison: ast.Compare) -> bool:
    sides = (comparison.left, *comparison.comparators)
    return any(isinstance(side, ast.Name) and side.id == OUTCOME for side in sides)


def _only(steps: tuple[str, ...]) -> str | None:
    return steps[0] if len(steps) == 1 else None


def _name(element: etree._Element) -> str:
    return " ".join(element.get("name", "").split())


def _label(element: etree._Element) -> str:
    return _name(element) or element.get("id", "")
