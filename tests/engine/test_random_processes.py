"""Whatever is drawn and however it is done: right, the same with and without reloads, to its end.

ALUR_LONG=1 takes ten times as many processes.
"""

import base64
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.elements import repeats
from tests.engine import blocks, fresh
from tests.engine.blocks import (
    AGAIN,
    Again,
    And,
    Answer,
    Block,
    Game,
    Limit,
    Loop,
    Many,
    Or,
    Part,
    Seq,
    Step,
    Wait,
    Xor,
)
from tests.engine.diagrams import border, diagram, end, escalation, timer, xor
from tests.engine.runs import MINUTE, NOW, Run

IS_LONG = bool(os.environ.get("ALUR_LONG"))
MANY = 2_000 if IS_LONG else 200
IN_A_FRESH_PROCESS = MANY // 2

limits = st.builds(
    Limit,
    minutes=st.sampled_from((5, 10, 10, 25, 60)),
    interrupts=st.booleans(),
    reminds=st.booleans(),
    times=st.sampled_from((1, 1, 3)),
)
maybe_limits = st.none() | limits
steps = st.builds(Step, maybe_limits)


def _of(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    ways = st.lists(st.none() | inner, min_size=2, max_size=3).map(tuple)
    parts = st.builds(Part, inner, maybe_limits, st.booleans(), st.booleans())
    return st.one_of(
        st.builds(Seq, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Xor, ways),
        st.builds(And, ways),
        st.builds(Or, ways),
        st.builds(Loop, inner),
        parts,
        st.builds(Many, steps | parts, st.integers(0, 3), st.booleans()),
    )


leaves = st.one_of(
    steps,
    st.builds(Again, st.integers(1, 3), maybe_limits),
    st.builds(Wait, st.sampled_from((10, 30))),
)
small = st.recursive(leaves, _of, max_leaves=8)


def grown(seed: int) -> Block:
    """A large one: hypothesis by itself likes to draw next to nothing."""
    random = Random(seed)
    return Seq(tuple(_grown(random, 4) for _ in range(random.randint(2, 4))))


def _grown(random: Random, depth: int) -> Block:
    limit = None if random.random() < 0.3 else _limit(random)
    if depth == 0 or random.random() < 0.15:
        waits = [Again(random.randint(1, 3), limit), Wait(random.choice((10, 30)))]
        return random.choice([Step(limit), Step(limit), *waits])
    kind = random.choice((Seq, Xor, And, Or, Loop, Part, Many))
    if kind is Seq:
        return Seq(tuple(_grown(random, depth - 1) for _ in range(random.randint(1, 3))))
    if kind is Many:
        repeated = Step(limit) if random.random() < 0.4 else _part(random, limit, depth)
        return Many(repeated, random.randint(0, 3), random.random() < 0.5)
    if kind is Part:
        return _part(random, limit, depth)
    if kind is Loop:
        return Loop(_grown(random, depth - 1))
    nothing = None if random.random() < 0.2 else _grown(random, depth - 1)
    ways = [_grown(random, depth - 1) for _ in range(random.randint(1, 2))]
    return kind((*ways, nothing))


def _part(random: Random, limit: Limit | None, depth: int) -> Part:
    return Part(_grown(random, depth - 1), limit, random.random() < 0.3, random.random() < 0.3)


def _limit(random: Random) -> Limit:
    minutes = random.choice((5, 10, 10, 25, 60))
    return Limit(minutes, random.random() < 0.3, random.random() < 0.5, random.choice((1, 1, 3)))


@dataclass
class Figures:
    """What the runs came to."""

    runs: int = 0
    moves: int = 0
    late: int = 0
    largest: int = 0
    most_tokens: int = 0
    kept: list[dict[str, Any]] = field(default_factory=list)


class Driver:
    """One process done three times over, by the same hand: as a game, in memory and stored."""

    def __init__(self, block: Block, seed: int, figures: Figures) -> None:
        self.xml, self.random, self.figures = blocks.drawing(block), Random(seed), figures
        self.game = Game(block, NOW)
        self.stored = Run(self.xml)
        self.memory = Run(self.stored.program, stored=False)
        self.rounds, self.labels = 5, dict[str, str]()
        self.now = NOW

    def run(self) -> None:
        self._compare()
        moves = 0
        while not self.game.is_done:
            moves += 1
            assert moves < 400, "it does not end"
            self._move()
            self._compare()
        assert self.stored.is_done
        assert self.memory.is_done
        self.figures.runs += 1
        self.figures.moves += moves
        self.figures.late += len(self.game.late)

    def _move(self) -> None:
        deed = self.random.random()
        if deed < 0.15:
            self._at(self.now)
        elif deed < 0.4 or not self.game.open:
            self._at(self._later())
        else:
            self._complete()

    def _later(self) -> datetime:
        wake = self.game.wake_at or self.now
        return max(self.now, self.random.choice([wake, wake + 30 * MINUTE, self.now + 7 * MINUTE]))

    def _at(self, now: datetime) -> None:
        self.now = now
        self.game.at(now)
        self.stored.at(now)
        self.memory.at(now)

    def _complete(self) -> None:
        self._at(self.now + self.random.choice([0, 1, 4]) * MINUTE)
        labels = sorted({leaf.label for leaf in self.game.open})
        if not labels:
            return
        label = self.random.choice(labels)
        answer = self._answer(label)
        self.game.complete(label, answer)
        for run in (self.stored, self.memory):
            step = next(step for step in run.case.open_steps() if path(run, step.id) == label)
            run.case.complete(step.id, answer.outcome, answer.data)
            run._keep()

    def _answer(self, label: str) -> Answer:
        outcome = self.random.choice([None, "1", "2", AGAIN])
        if outcome == AGAIN:
            self.rounds -= 1
            outcome = AGAIN if self.rounds > 0 else None
        data = {f"w{at}": self.random.random() < 0.5 for at in range(2)}
        return Answer(outcome, data if label.split(".")[0].endswith("z") else {"n": label})

    def _compare(self) -> None:
        open_steps = sorted(leaf.label for leaf in self.game.open)
        for run in (self.stored, self.memory):
            assert run.is_done == self.game.is_done
            assert self._open(run) == open_steps
            assert run.wake_at == self.game.wake_at
            late = Counter((self.labels[each.step_id], each.due_at) for each in run.late)
            assert late == Counter(self.game.late)
        if not self.game.is_done:
            self._weigh(open_steps)

    def _open(self, run: Run) -> list[str]:
        steps = [] if run.is_done else run.case.open_steps()
        assert len({step.id for step in steps}) == len(steps)
        self.labels |= {step.id: path(run, step.id) for step in steps}
        return sorted(self.labels[step.id] for step in steps)

    def _weigh(self, open_steps: list[str]) -> None:
        state = self.stored.bytes
        figures = self.figures
        figures.largest = max(figures.largest, len(state))
        figures.most_tokens = max(figures.most_tokens, self.stored.tokens)
        if len(figures.kept) < IN_A_FRESH_PROCESS and self.random.random() < 0.1:
            wake = self.stored.wake_at
            figures.kept.append(
                {
                    "xml": base64.b64encode(self.xml).decode(),
                    "state": base64.b64encode(state).decode(),
                    "now": self.now.isoformat(),
                    "open": [step.split(".")[0] for step in open_steps],
                    "wake": wake and wake.isoformat(),
                }
            )


def path(run: Run, step_id: str) -> str:
    """The step with all the members it is for, outermost first: `b_0.1.2`."""
    token = run.case._step(step_id)
    name, members = token.task_spec.bpmn_id, []
    while token is not None:
        if (member := repeats.member(token)) is not None:
            members.append(str(member))
        around = token.workflow
        token = (
            around.top_workflow.get_task_from_id(around.parent_task_id) if around.depth else None
        )
    return ".".join([name, *reversed(members)])


def test_every_process_runs_as_its_blocks_say_with_and_without_reloads() -> None:
    figures, began = Figures(), perf_counter()

    @settings(
        max_examples=MANY // 2,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=not IS_LONG,
    )
    @given(small, st.integers(0, 2**32))
    def check(block: Block, seed: int) -> None:
        Driver(block, seed, figures).run()

    check()
    first = Random().randrange(10**6) if IS_LONG else 0
    for seed in range(first, first + MANY - MANY // 2):
        drive(seed, figures)
    assert figures.runs >= MANY * 0.9
    assert figures.late > MANY / 2
    print(
        f"\n{figures.runs} processes, {figures.moves} moves, {figures.late} escalations,"
        f" largest state {figures.largest} bytes, most tokens {figures.most_tokens},"
        f" {len(figures.kept)} read anew, {perf_counter() - began:.0f} s"
    )
    assert_read_in_a_fresh_process(figures.kept)


def drive(seed: int, figures: Figures) -> None:
    try:
        Driver(grown(seed), seed, figures).run()
    except Exception as wrong:
        wrong.add_note(f"drive({seed}, Figures())")
        raise


def assert_read_in_a_fresh_process(kept: list[dict[str, Any]]) -> None:
    assert kept
    told = subprocess.run(
        [sys.executable, "-m", fresh.__name__],
        input=json.dumps(kept),
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    for here, there in zip(kept, json.loads(told.stdout), strict=True):
        assert there == {"open": here["open"], "wake": here["wake"], "ends": True}


def test_three_thousand_rounds_leave_a_case_as_small_and_as_fast_as_the_first() -> None:
    arrows = "mulai -> M -> A -> B -> X; X -> M : outcome == 'tidak'; X -> selesai : *; T -> E"
    nodes = {"T": border("A", timer("PT10M")), "E": end(escalation())}
    run = Run(diagram(arrows, M=xor(), X=xor(), **nodes))
    sizes, times = [], []
    for count in range(3_000):
        began = perf_counter()
        if count % 3 == 0:
            run.at(11 * MINUTE)
        run.do("A")
        run.do("B", outcome="tidak")
        run.late.clear()
        times.append(perf_counter() - began)
        sizes.append((run.tokens, len(run.bytes)))
    assert len({tokens for tokens, _ in sizes}) == 1
    assert max(size for _, size in sizes) - min(size for _, size in sizes) < 20
    first, last = sorted(times[:300])[150], sorted(times[-300:])[150]
    print(f"\nround: {first * 1e3:.2f} ms at first, {last * 1e3:.2f} ms after 3,000; {sizes[-1]}")


def test_the_blocks_are_all_drawn() -> None:
    # A game nobody plays proves nothing: each kind of block must come up.
    seen: Counter[str] = Counter()

    @settings(max_examples=100, deadline=None, derandomize=True)
    @given(small)
    def look(block: Block) -> None:
        seen.update(_kinds(block))

    look()
    assert set(seen) == {"Step", "Again", "Seq", "Xor", "And", "Or", "Loop", "Part", "Many", "Wait"}


def _kinds(block: Block | None) -> set[str]:
    if block is None:
        return set()
    inner = [getattr(block, "body", None), *getattr(block, "blocks", getattr(block, "ways", ()))]
    return {type(block).__name__}.union(*map(_kinds, inner))
