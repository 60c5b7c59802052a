"""What a case knows: each step's data in its own place, seen by the expressions that follow."""

import pytest

from engine.workflow import Stuck
from tests.engine.diagrams import Node, diagram, each, part, some, together, xor
from tests.engine.runs import Run

BRANCHES = "mulai -> Y -> P; P -> A -> J; P -> B -> J; J -> Z -> X;"


def test_expressions_see_the_outcome_each_step_s_data_and_what_the_case_began_with() -> None:
    ways = """
        X -> B : outcome == 'ya' and A.jumlah > batas and Pertama.nama == 'Budi'
        X -> C : *
    """
    arrows = f"mulai -> Pertama -> A -> X; {ways}; B -> selesai; C -> selesai"
    run = Run(diagram(arrows, X=xor()), data={"batas": 5})
    run.do("Pertama", nama="Budi")
    assert run.do("A", outcome="ya", jumlah=6) == ["B"]


def test_the_outcome_is_that_of_the_step_before_the_gateway() -> None:
    arrows = """
        mulai -> A -> X; X -> B : outcome == 'ya'; X -> selesai : *
        B -> Y; Y -> C : outcome == 'ya'; Y -> D : *; C -> selesai; D -> selesai
    """
    run = Run(diagram(arrows, X=xor(), Y=xor()))
    run.do("A", outcome="ya")
    assert run.do("B") == ["D"]


def test_the_outcomes_of_earlier_steps_stay_with_their_steps() -> None:
    arrows = "mulai -> A -> B -> X; X -> C : A.outcome == 'ya'; X -> selesai : *; C -> selesai2"
    run = Run(diagram(arrows, X=xor()))
    run.do("A", outcome="ya")
    assert run.do("B", outcome="tidak") == ["C"]


def test_a_name_nobody_filled_in_is_named() -> None:
    run = Run(diagram("mulai -> A -> X; X -> B : C.ada; X -> selesai : *; B -> selesai", X=xor()))
    with pytest.raises(Stuck, match="“C” belum ada dalam data berkas ini"):
        run.do("A")


@pytest.mark.parametrize("order", ["AB", "BA"])
def test_a_branch_that_leaves_a_value_alone_does_not_put_the_old_one_back(order: str) -> None:
    # Both branches know the old round's A; only branch A says something new.
    arrows = BRANCHES + "X -> Y : outcome == 'lagi'; X -> C : A.nilai == 'baru'; X -> D : *"
    run = Run(diagram(f"{arrows}; C -> selesai; D -> selesai", P=together(), J=together(), X=xor()))
    run.do("Y")
    run.do("A", nilai="lama")
    run.do("B")
    run.do("Z", outcome="lagi")
    run.do("Y")
    for name in order:
        run.do(name, **({"nilai": "baru"} if name == "A" else {}))
    assert run.do("Z") == ["C"]


@pytest.mark.parametrize("order", ["AB", "BA"])
@pytest.mark.parametrize("gateway", [together(), some()])
def test_what_both_branches_said_is_known_after_the_join(order: str, gateway: Node) -> None:
    arrows = BRANCHES + "X -> C : A.n + B.n == 3; X -> D : *; C -> selesai; D -> selesai"
    run = Run(diagram(arrows, P=together(), J=gateway, X=xor()))
    run.do("Y")
    for name in order:
        run.do(name, n=1 if name == "A" else 2)
    assert run.do("Z") == ["C"]


def test_a_branch_sees_what_the_other_has_said_so_far() -> None:
    arrows = "mulai -> P; P -> A -> selesai; P -> B -> X; X -> C : A.n == 1; X -> selesai2 : *"
    run = Run(diagram(f"{arrows}; C -> selesai3", P=together(), X=xor()))
    run.do("A", n=1)
    assert run.do("B") == ["C"]


def test_a_step_done_again_says_something_new() -> None:
    arrows = "mulai -> A -> X; X -> A : A.lagi; X -> B : *; B -> selesai"
    run = Run(diagram(arrows, X=xor()))
    run.do("A", lagi=True, sisa=1)
    run.do("A", lagi=False)
    assert run.data()["A"] == {"lagi": False, "outcome": None}


def test_a_sub_process_sees_what_is_around_it_and_hands_on_what_it_gathered() -> None:
    inner = part(
        "mulai_s -> B -> X; X -> C : A.n + B.n == 3; X -> selesai_s : *; C -> selesai_t", X=xor()
    )
    arrows = "mulai -> A -> S -> D -> Y; Y -> E : B.n + C.n == 5; Y -> selesai : *; E -> selesai2"
    run = Run(diagram(arrows, S=inner, Y=xor()))
    run.do("A", n=1)
    assert run.do("B", n=2) == ["C"]
    run.do("C", n=3)
    assert run.do("D") == ["E"]


@pytest.mark.parametrize("order", [("A", "B"), ("B", "A")])
def test_sub_processes_side_by_side_do_not_overwrite_each_other(order: tuple[str, ...]) -> None:
    nodes = {
        "P": together(),
        "J": together(),
        "S": part("mulai_s -> A -> selesai_s"),
        "T": part("mulai_t -> B -> selesai_t"),
    }
    arrows = "mulai -> Y -> P; P -> S -> J; P -> T -> J; J -> Z -> selesai"
    run = Run(diagram(arrows, **nodes))
    run.do("Y", n=0)
    for name in order:
        run.do(name, n=name)
    assert {name: run.data()[name]["n"] for name in "YAB"} == {"Y": 0, "A": "A", "B": "B"}


def test_a_sub_process_does_not_bring_back_what_changed_around_it_meanwhile() -> None:
    nodes = {"P": together(), "J": together(), "S": part("mulai_s -> B -> selesai_s")}
    arrows = "mulai -> A -> P; P -> S -> J; P -> A2 -> J; J -> Z -> selesai"
    run = Run(diagram(arrows, **nodes), data={"catatan": "lama"})
    run.do("A")
    run.case._flow.data["catatan"] = "baru"
    run.do("A2", "B", "Z")
    assert run.data()["catatan"] == "baru"


def test_the_outcome_of_a_sub_process_is_that_of_its_last_step() -> None:
    arrows = "mulai -> S -> X; X -> C : outcome == 'ya'; X -> selesai : *; C -> selesai2"
    run = Run(diagram(arrows, X=xor(), S=part("mulai_s -> A -> B -> selesai_s")))
    run.do("A", outcome="tidak")
    assert run.do("B", outcome="ya") == ["C"]


VALUES = {
    "teks": "Ünïcödé “kutip” \u0000 </xml>",
    "angka": -1.5e10,
    "besar": 2**53,
    "ya": True,
    "kosong": None,
    "daftar": [1, [2, [3]], {}],
    "tanggal": "2026-03-12T09:00:00+08:00",
    "uuid": "00000000-0000-0000-0000-000000000000",
}


def test_values_come_back_as_they_were() -> None:
    run = Run(diagram("mulai -> A -> B -> selesai"))
    run.do("A", **VALUES)
    assert run.data()["A"] == {**VALUES, "outcome": None}


def test_a_repeated_part_sees_its_own_step_and_the_surroundings() -> None:
    inner = part(
        "mulai_s -> A -> X; X -> B : A.n == batas; X -> selesai_s : *; B -> selesai_t", X=xor()
    ).repeated(each(2))
    run = Run(diagram("mulai -> S -> Z -> selesai", S=inner), data={"batas": 2})
    run.do("A#0", n=1)
    assert run.do("A#1", n=2) == ["B#1"]


def test_a_field_named_like_a_step_of_a_sub_process_is_not_mixed_up() -> None:
    inner = part("mulai_s -> A -> selesai_s")
    run = Run(diagram("mulai -> B -> S -> Z -> selesai", S=inner))
    run.do("B", A="bukan langkah")
    run.do("A", n=1)
    assert run.data()["B"]["A"] == "bukan langkah"
    assert run.data()["A"]["n"] == 1
