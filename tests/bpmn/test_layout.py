"""Whatever the SOP, its drawing can be read: nothing lies on anything else."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from math import hypot
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import bpmn
from bpmn.layout import grid, lay_out, model, routing
from bpmn.xml import BPMN, BPMNDI, DC, DI, parse, tag

SHIPPED = Path(bpmn.__file__).parent / "sop"

# SOPs to draw


class Diagram:
    """An SOP under construction."""

    def __init__(self, *lanes: str) -> None:
        self.lanes: dict[str, list[str]] = {lane: [] for lane in lanes}
        self.parts: list[str] = []

    def add(self, kind: str, id_: str, lane: str = "", name: str = "", inner: str = "") -> str:
        if lane:
            self.lanes[lane].append(id_)
        self.parts.append(f'<{kind} id="{id_}" name={quoteattr(name)}>{inner}</{kind}>')
        return id_

    def flow(self, source: str, target: str, name: str = "") -> None:
        self.parts.append(
            f'<sequenceFlow id="Flow_{source}_{target}" name={quoteattr(name)} '
            f'sourceRef="{source}" targetRef="{target}"/>'
        )

    def step(self, id_: str, lane: str = "", name: str = "Memeriksa", timers: int = 1) -> str:
        self.add("userTask", id_, lane, name)
        for number in range(timers):
            timer, escalation = f"{id_}_w{number}", f"{id_}_e{number}"
            self.timer(timer, id_)
            self.add("endEvent", escalation, lane, "Eskalasi", "<escalationEventDefinition/>")
            self.flow(timer, escalation)
        return id_

    def timer(self, id_: str, host: str, name: str = "10 menit") -> None:
        self.parts.append(
            f'<boundaryEvent id="{id_}" name="{name}" attachedToRef="{host}" '
            'cancelActivity="false"><timerEventDefinition/></boundaryEvent>'
        )

    def xml(self, around: str = "", *, pool: bool = True) -> bytes:
        own = '<participant id="Pool" name="Kecamatan Gambut" processRef="P"/>'
        collaboration = f'<collaboration id="K">{own}{around}</collaboration>' if pool else ""
        return (
            f'<definitions xmlns="{BPMN}" id="Defs" targetNamespace="urn:uji">{collaboration}'
            f'<process id="P">{self._lane_set()}{"".join(self.parts)}</process></definitions>'
        ).encode()

    def _lane_set(self) -> str:
        lanes = "".join(
            f'<lane id="{lane.replace(" ", "_")}" name="{lane}">'
            + "".join(f"<flowNodeRef>{node}</flowNodeRef>" for node in nodes)
            + "</lane>"
            for lane, nodes in self.lanes.items()
        )
        return lanes and f"<laneSet>{lanes}</laneSet>"


class Office:
    """Writes SOPs as offices do: step after step, with decisions, ways back and branches."""

    NAMES = (
        "Memeriksa",
        "Menyiapkan surat pemberitahuan dan permintaan data",
        "Menandatangani laporan pengukuran kinerja kecamatan",
        "Mengumpulkan data dari desa",
    )

    def __init__(self, seed: int, lanes: int) -> None:
        self.dice = random.Random(seed)
        self.lanes = [f"Pelaksana {number}" for number in range(lanes)]

    def sop(self, steps: int, prefix: str = "") -> Diagram:
        diagram = Diagram(*([] if prefix else self.lanes))
        lanes = list(diagram.lanes) or [""]
        before = [(diagram.add("startEvent", f"{prefix}Mulai", lanes[0], "Mulai"), "")]
        for number in range(1, steps + 1):
            lane = self.dice.choice(lanes)
            step = self._step(diagram, f"{prefix}L{number}", lane, inside=bool(prefix))
            for source, name in before:
                diagram.flow(source, step, name)
            back = f"{prefix}L{self.dice.randint(max(1, number - 9), number)}"
            before = self._onwards(diagram, step, lane, back)
        end = diagram.add("endEvent", f"{prefix}Selesai", self.dice.choice(lanes), "Selesai")
        for source, name in before:
            diagram.flow(source, end, name)
        return diagram

    def _step(self, diagram: Diagram, id_: str, lane: str, *, inside: bool) -> str:
        if self.dice.random() < 0.08 and not inside:
            contents = "".join(self.sop(self.dice.randint(1, 3), f"{id_}_").parts)
            diagram.add("subProcess", id_, lane, "Setiap unit", contents)
            diagram.timer(f"{id_}_w", id_)
            diagram.flow(f"{id_}_w", diagram.add("endEvent", f"{id_}_e", lane, "Eskalasi"))
            return id_
        timers = self.dice.choice((0, 1, 1, 1, 2))
        return diagram.step(id_, lane, self.dice.choice(self.NAMES), timers)

    def _onwards(self, diagram: Diagram, step: str, lane: str, back: str) -> list[tuple[str, str]]:
        kind = self.dice.random()
        if kind < 0.3:
            gate = diagram.add("exclusiveGateway", f"{step}_G", lane, "Disetujui?")
            diagram.flow(step, gate)
            diagram.flow(gate, back, "Tidak setuju")
            return [(gate, "Setuju")]
        if kind < 0.4:
            return self._branches(diagram, step, lane)
        return [(step, "")]

    def _branches(self, diagram: Diagram, step: str, lane: str) -> list[tuple[str, str]]:
        fork = diagram.add("parallelGateway", f"{step}_F", lane)
        join = diagram.add("parallelGateway", f"{step}_J", lane)
        diagram.flow(step, fork)
        for number in range(self.dice.randint(2, 5)):
            own = self.dice.choice(list(diagram.lanes) or [""])
            branch = diagram.step(f"{step}_B{number}", own, self.dice.choice(self.NAMES))
            diagram.flow(fork, branch)
            diagram.flow(branch, join)
        return [(join, "")]


def eight_steps() -> Diagram:
    """Five lanes, one decision, one way back."""
    diagram = Diagram("Kasubbag", "Pelaksana", "Kasi", "Sekretaris", "Camat")
    diagram.add("startEvent", "Mulai", "Kasubbag", "Mulai")
    lanes = list(diagram.lanes)
    for number, lane in enumerate((lanes[i] for i in (0, 1, 3, 4, 1, 2, 1, 0)), 1):
        diagram.step(f"Langkah_{number}", lane, Office.NAMES[number % 4])
    diagram.add("exclusiveGateway", "Gerbang", "Camat", "Setuju?")
    diagram.add("endEvent", "Selesai", "Kasubbag", "Selesai")
    way = ["Mulai", *(f"Langkah_{number}" for number in range(1, 5)), "Gerbang"]
    for pair in pairwise([*way, *(f"Langkah_{number}" for number in range(5, 9)), "Selesai"]):
        diagram.flow(*pair)
    diagram.flow("Gerbang", "Langkah_3", "Tidak setuju")
    return diagram


# Drawings to look at


@dataclass(frozen=True)
class Box:
    """A rectangle of the drawing."""

    x: int
    y: int
    width: int
    height: int

    def overlaps(self, other: "Box") -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def holds(self, other: "Box") -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.x + other.width <= self.x + self.width
            and other.y + other.height <= self.y + self.height
        )

    def borders(self, x: int, y: int) -> bool:
        if self.x <= x <= self.x + self.width:
            at_border = y in (self.y, self.y + self.height)
            return at_border or (x in (self.x, self.x + self.width) and self._spans(y))
        return False

    def _spans(self, y: int) -> bool:
        return self.y <= y <= self.y + self.height

    def circled(self, x: int, y: int) -> bool:
        radius = self.width / 2
        distance = hypot(x - self.x - radius, y - self.y - radius)
        return abs(distance - radius) < 1


class Drawing:
    """What a modeller would show of a document."""

    def __init__(self, data: bytes) -> None:
        self.root = parse(data)
        self.elements = {e.get("id", ""): e for e in self.root.iter(f"{{{BPMN}}}*")}
        self.boxes: dict[str, Box] = {}
        self.labels: dict[str, Box] = {}
        self.edges: dict[str, list[tuple[int, int]]] = {}
        for drawn in self.root.iter(tag(BPMNDI, "BPMNShape"), tag(BPMNDI, "BPMNEdge")):
            self._take(drawn.get("bpmnElement", ""), drawn)

    def _take(self, element: str, drawn: etree._Element) -> None:
        for bounds in drawn.findall(tag(DC, "Bounds")):
            self.boxes[element] = _box(bounds)
        for bounds in drawn.iterfind(f"{tag(BPMNDI, 'BPMNLabel')}/{tag(DC, 'Bounds')}"):
            self.labels[element] = _box(bounds)
        points = [
            (int(p.get("x", "")), int(p.get("y", ""))) for p in drawn.iter(tag(DI, "waypoint"))
        ]
        if points:
            self.edges[element] = points

    def kind(self, element: str) -> str:
        return etree.QName(self.elements[element]).localname

    @property
    def nodes(self) -> dict[str, Box]:
        frames = ("lane", "participant")
        return {i: box for i, box in self.boxes.items() if self.kind(i) not in frames}

    def around(self, element: str) -> set[str]:
        """The sub-processes an element stands in, and the step it is attached to."""
        found = {e.get("id", "") for e in self.elements[element].iterancestors()}
        host = self.elements[element].get("attachedToRef")
        return found | ({host} if host else set())

    def ends(self, flow: str) -> tuple[str, str]:
        element = self.elements[flow]
        return element.get("sourceRef", ""), element.get("targetRef", "")


def _box(bounds: etree._Element) -> Box:
    return Box(*(int(bounds.get(name, "")) for name in ("x", "y", "width", "height")))


def _stretches(points: list[tuple[int, int]]) -> Iterator[Box]:
    for (ax, ay), (bx, by) in pairwise(points):
        yield Box(min(ax, bx), min(ay, by), abs(ax - bx), abs(ay - by))


def _on_each_other(one: Box, other: Box) -> bool:
    """Whether two stretches share more than a point."""
    if one.width and other.width:
        return one.y == other.y and min(one.x + one.width, other.x + other.width) > max(
            one.x, other.x
        )
    if one.height and other.height:
        return one.x == other.x and min(one.y + one.height, other.y + other.height) > max(
            one.y, other.y
        )
    return False


# What every drawing keeps


def no_node_lies_on_another(drawing: Drawing) -> None:
    for (a, one), (b, other) in combinations(drawing.nodes.items(), 2):
        if a not in drawing.around(b) and b not in drawing.around(a):
            assert not one.overlaps(other), (a, b)


def everything_is_drawn(drawing: Drawing) -> None:
    wanted = ("Event", "Task", "task", "Gateway", "Process", "lane", "participant")
    for id_, element in drawing.elements.items():
        kind = etree.QName(element).localname
        if id_ and kind != "process" and kind.endswith(wanted):
            assert id_ in drawing.boxes, id_


def every_step_lies_in_its_lane(drawing: Drawing) -> None:
    for lane in drawing.root.iter(tag(BPMN, "lane")):
        for ref in lane.iterfind(tag(BPMN, "flowNodeRef")):
            assert drawing.boxes[lane.get("id", "")].holds(drawing.boxes[ref.text or ""]), ref.text


def lanes_and_pools_lie_side_by_side(drawing: Drawing) -> None:
    lanes = [box for i, box in drawing.boxes.items() if drawing.kind(i) == "lane"]
    pools = [box for i, box in drawing.boxes.items() if drawing.kind(i) == "participant"]
    for group in (lanes, pools):
        assert not any(a.overlaps(b) for a, b in combinations(group, 2))
    for lane in lanes:
        assert not pools or any(pool.holds(lane) for pool in pools)


def timers_sit_on_the_border_of_their_step(drawing: Drawing) -> None:
    for id_, box in drawing.boxes.items():
        if drawing.kind(id_) == "boundaryEvent":
            host = drawing.boxes[drawing.elements[id_].get("attachedToRef", "")]
            assert box.y + box.height // 2 == host.y + host.height
            assert host.x <= box.x
            assert box.x + box.width <= host.x + host.width


def what_is_inside_a_subprocess_is_drawn_inside(drawing: Drawing) -> None:
    for id_, box in drawing.nodes.items():
        for outer in drawing.around(id_) & drawing.nodes.keys():
            if drawing.elements[id_].get("attachedToRef") != outer:
                assert drawing.boxes[outer].holds(box), id_


def every_flow_touches_what_it_joins(drawing: Drawing) -> None:
    for flow in drawing.root.iter(tag(BPMN, "sequenceFlow"), tag(BPMN, "messageFlow")):
        points = drawing.edges[flow.get("id", "")]
        ends = drawing.ends(flow.get("id", ""))
        for end, point in zip(ends, (points[0], points[-1]), strict=True):
            round_ = drawing.kind(end).endswith("Event")
            touches = drawing.boxes[end].circled if round_ else drawing.boxes[end].borders
            assert touches(*point), (flow.get("id"), end)


def flows_run_straight_and_around_every_step(drawing: Drawing) -> None:
    for flow, points in drawing.edges.items():
        ends = drawing.ends(flow)
        hosts = {drawing.elements[end].get("attachedToRef") for end in ends}
        own = {*ends, *((drawing.around(ends[0]) | drawing.around(ends[1])) - hosts)}
        for stretch in _stretches(points):
            assert not (stretch.width and stretch.height), flow
            inside = [i for i, box in drawing.nodes.items() if i not in own and _cuts(stretch, box)]
            assert not inside, (flow, inside)


def _cuts(stretch: Box, box: Box) -> bool:
    return Box(box.x - 1, box.y - 1, box.width + 2, box.height + 2).overlaps(
        Box(stretch.x, stretch.y, stretch.width or 1, stretch.height or 1)
    )


def flows_share_a_line_only_where_they_part_or_join(drawing: Drawing) -> None:
    for (a, one), (b, other) in combinations(drawing.edges.items(), 2):
        (a_source, a_target), (b_source, b_target) = drawing.ends(a), drawing.ends(b)
        if (a_source == b_source) == (a_target == b_target):
            for s, t in product(_stretches(one), _stretches(other)):
                assert not _on_each_other(s, t), (a, b)
            bends = {*one[1:-1]} & {*other[1:-1]}
            assert not bends, (a, b)


def labels_lie_on_nothing(drawing: Drawing) -> None:
    for (a, one), (b, other) in combinations(drawing.labels.items(), 2):
        assert not one.overlaps(other), (a, b)
    for id_, label in drawing.labels.items():
        around = drawing.around(id_)
        if drawing.kind(id_) == "sequenceFlow":
            around |= drawing.around(drawing.ends(id_)[0])
        covered = [n for n, box in drawing.nodes.items() if n not in around and label.overlaps(box)]
        assert not covered, (id_, covered)


def no_flow_runs_through_a_label(drawing: Drawing) -> None:
    for id_, label in drawing.labels.items():
        for flow, points in drawing.edges.items():
            through = [s for s in _stretches(points) if label.overlaps(_thick(s))]
            assert not through, (id_, flow)


def _thick(stretch: Box) -> Box:
    return Box(stretch.x, stretch.y, stretch.width or 1, stretch.height or 1)


CHECKS = (
    everything_is_drawn,
    no_node_lies_on_another,
    every_step_lies_in_its_lane,
    lanes_and_pools_lie_side_by_side,
    timers_sit_on_the_border_of_their_step,
    what_is_inside_a_subprocess_is_drawn_inside,
    every_flow_touches_what_it_joins,
    flows_run_straight_and_around_every_step,
    flows_share_a_line_only_where_they_part_or_join,
    labels_lie_on_nothing,
    no_flow_runs_through_a_label,
)


def check(data: bytes) -> Drawing:
    drawing = Drawing(lay_out(data))
    for rule in CHECKS:
        rule(drawing)
    return drawing


# The SOPs of many offices


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    steps=st.integers(1, 10),
    lanes=st.integers(0, 7),
    pool=st.booleans(),
)
def test_any_sop_is_drawn_so_that_it_can_be_read(
    seed: int, steps: int, lanes: int, pool: bool
) -> None:
    check(Office(seed, lanes).sop(steps).xml(pool=pool))


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*/*.bpmn")), ids=lambda path: path.stem)
def test_every_shipped_sop_can_be_read_as_it_is_and_drawn_anew(path: Path) -> None:
    for rule in CHECKS:
        rule(Drawing(path.read_bytes()))
    check(path.read_bytes())


def test_drawing_twice_gives_the_same_drawing() -> None:
    once = lay_out(Office(3, 4).sop(8).xml())
    assert lay_out(Office(3, 4).sop(8).xml()) == once
    assert lay_out(once) == once


def test_the_flow_runs_from_left_to_right() -> None:
    drawing = check(eight_steps().xml())
    places = [drawing.boxes[f"Langkah_{number}"].x for number in range(1, 9)]
    assert places == sorted(set(places))


def test_timers_and_their_escalations_need_no_columns() -> None:
    with_timers = check(eight_steps().xml()).boxes["Pool"]
    bare = eight_steps()
    bare.parts = [part for part in bare.parts if "_w0" not in part and "_e0" not in part]
    bare.lanes = {
        lane: [node for node in nodes if not node.endswith("_e0")]
        for lane, nodes in bare.lanes.items()
    }
    narrowest_column = 36 + 44
    assert with_timers.width < check(bare.xml()).boxes["Pool"].width + narrowest_column


def test_an_escalation_hangs_beneath_its_step() -> None:
    drawing = check(eight_steps().xml())
    for number in range(1, 9):
        step = drawing.boxes[f"Langkah_{number}"]
        escalation = drawing.boxes[f"Langkah_{number}_e0"]
        assert step.y + step.height < escalation.y < step.y + step.height + 60
        assert step.x <= escalation.x <= step.x + step.width


def test_a_way_back_leaves_the_right_of_the_gateway_to_the_way_on() -> None:
    drawing = check(eight_steps().xml())
    gateway = drawing.boxes["Gerbang"]
    on, back = drawing.edges["Flow_Gerbang_Langkah_5"], drawing.edges["Flow_Gerbang_Langkah_3"]
    assert on[0] == (gateway.x + gateway.width, gateway.y + gateway.height // 2)
    assert back[0][0] == gateway.x + gateway.width // 2


# The document


RICH = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- disusun di kecamatan -->
<bpmn:definitions xmlns:bpmn="{BPMN}" xmlns:bpmndi="{BPMNDI}" xmlns:dc="{DC}" xmlns:di="{DI}"
    xmlns:sop="urn:alur:sop:1" xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"
    id="Defs" targetNamespace="urn:uji" exporter="Pemodel">
  <bpmn:process id="P">
    <bpmn:extensionElements>
      <sop:header nomor="06.01">Baris   satu &amp; dua</sop:header>
    </bpmn:extensionElements>
    <bpmn:startEvent id="Mulai"><bpmn:outgoing>F</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="A" name="Memeriksa&#10;berkas">
      <bpmn:documentation><![CDATA[<b>Apa adanya</b>]]></bpmn:documentation>
      <bpmn:incoming>F</bpmn:incoming>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="F" sourceRef="Mulai" targetRef="A"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="Lama">
    <bpmndi:BPMNPlane id="Lama_bidang" bpmnElement="P">
      <bpmndi:BPMNShape id="A_gambar" bpmnElement="A" bioc:stroke="#0d4372">
        <dc:Bounds x="0" y="0" width="7" height="7"/>
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
""".encode()


def _without_drawing(data: bytes) -> bytes:
    root = parse(data)
    for diagram in root.findall(tag(BPMNDI, "BPMNDiagram")):
        root.remove(diagram)
    root[-1].tail = "\n"
    return etree.tostring(root.getroottree(), method="c14n", with_comments=True)


def test_only_the_drawing_changes() -> None:
    assert _without_drawing(lay_out(RICH)) == _without_drawing(RICH)


def test_the_old_drawing_goes_and_what_the_designer_painted_stays() -> None:
    root = parse(lay_out(RICH))
    assert len(root.findall(tag(BPMNDI, "BPMNDiagram"))) == 1
    shapes = {e.get("bpmnElement"): e for e in root.iter(tag(BPMNDI, "BPMNShape"))}
    colour = "{http://bpmn.io/schema/bpmn/biocolor/1.0}stroke"
    assert shapes["A"].get(colour) == "#0d4372"
    assert shapes["Mulai"].get(colour) is None


def test_no_two_elements_share_an_id_even_where_the_obvious_one_is_taken() -> None:
    diagram = Diagram()
    diagram.flow(diagram.step("A"), diagram.step("A_di"))
    ids = [e.get("id") for e in parse(lay_out(diagram.xml())).iter(etree.Element) if e.get("id")]
    assert len(ids) == len(set(ids))


def test_modellers_learn_what_is_open_and_what_is_marked() -> None:
    diagram = Diagram("Camat")
    diagram.add("subProcess", "Unit", "Camat", "Setiap unit", '<userTask id="Isi"/>')
    diagram.add("exclusiveGateway", "Gerbang", "Camat")
    diagram.flow("Unit", "Gerbang")
    root = parse(lay_out(diagram.xml()))
    shapes = {e.get("bpmnElement"): e for e in root.iter(tag(BPMNDI, "BPMNShape"))}
    assert shapes["Unit"].get("isExpanded") == "true"
    assert shapes["Gerbang"].get("isMarkerVisible") == "true"
    assert shapes["Pool"].get("isHorizontal") == shapes["Camat"].get("isHorizontal") == "true"


# Other diagrams


def test_outside_parties_are_drawn_as_closed_pools() -> None:
    diagram = eight_steps()
    drawing = check(
        diagram.xml(
            '<participant id="Warga" name="Warga"/><participant id="Bupati" name="Bupati"/>'
            '<messageFlow id="M1" name="Permohonan" sourceRef="Warga" targetRef="Mulai"/>'
            '<messageFlow id="M2" sourceRef="Langkah_4" targetRef="Bupati"/>'
            '<messageFlow id="M3" sourceRef="Langkah_2_e0" targetRef="Bupati"/>'
            '<messageFlow id="M4" sourceRef="Bupati" targetRef="Langkah_4"/>'
            '<messageFlow id="M5" name="Teguran" sourceRef="Bupati" targetRef="Langkah_7_w0"/>'
        )
    )
    assert drawing.boxes["Warga"].width == drawing.boxes["Pool"].width
    assert {"M1", "M2", "M3", "M4", "M5"} <= drawing.edges.keys()


def test_two_pools_with_steps_lie_one_above_the_other() -> None:
    data = lay_out(
        eight_steps()
        .xml(
            '<participant id="Desa" name="Desa" processRef="Q"/>'
            '<messageFlow id="M1" sourceRef="Kirim" targetRef="Langkah_2"/>'
        )
        .replace(
            b"</definitions>", b'<process id="Q"><sendTask id="Kirim"/></process></definitions>'
        )
    )
    drawing = Drawing(data)
    for rule in CHECKS:
        rule(drawing)
    assert drawing.boxes["Desa"].holds(drawing.boxes["Kirim"])


def test_lanes_within_lanes_lie_inside_them() -> None:
    lanes = (
        '<laneSet><lane id="Sekretariat" name="Sekretariat"><childLaneSet>'
        '<lane id="Umum" name="Umum"><flowNodeRef>A</flowNodeRef></lane>'
        '<lane id="Keuangan" name="Keuangan"><flowNodeRef>B</flowNodeRef></lane>'
        '</childLaneSet></lane><lane id="Camat"/></laneSet>'
    )
    diagram = Diagram()
    diagram.flow(diagram.step("A"), diagram.step("B"))
    diagram.parts.insert(0, lanes)
    boxes = Drawing(lay_out(diagram.xml())).boxes
    for inner, step in (("Umum", "A"), ("Keuangan", "B")):
        assert boxes["Sekretariat"].holds(boxes[inner])
        assert boxes[inner].holds(boxes[step])
    assert not boxes["Camat"].overlaps(boxes["Sekretariat"])


def test_every_start_waits_beside_its_first_step() -> None:
    diagram = Diagram("Camat", "Staf")
    first, second = diagram.step("A", "Camat"), diagram.step("B", "Staf")
    diagram.flow(first, second)
    for start, step in (("Mulai", first), ("Surat", second), ("Pesan", second)):
        diagram.flow(diagram.add("startEvent", start, "Staf", start), step)
    boxes = check(diagram.xml()).boxes
    assert boxes["A"].x < boxes["Surat"].x < boxes["B"].x


def test_a_timer_may_lead_to_a_step_of_another_lane() -> None:
    diagram = Diagram("Camat", "Staf")
    diagram.step("A", "Staf", timers=2)
    diagram.timer("Tegur", "A", "2 hari")
    diagram.flow("Tegur", diagram.step("B", "Camat"), "Belum juga selesai")
    diagram.flow("A", diagram.step("C", "Staf"))
    check(diagram.xml())


@pytest.mark.parametrize("name", ["", "Usai", "Pertanggungjawaban diminta kepada pelaksana"])
def test_events_that_follow_a_timer_one_by_one_hang_beside_each_other(name: str) -> None:
    diagram = Diagram("Staf")
    diagram.step("A", "Staf", timers=0)
    for timer in "12":
        diagram.timer(timer, "A", name)
        diagram.flow(
            timer, diagram.add("intermediateThrowEvent", f"Esk{timer}", "Staf", name), name
        )
        diagram.flow(f"Esk{timer}", diagram.add("endEvent", f"Usai{timer}", "Staf", name), name)
    boxes = check(diagram.xml()).boxes
    assert boxes["Esk1"].y == boxes["Usai1"].y > boxes["A"].y + boxes["A"].height


def test_both_outcomes_may_lead_to_the_same_step() -> None:
    diagram = Diagram("Camat")
    diagram.add("exclusiveGateway", "G", "Camat", "Setuju?")
    diagram.flow("G", diagram.step("A", "Camat"), "Ya")
    diagram.parts.append('<sequenceFlow id="Lain" name="Tidak" sourceRef="G" targetRef="A"/>')
    diagram.flow("A", "A", "Ulang")
    drawing = check(diagram.xml())
    assert drawing.edges["Lain"] != drawing.edges["Flow_G_A"]


def test_a_circle_without_a_start_is_drawn_too() -> None:
    diagram = Diagram("Camat")
    for step in "ABC":
        diagram.step(step, "Camat")
    for pair in ("AB", "BC", "CA"):
        diagram.flow(*pair)
    check(diagram.xml())


def test_notes_and_data_stand_above_the_step_they_belong_to() -> None:
    diagram = Diagram("Camat")
    diagram.flow(diagram.step("A", "Camat"), diagram.step("B", "Camat"))
    diagram.parts.append(
        '<textAnnotation id="Catatan"><text>Dilakukan setiap semester oleh tim</text>'
        '</textAnnotation><association id="As" sourceRef="Catatan" targetRef="B"/>'
        '<dataObjectReference id="Formulir" name="Formulir"/><textAnnotation id="Lepas"/>'
    )
    drawing = Drawing(lay_out(diagram.xml()))
    no_node_lies_on_another(drawing)
    note, step = drawing.boxes["Catatan"], drawing.boxes["B"]
    assert note.y + note.height < step.y
    assert drawing.edges["As"][-1][1] == step.y
    assert drawing.boxes["Lepas"].y > drawing.boxes["Pool"].y + drawing.boxes["Pool"].height


def test_flows_from_or_to_nowhere_are_left_out() -> None:
    diagram = Diagram("Camat")
    diagram.flow(diagram.step("A", "Camat", timers=0), "Tiada")
    assert Drawing(lay_out(diagram.xml())).edges == {}


@pytest.mark.parametrize("inside", ["", '<process id="P"/>', '<collaboration id="K"/>'])
def test_a_document_with_nothing_in_it_is_not_refused(inside: str) -> None:
    data = f'<definitions xmlns="{BPMN}" id="D" targetNamespace="urn:uji">{inside}</definitions>'
    assert Drawing(lay_out(data.encode())).boxes == {}


def test_a_name_is_never_wider_than_the_step_it_stands_in() -> None:
    diagram = Diagram("Camat")
    diagram.step("A", "Camat", "Mempertanggungjawabkan penyelenggaraan kegiatan " * 6)
    box = check(diagram.xml()).boxes["A"]
    assert box.height > 80


# Work


def test_a_flow_of_a_long_sop_is_found_by_looking_at_a_small_part_of_the_map() -> None:
    # Otherwise 60 steps with timers take seconds; like this they take 0.2 s.
    scope = model.read(parse(Office(1, 6).sop(60).xml()))[0]
    found = routing.find(scope, grid.place(scope))
    states = 4 * len(found.lines) * (2 * found.columns + 1)
    print(f"{found.visited / len(found.routes):.0f} of {states} states visited per flow")
    assert found.visited / len(found.routes) < states / 20
