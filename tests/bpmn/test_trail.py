"""Which arrows a case has gone along, in diagrams as officers draw them."""

from bpmn import library
from bpmn.trail import Deed, Trails
from tests.engine.diagrams import diagram, each, part, step, together, xor

GAMBUT = Trails(library.load("gambut/pengumpulan-dan-pengukuran-data-kinerja"))
BUKIT_BATU = Trails(library.load("bukit-batu/pengumpulan-data-kinerja"))


def done(step: str, *opened: str, outcome: str | None = None, ended: bool = False) -> Deed:
    return Deed(step, outcome, set(opened), ended)


def started(*opened: str) -> Deed:
    return Deed(None, None, set(opened))


def trail(xml: bytes, *deeds: Deed) -> list[str]:
    """The arrows by what they join: `A_B`."""
    return [flow.partition("_")[2] for flow in Trails(xml).of(deeds)]


def test_a_new_case_has_come_to_its_first_step() -> None:
    assert GAMBUT.of([started("Langkah_1")]) == ["Alur_Mulai"]


def test_a_decision_was_left_by_the_arrow_of_its_outcome() -> None:
    sent_back = done("Langkah_4", "Langkah_3", outcome="tidak")
    assert GAMBUT.of([sent_back]) == ["Alur_4", "Alur_4_tidak"]
    approved = done("Langkah_4", "Langkah_5", outcome="setuju")
    assert GAMBUT.of([sent_back, approved]) == ["Alur_4", "Alur_4_tidak", "Alur_4_setuju"]


def test_the_last_step_leads_to_the_end() -> None:
    assert GAMBUT.of([done("Langkah_8", ended=True)])[-1:] == ["Alur_8"]


def test_of_seven_units_only_the_last_leaves_the_box() -> None:
    one = done("Langkah_3", outcome="setuju")
    assert BUKIT_BATU.of([one]) == ["Alur_3", "Alur_3_setuju"]
    last = done("Langkah_3", "Langkah_4", outcome="setuju")
    assert BUKIT_BATU.of([one, last]) == ["Alur_3", "Alur_3_setuju", "Alur_Bagian_2"]


def test_a_box_is_entered_by_its_own_start() -> None:
    assert BUKIT_BATU.of([done("Langkah_1", "Langkah_2")]) == ["Alur_1", "Alur_Mulai_Bagian_2"]


def test_an_unknown_step_of_an_older_revision_leaves_no_trail() -> None:
    assert GAMBUT.of([done("Langkah_99", "Langkah_1")]) == []


def test_branches_that_run_at_once_are_all_gone_along() -> None:
    xml = diagram(
        "mulai -> A -> P; P -> B -> J; P -> C -> J; J -> D -> selesai", P=together(), J=together()
    )
    assert trail(xml, done("A", "B", "C")) == ["A_P", "P_B", "P_C"]
    # B has come to the join, and waits there; C takes both further.
    assert trail(xml, done("B")) == ["B_J"]
    assert trail(xml, done("C", "D")) == ["C_J", "J_D"]


def test_where_other_data_decides_it_is_seen_by_what_was_opened() -> None:
    xml = diagram(
        "mulai -> A -> X; X -> B : A.jumlah > 5; X -> C : *; B -> selesai; C -> selesai2", X=xor()
    )
    assert trail(xml, done("A", "B")) == ["A_X", "X_B"]
    assert trail(xml, done("A", "C")) == ["A_X", "X_C"]


def test_a_decision_that_ends_the_case_leads_to_the_end() -> None:
    xml = diagram("mulai -> A -> X; X -> B : outcome == 'ya'; X -> selesai : *", X=xor())
    assert trail(xml, done("A", outcome="tidak", ended=True)) == ["A_X", "X_selesai"]


def test_a_circle_of_gateways_is_followed_once() -> None:
    xml = diagram("mulai -> A -> X; X -> X2; X2 -> X; X2 -> B", X=xor(), X2=xor())
    assert trail(xml, done("A", "B")) == ["A_X", "X_X2", "X2_B"]


def test_a_step_done_for_two_is_left_once() -> None:
    xml = diagram("mulai -> A -> B -> selesai", A=step(each(2)))
    assert trail(xml, done("A")) == []
    assert trail(xml, done("A"), done("A", "B")) == ["A_B"]


def test_what_is_in_a_box_is_entered_and_left_through_its_own_ends() -> None:
    xml = diagram("mulai -> A -> K -> B -> selesai", K=part("mulaiK -> C -> selesaiK"))
    assert trail(xml, done("A", "C")) == ["A_K", "mulaiK_C"]
    assert trail(xml, done("C", "B")) == ["C_selesaiK", "K_B"]


def test_a_chain_without_end_is_left_alone() -> None:
    chain = " -> ".join(f"X{number}" for number in range(2_000))
    gates = {f"X{number}": xor() for number in range(2_000)}
    assert trail(diagram(f"mulai -> A -> {chain} -> B -> selesai", **gates), done("A", "B")) == []
