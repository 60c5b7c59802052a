"""A diagram as its rules see it: nodes, arrows and lanes, read once and never refused."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeVar

from lxml import etree

from bpmn.errors import N_
from bpmn.xml import BPMN, SOP, tag

Member = TypeVar("Member")

STEP: Final = "userTask"
FLOW: Final = "sequenceFlow"
TASKS: Final = frozenset(
    {STEP, "task", "manualTask", "scriptTask", "serviceTask", "businessRuleTask"}
    | {"sendTask", "receiveTask"}
)
BOXES: Final = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES: Final = TASKS | BOXES | {"callActivity"}
CHOICES: Final = frozenset({"exclusiveGateway", "inclusiveGateway"})
GATEWAYS: Final = CHOICES | {"parallelGateway", "eventBasedGateway", "complexGateway"}
THROWS: Final = frozenset({"endEvent", "intermediateThrowEvent"})
CATCHES: Final = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})
EVENTS: Final = THROWS | CATCHES
NODES: Final = ACTIVITIES | GATEWAYS | EVENTS

_COMPUTED: Final = (
    "multiInstanceLoopCharacteristics/loopCardinality",
    "multiInstanceLoopCharacteristics/loopDataInputRef",
    "multiInstanceLoopCharacteristics/completionCondition",
    "standardLoopCharacteristics/loopCondition",
    "conditionalEventDefinition/condition",
)
# The action of a service task whose `sop:isi` is an expression.
_COMPUTES: Final = "hitung"
_DEFINITION: Final = "EventDefinition"
_TRUE: Final = frozenset({"true", "1"})
_FALSE: Final = frozenset({"false", "0"})
_WORDS: Final[Mapping[str, str]] = {
    STEP: N_("langkah"),
    FLOW: N_("panah"),
    "lane": N_("lajur"),
    "participant": N_("kolam"),
    "process": N_("proses"),
    "definitions": N_("diagram"),
    "startEvent": N_("kejadian mulai"),
    "endEvent": N_("kejadian akhir"),
    "boundaryEvent": N_("kejadian tepi"),
    "intermediateCatchEvent": N_("kejadian"),
    "intermediateThrowEvent": N_("kejadian"),
    **dict.fromkeys(BOXES, N_("subproses")),
    **dict.fromkeys(GATEWAYS, N_("gerbang")),
    **dict.fromkeys(TASKS - {STEP}, N_("kegiatan")),
}


@dataclass(frozen=True, eq=False)
class Element:
    """One element of the file, known by its id, its kind (`userTask`) and its name."""

    xml: etree._Element
    id: str
    kind: str
    name: str

    @property
    def label(self) -> str:
        """What a person calls it: `langkah “Memeriksa surat” (Langkah_3)`."""
        name, id_ = _seen(self.name), _seen(self.id)
        parts = (_WORDS.get(self.kind, N_("unsur")), name and f"“{name}”", id_ and f"({id_})")
        return " ".join(part for part in parts if part)

    @property
    def anchor(self) -> str:
        """Its id, or that of the nearest element around it which has one."""
        around = (self.xml, *self.xml.iterancestors())
        return next((each.get("id", "") for each in around if each.get("id")), "")

    @cached_property
    def definitions(self) -> frozenset[str]:
        """What kinds of event it is: `timer`, `escalation`, `message` …"""
        names = (etree.QName(child).localname for child in children(self.xml))
        return frozenset(
            name.removesuffix(_DEFINITION) for name in names if name.endswith(_DEFINITION)
        )

    @property
    def interrupts(self) -> bool:
        """A boundary event that ends the activity it sits on."""
        return self.xml.get("cancelActivity", "true") not in _FALSE

    @property
    def on_event(self) -> bool:
        """A sub-process that an event starts, so no arrow enters it."""
        return self.xml.get("triggeredByEvent", "false") in _TRUE

    def find(self, path: str) -> etree._Element | None:
        """A descendant by its path in the BPMN namespace: `timerEventDefinition/timeDate`."""
        return self.xml.find("/".join(tag(BPMN, part) for part in path.split("/")))

    def text(self, path: str) -> str | None:
        """The text of such a descendant; `None` when there is no such descendant."""
        found = self.find(path)
        return None if found is None else (found.text or "").strip()

    def sop(self, name: str) -> str:
        """What a `sop:` attribute says."""
        return self.xml.get(tag(SOP, name), "").strip()

    def extension(self, name: str) -> etree._Element | None:
        """A `sop:` element among its extension elements."""
        return self.xml.find(f"{tag(BPMN, 'extensionElements')}/{tag(SOP, name)}")


@dataclass(frozen=True, eq=False)
class Flow(Element):
    """An arrow; `source` and `target` are `None` when it hangs in the air; `at` counts arrows."""

    source: Element | None = None
    target: Element | None = None
    at: int = 0

    @property
    def condition(self) -> str | None:
        return self.text("conditionExpression") or None

    @property
    def is_default(self) -> bool:
        """The way taken when no condition holds."""
        return (
            self.source is not None
            and self.id != ""
            and reference(self.source.xml, "default") == self.id
        )


@dataclass(frozen=True, eq=False)
class Lane(Element):
    """A lane with the ids it holds; `frames` says that its own lanes hold them more precisely."""

    held: tuple[str, ...] = field(default=())
    frames: bool = False


class Diagram:
    """One file, with what the engine knows: the office's posts and the actions it can run."""

    def __init__(
        self,
        root: etree._Element,
        posts: frozenset[str] | None = None,
        actions: frozenset[str] = frozenset(),
    ) -> None:
        self.posts = posts
        self.actions = actions
        self.all = tuple(_element(each) for each in root.iter(f"{{{BPMN}}}*"))
        self.root = self.all[0]
        self._of: dict[etree._Element, Element] = {each.xml: each for each in self.all}
        self._position = {each.anchor: at for at, each in reversed([*enumerate(self.all)])}
        self.by_id = {each.id: each for each in reversed(self.all) if each.id}
        self.processes = tuple(self.of_kind("process"))
        self.nodes = tuple(each for each in self.all if each.kind in NODES)
        self.steps = tuple(self.of_kind(STEP))
        self.lanes = tuple(_lane(each) for each in self.of_kind("lane"))
        self._holders: dict[str, list[Lane]] = {}
        for lane in self.lanes:
            for element_id in dict.fromkeys(lane.held):
                self._holders.setdefault(element_id, []).append(lane)
        self.flows = tuple(self._flow(each, at) for at, each in enumerate(self.of_kind(FLOW)))
        self._out = _grouped((flow.source, flow) for flow in self.flows)
        self._in = _grouped((flow.target, flow) for flow in self.flows)
        events = self.of_kind("boundaryEvent")
        self._at_border = _grouped((self.host(event), event) for event in events)
        self._inside = _grouped((self.box(node), node) for node in self.nodes)

    def of_kind(self, *kinds: str) -> Iterator[Element]:
        return (each for each in self.all if each.kind in kinds)

    def position(self, element_id: str) -> int:
        """Where the element stands in the file."""
        return self._position.get(element_id, -1)

    def outgoing(self, node: Element) -> list[Flow]:
        return self._out.get(node, [])

    def incoming(self, node: Element) -> list[Flow]:
        return self._in.get(node, [])

    def boundaries(self, node: Element) -> list[Element]:
        """The events on the border of an activity."""
        return self._at_border.get(node, [])

    def host(self, boundary: Element) -> Element | None:
        """The activity on whose border the event sits."""
        host = self.by_id.get(reference(boundary.xml, "attachedToRef"))
        return host if host is not None and host.kind in NODES else None

    def holder(self, element: Element) -> Element | None:
        """The element it is written in."""
        parent = element.xml.getparent()
        return None if parent is None else self._of.get(parent)

    def box(self, element: Element) -> Element | None:
        """The process or sub-process it is drawn in."""
        around = (self._of.get(each) for each in element.xml.iterancestors())
        boxes = (each for each in around if each is not None)
        return next((each for each in boxes if each.kind in BOXES | {"process"}), None)

    @cached_property
    def boxes(self) -> tuple[Element, ...]:
        """Every process and sub-process."""
        return tuple(self.of_kind("process", *BOXES))

    def inside(self, box: Element) -> list[Element]:
        """The nodes drawn directly in a process or sub-process."""
        return self._inside.get(box, [])

    def targets(self, node: Element) -> list[Element]:
        return [flow.target for flow in self.outgoing(node) if flow.target is not None]

    def sources(self, node: Element) -> list[Element]:
        return [flow.source for flow in self.incoming(node) if flow.source is not None]

    def ahead(self, node: Element) -> list[Element]:
        """Where a case may stand next: the arrows' ends and the events on the border."""
        return self.targets(node) + self.boundaries(node)

    def starts(self, box: Element) -> list[Element]:
        """Where a case enters: the start events; in an ad-hoc sub-process, anything."""
        inside = self.inside(box)
        if box.kind == "adHocSubProcess":
            return inside
        return [each for each in inside if each.kind == "startEvent" or each.on_event]

    @cached_property
    def entered(self) -> frozenset[Element]:
        """Every node that a case can come to."""
        starts = [start for box in self.boxes for start in self.starts(box)]
        return walk(starts, self.ahead)

    def until_steps(self, node: Element) -> frozenset[Element]:
        """What is met on the way to the next steps, these included."""
        return walk(
            self.targets(node), lambda each: [] if each.kind == STEP else self.targets(each)
        )

    def lanes_of(self, element: Element) -> list[Lane]:
        """The lane it names, or the innermost that hold it or the sub-process around it."""
        if named := element.sop("lajur"):
            return [lane for lane in self.lanes if lane.id == named]
        standing: Element | None = element
        while standing is not None:
            held = self._holders.get(standing.id, [])
            if held:
                return [lane for lane in held if not _around_another(lane, held)]
            standing = self.box(standing)
        return []

    def expressions(self) -> Iterator[tuple[Element, str]]:
        """Every text that the engine will compute, with the element it belongs to."""
        for flow in self.flows:
            if flow.condition is not None:
                yield flow, flow.condition
        for node in self.nodes:
            for path in _COMPUTED:
                if (text := node.text(path)) is not None:
                    yield node, text
            if node.kind == "serviceTask" and node.sop("tindakan") == _COMPUTES:
                yield node, node.sop("isi")

    def _flow(self, drawn: Element, at: int) -> Flow:
        source, target = (
            self._node(reference(drawn.xml, end)) for end in ("sourceRef", "targetRef")
        )
        return Flow(drawn.xml, drawn.id, drawn.kind, drawn.name, source, target, at)

    def _node(self, node_id: str) -> Element | None:
        found = self.by_id.get(node_id)
        return found if found is not None and found.kind in NODES else None


def walk(
    begin: Iterable[Element], onwards: Callable[[Element], Iterable[Element]]
) -> frozenset[Element]:
    """Everything that can be reached; no recursion, for a diagram may be long."""
    seen = set(begin)
    waiting = list(seen)
    while waiting:
        for each in onwards(waiting.pop()):
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return frozenset(seen)


def rounds(
    nodes: Iterable[Element], onwards: Callable[[Element], Iterable[Element]]
) -> Iterator[Element]:
    """The first node of each round that can be made among these nodes alone."""
    among = dict.fromkeys(nodes)

    def after(node: Element) -> list[Element]:
        return [each for each in onwards(node) if each in among]

    told: set[Element] = set()
    for node in among:
        reached = walk(after(node), after) if node not in told else frozenset()
        if node in reached:
            told |= reached
            yield node


def reference(element: etree._Element, name: str) -> str:
    """An attribute that holds an id, without the blanks some modellers leave around it."""
    return element.get(name, "").strip()


def children(element: etree._Element) -> Iterator[etree._Element]:
    """The child elements, without comments and instructions."""
    return element.iterchildren("*")


def _seen(text: str) -> str:
    """As much of a name as can be read, with a mark for each letter that cannot be seen."""
    short = text if len(text) <= 60 else text[:59] + "…"
    return "".join(each if each.isprintable() else "·" for each in short)


def _element(xml: etree._Element) -> Element:
    return Element(
        xml, xml.get("id", ""), etree.QName(xml).localname, " ".join(xml.get("name", "").split())
    )


def _lane(drawn: Element) -> Lane:
    held = [(each.text or "").strip() for each in drawn.xml.findall(tag(BPMN, "flowNodeRef"))]
    frames = drawn.find("childLaneSet/lane") is not None
    return Lane(drawn.xml, drawn.id, drawn.kind, drawn.name, tuple(held), frames)


def _around_another(lane: Lane, others: list[Lane]) -> bool:
    return any(lane.xml in other.xml.iterancestors() for other in others)


def _grouped(pairs: Iterable[tuple[Element | None, Member]]) -> dict[Element, list[Member]]:
    found: dict[Element, list[Member]] = {}
    for key, value in pairs:
        if key is not None:
            found.setdefault(key, []).append(value)
    return found
