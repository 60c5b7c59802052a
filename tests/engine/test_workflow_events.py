"""Timers, messages, signals, errors and escalations, put away and fetched after every step."""

from datetime import timedelta

import pytest

from engine.workflow import Stuck
from engine.worktime import perpres
from tests.engine.diagrams import (
    again,
    border,
    catch,
    declared,
    diagram,
    each,
    end,
    error,
    escalation,
    message,
    part,
    signal,
    step,
    throw,
    timer,
    together,
    whichever,
    xor,
)
from tests.engine.runs import DAY, HOUR, MINUTE, NOW, Run, wall

LATE = "T -> E"
ESCALATES = {"T": border("A", timer("PT10M")), "E": end(escalation())}


# --- deadlines -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["PT10M", "'PT10M'", " PT10M ", '"PT10M"', "PT600S"])
def test_a_deadline_escalates_once_and_leaves_the_step_open(text: str) -> None:
    nodes = {"T": border("A", timer(text)), "E": end(escalation())}
    run = Run(diagram(f"mulai -> A -> B -> selesai; {LATE}", **nodes))
    assert run.wake_at == run.step("A").due_at == NOW + 10 * MINUTE
    for _ in range(4):
        assert run.at(9 * MINUTE) == ["A"]
    assert [late.due_at for late in run.late] == [NOW + 10 * MINUTE]
    assert run.wake_at is None
    assert run.step("A").due_at == NOW + 10 * MINUTE
    assert run.do("A") == ["B"]


def test_a_step_in_time_is_not_late() -> None:
    run = Run(diagram(f"mulai -> A -> B -> selesai; {LATE}", **ESCALATES))
    run.at(9 * MINUTE)
    assert run.do("A") == ["B"]
    assert run.wake_at is None
    run.at(DAY)
    assert run.late == []


def test_a_late_step_is_escalated_although_no_clock_looked() -> None:
    run = Run(diagram(f"mulai -> A -> B -> selesai; {LATE}", **ESCALATES))
    run.now = NOW + DAY
    run._fetch()
    run.case.settle()
    run.do("A")
    assert [late.due_at for late in run.late] == [NOW + 10 * MINUTE]


def test_each_round_has_a_deadline_of_its_own() -> None:
    arrows = f"mulai -> M -> A -> X; X -> M : outcome == 'tidak'; X -> selesai : *; {LATE}"
    run = Run(diagram(arrows, M=xor(), X=xor(), **ESCALATES))
    for _ in range(3):
        run.at(11 * MINUTE)
        run.do("A", outcome="tidak")
    assert [late.due_at - NOW for late in run.late] == [m * MINUTE for m in (10, 21, 32)]
    assert len({late.step_id for late in run.late}) == 3


def test_a_looped_step_has_one_deadline_for_all_rounds() -> None:
    nodes = {**ESCALATES, "A": step(again(most=3))}
    run = Run(diagram(f"mulai -> A -> selesai; {LATE}", **nodes))
    assert run.step("A").due_at == NOW + 10 * MINUTE
    run.do("A")
    assert run.step("A").due_at == NOW + 10 * MINUTE
    run.at(11 * MINUTE)
    run.do("A", "A")
    assert len(run.late) == 1


def test_a_repeated_step_is_late_for_each_who_has_not_done_it() -> None:
    nodes = {**ESCALATES, "A": step(each(3))}
    run = Run(diagram(f"mulai -> A -> selesai; {LATE}", **nodes))
    run.do("A#1")
    waiting = {step.id for step in run.case.open_steps()}
    run.at(11 * MINUTE)
    assert {late.step_id for late in run.late} == waiting
    assert len(run.late) == 2


def test_a_step_with_a_reminder_on_the_way_to_its_escalation_is_late_once() -> None:
    arrows = "mulai -> A -> selesai; T -> e -> Ingatkan -> F -> selesai2"
    nodes = {**ESCALATES, "e": throw(escalation()), "F": throw(escalation())}
    del nodes["E"]
    run = Run(diagram(arrows, **nodes))
    assert run.at(11 * MINUTE) == ["A", "Ingatkan"]
    assert run.do("Ingatkan") == ["A"]
    assert len(run.late) == 1


def test_only_the_step_itself_is_late_not_what_its_lateness_opened() -> None:
    arrows = "mulai -> A -> selesai; T -> Q; Q -> Ingatkan -> selesai2; Q -> E; U -> F"
    nodes = {**ESCALATES, "Q": together(), "U": border("A", timer("PT20M")), "F": end(escalation())}
    run = Run(diagram(arrows, **nodes))
    late = run.step("A").id
    run.at(11 * MINUTE)
    run.at(11 * MINUTE)
    assert {each.step_id for each in run.late} == {late}


def test_working_time_stands_still_over_night() -> None:
    xml = diagram(f"mulai -> A -> selesai; {LATE}", **ESCALATES)
    # Ramadan: this Thursday the office closes at 15:00 and opens on Friday at 8:00.
    run = Run(xml, now=wall(14, 55), calendar=perpres("Asia/Makassar"))
    assert run.wake_at == wall(8, 5, day=13)


# --- timers on the way -----------------------------------------------------------------------


def test_an_intermediate_timer_holds_the_case() -> None:
    run = Run(diagram("mulai -> T -> A -> selesai", T=catch(timer("PT2H"))))
    assert run.open == []
    assert run.wake_at == NOW + 2 * HOUR
    assert run.at(HOUR) == []
    assert run.at(HOUR) == ["A"]
    assert run.wake_at is None


@pytest.mark.parametrize("text", ["2026-03-13T09:00", "2026-03-13T09:00:00+08:00", "tanggal"])
def test_a_date_is_the_office_s_own(text: str) -> None:
    run = Run(
        diagram("mulai -> T -> A -> selesai", T=catch(timer(text, "timeDate"))),
        data={"tanggal": "2026-03-13T09:00"},
    )
    assert run.wake_at == wall(9, day=13)
    assert run.at(wall(9, day=13)) == ["A"]


def test_a_date_that_is_past_holds_nobody() -> None:
    run = Run(diagram("mulai -> T -> A -> selesai", T=catch(timer("2020-01-01", "timeDate"))))
    assert run.open == ["A"]


def test_a_duration_may_come_from_a_step() -> None:
    run = Run(diagram("mulai -> Z -> T -> A -> selesai", T=catch(timer("Z.batas"))))
    run.do("Z", batas="P1D")
    assert run.wake_at == NOW + DAY


def test_a_duration_that_is_none_is_told() -> None:
    run = Run(diagram("mulai -> Z -> T -> A -> selesai", T=catch(timer("Z.batas"))))
    with pytest.raises(Stuck, match="Waktu “besok” tidak dapat dipakai"):
        run.do("Z", batas="besok")


def test_an_interrupting_timer_takes_the_step_away() -> None:
    nodes = {"T": border("A", timer("PT10M"), interrupts=True)}
    run = Run(diagram("mulai -> A -> selesai; T -> B -> selesai2", **nodes))
    assert run.at(11 * MINUTE) == ["B"]
    run.do("B")
    assert run.is_done


def test_a_step_that_an_interrupting_timer_took_away_was_late() -> None:
    nodes = {"T": border("A", timer("PT10M"), interrupts=True), "e": throw(escalation())}
    run = Run(diagram("mulai -> A -> selesai; T -> e -> B -> selesai2", **nodes))
    taken = run.step("A").id
    run.at(11 * MINUTE)
    assert [late.step_id for late in run.late] == [taken]


def test_a_reminder_goes_on_when_its_step_is_done() -> None:
    nodes = {"T": border("A", timer("PT10M"))}
    run = Run(diagram("mulai -> A -> B -> selesai; T -> Ingatkan -> selesai2", **nodes))
    assert run.at(11 * MINUTE) == ["A", "Ingatkan"]
    assert run.do("A") == ["B", "Ingatkan"]
    assert run.do("B") == ["Ingatkan"]
    assert not run.is_done
    run.do("Ingatkan")
    assert run.is_done


def test_a_timer_at_a_sub_process_and_one_inside_it() -> None:
    inner = part("mulai_s -> A -> B -> selesai_s; U -> selesai_u", U=border("A", timer("PT5M")))
    nodes = {"S": inner, "T": border("S", timer("PT20M"))}
    run = Run(diagram("mulai -> S -> C -> selesai; T -> D -> selesai2", **nodes))
    assert run.wake_at == NOW + 5 * MINUTE
    run.at(6 * MINUTE)
    assert run.wake_at == NOW + 20 * MINUTE
    run.do("A")
    assert run.at(15 * MINUTE) == ["B", "D"]
    assert run.do("B") == ["C", "D"]


# --- cycles ----------------------------------------------------------------------------------


def reminding(text: str) -> bytes:
    nodes = {"T": border("A", timer(text, "timeCycle"))}
    return diagram("mulai -> A -> B -> selesai; T -> Ingatkan -> selesai2", **nodes)


def test_a_cycle_reminds_as_often_as_it_says() -> None:
    run = Run(reminding("R3/PT10M"))
    for times in (1, 2, 3):
        assert run.wake_at == NOW + times * 10 * MINUTE
        assert run.at(NOW + times * 10 * MINUTE) == ["A"] + ["Ingatkan"] * times
    assert run.wake_at is None
    assert run.at(DAY) == ["A"] + ["Ingatkan"] * 3
    assert run.do("A") == ["B"] + ["Ingatkan"] * 3


def test_a_cycle_does_not_burst_after_an_outage() -> None:
    run = Run(reminding("R/PT10M"))
    run.at(10 * MINUTE)
    assert run.at(DAY) == ["A", "Ingatkan", "Ingatkan"]
    # It keeps its rhythm: the next round is the first that is not yet past.
    assert run.wake_at == NOW + DAY + 20 * MINUTE
    assert run.at(run.wake_at) == ["A"] + ["Ingatkan"] * 3


def test_a_cycle_missed_to_its_end_reminds_once() -> None:
    run = Run(reminding("R3/PT10M"))
    assert run.at(DAY) == ["A", "Ingatkan"]
    assert run.wake_at is None


def test_an_endless_cycle_leaves_nothing_behind() -> None:
    run = Run(
        diagram(
            f"mulai -> A -> selesai; {LATE}",
            T=border("A", timer("R/PT10M", "timeCycle")),
            E=end(escalation()),
        )
    )
    sizes = set()
    for _ in range(50):
        run.at(10 * MINUTE)
        sizes.add(run.tokens)
    assert len(sizes) == 1
    assert len(run.late) == 50
    run.do("A")
    assert run.is_done


def test_a_cycle_from_a_date() -> None:
    run = Run(reminding("R2/2026-03-12T12:00/PT1H"))
    assert run.wake_at == wall(12)
    run.at(wall(12))
    assert run.wake_at == wall(13)


def test_a_cycle_on_the_way_waits_for_its_first_round_only() -> None:
    run = Run(diagram("mulai -> T -> A -> selesai", T=catch(timer("R3/PT10M", "timeCycle"))))
    assert run.at(10 * MINUTE) == ["A"]
    assert run.at(HOUR) == ["A"]
    assert run.wake_at is None


def test_a_cycle_that_interrupts_does_so_at_its_first_round() -> None:
    nodes = {"T": border("A", timer("R3/PT10M", "timeCycle"), interrupts=True)}
    run = Run(diagram("mulai -> A -> selesai; T -> B -> selesai2", **nodes))
    assert run.at(HOUR) == ["B"]
    assert run.at(HOUR) == ["B"]


# --- messages and signals --------------------------------------------------------------------


def test_a_message_within_a_case_wakes_who_waits_for_it() -> None:
    arrows = "mulai -> P; P -> A -> k -> selesai; P -> t -> B -> selesai2"
    nodes = {"P": together(), "k": throw(message("Surat")), "t": catch(message("Surat"))}
    run = Run(diagram(arrows, declared("message", "Surat", "Lain"), **nodes))
    assert run.open == ["A"]
    assert run.do("A") == ["B"]


def test_another_message_wakes_nobody() -> None:
    arrows = "mulai -> P; P -> A -> k -> selesai; P -> t -> B -> selesai2"
    nodes = {"P": together(), "k": throw(message("Lain")), "t": catch(message("Surat"))}
    run = Run(diagram(arrows, declared("message", "Surat", "Lain"), **nodes))
    with pytest.raises(Stuck, match="berhenti di “t”, dan tidak ada yang dapat menggerakkannya"):
        run.do("A")


def test_of_two_without_a_name_each_is_itself() -> None:
    unnamed = '<message id="Satu"/><message id="Dua"/>'
    arrows = "mulai -> P; P -> A -> k -> C -> l -> selesai; P -> t -> T -> selesai2"
    nodes = {"P": together(), "k": throw(message("Satu")), "l": throw(message("Dua"))}
    run = Run(diagram(f"{arrows}; P -> u -> U -> selesai3", unnamed, **nodes,
                      t=catch(message("Dua")), u=catch(message("Satu"))))  # fmt: skip
    assert run.do("A") == ["C", "U"]
    assert run.do("C") == ["T", "U"]


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_who_is_about_to_wait_waits_before_it_is_sent(kind: str) -> None:
    sent = {"message": message, "signal": signal}[kind]("Surat")
    arrows = "mulai -> P; P -> k -> selesai; P -> t -> B -> selesai2"
    nodes = {"P": together(), "k": throw(sent), "t": catch(sent)}
    assert Run(diagram(arrows, declared(kind, "Surat"), **nodes)).open == ["B"]


def test_two_messages_in_a_row_reach_who_waits_for_both_in_a_row() -> None:
    arrows = "mulai -> P; P -> A -> k -> l -> selesai; P -> t -> u -> B -> selesai2"
    nodes = {"P": together(), "k": throw(message("Satu")), "l": throw(message("Dua"))}
    nodes |= {"t": catch(message("Satu")), "u": catch(message("Dua"))}
    run = Run(diagram(arrows, declared("message", "Satu", "Dua"), **nodes))
    assert run.do("A") == ["B"]


def test_a_signal_wakes_all_who_wait_for_it() -> None:
    arrows = "mulai -> P; P -> A -> k -> selesai; P -> t -> B -> selesai2; P -> S -> selesai3"
    nodes = {
        "P": together(),
        "k": throw(signal("Bel")),
        "t": catch(signal("Bel")),
        "S": part("mulai_s -> u -> C -> selesai_s", u=catch(signal("Bel"))),
    }
    run = Run(diagram(arrows, declared("signal", "Bel"), **nodes))
    assert run.do("A") == ["B", "C"]


def test_a_message_at_a_border_comes_as_often_as_it_is_sent() -> None:
    arrows = """
        mulai -> P; P -> A -> selesai; t -> Jawab -> selesai2
        P -> M -> B -> k -> X; X -> M : B.lagi; X -> selesai3 : *
    """
    nodes = {
        "P": together(),
        "M": xor(),
        "X": xor(),
        "k": throw(message("Surat")),
        "t": border("A", message("Surat")),
    }
    run = Run(diagram(arrows, declared("message", "Surat"), **nodes))
    for times in (1, 2, 3):
        assert run.do("B", lagi=True) == ["A", "B"] + ["Jawab"] * times
    assert run.do("A") == ["B"] + ["Jawab"] * 3
    assert run.do("B", lagi=False) == ["Jawab"] * 3
    assert run.do("Jawab", "Jawab", "Jawab") == []
    assert run.is_done


def test_a_message_that_interrupts() -> None:
    arrows = "mulai -> P; P -> A -> selesai; t -> C -> selesai2; P -> B -> k -> selesai3"
    nodes = {
        "P": together(),
        "k": throw(message("Surat")),
        "t": border("A", message("Surat"), interrupts=True),
    }
    run = Run(diagram(arrows, declared("message", "Surat"), **nodes))
    assert run.do("B") == ["C"]


GATE = """
    mulai -> P; P -> G; P -> Z -> k -> selesai3
    G -> t -> A -> selesai; G -> u -> B -> selesai2
"""


def gate() -> bytes:
    nodes = {
        "P": together(),
        "G": whichever(),
        "k": throw(message("Surat")),
        "t": catch(message("Surat")),
        "u": catch(timer("PT10M")),
    }
    return diagram(GATE, declared("message", "Surat"), **nodes)


def test_of_a_message_and_a_timer_the_first_wins() -> None:
    run = Run(gate())
    assert run.wake_at == NOW + 10 * MINUTE
    assert run.do("Z") == ["A"]
    assert run.wake_at is None
    assert run.at(HOUR) == ["A"]
    run = Run(gate())
    assert run.at(11 * MINUTE) == ["B", "Z"]
    assert run.do("Z") == ["B"]
    run.do("B")
    assert run.is_done


def test_an_event_gateway_waits_anew_in_every_round() -> None:
    arrows = """
        mulai -> M -> G; G -> t -> A -> X; G -> u -> N -> X
        X -> M : outcome == 'lagi'; X -> selesai : *
    """
    nodes = {
        "M": xor(),
        "X": xor(),
        "G": whichever(),
        "t": catch(message("Surat")),
        "u": catch(timer("PT10M")),
    }
    run = Run(diagram(arrows, declared("message", "Surat"), **nodes))
    for times in range(1, 6):
        assert run.at(10 * MINUTE) == ["N"]
        run.do("N", outcome="lagi")
        assert run.wake_at == NOW + (times + 1) * 10 * MINUTE


# --- conditions ------------------------------------------------------------------------------


def once(condition: str) -> str:
    inside = f"<condition>{condition}</condition>"
    return f"<conditionalEventDefinition>{inside}</conditionalEventDefinition>"


def test_a_condition_is_waited_for_until_someone_says_so() -> None:
    arrows = "mulai -> P; P -> A -> selesai; P -> c -> B -> selesai2"
    run = Run(diagram(arrows, P=together(), c=catch(once("A.n == 1"))))
    assert run.open == ["A"]
    assert run.do("A", n=1) == ["B"]


def test_a_condition_that_does_not_come_true_is_waited_for_on() -> None:
    arrows = "mulai -> P; P -> M -> A -> X; X -> M : A.lagi; X -> selesai : *; P -> c -> B -> z"
    nodes = {"P": together(), "M": xor(), "X": xor(), "z": end()}
    run = Run(diagram(arrows, c=catch(once("A.n == 3")), **nodes))
    assert run.do("A", n=1, lagi=True) == ["A"]
    assert run.do("A", n=3, lagi=True) == ["A", "B"]
    assert run.do("A", n=3, lagi=True) == ["A", "B"]


def test_a_condition_within_a_sub_process_sees_what_happens_around_it() -> None:
    arrows = "mulai -> P; P -> A -> selesai; P -> S -> selesai2"
    inner = part("mulai_s -> c -> B -> selesai_s", c=catch(once("A.n == 1")))
    run = Run(diagram(arrows, P=together(), S=inner))
    assert run.do("A", n=1) == ["B"]


def test_a_condition_at_a_border_happens_once() -> None:
    nodes = {"c": border("A", once("Z.n == 1"))}
    run = Run(diagram("mulai -> Z -> A -> selesai; c -> B -> selesai2", **nodes))
    assert run.do("Z", n=1) == ["A", "B"]
    assert run.at(DAY) == ["A", "B"]
    assert run.do("B") == ["A"]


# --- errors and escalations ------------------------------------------------------------------


def test_an_escalation_leaves_its_sub_process_and_it_goes_on() -> None:
    inner = part("mulai_s -> A -> e -> B -> selesai_s", e=throw(escalation("Naik")))
    nodes = {"S": inner, "t": border("S", escalation("Naik"))}
    run = Run(
        diagram(
            "mulai -> S -> C -> selesai; t -> D -> selesai2",
            declared("escalation", "Naik"),
            **nodes,
        )
    )
    assert run.do("A") == ["B", "D"]
    assert run.do("B") == ["C", "D"]


def test_a_second_escalation_is_heard_as_well() -> None:
    inner = part(
        "mulai_s -> A -> e -> B -> f -> C -> selesai_s",
        e=throw(escalation()),
        f=throw(escalation()),
    )
    nodes = {"S": inner, "t": border("S", escalation())}
    run = Run(diagram("mulai -> S -> selesai; t -> D -> selesai2", **nodes))
    assert run.do("A") == ["B", "D"]
    assert run.do("B") == ["C", "D", "D"]


def test_an_escalation_that_interrupts() -> None:
    inner = part("mulai_s -> A -> e -> B -> selesai_s", e=throw(escalation()))
    nodes = {"S": inner, "t": border("S", escalation(), interrupts=True)}
    run = Run(diagram("mulai -> S -> selesai; t -> D -> selesai2", **nodes))
    assert run.do("A") == ["D"]


def test_the_border_that_names_an_escalation_comes_before_one_that_takes_any() -> None:
    inner = part("mulai_s -> A -> e -> B -> selesai_s", e=throw(escalation("Naik")))
    nodes = {
        "S": inner,
        "t": border("S", escalation()),
        "u": border("S", escalation("Naik")),
        "v": border("S", escalation("Lain")),
    }
    arrows = "mulai -> S -> selesai; t -> D -> selesai2; u -> E -> selesai3; v -> F -> selesai4"
    run = Run(diagram(arrows, declared("escalation", "Naik", "Lain"), **nodes))
    assert run.do("A") == ["B", "E"]


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_of_two_without_a_code_each_is_itself(kind: str) -> None:
    raised = {"error": error, "escalation": escalation}[kind]
    uncoded = f'<{kind} id="Satu" name="Lewat"/><{kind} id="Dua" name="Lewat"/>'
    inner = part("mulai_s -> A -> k", k=end(raised("Dua")))
    nodes = {"b": border("S", raised("Satu"), True), "c": border("S", raised("Dua"), True)}
    arrows = "mulai -> S -> selesai; b -> B -> selesai2; c -> C -> selesai3"
    assert Run(diagram(arrows, uncoded, S=inner, **nodes)).do("A") == ["C"]


def test_an_escalation_climbs_until_someone_hears_it() -> None:
    third = part("mulai_3 -> A -> e -> B -> selesai_3", e=throw(escalation()))
    second = part("mulai_2 -> S3 -> selesai_2", S3=third)
    nodes = {"S": part("mulai_1 -> S2 -> selesai_1", S2=second), "t": border("S", escalation())}
    run = Run(diagram("mulai -> S -> selesai; t -> D -> selesai2", **nodes))
    assert run.do("A") == ["B", "D"]


def test_an_escalation_does_not_disturb_the_neighbours() -> None:
    arrows = "mulai -> P; P -> A -> selesai; P -> S -> selesai2; t -> D -> selesai3; T -> E"
    nodes = {
        "P": together(),
        "S": part("mulai_s -> C -> selesai_s"),
        "t": border("S", escalation(), interrupts=True),
        **ESCALATES,
    }
    run = Run(diagram(arrows, **nodes))
    assert run.at(11 * MINUTE) == ["A", "C"]
    assert len(run.late) == 1


def test_a_late_step_in_a_sub_process_is_late_and_heard_outside() -> None:
    inner = part(f"mulai_s -> A -> selesai_s; {LATE}", **ESCALATES)
    nodes = {"S": inner, "t": border("S", escalation())}
    run = Run(diagram("mulai -> S -> selesai; t -> D -> selesai2", **nodes))
    assert run.at(11 * MINUTE) == ["A", "D"]
    assert len(run.late) == 1


def test_an_error_ends_its_sub_process() -> None:
    inner = part(
        "mulai_s -> P; P -> A -> X; P -> C -> selesai_t; X -> g : outcome == 'gagal';"
        "X -> B : *; B -> selesai_s",
        P=together(),
        X=xor(),
        g=end(error("Gagal")),
    )
    nodes = {"S": inner, "t": border("S", error("Gagal"), interrupts=True)}
    xml = diagram(
        "mulai -> S -> E -> selesai; t -> D -> selesai2", declared("error", "Gagal"), **nodes
    )
    assert Run(xml).do("A", outcome="gagal") == ["D"]
    run = Run(xml)
    assert run.do("A", outcome="ya") == ["B", "C"]
    assert run.do("B", "C") == ["E"]


def test_an_error_climbs_two_levels_and_ends_all_of_them() -> None:
    third = part("mulai_3 -> A -> g", g=end(error("Gagal")))
    second = part("mulai_2 -> P; P -> S3 -> selesai_2; P -> B -> selesai_x", P=together(), S3=third)
    nodes = {"S": second, "t": border("S", error("Gagal"), interrupts=True)}
    run = Run(
        diagram(
            "mulai -> S -> E -> selesai; t -> D -> selesai2", declared("error", "Gagal"), **nodes
        )
    )
    assert run.open == ["A", "B"]
    assert run.do("A") == ["D"]
    run.do("D")
    assert run.is_done


@pytest.mark.parametrize("one_by_one", [True, False])
def test_an_error_in_one_member_s_part_ends_all_members_parts(one_by_one: bool) -> None:
    inner = part(
        "mulai_s -> A -> X; X -> g : outcome == 'gagal'; X -> selesai_s : *",
        X=xor(),
        g=end(error("Gagal")),
    ).repeated(each(3, one_by_one=one_by_one))
    nodes = {"S": inner, "t": border("S", error("Gagal"), interrupts=True)}
    run = Run(
        diagram(
            "mulai -> S -> E -> selesai; t -> D -> selesai2", declared("error", "Gagal"), **nodes
        )
    )
    run.do("A#0")
    assert run.do("A#1", outcome="gagal") == ["D"]
    run.do("D")
    assert run.is_done


@pytest.mark.parametrize("stored", [True, False])
def test_an_interrupted_repeat_leaves_no_timer_and_no_step_behind(stored: bool) -> None:
    inner = part("mulai_s -> A -> selesai_s; U -> selesai_u", U=border("A", timer("PT1H")))
    nodes = {"S": inner.repeated(each(2)), "T": border("S", timer("PT10M"), interrupts=True)}
    run = Run(diagram("mulai -> S -> selesai; T -> D -> selesai2", **nodes), stored=stored)
    assert run.open == ["A#0", "A#1"]
    assert run.at(11 * MINUTE) == ["D"]
    assert run.wake_at is None
    run.do("D")
    assert run.is_done


def test_everything_that_fell_due_happens_in_one_look() -> None:
    arrows = "mulai -> P; P -> A -> selesai; P -> B -> selesai2; T -> E; U -> F; V -> C -> selesai3"
    nodes = {
        "P": together(),
        **ESCALATES,
        "U": border("B", timer("PT5M")),
        "F": end(escalation()),
        "V": border("B", timer("PT7M")),
    }
    run = Run(diagram(arrows, **nodes))
    assert run.at(timedelta(days=30)) == ["A", "B", "C"]
    assert [late.due_at - NOW for late in run.late] == [5 * MINUTE, 10 * MINUTE]
    assert run.wake_at is None
