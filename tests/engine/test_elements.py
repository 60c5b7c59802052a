"""What modellers write in several ways, and what the library would do wrongly without a word."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bpmn import durations
from engine import program
from engine.elements import timers
from engine.program import NeverInterrupts, Unrunnable
from engine.worktime import banjar
from tests.engine.diagrams import (
    Node,
    border,
    catch,
    declared,
    diagram,
    each,
    end,
    escalation,
    part,
    signal,
    step,
    throw,
    timer,
    together,
    xor,
)
from tests.engine.runs import DAY, HOUR, MINUTE, NOW, ROUND_THE_CLOCK, Run

# --- ways of writing -------------------------------------------------------------------------


def test_blanks_around_references_do_not_matter() -> None:
    xml = diagram("mulai -> A -> selesai; T -> B -> selesai2", T=border("A", timer("PT10M")))
    for name in (b"sourceRef", b"targetRef", b"attachedToRef"):
        xml = xml.replace(name + b'="', name + b'="\n  ')
    run = Run(xml.replace(b"<flowNodeRef>A", b"<flowNodeRef>\n A \n"))
    assert run.at(11 * MINUTE) == ["A", "B"]


@pytest.mark.parametrize(("written", "then"), [("1", ["B"]), ("true", ["B"]), ("0", ["A", "B"])])
def test_one_is_true_and_nought_is_false(written: str, then: list[str]) -> None:
    xml = diagram("mulai -> A -> selesai; T -> B -> selesai2", T=border("A", timer("PT10M")))
    run = Run(xml.replace(b'cancelActivity="false"', f'cancelActivity="{written}"'.encode()))
    assert run.at(11 * MINUTE) == then


def test_without_a_word_a_border_interrupts() -> None:
    xml = diagram("mulai -> A -> selesai; T -> B -> selesai2", T=border("A", timer("PT10M")))
    run = Run(xml.replace(b' cancelActivity="false"', b""))
    assert run.at(11 * MINUTE) == ["B"]


def test_a_repeat_is_one_by_one_also_when_it_is_written_with_a_digit() -> None:
    xml = diagram("mulai -> A -> selesai", A=step(each(2, one_by_one=True)))
    assert Run(xml.replace(b'"true"', b'"1"')).open == ["A#0"]


@pytest.mark.parametrize("executable", [b"false", b"0", b"true"])
def test_an_sop_runs_although_the_modeller_did_not_mark_it(executable: bytes) -> None:
    xml = diagram("mulai -> A -> selesai")
    assert Run(xml.replace(b'isExecutable="true"', b'isExecutable="' + executable + b'"')).open
    assert Run(xml.replace(b' isExecutable="true"', b"")).open == ["A"]


def test_prefixes_byte_order_marks_and_utf_16_are_all_the_same() -> None:
    plain = diagram("mulai -> A -> selesai").decode()
    prefixed = plain.replace("</", "</b:").replace("<", "<b:").replace("<b:/b:", "</b:")
    prefixed = prefixed.replace("xmlns=", "xmlns:b=")
    for text in (plain, prefixed):
        for xml in (text.encode(), text.encode("utf-8-sig"), text.encode("utf-16")):
            assert Run(xml).open == ["A"]


def test_a_bad_drawing_does_not_keep_an_sop_from_running() -> None:
    shape = (
        '<BPMNDiagram xmlns="http://www.omg.org/spec/BPMN/20100524/DI"><BPMNPlane>'
        '<BPMNShape bpmnElement="A"><Bounds xmlns="http://www.omg.org/spec/DD/20100524/DC" '
        'x="kiri" y="NaN"/></BPMNShape></BPMNPlane></BPMNDiagram>'
    )
    assert Run(diagram("mulai -> A -> selesai", shape)).open == ["A"]


def test_where_things_are_drawn_does_not_decide_which_way_is_taken() -> None:
    arrows = "mulai -> A -> X; X -> B : true; X -> C : true; B -> selesai; C -> selesai"
    plane = "".join(
        f'<BPMNShape bpmnElement="{name}"><Bounds xmlns="http://www.omg.org/spec/DD/20100524/DC" '
        f'x="0" y="{y}" width="1" height="1"/></BPMNShape>'
        for name, y in (("B", 500), ("C", 0))
    )
    shapes = f'<BPMNDiagram xmlns="http://www.omg.org/spec/BPMN/20100524/DI">{plane}</BPMNDiagram>'
    assert Run(diagram(arrows, shapes, X=xor())).do("A") == ["B"]


def test_what_the_library_refuses_is_told_with_its_place() -> None:
    with pytest.raises(Unrunnable, match="mesin menolak unsur “A”"):
        program.compile(diagram("mulai -> A -> selesai", A=Node("scriptTask")))
    with pytest.raises(Unrunnable, match="Waktu “” pada “T” tidak dapat dipakai"):
        program.compile(diagram("mulai -> T -> A -> selesai", T=catch("<timerEventDefinition/>")))


# --- starts ----------------------------------------------------------------------------------


def starting(event: str) -> Node:
    return Node("startEvent", event)


def test_a_case_of_a_timer_start_begins_at_once() -> None:
    run = Run(diagram("Jadwal -> A -> selesai", Jadwal=starting(timer("R/P3M", "timeCycle"))))
    assert run.open == ["A"]
    assert run.wake_at is None


@pytest.mark.parametrize("arrows", ["Jadwal -> A; mulai -> B", "mulai -> B; Jadwal -> A"])
def test_beside_a_plain_start_a_timer_start_only_opens_cases(arrows: str) -> None:
    nodes = {"Jadwal": starting(timer("R/P3M", "timeCycle"))}
    run = Run(diagram(f"{arrows}; A -> selesai; B -> selesai", **nodes))
    assert run.open == ["B"]
    assert run.wake_at is None
    run.do("B")
    assert run.is_done


# --- event sub-processes ---------------------------------------------------------------------


def beside(interrupting: str | None = "false") -> Node:
    attributes = {} if interrupting is None else {"isInterrupting": interrupting}
    begin = Node("startEvent", signal("Bel"), attributes)
    drawn = part("mulai_s -> C -> selesai_s", mulai_s=begin)
    return Node("subProcess", "", {"triggeredByEvent": "true"}, drawn.arrows, drawn.nodes)


def with_event_part(node: Node) -> bytes:
    nodes = {"k": throw(signal("Bel")), "S": node}
    return diagram("mulai -> A -> k -> B -> selesai", declared("signal", "Bel"), **nodes)


def test_an_event_sub_process_begins_when_its_event_happens() -> None:
    run = Run(with_event_part(beside()))
    assert run.open == ["A"]
    assert run.do("A") == ["B", "C"]
    assert run.do("B") == ["C"]
    run.do("C")
    assert run.is_done


def test_an_event_sub_process_begun_in_one_case_is_not_begun_in_the_next() -> None:
    compiled = program.compile(with_event_part(beside()))
    for _ in range(3):
        run = Run(compiled)
        assert run.open == ["A"]
        assert run.do("A") == ["B", "C"]


@pytest.mark.parametrize("interrupting", [None, "true", "1"])
def test_an_event_sub_process_that_would_interrupt_is_refused(interrupting: str | None) -> None:
    with pytest.raises(NeverInterrupts, match="hanya dapat berjalan di samping"):
        program.compile(with_event_part(beside(interrupting)))


def test_an_event_sub_process_within_another_would_never_begin_and_is_refused() -> None:
    outer = part("mulai_2 -> A -> k -> selesai_2", k=throw(signal("Bel")), S=beside())
    with pytest.raises(NeverInterrupts):
        program.compile(diagram("mulai -> T -> selesai", declared("signal", "Bel"), T=outer))


# --- the program is shared -------------------------------------------------------------------


def test_cases_of_one_program_leave_it_as_it_was() -> None:
    inner = part("mulai_s -> A -> selesai_s; T -> E", T=border("A", timer("PT10M")), E=end())
    nodes = {"S": inner.repeated(each(2)), "P": together(), "J": together()}
    compiled = program.compile(
        diagram("mulai -> P; P -> S -> J; P -> B -> J; J -> selesai", **nodes)
    )
    before = shape(compiled)
    for _ in range(3):
        run = Run(compiled)
        run.at(11 * MINUTE)
        run.do("A#1", "B", "A#0")
        assert run.is_done
    assert shape(compiled) == before


def shape(compiled: program.Program) -> list[object]:
    return [
        (name, spec._inputs, spec._outputs, spec.completed_event.n_subscribers())
        for part_ in (compiled.spec, *compiled.parts.values())
        for name, spec in part_.task_specs.items()
    ]


def test_two_cases_of_one_program_do_not_mix() -> None:
    compiled = program.compile(
        diagram("mulai -> A -> B -> selesai", A=step(each(2, one_by_one=True)))
    )
    one, other = Run(compiled, stored=False), Run(compiled, stored=False)
    one.do("A#0", nilai=1)
    assert other.open == ["A#0"]
    other.do("A#0", nilai=2)
    one.do("A#1")
    assert (one.open, other.open) == (["B"], ["A#1"])
    assert one.data()["A"]["0"]["nilai"] == 1


def test_one_program_serves_many_threads_at_once() -> None:
    inner = part("mulai_s -> A -> B -> selesai_s").repeated(each(3))
    nodes = {"S": inner, "P": together(), "J": together(), "M": xor(), "X": xor()}
    ways = "J -> Z -> X; X -> M : outcome == 'lagi'; X -> selesai : *"
    compiled = program.compile(
        diagram(f"mulai -> M -> P; P -> S -> J; P -> C -> J; {ways}", **nodes)
    )

    def case(number: int) -> list[str]:
        run, seen = Run(compiled, stored=number % 2 == 0), list[str]()
        while run.open:
            seen.append(run.open[number % len(run.open)])
            run.do(seen[-1], outcome="lagi" if len(seen) < 9 else None)
        return seen

    alone = [case(number) for number in range(20)]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(case, list(range(20)) * 3)) == alone * 3


# --- times -----------------------------------------------------------------------------------


def first(text: str, now: datetime = NOW) -> dict[str, object]:
    return timers.first_round(text, now, ROUND_THE_CLOCK, "T")


@pytest.mark.parametrize(
    ("text", "cycles", "begins"),
    [
        ("R3/PT10M", 3, NOW + 10 * MINUTE),
        ("R/PT1H", timers.FOR_EVER, NOW + HOUR),
        ("R0/P1D", 1, NOW + DAY),
        ("R2/2026-03-12T12:00/PT1H", 2, datetime(2026, 3, 12, 4, tzinfo=UTC)),
        ("R2/2026-03-12T12:00:00+07:00/PT1H", 2, datetime(2026, 3, 12, 5, tzinfo=UTC)),
    ],
)
def test_a_cycle_says_how_often_and_from_when(text: str, cycles: int, begins: datetime) -> None:
    found = first(text)
    assert found["cycles"] == cycles
    assert datetime.fromisoformat(str(found["next"])) == begins


@pytest.mark.parametrize(
    "text", ["PT10M", "R3", "R3/", "X3/PT10M", "R3/PT1M/PT1M/PT1M", "R-1/PT1M"]
)
def test_what_is_no_cycle_is_refused(text: str) -> None:
    with pytest.raises(timers.AlurError):
        first(text)


@pytest.mark.parametrize("rounds", [1, 2, 5, 999, 1_000])
def test_missed_rounds_are_counted_and_the_rhythm_is_kept(rounds: int) -> None:
    late = NOW + rounds * 10 * MINUTE + MINUTE
    following = timers.next_round(first("R/PT10M"), late, ROUND_THE_CLOCK)
    assert following is not None
    assert datetime.fromisoformat(following["next"]) == NOW + (rounds + 1) * 10 * MINUTE


@pytest.mark.parametrize("duration", ["PT1M", "PT45M", "PT7H", "P1D", "P1DT30M"])
@pytest.mark.parametrize("cycles", [timers.FOR_EVER, 2, 7])
def test_missed_rounds_are_skipped_as_if_each_had_been_counted(duration: str, cycles: int) -> None:
    office, length = banjar(), durations.parse(duration)
    for days in range(0, 60, 7):
        at, left, now = NOW, cycles, NOW + timedelta(days=days, hours=5, minutes=days)
        state = {"cycles": cycles, "next": at.isoformat(), "duration": duration}
        while at <= now and left:
            at, left = office.add(at, length), left - (left > 0)
        following = timers.next_round(state, now, office)
        assert (following is None) == (left == 0)
        if following is not None:
            assert (following["cycles"], following["next"]) == (left, at.isoformat())


def test_after_very_long_a_cycle_begins_anew() -> None:
    late = NOW + timedelta(days=3650)
    following = timers.next_round(first("R/PT1M"), late, ROUND_THE_CLOCK)
    assert following is not None
    assert datetime.fromisoformat(following["next"]) == late + MINUTE


def test_after_its_last_round_a_cycle_is_over() -> None:
    assert timers.next_round(first("R2/PT10M"), NOW + HOUR, ROUND_THE_CLOCK) is None
    following = timers.next_round(first("R2/PT10M"), NOW + 11 * MINUTE, ROUND_THE_CLOCK)
    assert following is not None
    assert following["cycles"] == 1


def test_a_moment_without_a_zone_is_the_office_s() -> None:
    at = timers.moment("2026-03-12T09:00", ROUND_THE_CLOCK, "T")
    assert at == datetime(2026, 3, 12, 9, tzinfo=ZoneInfo("Asia/Makassar"))


# --- what is late is late in order -----------------------------------------------------------


def test_a_late_look_tells_the_steps_before_it_takes_their_sub_process_away() -> None:
    late = {"T": border("A", timer("PT10M")), "E": end(escalation())}
    inner = part("mulai_s -> A -> selesai_s; T -> E", **late)
    nodes = {"S": inner, "U": border("S", timer("PT20M"), interrupts=True)}
    run = Run(diagram("mulai -> S -> selesai; U -> B -> selesai2", **nodes))
    assert run.at(DAY) == ["B"]
    assert [each_late.due_at for each_late in run.late] == [NOW + 10 * MINUTE]


def test_of_two_borders_due_at_once_the_one_that_takes_nothing_away_comes_first() -> None:
    nodes = {
        "U": border("A", timer("PT10M"), interrupts=True),
        "T": border("A", timer("PT10M")),
        "E": end(escalation()),
    }
    run = Run(diagram("mulai -> A -> selesai; U -> B -> selesai2; T -> E", **nodes))
    assert run.at(DAY) == ["B"]
    assert len(run.late) == 1


def test_of_two_interrupting_borders_due_at_once_only_one_does() -> None:
    nodes = {name: border("A", timer("PT10M"), interrupts=True) for name in ("T", "U")}
    run = Run(diagram("mulai -> A -> selesai; T -> B -> selesai2; U -> C -> selesai3", **nodes))
    assert run.at(DAY) == ["B"]
