"""Diagrams for tests, written as arrows: `mulai -> A -> X; X -> B : outcome == 'ya'; X -> selesai`.

What begins with `mulai` starts, what begins with `selesai` ends, every other name is a user task
unless the caller says what else it is. An arrow from a gateway whose condition is `*` is its
default.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


@dataclass(frozen=True)
class Node:
    """What stands in a diagram under the name that the arrows use."""

    kind: str
    inside: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    arrows: str = ""
    nodes: dict[str, "Node"] = field(default_factory=dict)

    def repeated(self, characteristics: str) -> "Node":
        return replace(self, inside=self.inside + characteristics)


def step(inside: str = "") -> Node:
    return Node("userTask", inside)


def xor() -> Node:
    return Node("exclusiveGateway")


def together() -> Node:
    return Node("parallelGateway")


def some() -> Node:
    return Node("inclusiveGateway")


def whichever() -> Node:
    return Node("eventBasedGateway")


def part(arrows: str, **nodes: Node) -> Node:
    """A sub-process."""
    return Node("subProcess", arrows=arrows, nodes=nodes)


def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<timerEventDefinition><{kind}>{escape(text)}</{kind}></timerEventDefinition>"


def escalation(ref: str = "") -> str:
    return _event("escalation", ref)


def error(ref: str = "") -> str:
    return _event("error", ref)


def message(ref: str) -> str:
    return _event("message", ref)


def signal(ref: str) -> str:
    return _event("signal", ref)


def terminate() -> str:
    return "<terminateEventDefinition/>"


def catch(event: str) -> Node:
    return Node("intermediateCatchEvent", event)


def throw(event: str) -> Node:
    return Node("intermediateThrowEvent", event)


def end(event: str = "") -> Node:
    return Node("endEvent", event)


def border(host: str, event: str, interrupts: bool = False) -> Node:
    """An event at the border of an activity."""
    cancels = "true" if interrupts else "false"
    return Node("boundaryEvent", event, {"attachedToRef": host, "cancelActivity": cancels})


def each(
    count: str | int | None = None,
    of: str | None = None,
    one_by_one: bool = False,
    item: str | None = None,
    until: str | None = None,
) -> str:
    """Once for each number up to `count`, or for each item `of` a list."""
    inside = "" if count is None else f"<loopCardinality>{escape(str(count))}</loopCardinality>"
    inside += "" if of is None else f"<loopDataInputRef>{escape(of)}</loopDataInputRef>"
    inside += "" if item is None else f"<inputDataItem id={quoteattr(item)}/>"
    inside += "" if until is None else f"<completionCondition>{escape(until)}</completionCondition>"
    sequential = "true" if one_by_one else "false"
    loop = "multiInstanceLoopCharacteristics"
    return f'<{loop} isSequential="{sequential}">{inside}</{loop}>'


def again(condition: str | None = None, most: int | None = None, first: bool = False) -> str:
    """A standard loop: as long as the condition holds, tested before or after."""
    most_text = "" if most is None else f' loopMaximum="{most}"'
    inside = "" if condition is None else f"<loopCondition>{escape(condition)}</loopCondition>"
    before = "true" if first else "false"
    loop = "standardLoopCharacteristics"
    return f'<{loop} testBefore="{before}"{most_text}>{inside}</{loop}>'


def diagram(arrows: str, extra: str = "", **nodes: Node) -> bytes:
    """The XML; `extra` holds messages, signals, errors and escalations."""
    arrows_found = _arrows(arrows)
    names = _named(arrows_found, nodes)
    refs = "".join(f"<flowNodeRef>{name}</flowNodeRef>" for name in names)
    lane = f'<laneSet id="Lajur"><lane id="Lajur_1" name="Camat">{refs}</lane></laneSet>'
    inside = lane + _inside(arrows_found, names)
    return (
        f'<definitions xmlns="{BPMN}" targetNamespace="urn:alur:contoh">{extra}'
        f'<process id="Sop" name="Contoh" isExecutable="true">{inside}</process></definitions>'
    ).encode()


def declared(kind: str, *names: str) -> str:
    """`declared("message", "Surat")`: what events refer to. Errors and escalations get a code."""
    code = f"{kind}Code" if kind in ("error", "escalation") else None
    return "".join(
        f'<{kind} id="{name}" name="{name}"' + (f' {code}="{name}"/>' if code else "/>")
        for name in names
    )


@dataclass(frozen=True)
class _Arrow:
    source: str
    target: str
    condition: str


def _event(kind: str, ref: str) -> str:
    return f'<{kind}EventDefinition {kind}Ref="{ref}"/>' if ref else f"<{kind}EventDefinition/>"


def _arrows(text: str) -> list[_Arrow]:
    found = []
    for line in text.replace(";", "\n").splitlines():
        way, _, condition = line.partition(" : ")
        names = [name.strip() for name in way.split("->") if name.strip()]
        pairs = list(pairwise(names))
        found += [
            _Arrow(source, target, condition.strip() if at == len(pairs) - 1 else "")
            for at, (source, target) in enumerate(pairs)
        ]
    return found


def _named(arrows: Iterable[_Arrow], nodes: dict[str, Node]) -> dict[str, Node]:
    names = [name for arrow in arrows for name in (arrow.source, arrow.target)]
    return {name: nodes.get(name) or _usual(name) for name in dict.fromkeys([*names, *nodes])}


def _usual(name: str) -> Node:
    for beginning, kind in (("mulai", "startEvent"), ("selesai", "endEvent")):
        if name.startswith(beginning):
            return Node(kind)
    return step()


def _inside(arrows: list[_Arrow], names: dict[str, Node]) -> str:
    flows = [(f"f{at}_{arrow.source}_{arrow.target}", arrow) for at, arrow in enumerate(arrows)]
    default = {arrow.source: id for id, arrow in flows if arrow.condition == "*"}
    drawn = [_drawn(name, node, default.get(name)) for name, node in names.items()]
    return "".join(drawn) + "".join(_flow(id, arrow) for id, arrow in flows)


def _drawn(name: str, node: Node, default: str | None) -> str:
    attributes = {"id": name, "name": name, **node.attributes}
    if default is not None:
        attributes["default"] = default
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    arrows = _arrows(node.arrows)
    inside = _inside(arrows, _named(arrows, node.nodes)) if arrows or node.nodes else ""
    return f"<{node.kind}{written}>{node.inside}{inside}</{node.kind}>"


def _flow(id: str, arrow: _Arrow) -> str:
    asked = "" if arrow.condition in ("", "*") else arrow.condition
    condition = f"<conditionExpression>{escape(asked)}</conditionExpression>" if asked else ""
    name = ' name="Selain itu"' if arrow.condition == "*" else ""
    return (
        f'<sequenceFlow id="{id}"{name} sourceRef="{arrow.source}" targetRef="{arrow.target}">'
        f"{condition}</sequenceFlow>"
    )
