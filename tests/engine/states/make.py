"""Write down how this release stores running cases: `python -m tests.engine.states.make`.

Once a release, into a folder of its own that is never made again: whatever comes later must read
what it holds. The diagrams are kept with the states, for the shipped SOPs will change.
"""

import json
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lxml import etree

from bpmn import library, reader
from bpmn.xml import BPMNDI
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
    some,
    step,
    throw,
    timer,
    together,
    whichever,
    xor,
)
from tests.engine.runs import MINUTE, NOW, Run

HERE = Path(__file__).parent
Moves = list[dict[str, Any]]


def write(folder: Path) -> None:
    folder.mkdir()
    for name, xml, run in [*_shipped(), *_drawn()]:
        (folder / f"{name}.bpmn").write_bytes(xml)
        written = json.dumps(_walk(xml, run), ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(written + "\n", encoding="utf-8")


def _shipped() -> Iterator[tuple[str, bytes, Moves | None]]:
    for office in library.offices():
        for sop in library.sops(office):
            yield f"{office}-{sop}", _without_drawing(library.load(f"{office}/{sop}")), None


def _without_drawing(xml: bytes) -> bytes:
    root = etree.fromstring(xml)
    etree.strip_elements(root, f"{{{BPMNDI}}}*", with_tail=False)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _drawn() -> Iterator[tuple[str, bytes, Moves]]:
    """What no shipped SOP draws. `A#1` is done, `B=lagi` with an outcome, `+11` minutes pass."""
    for name, xml, moves in (
        ("branches", _branches(), "Y=lagi C B D A Y C B A D Z"),
        ("members", _members(), "A#1 +11 D B#1 A#0 D A#2 B#2 B#0 C"),
        ("one-by-one", _one_by_one(), "A#0 +10 A#1 +25 A#2 B=lagi Ingatkan B Ingatkan"),
        ("message-first", _gate(), "+10 C A D"),
        ("timer-first", _gate(), "+31 C B D"),
        ("error", _nested(), "B A=gagal C"),
        ("no-error", _nested(), "B A +1440 D"),
        ("interrupted", _nested(), "B +2880 F"),
    ):
        yield name, xml, [_move(text) for text in moves.split()]


def _branches() -> bytes:
    arrows = """
        mulai -> M -> Y -> P; P -> A -> J; P -> B -> J; P -> O
        O -> C -> K : true; O -> D : true; O -> Lain : *; C -> K; D -> K; Lain -> K
        K -> J -> X; X -> M : Y.outcome == 'lagi'; X -> Z : *; Z -> selesai
    """.replace("C -> K : true", "C : true")
    gates = {"P": together(), "J": together(), "O": some(), "K": some()}
    return diagram(arrows, M=xor(), X=xor(), **gates)


def _members() -> bytes:
    late = {"T": border("A", timer("PT10M")), "E": end(escalation())}
    inner = part("mulai_s -> A -> B -> selesai_s; T -> E", **late)
    nodes = {"S": inner.repeated(each(of="daftar", item="unit")), "U": border("S", escalation())}
    return diagram("mulai -> S -> C -> selesai; U -> D -> selesai2", **nodes)


def _one_by_one() -> bytes:
    return diagram(
        "mulai -> A -> B -> selesai; T -> Ingatkan -> selesai2",
        A=step(each(3, one_by_one=True)),
        B=step(again("outcome == 'lagi'", most=3)),
        T=border("A", timer("R3/PT10M", "timeCycle")),
    )


def _gate() -> bytes:
    arrows = "mulai -> P; P -> G; G -> t -> A -> N; G -> u -> B -> N; N -> J; P -> C -> k -> J"
    waits = {"G": whichever(), "t": catch(message("Surat")), "u": catch(timer("PT30M"))}
    others = {"P": together(), "J": together(), "N": xor(), "k": throw(message("Surat"))}
    declaring = declared("message", "Surat")
    return diagram(f"{arrows}; J -> D -> selesai", declaring, **waits, **others)


def _nested() -> bytes:
    failing = "mulai_3 -> A -> X; X -> g : outcome == 'gagal'; X -> selesai_3 : *"
    third = part(failing, X=xor(), g=end(error("Gagal")))
    beside = "mulai_2 -> Q; Q -> S3 -> selesai_2; Q -> B -> w -> selesai_4"
    second = part(beside, Q=together(), S3=third, w=catch(timer("P1D")))
    borders = {
        "h": border("S", error("Gagal"), interrupts=True),
        "T": border("S", timer("P2D"), interrupts=True),
    }
    arrows = "mulai -> S -> D -> selesai; h -> C -> selesai2; T -> F -> selesai3"
    return diagram(arrows, declared("error", "Gagal"), S=second, **borders)


def _move(text: str) -> dict[str, Any]:
    if text.startswith("+"):
        return {"wait": int(text[1:])}
    label, _, outcome = text.partition("=")
    return {"do": label, "outcome": outcome or None, "data": {"catatan": "Isi"}}


def _walk(xml: bytes, moves: Moves | None) -> dict[str, Any]:
    """The states on the way, each with what is open then, and what was done next."""
    run = Run(xml, data={"daftar": ["a", "b", "c"]}, now=NOW)
    states, made = [_seen(run)], []
    for move in moves if moves is not None else _through(run, xml):
        made.append(move)
        apply(run, move)
        states.append(_seen(run))
    assert run.is_done, run.open
    for at, seen in enumerate(states):
        # A dozen of a long walk are enough.
        if at % -(-len(states) // 12):
            del seen["state"]
    return {"moves": made, "states": states}


def apply(run: Run, move: dict[str, Any]) -> None:
    if "wait" in move:
        run.at(move["wait"] * MINUTE)
    else:
        run.do(move["do"], outcome=move["outcome"], **move["data"])


def _seen(run: Run) -> dict[str, Any]:
    wake = run.wake_at
    return {
        "state": run.bytes.decode(),
        "now": run.now.isoformat(),
        "open": run.open,
        "wake": wake and wake.isoformat(),
    }


def _through(run: Run, xml: bytes) -> Iterator[dict[str, Any]]:
    """The way of a shipped SOP: a decision is first answered with the way back, then on."""
    sop, asked = reader.read(xml), set[str]()
    while not run.is_done:
        label = run.open[0]
        element = label.split("#")[0]
        decision = sop.step(element).decision
        answers = sorted(decision.outcomes, key=lambda each: not each.back) if decision else []
        yield _move("+20")
        answer = answers[0 if element not in asked else -1].value if answers else ""
        yield _move(f"{label}={answer}")
        asked.add(element)


if __name__ == "__main__":
    here = HERE / version("alur")
    if here.exists():
        sys.exit(f"{here} is there, and stays as it is.")
    write(here)
