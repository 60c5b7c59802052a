"""Processes made of blocks: how each is drawn, and how its tokens move.

The game knows nothing of the engine. It says what should be open, when the clock must look, and
what is late, so that the engine can be held against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.engine import diagrams
from tests.engine.diagrams import (
    Node,
    again,
    border,
    catch,
    declared,
    each,
    end,
    error,
    escalation,
    some,
    terminate,
    throw,
    timer,
    together,
    xor,
)
from tests.engine.diagrams import part as drawn_part

AGAIN = "lagi"


@dataclass(frozen=True)
class Limit:
    """A timer at a border: it escalates, and opens a step where it interrupts or reminds."""

    minutes: int
    interrupts: bool = False
    reminds: bool = False
    times: int = 1

    @property
    def event(self) -> str:
        if self.times == 1:
            return timer(f"PT{self.minutes}M")
        return timer(f"R{self.times}/PT{self.minutes}M", "timeCycle")


@dataclass(frozen=True)
class Block:
    def draw(self, name: str, sheet: Sheet, before: str, condition: str) -> str:
        """Draw it behind `before`; the name of what comes last."""
        raise NotImplementedError

    def play(self, name: str, scope: Scope, then: Then) -> None:
        """Put a token into it; `then` is what happens when it is through."""
        raise NotImplementedError


@dataclass(frozen=True)
class Step(Block):
    limit: Limit | None = None

    def draw(self, name: str, sheet: Sheet, before: str, condition: str) -> str:
        sheet.arrow(before, name, condition)
        return sheet.limited(name, self.limit)

    def play(self, name: str, scope: Scope, then: Then) -> None:
        activity = Activity(scope, name, self.limit, then)
        activity.open(name, scope.members, lambda _: activity.finish())


@dataclass(frozen=True)
class Wait(Block):
    """A timer on the way."""

    minutes: int

    def draw(self, name: str, sheet: Sheet, before: str, condition: str) -> str:
        sheet.add(name, catch(timer(f"PT{self.minutes}M")))
        sheet.arrow(before, name, condition)
        return name

    def play(self, name: str, scope: Scope, then: Then) -> None:
        Waiting(scope, name, Limit(self.minutes), then)


@dataclass(frozen=True)
class Seq(Block):
    blocks: tuple[Block, ...]

    def draw(self, name: str, sheet: Sheet, before: str, condition: str) -> str:
        for at, block in enumerate(self.blocks):
            before = block.draw(f"{name}_{at}", sheet, before, condition)
            condition = ""
        return before

    def play(self, name: str, scope: Scope, then: Then) -> None:
        def go(at: int) -> None:
            if at == len(self.blocks):
                then()
            else:
                self.blocks[at].play(f"{name}_{at}", scope, lambda: go(at + 1))

        go(0)


@dataclass(frozen=True)
class Xor(Block):
    """A step whose outcome is the number of the way to take; any other takes the usual one."""

    ways: tuple[Block | None, ...]

    def draw(self, name: str, sheet: Sheet, before: str, condition: str) -> str:
        sheet.arrow(before, f"{name}z", condition)
        sheet.arrow(f"{name}z", f"{name}x")
        sheet.add(f"{name}x", xor())
        sheet.add(f"{name}y", xor())
        for at, way in enumerate(self.ways):
            asked = f"outcome == '{at}'" if at else "*"
            last = f"{name}x"
            if way is not None:
                last, asked = way.draw(f"{name}_{at}", sheet, last, asked), ""
            sheet.arrow(last, f"{name}y", asked)
        return f"{name}y"

    def play(self, name: str, scope: Scope, then: Then) -> None:
        def chosen(answer: Answer) -> None:
            known = {str(at) for at in range(1, len(self.ways))}
            at = int(answer.outcome) if answer.outcome in known else 0
            way = self.ways[at]
            if way is None:
                then()
            else:
                way.play(f"{name}_{at}", scope, then)

        Activity(scope, name, None, then).open(f"{name}z", scope.members, chosen)


@dataclass(frozen=True)
class And(Block):
    ways: tuple[Block | None, ...]

    def draw(self, name: str, sheet: Sheet, before: str, condition: str) -> str:
        return sheet.forked(name, self.ways, before, condition)

    def play(self, name: str, scope: Scope, then: Then) -> None:
        play_all(name, dict(enumerate(self.ways)), scope, then)


@dataclass(frozen=True)
class Or(Block):
    """A step whose data say which ways to take; with none of them, the last one."""

    ways: tuple[Block | None, ...]

    def draw(self, name: str, sheet: Sheet, before: str, condition: str) -> str:
        sheet.arrow(before, f"{name}z", condition)
        asked = [f"{name}z.w{at}" for at in range(len(self.ways) - 1)]
        return sheet.forked(name, self.ways, f"{name}z", "", some, [*asked, "*"])

    def play(self, name: str, scope: Scope, then: Then) -> None:
        def chosen(answer: Answer) -> None:
            last = len(self.ways) - 1
            taken = [at for at in range(last) if answer.data.get(f"w{at}")] or [last]
            play_all(name, {at: self.ways[at] for at in taken}, scope, then)

        Activity(scope, name, None, then).open(f"{name}z", scope.members, chosen)


@dataclass(frozen=True)
class Loop(Block):
    """Again, as long as the step at its end says so."""

    body: Block

    def draw(self, name: str, sheet: Sheet, before: str, condition: str) -> str:
        sheet.add(f"{name}m", xor())
        sheet.add(f"{name}x", xor())
        sheet.arrow(before, f"{name}m", condition)
        last = self.body.draw(f"{name}_0", sheet, f"{name}m", "")
        sheet.arrow(last, f"{name}z")
        sheet.arrow(f"{name}z", f"{name}x")
        sheet.arrow(f"{name}x", f"{name}m", f"outcome == '{AGAIN}'")
        # The next block draws the usual way on.
        sheet.add(f"{name}y", xor())
        sheet.arrow(f"{name}x", f"{name}y", "*")
        return f"{name}y"

    def play(self, name: str, scope: Scope, then: Then) -> None:
        def judged(answer: Answer) -> None:
            if answer.outcome == AGAIN:
                go_round()
            else:
                then()

        def ask() -> None:
            Activity(scope, name, None, then).open(f"{name}z", scope.members, judged)

        def go_round() -> None:
            self.body.play(f"{name}_0", scope, ask)

        go_round()


@dataclass(frozen=True)
class Part(Block):
    """A sub-process, with a limit or an ear for what escalates in it.

    A risky one has a step beside its body that may make it fail (1) or end it at once (2).
    """

    body: Block
    limit: Limit | None = None
    hears: bool = False
    risky: bool = False

    def draw(self, name: str, sheet: Sheet, before: str, condition: str) -> str:
        sheet.arrow(before, name, condition)
        sheet.add(name, self.drawn(name))
        return self.bordered(name, sheet)

    def drawn(self, name: str) -> Node:
        inner = Sheet()
        first = self._risk(name, inner) if self.risky else f"mulai_{name}"
        last = self.body.draw(f"{name}_0", inner, first, "")
        inner.arrow(last, f"selesai_{name}")
        return drawn_part("\n".join(inner.arrows), **inner.nodes)

    def bordered(self, name: str, sheet: Sheet) -> str:
        if self.hears:
            sheet.add(f"{name}h", border(name, escalation()))
            sheet.arrow(f"{name}h", f"{name}d")
            sheet.arrow(f"{name}d", f"selesai_{name}d")
        last = sheet.limited(name, self.limit)
        if not self.risky:
            return last
        sheet.add(f"{name}g", border(name, error("Gagal"), interrupts=True))
        sheet.add(f"{name}m", xor())
        sheet.arrow(f"{name}g", f"{name}f")
        sheet.arrow(f"{name}f", f"{name}m")
        sheet.arrow(last, f"{name}m")
        return f"{name}m"

    def _risk(self, name: str, inner: Sheet) -> str:
        inner.add(f"{name}p", together())
        inner.add(f"{name}qx", xor())
        inner.add(f"{name}qe", end(error("Gagal")))
        inner.add(f"{name}qt", end(terminate()))
        inner.arrow(f"mulai_{name}", f"{name}p")
        inner.arrow(f"{name}p", f"{name}q")
        inner.arrow(f"{name}q", f"{name}qx")
        inner.arrow(f"{name}qx", f"{name}qe", "outcome == '1'")
        inner.arrow(f"{name}qx", f"{name}qt", "outcome == '2'")
        inner.arrow(f"{name}qx", f"selesai_{name}q", "*")
        return f"{name}p"

    def play(self, name: str, scope: Scope, then: Then) -> None:
        activity = Activity(scope, name, self.limit, then, waits_for_people=False)
        self.enter(name, activity, scope.members, activity.finish)

    def enter(self, name: str, activity: Activity, members: Members, then: Then) -> None:
        scope = Scope(activity.game, activity, members, activity.scope, then)
        scope.ear = activity.reminder(f"{name}d") if self.hears else None
        if self.risky:
            scope.run(lambda done: self._play_risk(name, activity, scope, done))
        scope.run(lambda done: self.body.play(f"{name}_0", scope, done))

    def _play_risk(self, name: str, activity: Activity, scope: Scope, then: Then) -> None:
        def judged(answer: Answer) -> None:
            if answer.outcome == "1":
                activity.interrupt(f"{name}f")
            elif answer.outcome == "2":
                scope.end_at_once()
            else:
                then()

        Activity(scope, name, None, then).open(f"{name}q", scope.members, judged)


@dataclass(frozen=True)
class Many(Block):
    """A step or a sub-process for each of several."""

    body: Step | Part
    count: int
    one_by_one: bool

    def draw(self, name: str, sheet: Sheet, before: str, condition: str) -> str:
        sheet.arrow(before, name, condition)
        node = diagrams.step() if isinstance(self.body, Step) else self.body.drawn(name)
        sheet.add(name, node.repeated(each(self.count, one_by_one=self.one_by_one)))
        if isinstance(self.body, Step):
            return sheet.limited(name, self.body.limit)
        return self.body.bordered(name, sheet)

    def play(self, name: str, scope: Scope, then: Then) -> None:
        is_step = isinstance(self.body, Step)
        if self.count == 0:
            then()
            return
        activity = Activity(scope, name, self.body.limit, then, waits_for_people=is_step)
        left = [self.count]

        def through() -> None:
            left[0] -= 1
            if left[0] == 0:
                activity.finish()
            elif self.one_by_one:
                begin(self.count - left[0])

        def begin(at: int) -> None:
            members = (*scope.members, at)
            if isinstance(self.body, Step):
                activity.open(name, members, lambda _: through())
            else:
                self.body.enter(name, activity, members, through)

        for at in range(1 if self.one_by_one else self.count):
            begin(at)


@dataclass(frozen=True)
class Again(Block):
    """A step with a standard loop."""

    most: int
    limit: Limit | None = None

    def draw(self, name: str, sheet: Sheet, before: str, condition: str) -> str:
        sheet.arrow(before, name, condition)
        sheet.add(name, diagrams.step(again(f"outcome == '{AGAIN}'", most=self.most)))
        return sheet.limited(name, self.limit)

    def play(self, name: str, scope: Scope, then: Then) -> None:
        activity = Activity(scope, name, self.limit, then)

        def begin(done: int) -> None:
            def judged(answer: Answer) -> None:
                if answer.outcome == AGAIN and done + 1 < self.most:
                    begin(done + 1)
                else:
                    activity.finish()

            activity.open(name, scope.members, judged)

        begin(0)


def play_all(name: str, ways: dict[int, Block | None], scope: Scope, then: Then) -> None:
    """All of these at once; go on when the last is through."""
    left = [len(ways)]

    def through() -> None:
        left[0] -= 1
        if left[0] == 0:
            then()

    for at, way in ways.items():
        if way is None:
            through()
        else:
            way.play(f"{name}_{at}", scope, through)


# --- drawing ---------------------------------------------------------------------------------


@dataclass
class Sheet:
    """One process or sub-process on paper."""

    arrows: list[str] = field(default_factory=list)
    nodes: dict[str, Node] = field(default_factory=dict)

    def arrow(self, source: str, target: str, condition: str = "") -> None:
        self.arrows.append(f"{source} -> {target}" + (f" : {condition}" if condition else ""))

    def add(self, name: str, node: Node) -> None:
        self.nodes[name] = node

    def limited(self, name: str, limit: Limit | None) -> str:
        if limit is None:
            return name
        self.add(f"{name}t", border(name, limit.event, limit.interrupts))
        if not limit.interrupts and not limit.reminds:
            self.add(f"{name}e", end(escalation()))
            self.arrow(f"{name}t", f"{name}e")
            return name
        self.add(f"{name}e", throw(escalation()))
        self.arrow(f"{name}t", f"{name}e")
        self.arrow(f"{name}e", f"{name}r")
        if not limit.interrupts:
            self.arrow(f"{name}r", f"selesai_{name}r")
            return name
        self.add(f"{name}n", xor())
        self.arrow(name, f"{name}n")
        self.arrow(f"{name}r", f"{name}n")
        return f"{name}n"

    def forked(
        self,
        name: str,
        ways: tuple[Block | None, ...],
        before: str,
        condition: str,
        gateway: Callable[[], Node] = together,
        conditions: list[str] | None = None,
    ) -> str:
        self.add(f"{name}f", gateway())
        self.add(f"{name}j", gateway())
        self.arrow(before, f"{name}f", condition)
        for at, way in enumerate(ways):
            last, asked = f"{name}f", conditions[at] if conditions else ""
            if way is not None:
                last, asked = way.draw(f"{name}_{at}", self, last, asked), ""
            self.arrow(last, f"{name}j", asked)
        return f"{name}j"


def drawing(block: Block) -> bytes:
    sheet = Sheet()
    last = block.draw("b", sheet, "mulai", "")
    sheet.arrow(last, "selesai")
    return diagrams.diagram("\n".join(sheet.arrows), declared("error", "Gagal"), **sheet.nodes)


# --- playing ---------------------------------------------------------------------------------

Then = Callable[[], None]
Members = tuple[int, ...]


@dataclass(frozen=True)
class Answer:
    outcome: str | None
    data: dict[str, Any]


@dataclass(eq=False)
class Leaf:
    """A step that waits for someone."""

    name: str
    members: Members
    activity: Activity
    then: Callable[[Answer], None]

    @property
    def label(self) -> str:
        return ".".join([self.name, *map(str, self.members)])


class Scope:
    """A process or sub-process while it runs: it ends when nothing moves in it any more."""

    ear: Callable[[], None] | None = None

    def __init__(
        self,
        game: Game,
        holder: Activity | None,
        members: Members,
        around: Scope | None,
        then: Then,
    ) -> None:
        self.game, self.holder, self.members, self.around = game, holder, members, around
        self._then, self._moving, self._is_open = then, 0, True
        self.depth: int = around.depth + 1 if around is not None else 0

    def run(self, begin: Callable[[Then], None]) -> None:
        self._moving += 1
        begin(self._stop)

    def _stop(self) -> None:
        self._moving -= 1
        if self._moving == 0:
            self._then()

    def end_at_once(self) -> None:
        self._is_open = False
        self._then()

    @property
    def is_alive(self) -> bool:
        return self._is_open and (self.holder is None or self.holder.is_alive)

    def escalate(self) -> None:
        """Heard by the nearest sub-process around it that has an ear."""
        scope: Scope | None = self
        while scope is not None and scope.ear is None:
            scope = scope.around
        if scope is not None and scope.ear is not None:
            scope.ear()


class Activity:
    """A step, a sub-process or a repeat while it is open."""

    def __init__(
        self,
        scope: Scope,
        name: str,
        limit: Limit | None,
        then: Then,
        waits_for_people: bool = True,
    ) -> None:
        self.scope, self.name, self.limit, self._then = scope, name, limit, then
        self.game, self._is_open, self._people = scope.game, True, waits_for_people
        self.due = scope.game.now + timedelta(minutes=limit.minutes) if limit else None
        self._rings = limit.times if limit else 0
        self.game.activities.append(self)

    @property
    def is_alive(self) -> bool:
        return self._is_open and self.scope.is_alive

    @property
    def order(self) -> tuple[Any, ...]:
        interrupts = self.limit is not None and self.limit.interrupts
        return (self.due, interrupts, -self.scope.depth, f"{self.name}t")

    def open(self, name: str, members: Members, then: Callable[[Answer], None]) -> None:
        self.game.leaves.append(Leaf(name, members, self, then))

    def finish(self) -> None:
        self._is_open = False
        self._then()

    def ring(self) -> None:
        assert self.limit is not None
        due = self._next()
        mine = [leaf for leaf in self.game.open if leaf.activity is self]
        if self._people:
            self.game.late += [(leaf.label, due) for leaf in mine]
        if self.limit.interrupts:
            self.interrupt(f"{self.name}r")
        elif self.limit.reminds:
            self.reminder(f"{self.name}r")()
        self.scope.escalate()

    def _next(self) -> datetime | None:
        """The round that is told of now; those that were missed are not made up for."""
        assert self.limit is not None
        due = self.due
        while self.due is not None and self.due <= self.game.now:
            self._rings -= 1
            span = timedelta(minutes=self.limit.minutes)
            self.due = self.due + span if self._rings and not self.limit.interrupts else None
        return due

    def interrupt(self, name: str) -> None:
        """Take it away; another step leads on."""
        self._is_open = False
        self._detour(name, self._then)

    def reminder(self, name: str) -> Callable[[], None]:
        """A step beside all others, which its process waits for."""
        return lambda: self.scope.run(lambda done: self._detour(name, done))

    def _detour(self, name: str, then: Then) -> None:
        Activity(self.scope, name, None, then).open(name, self.scope.members, lambda _: then())


class Waiting(Activity):
    """A timer on the way: when it rings, the case goes on."""

    def ring(self) -> None:
        self.due = None
        self.finish()


class Game:
    """The tokens of one case."""

    def __init__(self, block: Block, now: datetime) -> None:
        self.now = now
        self.leaves: list[Leaf] = []
        self.activities: list[Activity] = []
        self.late: list[tuple[str, datetime | None]] = []
        self.is_done = False
        top = Scope(self, None, (), None, self._end)
        top.run(lambda done: block.play("b", top, done))

    def _end(self) -> None:
        self.is_done = True

    @property
    def open(self) -> list[Leaf]:
        self.leaves = [leaf for leaf in self.leaves if leaf.activity.is_alive]
        return self.leaves

    @property
    def wake_at(self) -> datetime | None:
        return min((each.due for each in self._waiting() if each.due), default=None)

    def at(self, now: datetime) -> None:
        self.now = now
        while due := [each for each in self._waiting() if each.due and each.due <= now]:
            min(due, key=lambda each: each.order).ring()

    def complete(self, label: str, answer: Answer) -> None:
        leaf = next(leaf for leaf in self.open if leaf.label == label)
        self.leaves.remove(leaf)
        leaf.then(answer)

    def _waiting(self) -> Iterator[Activity]:
        self.activities = [each for each in self.activities if each.is_alive and each.due]
        return iter(self.activities)
