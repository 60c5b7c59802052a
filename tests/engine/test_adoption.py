"""A running case goes on in another drawing of its SOP, or is refused and left where it was."""

import pytest

from engine import program, workflow
from engine.adoption import Entangled
from engine.state import StepGone
from tests.engine.diagrams import (
    Node,
    border,
    diagram,
    each,
    end,
    escalation,
    part,
    step,
    timer,
    together,
    xor,
)
from tests.engine.runs import HOUR, Run
from tests.engine.test_random_processes import Driver, Figures, grown

LATE = {"T": border("A", timer("PT10M")), "E": end(escalation())}


class Migrating(Run):
    """Brought to a revision that draws the same, after every step."""

    def _fetch(self) -> None:
        if not self.case.is_done:
            one = self.program
            self.case = workflow.adopt(one, one, self.case.dump(), {}, self.now, self.calendar)


@pytest.mark.parametrize("seed", range(40))
def test_in_a_drawing_that_is_the_same_a_case_goes_on_as_if_nothing_had_happened(seed: int) -> None:
    driver = Driver(grown(seed), seed, Figures())
    driver.stored = Migrating(driver.xml)
    driver.run()


def adopted(old: bytes, new: bytes, *done: str, late: bool = False, **targets: str) -> list[str]:
    """What is open after these steps, once the case has been brought to the new drawing."""
    run = Run(old)
    run.do(*done)
    if late:
        run.at(HOUR)
    compiled = program.compile(new)
    state, office = run.case.dump(), run.calendar
    run.case = workflow.adopt(run.program, compiled, state, targets, run.now, office)
    run.program = compiled
    run._keep()
    return run.open


def drawn(arrows: str, **nodes: Node) -> bytes:
    return diagram(arrows, **nodes)


def test_what_is_past_may_be_drawn_otherwise() -> None:
    old, new = drawn("mulai -> A -> B -> selesai"), drawn("mulai -> N -> B -> C -> selesai")
    assert adopted(old, new, "A") == ["B"]


def test_a_step_that_was_late_is_not_late_again() -> None:
    old = drawn("mulai -> A -> selesai; T -> E", **LATE)
    new = drawn("mulai -> A -> B -> selesai; T -> E", **LATE)
    assert adopted(old, new, late=True) == ["A"]


def test_a_step_that_became_a_part_of_several_is_opened_there() -> None:
    old = drawn("mulai -> A -> selesai")
    new = drawn("mulai -> A -> selesai", A=part("mulai_a -> B -> C -> selesai_a"))
    assert adopted(old, new) == ["B"]


def test_a_step_that_is_now_for_several_cannot_be_carried_over_by_halves() -> None:
    for_three = drawn("mulai -> A -> selesai", A=step(each(3)))
    assert adopted(drawn("mulai -> A -> selesai"), for_three) == ["A#0", "A#1", "A#2"]
    with pytest.raises(Entangled):
        adopted(for_three, drawn("mulai -> A -> selesai"), "A#1")


def test_a_branch_that_is_gone_needs_a_target_and_leaves_the_other_alone() -> None:
    branches = {"P": together(), "J": together()}
    old = drawn("mulai -> P; P -> A -> J; P -> B -> J; J -> selesai", **branches)
    new = drawn("mulai -> P; P -> C -> J; P -> B -> J; J -> selesai", **branches)
    with pytest.raises(StepGone, match="“A”"):
        adopted(old, new)
    assert adopted(old, new, A="C") == ["B", "C"]


def test_a_repeat_may_go_on_where_something_else_changed() -> None:
    old = drawn("mulai -> A -> B -> selesai", A=step(each(2, one_by_one=True)))
    new = drawn("mulai -> A -> X; X -> C : A.n == 1; X -> selesai : *; C -> selesai",
                A=step(each(2, one_by_one=True)), X=xor())  # fmt: skip
    assert adopted(old, new, "A#0") == ["A#1"]
