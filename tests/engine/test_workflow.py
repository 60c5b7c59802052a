"""Gateways, loops and sub-processes run as BPMN says, put away and fetched after every step."""

from itertools import permutations, product

import pytest

from bpmn.lint import lint
from engine.workflow import NoSuchStep, Stuck
from tests.engine.diagrams import (
    Node,
    again,
    border,
    catch,
    diagram,
    each,
    end,
    escalation,
    part,
    some,
    step,
    terminate,
    throw,
    timer,
    together,
    xor,
)
from tests.engine.runs import DAY, MINUTE, Run

YES, NO = {"outcome": "ya"}, {"outcome": "tidak"}


def test_steps_follow_each_other() -> None:
    run = Run(diagram("mulai -> A -> B -> selesai"))
    assert run.open == ["A"]
    assert run.do("A") == ["B"]
    assert run.do("B") == []
    assert run.is_done


def test_a_manual_task_waits_as_a_step_does() -> None:
    run = Run(diagram("mulai -> A -> selesai", A=Node("manualTask")))
    assert run.open == ["A"]
    run.do("A")
    assert run.is_done


def test_a_step_that_is_done_cannot_be_done_again() -> None:
    run = Run(diagram("mulai -> A -> B -> selesai"))
    done = run.step("A").id
    run.do("A")
    with pytest.raises(NoSuchStep):
        run.case.complete(done, None, {})
    with pytest.raises(NoSuchStep):
        run.case.complete("tidak ada", None, {})
    assert run.open == ["B"]


# --- choices ---------------------------------------------------------------------------------


CHOICE = """
    mulai -> A -> X
    X -> B : outcome == 'ya'
    X -> C : outcome == 'tidak'
    X -> D : *
    B -> selesai; C -> selesai; D -> selesai
"""


@pytest.mark.parametrize(("outcome", "then"), [("ya", "B"), ("tidak", "C"), (None, "D")])
def test_a_choice_goes_the_way_of_the_outcome(outcome: str | None, then: str) -> None:
    run = Run(diagram(CHOICE, X=xor()))
    assert run.do("A", outcome=outcome) == [then]
    run.do(then)
    assert run.is_done


def test_of_two_ways_that_are_open_the_one_drawn_first_is_taken() -> None:
    ways = "X -> B : A.jumlah > 1; X -> C : A.jumlah > 0; X -> D : *"
    xml = diagram(f"mulai -> A -> X; {ways}; B -> selesai; C -> selesai; D -> selesai", X=xor())
    assert Run(xml).do("A", jumlah=2) == ["B"]
    assert Run(xml).do("A", jumlah=1) == ["C"]
    assert Run(xml).do("A", jumlah=0) == ["D"]


def test_when_no_way_is_open_the_sentence_names_the_gateway() -> None:
    ways = "X -> B : outcome == 'ya'; X -> C : outcome == 'tidak'; B -> selesai; C -> selesai"
    run = Run(diagram(f"mulai -> A -> X; {ways}", X=xor()))
    with pytest.raises(Stuck, match="Tidak ada syarat yang terpenuhi sesudah “X”"):
        run.do("A", outcome="lain")


def test_a_condition_that_is_neither_yes_nor_no_is_told() -> None:
    run = Run(diagram("mulai -> A -> X; X -> B : outcome; X -> selesai : *; B -> selesai", X=xor()))
    with pytest.raises(Stuck, match="“outcome” bukan ya atau tidak"):
        run.do("A", outcome="tidak")


# --- branches --------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(permutations("ABC")))
def test_a_parallel_join_waits_for_all_in_any_order(order: tuple[str, ...]) -> None:
    arrows = "mulai -> P; P -> A -> J; P -> B -> J; P -> C -> J; J -> D -> selesai"
    run = Run(diagram(arrows, P=together(), J=together()))
    assert run.open == ["A", "B", "C"]
    left = list("ABC")
    for name in order:
        left.remove(name)
        assert run.do(name) == (left or ["D"])
    run.do("D")
    assert run.is_done


INCLUSIVE = """
    mulai -> Z -> O
    O -> A : Z.a; O -> B : Z.b; O -> C : Z.c; O -> D : *
    A -> J; B -> J; C -> J; D -> J
    J -> E -> selesai
"""


@pytest.mark.parametrize("chosen", list(product([True, False], repeat=3)))
def test_an_inclusive_join_waits_for_those_that_were_chosen(chosen: tuple[bool, ...]) -> None:
    taken = [name for name, is_taken in zip("ABC", chosen, strict=True) if is_taken] or ["D"]
    for order in permutations(taken):
        run = Run(diagram(INCLUSIVE, O=some(), J=some()))
        assert run.do("Z", a=chosen[0], b=chosen[1], c=chosen[2]) == taken
        left = list(taken)
        for name in order:
            left.remove(name)
            assert run.do(name) == (left or ["E"])
        run.do("E")
        assert run.is_done


@pytest.mark.parametrize("arrows", ["P -> J; P -> A -> J", "P -> A -> J; P -> J"])
def test_an_inclusive_join_waits_for_a_sister_whose_turn_comes_later(arrows: str) -> None:
    run = Run(diagram(f"mulai -> P; {arrows}; J -> B -> selesai", P=together(), J=some()))
    assert run.open == ["A"]
    assert run.do("A") == ["B"]
    run.do("B")
    assert run.is_done


def test_an_inclusive_join_does_not_wait_for_a_branch_that_ended_elsewhere() -> None:
    arrows = """
        mulai -> P; P -> A -> J; P -> B -> X
        X -> J : outcome == 'ya'; X -> selesai2 : *
        J -> C -> selesai
    """
    for outcome in ("ya", "tidak"):
        run = Run(diagram(arrows, P=together(), X=xor(), J=some()))
        assert run.do("A") == ["B"]
        assert run.do("B", outcome=outcome) == ["C"]
        run.do("C")
        assert run.is_done


def test_an_inclusive_join_waits_for_what_may_still_happen_at_a_border() -> None:
    arrows = "mulai -> P; P -> A -> selesai2; T -> B -> J; P -> C -> J; J -> D -> selesai"
    xml = diagram(arrows, P=together(), J=some(), T=border("A", timer("PT10M"), interrupts=True))
    run = Run(xml)
    assert run.do("C") == ["A"]
    assert run.at(11 * MINUTE) == ["B"]
    assert run.do("B") == ["D"]
    run = Run(xml)
    run.do("C")
    assert run.do("A") == ["D"]


def test_branches_may_nest() -> None:
    arrows = """
        mulai -> P; P -> A -> J; P -> Q
        Q -> B -> K; Q -> C -> K; K -> J
        J -> D -> selesai
    """
    for order in permutations("ABC"):
        run = Run(diagram(arrows, P=together(), Q=together(), K=together(), J=together()))
        assert run.do(*order) == ["D"]


def test_a_branch_that_ends_leaves_the_others_alone() -> None:
    run = Run(diagram("mulai -> P; P -> A -> selesai; P -> B -> C -> selesai2", P=together()))
    assert run.do("A") == ["B"]
    assert run.do("B") == ["C"]
    run.do("C")
    assert run.is_done


def test_branches_that_meet_without_a_join_go_on_once_each() -> None:
    arrows = "mulai -> P; P -> A -> X; P -> B -> X; X -> C -> selesai"
    run = Run(diagram(arrows, P=together(), X=xor()))
    assert run.do("A", "B") == ["C", "C"]
    assert run.do("C", "C") == []
    assert run.is_done


def test_terminate_ends_everything_at_once() -> None:
    arrows = "mulai -> P; P -> A -> selesai; P -> B -> S -> selesai2; T -> C -> selesai3"
    run = Run(
        diagram(
            arrows,
            P=together(),
            S=part("mulai_s -> D -> selesai_s"),
            T=border("S", timer("PT10M")),
            selesai=end(terminate()),
        )
    )
    run.do("B")
    assert run.at(11 * MINUTE) == ["A", "C", "D"]
    run.do("A")
    assert run.is_done
    assert run.wake_at is None


def test_terminate_in_a_sub_process_ends_only_that() -> None:
    inner = part(
        "mulai_s -> P; P -> A -> selesai_s; P -> B -> selesai_t",
        P=together(),
        selesai_s=end(terminate()),
    )
    run = Run(diagram("mulai -> S -> C -> selesai", S=inner))
    assert run.do("A") == ["C"]


# --- loops -----------------------------------------------------------------------------------


LOOP = "mulai -> M -> A -> X; X -> M : outcome == 'tidak'; X -> B : *; B -> selesai"


def test_a_rejection_leads_back_and_approval_on() -> None:
    run = Run(diagram(LOOP, M=xor(), X=xor()))
    sizes = set()
    for _ in range(20):
        assert run.do("A", outcome="tidak") == ["A"]
        sizes.add(run.tokens)
    assert len(sizes) == 1
    assert run.do("A", outcome="ya") == ["B"]


ROUNDS = """
    mulai -> M -> P
    P -> A -> J; P -> B -> J; P -> C -> J
    J -> Z -> X
    X -> M : outcome == 'tidak'
    X -> selesai : *
"""
# The arrow back meets the other one at a step, with no gateway between.
WITHOUT_MERGE = ROUNDS.replace("M -> P", "Y -> P").replace("X -> M", "X -> Y")


def all_orders() -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    orders = list(permutations("ABC"))
    return [(one, other) for one in orders for other in orders]


@pytest.mark.parametrize("orders", all_orders())
@pytest.mark.parametrize(
    ("arrows", "gateway"), [(ROUNDS, together()), (WITHOUT_MERGE, together()), (ROUNDS, some())]
)
def test_a_repeated_block_waits_for_all_its_branches_in_every_round(
    arrows: str, gateway: Node, orders: tuple[tuple[str, ...], ...]
) -> None:
    nodes = {"P": together(), "J": gateway, "X": xor()}
    run = Run(diagram(arrows, **nodes, **({"M": xor()} if "M ->" in arrows else {})))
    sizes = set()
    for order in [*orders, *reversed(orders)]:
        if run.open == ["Y"]:
            run.do("Y")
        left = list("ABC")
        for name in order:
            left.remove(name)
            assert run.do(name) == (left or ["Z"])
        assert run.do("Z", outcome="tidak") in (["A", "B", "C"], ["Y"])
        sizes.add(run.tokens)
    assert len(sizes) == 1


def test_an_arrow_straight_back_to_a_parallel_gateway_is_refused() -> None:
    arrows = ROUNDS.replace("M -> P", "P").replace("-> M", "-> P")
    xml = diagram(arrows, P=together(), J=together(), X=xor())
    assert "repeated-parallel" in {finding.rule for finding in lint(xml)}


def test_the_state_stays_small_while_another_branch_stays_open_for_long() -> None:
    arrows = "mulai -> Q; Q -> Lama -> K; Q -> M;" + ROUNDS.replace("mulai ->", "").replace(
        "selesai", "K"
    )
    nodes = {"Q": together(), "K": together(), "M": xor(), "P": together(), "J": together()}
    run = Run(diagram(f"{arrows}; K -> Akhir -> selesai", X=xor(), **nodes))
    sizes = set()
    for order in list(permutations("ABC")) * 5:
        assert run.do(*order) == ["Lama", "Z"]
        run.do("Z", outcome="tidak")
        sizes.add((run.tokens, len(run.bytes)))
    assert max(sizes)[0] == min(sizes)[0]
    assert max(size for _, size in sizes) < 3_000
    assert run.do(*"ABC", "Z") == ["Lama"]
    assert run.do("Lama") == ["Akhir"]
    run.do("Akhir")
    assert run.is_done


def test_a_reminder_that_stays_open_over_many_rounds_costs_nothing() -> None:
    xml = diagram(
        LOOP + "; T -> Ingatkan -> selesai2",
        M=xor(),
        X=xor(),
        T=border("A", timer("PT10M")),
    )
    run = Run(xml)
    assert run.at(11 * MINUTE) == ["A", "Ingatkan"]
    sizes = set()
    for _ in range(30):
        assert run.do("A", outcome="tidak") == ["A", "Ingatkan"]
        sizes.add(run.tokens)
    assert len(sizes) == 1
    assert run.do("A", "B") == ["Ingatkan"]
    run.do("Ingatkan")
    assert run.is_done


def test_what_a_late_step_set_off_stays_open_when_the_step_is_moved() -> None:
    arrows = "mulai -> A -> B -> selesai; T -> R -> selesai2"
    run = Run(diagram(arrows, T=border("A", timer("PT10M"))))
    assert run.at(10 * MINUTE) == ["A", "R"]
    run.case.move(run.step("A").id, "B")
    run._keep()
    assert run.open == ["B", "R"]
    assert run.do("B") == ["R"]
    run.do("R")
    assert run.is_done


def test_what_a_late_step_set_off_does_not_pass_for_its_own_when_it_is_done() -> None:
    arrows = "mulai -> A -> t -> B -> selesai; T -> w -> M -> selesai2"
    waits = {"t": catch(timer("PT1M")), "w": catch(timer("PT10M"))}
    run = Run(diagram(arrows, T=border("A", timer("PT10M")), M=step(each(2)), **waits))
    run.at(10 * MINUTE)
    run.do("A")
    assert run.at(10 * MINUTE) == ["B", "M#0", "M#1"]
    assert [step.due_at for step in run.case.open_steps()] == [None, None, None]
    run.case.move(run.step("M#0").id, "A")
    run._keep()
    assert run.open == ["A", "B"]


@pytest.mark.parametrize("first", [True, False])
def test_a_standard_loop_goes_on_while_its_condition_holds(first: bool) -> None:
    xml = diagram(
        "mulai -> Z -> A -> B -> selesai",
        A=step(again("outcome == 'lagi'", first=first)),
    )
    run = Run(xml)
    # Tested before, nobody has said `lagi` yet.
    assert run.do("Z", outcome="lagi" if first else None) == ["A"]
    for _ in range(10):
        assert run.do("A", outcome="lagi") == ["A"]
    assert run.tokens < 8
    assert run.do("A", outcome="cukup") == ["B"]


def test_a_standard_loop_tested_before_may_not_begin_at_all() -> None:
    xml = diagram("mulai -> Z -> A -> B -> selesai", A=step(again("Z.perlu", first=True)))
    assert Run(xml).do("Z", perlu=False) == ["B"]
    assert Run(xml).do("Z", perlu=True) == ["A"]


def test_a_standard_loop_ends_with_its_maximum() -> None:
    run = Run(diagram("mulai -> A -> B -> selesai", A=step(again(most=3))))
    assert [run.do("A") for _ in range(3)] == [["A"], ["A"], ["B"]]


def test_a_sub_process_may_be_looped() -> None:
    inner = part("mulai_s -> A -> selesai_s").repeated(again("outcome == 'lagi'"))
    run = Run(diagram("mulai -> S -> B -> selesai", S=inner))
    for _ in range(5):
        assert run.do("A", outcome="lagi") == ["A"]
    assert run.tokens < 12
    assert run.do("A", outcome="cukup") == ["B"]


# --- sub-processes ---------------------------------------------------------------------------


def test_sub_processes_nest_three_deep() -> None:
    third = part("mulai_3 -> C -> selesai_3")
    second = part("mulai_2 -> B -> S3 -> D -> selesai_2", S3=third)
    first = part("mulai_1 -> A -> S2 -> E -> selesai_1", S2=second)
    run = Run(diagram("mulai -> S1 -> F -> selesai", S1=first))
    seen = [run.open]
    while run.open:
        seen.append(run.do(*run.open))
    assert seen == [["A"], ["B"], ["C"], ["D"], ["E"], ["F"], []]
    assert run.is_done


def test_a_sub_process_waits_for_all_that_happens_in_it() -> None:
    inner = part("mulai_s -> P; P -> A -> selesai_s; P -> B -> selesai_t", P=together())
    run = Run(diagram("mulai -> S -> C -> selesai", S=inner))
    assert run.do("A") == ["B"]
    assert run.do("B") == ["C"]


def test_a_sub_process_also_waits_for_what_a_late_step_set_off() -> None:
    # The way of the reminder ends in the air, as a throw may.
    inner = part(
        "mulai_s -> A -> selesai_s; T -> Ingatkan -> e",
        T=border("A", timer("PT10M")),
        e=Node("intermediateThrowEvent", escalation()),
    )
    run = Run(diagram("mulai -> S -> C -> selesai", S=inner))
    assert run.at(11 * MINUTE) == ["A", "Ingatkan"]
    assert run.do("A") == ["Ingatkan"]
    assert run.do("Ingatkan") == ["C"]


def test_the_same_sub_process_runs_anew_in_every_round() -> None:
    arrows = "mulai -> M -> S -> Z -> X; X -> M : outcome == 'tidak'; X -> selesai : *"
    inner = part(
        "mulai_s -> P; P -> A -> J; P -> B -> J; J -> selesai_s", P=together(), J=together()
    )
    run = Run(diagram(arrows, M=xor(), X=xor(), S=inner))
    sizes = set()
    for _ in range(6):
        assert run.open == ["A", "B"]
        assert run.do("B", "A") == ["Z"]
        run.do("Z", outcome="tidak")
        sizes.add(run.tokens)
    assert len(sizes) == 1


def test_two_sub_processes_run_side_by_side() -> None:
    inner = {
        name: part(f"mulai_{name} -> {name}1 -> {name}2 -> selesai_{name}") for name in ("S", "T")
    }
    arrows = "mulai -> P; P -> S -> J; P -> T -> J; J -> Z -> selesai"
    run = Run(diagram(arrows, P=together(), J=together(), **inner))
    assert run.do("S1") == ["S2", "T1"]
    assert run.do("T1", "S2") == ["T2"]
    assert run.do("T2") == ["Z"]


def test_an_interrupted_sub_process_leaves_nothing_behind() -> None:
    deepest = part("mulai_3 -> C -> selesai_3; U -> selesai_u", U=border("C", timer("PT1H")))
    inner = part(
        "mulai_s -> P; P -> A -> selesai_s; P -> S3 -> selesai_t", P=together(), S3=deepest
    )
    run = Run(
        diagram(
            "mulai -> S -> B -> selesai; T -> D -> selesai2",
            S=inner,
            T=border("S", timer("PT10M"), interrupts=True),
        )
    )
    assert run.open == ["A", "C"]
    assert run.at(11 * MINUTE) == ["D"]
    assert run.wake_at is None
    run.do("D")
    assert run.is_done


def test_a_circle_without_people_is_told_and_not_run_for_ever() -> None:
    arrows = "mulai -> A -> M -> X; X -> M : A.terus; X -> selesai : *"
    run = Run(diagram(arrows, M=xor(), X=xor()))
    with pytest.raises(Stuck, match="berputar tanpa henti"):
        run.do("A", terus=True)
    run = Run(diagram(arrows, M=xor(), X=xor()))
    run.do("A", terus=False)
    assert run.is_done


def test_a_case_put_away_for_a_year_is_as_it_was() -> None:
    run = Run(diagram("mulai -> A -> B -> selesai"))
    first = run.step("A").id
    run.at(365 * DAY)
    assert run.step("A").id == first
    assert run.do("A") == ["B"]


def test_forty_parallel_blocks_in_a_row_are_no_burden() -> None:
    """Foreseen from each branch, what lies behind a join would double at every one."""
    arrows, gateways, before = [], {}, "mulai"
    for block in range(40):
        fork, join = f"F{block}", f"J{block}"
        arrows.append(f"{before} -> {fork} -> A{block} -> {join}; {fork} -> B{block} -> {join}")
        gateways |= {fork: together(), join: together()}
        before = join
    run = Run(diagram("; ".join([*arrows, f"{before} -> selesai"]), **gateways))
    for block in range(40):
        assert run.open == [f"A{block}", f"B{block}"]
        run.do(f"B{block}", f"A{block}")
    assert run.is_done


def test_meetings_without_a_join_are_no_burden_before_they_are_reached() -> None:
    """The same, where branches meet at an event or a step instead of a gateway."""
    for kind in (throw(escalation()), step()):
        arrows, nodes = ["mulai -> Awal -> E0"], {"E0": kind}
        for at in range(40):
            arrows.append(f"E{at} -> F{at}; F{at} -> E{at + 1}; F{at} -> G{at} -> E{at + 1}")
            nodes |= {f"F{at}": together(), f"E{at + 1}": kind, f"G{at}": throw(escalation())}
        run = Run(diagram("; ".join([*arrows, "E40 -> selesai"]), **nodes))
        assert run.open == ["Awal"]
        assert run.tokens < 5
