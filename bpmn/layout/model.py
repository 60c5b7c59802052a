"""See a document the way a draughtsman does: what must be drawn, in which lane, joined by what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from lxml import etree

from bpmn.xml import BPMN

Kind = Literal["task", "event", "gateway", "subprocess", "pool", "note", "data"]

_TYPES: Final[dict[Kind, tuple[str, ...]]] = {
    "task": (
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "callActivity",
    ),
    "subprocess": ("subProcess", "transaction", "adHocSubProcess"),
    "event": (
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
    ),
    "gateway": (
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "complexGateway",
    ),
    "note": ("textAnnotation",),
    "data": ("dataObjectReference", "dataStoreReference"),
}
_KINDS: Final[dict[str, Kind]] = {name: kind for kind, names in _TYPES.items() for name in names}
_ARTEFACTS: Final = ("note", "data")
_MARKERS: Final = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")


@dataclass(slots=True, eq=False)
class Node:
    """A shape, with what hangs on it."""

    id: str
    kind: Kind
    type: str
    name: str
    band: int = 0
    width: int = 0
    height: int = 0
    anchor: int = 0  # from the top edge down to where flows enter and leave
    inside: Scope | None = None
    marked: bool = False
    hanging: list[Boundary] = field(default_factory=list)
    notes: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Boundary:
    """A boundary event, and the events that follow it and nothing else: they hang beneath it."""

    event: Node
    chain: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    onwards: dict[str, list[Flow]] = field(default_factory=dict)  # flows that go on from here


@dataclass(slots=True, eq=False)
class Flow:
    """A sequence flow, a message flow, or an association between two steps."""

    id: str
    name: str
    source: str
    target: str
    message: bool = False


@dataclass(slots=True, eq=False)
class Frame:
    """A pool (depth 0) or a lane around the bands `first` … `last`."""

    id: str
    name: str
    depth: int
    first: int
    last: int
    pool: bool = False


@dataclass(slots=True, eq=False)
class Scope:
    """What is drawn on one sheet: a collaboration, a process, or the inside of a sub-process."""

    id: str
    bands: int = 0
    frames: list[Frame] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    links: list[Flow] = field(default_factory=list)
    loose: list[Node] = field(default_factory=list)

    def owners(self) -> dict[str, Node]:
        """The node in whose cell an element stands: itself, or the one it hangs on."""
        owner = {node.id: node for node in self.nodes}
        for node in self.nodes:
            for boundary in node.hanging:
                owner |= dict.fromkeys((e.id for e in (boundary.event, *boundary.chain)), node)
        return owner


def read(root: etree._Element) -> list[Scope]:
    """One scope per diagram to draw."""
    return _Reader(root).scopes()


class _Reader:
    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.elements = {element.get("id", ""): element for element in _all(root)}

    def scopes(self) -> list[Scope]:
        collaborations = [e for e in self.root if _name(e) == "collaboration"]
        found = [self._collaboration(element) for element in collaborations]
        shown = {self._ref(p.get("processRef")) for c in collaborations for p in c}
        processes = [e for e in self.root if _name(e) == "process" and e.get("id") not in shown]
        return found + [self._process(element) for element in processes]

    def _collaboration(self, element: etree._Element) -> Scope:
        scope = Scope(element.get("id", ""))
        for participant in element:
            if _name(participant) == "participant" and participant.get("id"):
                self._participant(scope, participant)
        self._contents(scope, element)
        self._finish(scope)
        return scope

    def _process(self, element: etree._Element) -> Scope:
        scope = Scope(element.get("id", ""))
        self._add_process(scope, element, depth=0)
        self._finish(scope)
        return scope

    def _participant(self, scope: Scope, participant: etree._Element) -> None:
        process = self.elements.get(self._ref(participant.get("processRef")))
        frame = Frame(participant.get("id", ""), _label(participant), 0, scope.bands, 0, pool=True)
        scope.frames.append(frame)
        if process is None:
            pool = Node(frame.id, "pool", "participant", frame.name, band=scope.bands)
            scope.nodes.append(pool)
            scope.bands += 1
        else:
            self._add_process(scope, process, depth=1)
        frame.last = scope.bands - 1

    def _add_process(self, scope: Scope, process: etree._Element, depth: int) -> None:
        first, before = scope.bands, len(scope.nodes)
        lanes = self._lanes(scope, process, depth)
        scope.bands = max(scope.bands, first + 1)
        self._contents(scope, process)
        for node in scope.nodes[before:]:
            node.band = next((lanes[i] for i in self._inner_ids(node) if i in lanes), -1)
        self._hang_boundary_events(scope)
        _fill_bands(scope, scope.nodes[before:], first)

    def _inner_ids(self, node: Node) -> Iterator[str]:
        """A sub-process that no lane names stands where its first step stands."""
        yield node.id
        for inner in node.inside.nodes if node.inside else ():
            yield from self._inner_ids(inner)

    def _lanes(self, scope: Scope, parent: etree._Element, depth: int) -> dict[str, int]:
        bands: dict[str, int] = {}
        for lane in _lane_children(parent):
            frame = Frame(lane.get("id", ""), _label(lane), depth, scope.bands, 0)
            scope.frames.append(frame)
            inner = self._lanes(scope, lane, depth + 1)
            scope.bands = max(scope.bands, frame.first + 1)
            frame.last = scope.bands - 1
            refs = (self._ref(e.text) for e in lane if _name(e) == "flowNodeRef")
            bands |= dict.fromkeys(refs, frame.first) | inner
        return bands

    def _contents(self, scope: Scope, parent: etree._Element) -> None:
        """Nodes and flows that stand directly in a process, sub-process or collaboration."""
        for element in parent:
            name = _name(element)
            if name in _KINDS and element.get("id"):
                self._add_node(scope, element, _KINDS[name])
            elif name in ("sequenceFlow", "messageFlow", "association"):
                scope.flows += self._flow(element, "sourceRef", "targetRef")
            for inner in element:
                scope.links += self._data_link(element, inner)

    def _add_node(self, scope: Scope, element: etree._Element, kind: Kind) -> None:
        node = Node(element.get("id", ""), kind, _name(element), _label(element))
        if kind == "subprocess":
            node.inside = Scope(node.id, bands=1)
            node.marked = any(_name(inner) in _MARKERS for inner in element) or (
                node.type == "adHocSubProcess"
            )
            self._contents(node.inside, element)
            self._finish(node.inside)
        (scope.loose if kind in _ARTEFACTS else scope.nodes).append(node)

    def _flow(self, element: etree._Element, source: str, target: str) -> list[Flow]:
        ends = self._ref(element.get(source)), self._ref(element.get(target))
        if not element.get("id") or not all(end in self.elements for end in ends):
            return []
        message = _name(element) == "messageFlow"
        return [Flow(element.get("id", ""), _label(element), *ends, message=message)]

    def _data_link(self, step: etree._Element, element: etree._Element) -> list[Flow]:
        incoming = _name(element) == "dataInputAssociation"
        if not element.get("id") or not (incoming or _name(element) == "dataOutputAssociation"):
            return []
        wanted = "sourceRef" if incoming else "targetRef"
        data = next((self._ref(e.text) for e in element if _name(e) == wanted), "")
        ends = (data, step.get("id", "")) if incoming else (step.get("id", ""), data)
        return [Flow(element.get("id", ""), "", *ends)] if data in self.elements else []

    def _ref(self, text: str | None) -> str:
        """References may carry the prefix of the target namespace."""
        ref = (text or "").strip()
        return ref if ref in self.elements else ref.rpartition(":")[2]

    def _finish(self, scope: Scope) -> None:
        self._hang_boundary_events(scope)
        _hang_chains(scope)
        _hang_artefacts(scope)
        drawn = scope.owners()
        scope.flows = [f for f in scope.flows if f.source in drawn and f.target in drawn]

    def _hang_boundary_events(self, scope: Scope) -> None:
        nodes = {node.id: node for node in scope.nodes}
        for node in list(scope.nodes):
            attached = self._ref(self.elements[node.id].get("attachedToRef"))
            if node.type == "boundaryEvent" and attached in nodes:
                nodes[attached].hanging.append(Boundary(node))
                scope.nodes.remove(node)


def _hang_chains(scope: Scope) -> None:
    """The escalation a timer raises needs no place of its own in the grid."""
    nodes = {node.id: node for node in scope.nodes}
    for node in list(scope.nodes):
        for boundary in node.hanging:
            chain = _chain(scope, nodes, boundary.event, node.band)
            boundary.chain = [event for event, _ in chain]
            boundary.flows = [flow for _, flow in chain]
    hung = {e.id for node in scope.nodes for b in node.hanging for e in b.chain}
    kept = {f.id for node in scope.nodes for b in node.hanging for f in b.flows}
    scope.nodes = [node for node in scope.nodes if node.id not in hung]
    scope.flows = [flow for flow in scope.flows if flow.id not in kept]
    pools = {node.id for node in scope.nodes if node.kind == "pool"}
    for node in scope.nodes:
        for boundary in node.hanging:
            for event in (boundary.event, *boundary.chain):
                boundary.onwards[event.id] = _onwards(scope, event.id, pools)


def _onwards(scope: Scope, event: str, pools: set[str]) -> list[Flow]:
    """What leaves here, and what comes from outside: such a flow is named where it ends."""
    return [
        flow
        for flow in scope.flows
        if flow.source == event or (flow.target == event and flow.source in pools)
    ]


def _chain(scope: Scope, nodes: dict[str, Node], event: Node, band: int) -> list[tuple[Node, Flow]]:
    chain: list[tuple[Node, Flow]] = []
    first = event.id
    flows = [flow for flow in scope.flows if not flow.message]
    while leaving := [flow for flow in flows if flow.source == event.id]:
        following = nodes.get(leaving[0].target)
        arriving = [flow for flow in flows if flow.target == leaving[0].target]
        if len(leaving) > 1 or len(arriving) > 1 or following is None:
            return []
        if following.kind != "event" or following.band != band or following.hanging:
            return []
        chain.append((following, leaving[0]))
        event = following
    # Messages need a free way down: only the last event of a short chain has one.
    messages = {end for flow in scope.flows if flow.message for end in (flow.source, flow.target)}
    hidden = [first, *(following.id for following, _ in chain)][: 1 if len(chain) == 1 else None]
    return [] if messages.intersection(hidden) else chain


def _hang_artefacts(scope: Scope) -> None:
    """Notes and data stand above the first step they are linked to."""
    artefacts = {node.id for node in scope.loose}
    links = [f for f in scope.flows if f.source in artefacts or f.target in artefacts]
    scope.flows = [flow for flow in scope.flows if flow not in links]
    scope.links += links
    owners = scope.owners()
    owners |= {f.id: owners[f.source] for f in scope.flows if f.source in owners}
    for artefact in list(scope.loose):
        owner = next(_linked(scope.links, artefact.id, owners), None)
        if owner is not None and owner.kind != "pool":
            owner.notes.append(artefact)
            scope.loose.remove(artefact)


def _linked(links: list[Flow], artefact: str, owners: dict[str, Node]) -> Iterator[Node]:
    for link in links:
        other = {link.source: link.target, link.target: link.source}.get(artefact)
        if other in owners:
            yield owners[other]


def _fill_bands(scope: Scope, nodes: list[Node], first: int) -> None:
    """What no lane names goes where its neighbour is."""
    owners = scope.owners()
    pairs = [(owners.get(flow.source), owners.get(flow.target)) for flow in scope.flows]
    unplaced = [node for node in nodes if node.band < 0]
    while unplaced:
        found = {node: _neighbouring(pairs, node) for node in unplaced}
        if max(found.values()) < 0:
            found[unplaced[0]] = first
        for node, band in found.items():
            node.band = band
        unplaced = [node for node in unplaced if node.band < 0]


def _neighbouring(pairs: list[tuple[Node | None, Node | None]], node: Node) -> int:
    before = [source.band for source, target in pairs if target is node and source is not None]
    after = [target.band for source, target in pairs if source is node and target is not None]
    return next((band for band in before + after if band >= 0), -1)


def _all(root: etree._Element) -> Iterator[etree._Element]:
    return (e for e in root.iter(f"{{{BPMN}}}*") if e.get("id"))


def _name(element: etree._Element) -> str:
    """The local name of a BPMN element; nothing for comments and foreign elements."""
    found = element.tag
    prefix = f"{{{BPMN}}}"
    return found.removeprefix(prefix) if isinstance(found, str) and prefix in found else ""


def _label(element: etree._Element) -> str:
    if _name(element) == "textAnnotation":
        return "".join(e.text or "" for e in element if _name(e) == "text").strip()
    return (element.get("name") or "").strip()


def _lane_children(parent: etree._Element) -> Iterator[etree._Element]:
    for group in parent:
        if _name(group) in ("laneSet", "childLaneSet"):
            yield from (lane for lane in group if _name(lane) == "lane" and lane.get("id"))
