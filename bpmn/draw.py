"""Draw the table of an SOP, the form every office knows, as a BPMN diagram."""

import re
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from bpmn import durations, vocabulary
from bpmn.document import Anggota, Header, Kegiatan, Lane, MutuBaku, Pemicu, Temuan
from bpmn.errors import N_, AlurError
from bpmn.layout import lay_out
from bpmn.xml import BPMN, BPMNDI, DC, DI, SOP, XSI, tag

_NAMESPACES: Final = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "xsi": XSI, "sop": SOP}
_LATE: Final = "Eskalasi_lewat_waktu"
_END: Final = "Selesai"


class BadTable(AlurError):
    """The table cannot be drawn."""

    sentence = N_("Tabel ini tidak dapat digambar.")


class NoRows(BadTable):
    """An SOP begins with a step."""

    sentence = N_("Tabel ini belum berisi langkah. Tulis sekurang-kurangnya satu langkah.")


class SameNumber(BadTable):
    """A number is how the table speaks of a step."""

    sentence = N_("Nomor langkah “%(nomor)s” dipakai dua kali. Beri setiap langkah nomor sendiri.")


class NoSuchLane(BadTable):
    """A step without anybody to do it."""

    sentence = N_(
        "Pelaksana langkah “%(nomor)s”, yaitu “%(lane)s”, tidak ada dalam daftar pelaksana. "
        "Tambahkan dahulu pelaksananya."
    )


class NoSuchRow(BadTable):
    """A way that leads out of the table."""

    sentence = N_(
        "Langkah “%(nomor)s” berlanjut ke langkah “%(to)s”, yang tidak ada dalam tabel. "
        "Tulis nomor langkah yang ada."
    )


class IntoTheMiddle(BadTable):
    """What is repeated for each post begins at its beginning."""

    sentence = N_(
        "Langkah “%(nomor)s” berlanjut ke langkah “%(to)s” di tengah bagian “%(group)s”. "
        "Masuki bagian itu dari langkah pertamanya."
    )


class NotOneWayOut(BadTable):
    """Only when all posts are done does the SOP go on, and then in one place."""

    sentence = N_(
        "Bagian “%(group)s” harus berlanjut ke tepat satu langkah di luarnya; sekarang: %(ways)s."
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a decision, and the number of the row it leads to (`None`: the end)."""

    value: str
    label: str
    to: str | None
    usulan: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One step; `to` is the number of the next row, unless the `choices` say it."""

    nomor: str
    name: str
    lane: str
    to: str | None = None
    kegiatan: str = ""
    kelengkapan: str | None = None
    waktu: str | None = None
    waktu_teks: str | None = None
    output: str | None = None
    dasar_usulan: str | None = None
    question: str = ""
    choices: tuple[Choice, ...] = ()
    peserta: tuple[str, ...] = ()
    bukan_pelaku: tuple[str, ...] = ()
    penanggung_jawab: str | None = None
    eskalasi_ke: tuple[str, ...] = ()
    keterangan: str | None = None
    usulan: bool = False

    @property
    def id(self) -> str:
        """Readable, and a plain name, since expressions speak of `Langkah_2.jumlah`."""
        return f"Langkah_{_plain(self.nomor)}"


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that are done once for each of several posts, all at the same time."""

    name: str
    lane: str
    rows: tuple[str, ...]
    anggota: tuple[Anggota, ...]

    @property
    def id(self) -> str:
        return f"Bagian_{_plain(self.rows[0])}"


@dataclass(frozen=True, slots=True)
class Table:
    """A whole SOP as a table; a case opens with its first row."""

    id: str
    name: str
    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...]
    header: Header = field(default_factory=Header)
    temuan: tuple[Temuan, ...] = ()
    groups: tuple[Group, ...] = ()
    pemicu: Pemicu | None = None
    start_name: str = "Mulai"


def draw(table: Table) -> bytes:
    """A complete diagram: one process, one pool, a lane for each pelaksana, laid out."""
    _check(table)
    root = etree.Element(
        tag(BPMN, "definitions"),
        {"id": f"Dokumen_{table.id}", "targetNamespace": "urn:alur:sop", "exporter": "Alur"},
        nsmap=_NAMESPACES,
    )
    pool = _child(_child(root, "collaboration", id="Kolaborasi"), "participant", id="Pool")
    pool.attrib.update({"name": table.name, "processRef": table.id})
    root.append(_Drawing(table).process())
    _child(root, "escalation", id=_LATE, name="Lewat waktu", escalationCode="lewat-waktu")
    etree.indent(root)
    return lay_out(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


class _Drawing:
    """The process in the making: nodes first, then the arrows, which every node also lists."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rows = {row.nomor: row for row in table.rows}
        self.group_of = {nomor: group for group in table.groups for nomor in group.rows}
        self.nodes: dict[str, etree._Element] = {}
        self.refs: dict[str, list[str]] = {lane.id: [] for lane in table.lanes}

    def process(self) -> etree._Element:
        process = _bpmn("process", id=self.table.id, name=self.table.name, isExecutable="true")
        _extend(process, self.table.header, *self.table.temuan)
        lanes = _child(process, "laneSet", id="Pelaksana")
        self._draw_start(process)
        for row in self.table.rows:
            self._draw_row(self._box_of(row, process), row)
        self._draw_end(process)
        self._draw_arrows(process)
        self._draw_lanes(lanes)
        return process

    def _draw_start(self, process: etree._Element) -> None:
        lane = self._standing(self.table.rows[0]).lane
        start = self._node(process, lane, "startEvent", id="Mulai", name=self.table.start_name)
        if self.table.pemicu is not None:
            _extend(start, self.table.pemicu)

    def _draw_end(self, process: etree._Element) -> None:
        lane = self._standing(self.table.rows[-1]).lane
        self._node(process, lane, "endEvent", id=_END, name="Selesai")

    def _standing(self, row: Row) -> Row | Group:
        return self.group_of.get(row.nomor, row)

    def _box_of(self, row: Row, process: etree._Element) -> etree._Element:
        group = self.group_of.get(row.nomor)
        if group is None:
            return process
        if group.id not in self.nodes:
            self._draw_group(process, group)
        return self.nodes[group.id]

    def _draw_group(self, process: etree._Element, group: Group) -> None:
        box = self._node(process, group.lane, "subProcess", id=group.id, name=group.name)
        _extend(box, *group.anggota)
        loop = _child(box, "multiInstanceLoopCharacteristics")
        _formal(loop, "loopCardinality", str(len(group.anggota)))
        self._node(box, group.lane, "startEvent", id=f"Mulai_{group.id}")
        self._node(box, group.lane, "endEvent", id=f"{_END}_{group.id}")

    def _draw_row(self, box: etree._Element, row: Row) -> None:
        step = self._node(box, row.lane, "userTask", id=row.id, name=row.name)
        for name, value in _spoken(row).items():
            step.set(tag(SOP, name), value)
        if row.lane != self._standing(row).lane:
            step.set(tag(SOP, "lajur"), row.lane)
        said = MutuBaku(
            kelengkapan=row.kelengkapan,
            output=row.output,
            waktu_teks=row.waktu_teks,
            dasar_usulan=row.dasar_usulan,
        )
        _extend(step, Kegiatan(row.kegiatan or row.name), *([said] if said != MutuBaku() else []))
        if row.waktu is not None:
            self._draw_deadline(box, row, row.waktu)
        if row.choices:
            gateway = f"Putusan_{_plain(row.nomor)}"
            self._node(box, row.lane, "exclusiveGateway", id=gateway, name=row.question)

    def _draw_deadline(self, box: etree._Element, row: Row, waktu: str) -> None:
        short = _plain(row.nomor)
        words = durations.parse(waktu).words
        timer = self._node(box, row.lane, "boundaryEvent", id=f"Lewat_{short}", name=words)
        timer.attrib.update({"cancelActivity": "false", "attachedToRef": row.id})
        if row.usulan:
            timer.set(tag(SOP, "usulan"), "true")
        _formal(_child(timer, "timerEventDefinition", id=f"Waktu_{short}"), "timeDuration", waktu)
        end = self._node(box, row.lane, "endEvent", id=f"Eskalasi_{short}", name="Eskalasi")
        _child(end, "escalationEventDefinition", id=f"Isyarat_{short}", escalationRef=_LATE)

    def _node(self, box: etree._Element, lane: str, kind: str, **attributes: str) -> etree._Element:
        node = _child(box, kind, **attributes)
        self.nodes[attributes["id"]] = node
        # What stands in a group shares its lane: modellers list no contents of a sub-process.
        if box.get("id") == self.table.id:
            self.refs[lane].append(attributes["id"])
        return node

    def _draw_arrows(self, process: etree._Element) -> None:
        first = self.table.rows[0]
        self._arrow(process, "Alur_Mulai", "Mulai", self._standing(first).id)
        for group in self.table.groups:
            self._draw_way_through(process, group)
        for row in self.table.rows:
            self._draw_ways_out(self._box_of(row, process), row)

    def _draw_way_through(self, process: etree._Element, group: Group) -> None:
        box, inside = self.nodes[group.id], self.rows[group.rows[0]]
        self._arrow(box, f"Alur_Mulai_{group.id}", f"Mulai_{group.id}", inside.id)
        rows = [self.rows[nomor] for nomor in group.rows]
        out = {to for row in rows for to in _ways(row) if to not in group.rows}
        if len(out) != 1:
            ways = ", ".join(sorted(to or "selesai" for to in out)) or "tidak ada"
            raise NotOneWayOut(group=group.name, ways=ways)
        to = out.pop()
        target = self._standing(self.rows[to]).id if to is not None else _END
        proposed = all(row.usulan for row in rows)
        self._arrow(process, f"Alur_{group.id}", group.id, target, usulan=proposed)

    def _draw_ways_out(self, box: etree._Element, row: Row) -> None:
        short = _plain(row.nomor)
        if row.waktu is not None:
            self._arrow(box, f"Alur_Lewat_{short}", f"Lewat_{short}", f"Eskalasi_{short}")
        if not row.choices:
            target = self._target(row, row.to)
            self._arrow(box, f"Alur_{short}", row.id, target, usulan=row.usulan)
            return
        gateway = f"Putusan_{short}"
        self._arrow(box, f"Alur_{short}", row.id, gateway, usulan=row.usulan)
        for choice in row.choices:
            flow = self._arrow(
                box,
                f"Alur_{short}_{_plain(choice.value)}",
                gateway,
                self._target(row, choice.to),
                usulan=choice.usulan or row.usulan,
            )
            flow.set("name", choice.label)
            _formal(flow, "conditionExpression", f"outcome == '{choice.value}'")

    def _target(self, row: Row, to: str | None) -> str:
        """The element that an arrow out of the row points at, seen from the row's own box."""
        own = self.group_of.get(row.nomor)
        if to is not None and self.group_of.get(to) is own:
            return self.rows[to].id
        if own is not None:
            return f"{_END}_{own.id}"
        if to is None:
            return _END
        group = self.group_of[to]
        if to != group.rows[0]:
            raise IntoTheMiddle(nomor=row.nomor, to=to, group=group.name)
        return group.id

    def _arrow(
        self, box: etree._Element, flow_id: str, source: str, target: str, *, usulan: bool = False
    ) -> etree._Element:
        flow = _child(box, "sequenceFlow", id=flow_id, sourceRef=source, targetRef=target)
        if usulan:
            flow.set(tag(SOP, "usulan"), "true")
        _list_arrow(self.nodes[source], "outgoing", flow_id)
        _list_arrow(self.nodes[target], "incoming", flow_id)
        return flow

    def _draw_lanes(self, lanes: etree._Element) -> None:
        for lane in self.table.lanes:
            drawn = _child(lanes, "lane", id=lane.id, name=lane.name)
            drawn.set(tag(SOP, "jabatan"), lane.jabatan)
        if lane.per_anggota:
            drawn.set(tag(SOP, "perAnggota"), "true")
            for reference in self.refs[lane.id]:
                _child(drawn, "flowNodeRef").text = reference


def _check(table: Table) -> None:
    if not table.rows:
        raise NoRows
    rows = {row.id: row for row in table.rows}
    numbers = {row.nomor for row in table.rows}
    lanes = {lane.id for lane in table.lanes}
    for row in table.rows:
        if rows[row.id] is not row:
            raise SameNumber(nomor=row.nomor)
        if row.lane not in lanes:
            raise NoSuchLane(nomor=row.nomor, lane=row.lane)
    for row in table.rows:
        for to in _ways(row):
            if to is not None and to not in numbers:
                raise NoSuchRow(nomor=row.nomor, to=to)


def _ways(row: Row) -> tuple[str | None, ...]:
    return tuple(choice.to for choice in row.choices) or (row.to,)


def _spoken(row: Row) -> dict[str, str]:
    said = {
        "nomor": row.nomor,
        "peserta": " ".join(row.peserta),
        "bukanPelaku": " ".join(row.bukan_pelaku),
        "penanggungJawab": row.penanggung_jawab,
        "eskalasiKe": " ".join(row.eskalasi_ke),
        "keterangan": row.keterangan,
        "usulan": "true" if row.usulan else None,
    }
    return {name: value for name, value in said.items() if value}


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", text)


def _bpmn(kind: str, **attributes: str) -> etree._Element:
    return etree.Element(tag(BPMN, kind), {k: v for k, v in attributes.items() if v})


def _child(parent: etree._Element, kind: str, **attributes: str) -> etree._Element:
    node = _bpmn(kind, **attributes)
    parent.append(node)
    return node


def _formal(parent: etree._Element, kind: str, text: str) -> None:
    expression = _child(parent, kind)
    expression.set(tag(XSI, "type"), "bpmn:tFormalExpression")
    expression.text = text


def _extend(node: etree._Element, *parts: object) -> None:
    holder = _bpmn("extensionElements")
    holder.extend(vocabulary.element(part) for part in parts if part != Header())
    if len(holder):
        node.insert(0, holder)


def _list_arrow(node: etree._Element, way: str, flow_id: str) -> None:
    """Incoming before outgoing, both behind the extensions and before all else: the schema."""
    before = {tag(BPMN, "extensionElements"), tag(BPMN, "incoming")}
    if way == "outgoing":
        before.add(tag(BPMN, "outgoing"))
    at = sum(1 for child in node if child.tag in before)
    listed = _bpmn(way)
    listed.text = flow_id
    node.insert(at, listed)
