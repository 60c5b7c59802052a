"""Activities repeated for each of several people or units, put away after every step."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from engine.workflow import Stuck
from tests.engine.diagrams import Node, again, border, diagram, each, part, step, timer, xor
from tests.engine.runs import HOUR, MINUTE, NOW, Run


def repeated_step(*args: Any, **options: Any) -> dict[str, Node]:
    return {"A": step(each(*args, **options))}


def repeated_part(*args: Any, **options: Any) -> dict[str, Node]:
    return {"S": part("mulai_s -> A -> B -> selesai_s").repeated(each(*args, **options))}


STEP, PART = "mulai -> A -> Z -> selesai", "mulai -> S -> Z -> selesai"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_step_for_three_is_done_when_all_three_are_through(order: tuple[int, ...]) -> None:
    run = Run(diagram(STEP, **repeated_step(3)))
    assert run.open == ["A#0", "A#1", "A#2"]
    for count, member in enumerate(order):
        assert (run.do(f"A#{member}") == ["Z"]) == (count == 2)
    run.do("Z")
    assert run.is_done


def test_one_by_one_each_waits_for_the_one_before() -> None:
    run = Run(diagram(STEP, **repeated_step(3, one_by_one=True)))
    seen = [run.open]
    while run.open != ["Z"]:
        seen.append(run.do(*run.open))
    assert seen == [["A#0"], ["A#1"], ["A#2"], ["Z"]]


def test_the_members_of_a_repeated_part_go_at_their_own_pace() -> None:
    run = Run(diagram(PART, **repeated_part(3)))
    assert run.open == ["A#0", "A#1", "A#2"]
    assert run.do("A#1") == ["A#0", "A#2", "B#1"]
    assert run.do("B#1") == ["A#0", "A#2"]
    assert run.do("A#2", "A#0") == ["B#0", "B#2"]
    assert run.do("B#0", "B#2") == ["Z"]


def test_a_repeated_part_one_by_one() -> None:
    run = Run(diagram(PART, **repeated_part(2, one_by_one=True)))
    seen = [run.open]
    while run.open != ["Z"]:
        seen.append(run.do(*run.open))
    assert seen == [["A#0"], ["B#0"], ["A#1"], ["B#1"], ["Z"]]


@pytest.mark.parametrize("one_by_one", [True, False])
@pytest.mark.parametrize("count", ["Y.jumlah", "len(Y.daftar)", "${Y.jumlah}"])
def test_how_often_may_come_from_a_step(count: str, one_by_one: bool) -> None:
    nodes = repeated_step(count, one_by_one=one_by_one)
    run = Run(diagram("mulai -> Y -> A -> Z -> selesai", **nodes))
    run.do("Y", jumlah=2, daftar=["x", "y"])
    assert run.open == (["A#0"] if one_by_one else ["A#0", "A#1"])
    assert run.do("A#0") == ["A#1"]
    assert run.do("A#1") == ["Z"]


@pytest.mark.parametrize("one_by_one", [True, False])
@pytest.mark.parametrize("nodes", [repeated_step, repeated_part])
def test_for_nobody_it_is_passed_over(
    nodes: Callable[..., dict[str, Node]], one_by_one: bool
) -> None:
    drawn = nodes("Y.jumlah", one_by_one=one_by_one)
    arrows = (STEP if "A" in drawn else PART).replace("mulai ->", "mulai -> Y ->")
    assert Run(diagram(arrows, **drawn)).do("Y", jumlah=0) == ["Z"]


ITEMS = ["Tapem", "", None, 0, False, "PMD"]


@pytest.mark.parametrize("one_by_one", [True, False])
def test_for_each_item_of_a_list_also_the_empty_ones(one_by_one: bool) -> None:
    nodes = repeated_step(of="Y.daftar", one_by_one=one_by_one)
    run = Run(diagram("mulai -> Y -> A -> Z -> selesai", **nodes))
    run.do("Y", daftar=ITEMS)
    for member in range(len(ITEMS)):
        run.do(f"A#{member}")
    assert run.open == ["Z"]


@pytest.mark.parametrize("one_by_one", [True, False])
def test_the_item_is_known_to_the_conditions_of_its_part_and_nowhere_else(one_by_one: bool) -> None:
    inner = part(
        "mulai_s -> X; X -> A : unit == 'Tapem'; X -> B : *; A -> selesai_s; B -> selesai_s",
        X=xor(),
    ).repeated(each(of="daftar", item="unit", one_by_one=one_by_one))
    arrows = "mulai -> M -> S -> Z -> Y; Y -> M : outcome == 'lagi'; Y -> selesai : *"
    run = Run(
        diagram(arrows, S=inner, M=xor(), Y=xor()), data={"daftar": ["PMD", "Tapem", "Trantib"]}
    )
    for _ in range(3):
        if not one_by_one:
            assert run.open == ["A#1", "B#0", "B#2"]
        assert run.do("B#0", "A#1", "B#2") == ["Z"]
        run.do("Z", outcome="lagi")


def test_one_by_one_goes_through_the_list_as_it_stood() -> None:
    nodes = repeated_step(of="Y.daftar", one_by_one=True)
    run = Run(diagram("mulai -> Y -> A -> Z -> selesai", **nodes))
    run.do("Y", daftar=[1, 2, 3])
    run.data()["Y"]["daftar"].clear()
    assert run.do("A#0", "A#1", "A#2") == ["Z"]


@pytest.mark.parametrize("one_by_one", [True, False])
def test_enough_is_enough(one_by_one: bool) -> None:
    nodes = repeated_step(5, one_by_one=one_by_one, until="outcome == 'tolak'")
    run = Run(diagram(STEP, **nodes))
    run.do("A#0", outcome="setuju")
    assert run.do("A#1", outcome="tolak") == ["Z"]
    run.do("Z")
    assert run.is_done


def test_a_majority_is_enough() -> None:
    nodes = repeated_step(5, until="nrOfCompletedInstances > nrOfInstances / 2")
    run = Run(diagram(STEP, **nodes))
    run.do("A#4", "A#0")
    assert run.do("A#2") == ["Z"]


@pytest.mark.parametrize("stored", [True, False])
def test_enough_ends_the_parts_of_the_others(stored: bool) -> None:
    inner = part("mulai_s -> A -> B -> selesai_s; T -> C -> selesai_t", T=border("A", timer("P1D")))
    nodes = {"S": inner.repeated(each(3, until="outcome == 'cukup'"))}
    run = Run(diagram(PART, **nodes), stored=stored)
    run.do("A#0")
    assert run.wake_at is not None
    assert run.do("B#0", outcome="cukup") == ["Z"]
    assert run.wake_at is None


def test_what_each_said_is_kept_for_each() -> None:
    arrows = "mulai -> A -> X; X -> Z : A['1'].jumlah > 5; X -> selesai : *; Z -> selesai2"
    run = Run(diagram(arrows, X=xor(), **repeated_step(2)))
    run.do("A#1", jumlah=7)
    assert run.do("A#0", jumlah=1) == ["Z"]
    assert run.data()["A"] == {
        "0": {"jumlah": 1, "outcome": None},
        "1": {"jumlah": 7, "outcome": None},
    }


def test_what_each_part_gathered_is_kept_for_each() -> None:
    run = Run(diagram(PART, **repeated_part(2)))
    run.do("A#0", nilai="a")
    run.do("A#1", nilai="b")
    run.do("B#0", nilai="c")
    run.do("B#1", nilai="d")
    gathered = run.data()["S"]
    assert [gathered["0"][name]["nilai"] for name in "AB"] == ["a", "c"]
    assert [gathered["1"][name]["nilai"] for name in "AB"] == ["b", "d"]


def test_a_second_round_forgets_what_the_first_said() -> None:
    arrows = "mulai -> Y -> A -> X; X -> Y : outcome == 'lagi'; X -> selesai : *"
    run = Run(diagram(arrows, X=xor(), **repeated_step("Y.jumlah")))
    run.do("Y", jumlah=3)
    run.do("A#0", "A#1")
    run.do("A#2", outcome="lagi")
    run.do("Y", jumlah=1)
    assert list(run.data().get("A", {})) == []
    run.do("A#0")
    assert list(run.data()["A"]) == ["0"]


def test_the_answers_may_be_gathered_in_a_list() -> None:
    loop = each(3).replace(
        "</multiInstance",
        '<loopDataOutputRef>nilai</loopDataOutputRef><outputDataItem id="angka"/></multiInstance',
    )
    arrows = "mulai -> A -> X; X -> Z : sum(nilai) == 6; X -> selesai : *; Z -> selesai2"
    run = Run(diagram(arrows, X=xor(), A=step(loop)))
    run.do("A#2", angka=3)
    run.do("A#0", angka=1)
    assert run.do("A#1", angka=2) == ["Z"]


def test_repeats_nest() -> None:
    inner = part("mulai_s -> A -> selesai_s", A=step(each(2, one_by_one=True)))
    run = Run(diagram(PART, S=inner.repeated(each(2))))
    assert run.open == ["A#0", "A#0"]
    steps = {step.id for step in run.case.open_steps()}
    assert len(steps) == 2
    for _ in range(4):
        run.do(run.open[0])
    assert run.open == ["Z"]


def test_a_repeat_in_a_loop_stays_small() -> None:
    arrows = "mulai -> M -> S -> Z -> X; X -> M : outcome == 'lagi'; X -> selesai : *"
    run = Run(diagram(arrows, M=xor(), X=xor(), **repeated_part(3)))
    sizes = set()
    for _ in range(5):
        run.do("A#0", "A#1", "A#2", "B#2", "B#1", "B#0")
        assert run.do("Z", outcome="lagi") == ["A#0", "A#1", "A#2"]
        sizes.add(run.tokens)
    assert len(sizes) == 1


def test_a_deadline_guards_the_whole_repeat() -> None:
    nodes = {**repeated_step(3, one_by_one=True), "T": border("A", timer("PT10M"))}
    run = Run(diagram(STEP + "; T -> B -> selesai2", **nodes))
    assert run.step("A#0").due_at == NOW + 10 * MINUTE
    run.do("A#0")
    assert run.step("A#1").due_at == NOW + 10 * MINUTE
    assert run.at(11 * MINUTE) == ["A#1", "B"]
    assert run.do("A#1", "A#2") == ["B", "Z"]


def test_a_deadline_within_a_repeated_part_is_each_member_s_own() -> None:
    inner = part("mulai_s -> A -> B -> selesai_s; T -> selesai_t", T=border("B", timer("PT10M")))
    run = Run(diagram(PART, S=inner.repeated(each(2))))
    run.do("A#0")
    run.at(HOUR)
    run.do("A#1")
    assert run.step("B#0").due_at == NOW + 10 * MINUTE
    assert run.step("B#1").due_at == NOW + HOUR + 10 * MINUTE


@pytest.mark.parametrize("one_by_one", [True, False])
@pytest.mark.parametrize(
    ("loop", "sentence"),
    [
        ({"count": 201}, "akan diulang 201 kali; paling banyak 200 kali"),
        ({"count": 10**6}, "paling banyak 200 kali"),
        ({"count": "-1"}, "bukan bilangan bulat"),
        ({"count": "2.5"}, "bukan bilangan bulat"),
        ({"count": "'dua'"}, "bukan bilangan bulat"),
        ({"count": "true"}, "bukan bilangan bulat"),
        ({"count": "null"}, "bukan bilangan bulat"),
        ({"of": "'abc'"}, "bukan daftar"),
        ({"of": "Y"}, "bukan daftar"),
        ({"of": "Y.kosong"}, "bukan daftar"),
        ({"of": "Y.banyak"}, "paling banyak 200 kali"),
        ({"of": "tidak_ada"}, "“tidak_ada” belum ada dalam data"),
    ],
)
def test_a_repeat_that_cannot_be_is_told(
    loop: dict[str, object], sentence: str, one_by_one: bool
) -> None:
    nodes = repeated_step(**loop, one_by_one=one_by_one)
    run = Run(diagram("mulai -> Y -> A -> selesai", **nodes))
    with pytest.raises(Stuck, match=sentence):
        run.do("Y", banyak=[1] * 201)


def test_a_loop_within_a_repeat() -> None:
    inner = part("mulai_s -> A -> selesai_s", A=step(again(most=2)))
    run = Run(diagram(PART, S=inner.repeated(each(2))))
    assert run.do("A#0") == ["A#0", "A#1"]
    assert run.do("A#0") == ["A#1"]
    assert run.do("A#1", "A#1") == ["Z"]
