"""The answers a step may end with, found in the conditions of the gateway behind it."""

import ast
from collections import Counter
from typing import Final, NamedTuple

from lxml import etree

from bpmn.arrows import Arrows
from bpmn.document import Decision, Outcome
from bpmn.errors import N_, AlurError
from bpmn.expressions import BadExpression, Expression, compile
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


class _Way(NamedTuple):
    """An arrow out of the gateway, with its condition understood."""

    flow: etree._Element
    gateway: etree._Element
    condition: Expression | None
    compared: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        return self.condition.names if self.condition is not None else frozenset()

    def leads(self, answer: str) -> bool:
        """Whether this answer alone opens the way."""
        try:
            return self.condition is None or self.condition.evaluate({OUTCOME: answer}) is True
        except BadExpression:
            return False


def decision(step: etree._Element, arrows: Arrows) -> Decision | None:
    """What the person decides at the end of the step, if anything; `back` is not yet known."""
    targets = [arrows.target(flow) for flow in arrows.out_of(step)]
    gateway = targets[0] if len(targets) == 1 else None
    if gateway is None or gateway.tag != _GATEWAY:
        return None
    ways = [_way(flow, gateway) for flow in arrows.out_of(gateway)]
    if not any(OUTCOME in way.names for way in ways):
        return None
    named = frozenset(answer for way in ways for answer in way.compared)
    answers = [(answer, way.flow) for way in ways for answer in _answers(way, named)]
    return Decision(
        gateway=gateway.get("id", ""),
        question=_name(gateway),
        outcomes=_outcomes(answers, arrows),
    )


def _way(flow: etree._Element, gateway: etree._Element) -> _Way:
    written = flow.find(tag(BPMN, "conditionExpression"))
    text = (written.text or "").strip() if written is not None else ""
    try:
        condition = compile(text) if text else None
    except BadExpression:
        raise UnclearOutcome(flow=_label(flow), gateway=_label(gateway)) from None
    return _Way(flow, gateway, condition, _compared(text) if text else frozenset())


def _compared(condition: str) -> frozenset[str]:
    """The texts that the condition compares the outcome with."""
    tree = ast.walk(ast.parse(as_python(condition), mode="eval"))
    compared = [node for node in tree if isinstance(node, ast.Compare) and _is_outcome(node)]
    return frozenset(
        part.value
        for comparison in compared
        for part in ast.walk(comparison)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


def _is_outcome(comparison: ast.Compare) -> bool:
    sides = (comparison.left, *comparison.comparators)
    return any(isinstance(side, ast.Name) and side.id == OUTCOME for side in sides)


def _answers(way: _Way, named: frozenset[str]) -> list[str]:
    """The answers that open this way; none when only other data decides."""
    if way.names and OUTCOME not in way.names:
        return []
    # Where other data has its say too, an answer is possible, not certain.
    found = filter(way.leads, named) if way.names == {OUTCOME} else way.compared
    return sorted(found) or [_remaining(way, named)]


def _remaining(way: _Way, named: frozenset[str]) -> str:
    """The answer of a way for "anything else": the name of its arrow must say what that is."""
    answer = slug(_name(way.flow))
    if not way.leads(answer):
        raise UnclearOutcome(flow=_label(way.flow), gateway=_label(way.gateway))
    if not answer or answer in named:
        raise NamelessOutcome(flow=_label(way.flow), gateway=_label(way.gateway))
    return answer


def _outcomes(answers: list[tuple[str, etree._Element]], arrows: Arrows) -> tuple[Outcome, ...]:
    ways = Counter(answer for answer, _ in answers)
    answers_of = Counter(flow for _, flow in answers)
    outcomes = {
        answer: Outcome(
            value=answer,
            # An arrow's name speaks for one answer only.
            label=(_name(flow) if answers_of[flow] == 1 == ways[answer] else "") or answer,
            target=_only(arrows.steps_through(flow)) if ways[answer] == 1 else None,
            usulan=flow.get(tag(SOP, "usulan")) == "true",
        )
        for answer, flow in answers
    }
    return tuple(outcomes.values())


def _only(steps: tuple[str, ...]) -> str | None:
    return steps[0] if len(steps) == 1 else None


def _name(element: etree._Element) -> str:
    return " ".join(element.get("name", "").split())


def _label(element: etree._Element) -> str:
    return _name(element) or element.get("id", "")
