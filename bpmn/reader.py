"""Turn a diagram into the SOP it draws, or say in one sentence why that cannot be done."""

import re
from dataclasses import replace

from lxml import etree

from bpmn import calls
from bpmn.arrows import STEP, Arrows
from bpmn.document import (
    Anggota,
    Bagian,
    Butir,
    Decision,
    DisahkanOleh,
    Header,
    Kantor,
    Lane,
    MutuBaku,
    Outcome,
    Pedoman,
    Pemicu,
    Repeat,
    Sop,
    Step,
    Tanggal,
    Temuan,
)
from bpmn.errors import N_, AlurError
from bpmn.expressions import unquoted
from bpmn.forms import Formulir, Isian, Pilihan
from bpmn.lanes import Lanes
from bpmn.steps import read_step
from bpmn.vocabulary import extension, extensions
from bpmn.xml import BPMN, SOP, tag

__all__ = [
    "Anggota",
    "Bagian",
    "Butir",
    "Decision",
    "DisahkanOleh",
    "Formulir",
    "Header",
    "Isian",
    "Kantor",
    "Lane",
    "MutuBaku",
    "Outcome",
    "Pedoman",
    "Pemicu",
    "Pilihan",
    "Repeat",
    "Sop",
    "Step",
    "Tanggal",
    "Temuan",
    "read",
]


class NoProcess(AlurError):
    """A drawing without anything to do."""

    sentence = N_("Diagram ini tidak memuat proses. Gambar langkah-langkah SOP, lalu simpan lagi.")


class SeveralProcesses(AlurError):
    """Alur cannot know which of them is the SOP."""

    sentence = N_(
        "Diagram ini memuat lebih dari satu proses: %(processes)s. "
        "Simpan setiap SOP sebagai berkas tersendiri."
    )


class SameId(AlurError):
    """Two elements answer to one id, so whoever points at it is misled."""

    sentence = N_(
        "Id “%(element)s” dipakai dua kali. "
        "Hapus salah satu unsur itu dan gambar ulang, atau ubah idnya."
    )


class NotAStep(AlurError):
    """`bukanPelaku` points at something that nobody does."""

    sentence = N_(
        "Langkah “%(step)s” melarang pelaku “%(other)s”, tetapi tidak ada langkah dengan id itu. "
        "Pilih lagi langkah yang dimaksud."
    )


def read(data: bytes) -> Sop:
    """The SOP a diagram draws; extension elements add to it but are not needed."""
    root = calls.read(data)
    process = _process(root)
    _refuse_same_ids(process)
    arrows = Arrows(process)
    lanes = Lanes(process)
    header = extension(process, Header) or Header()
    steps = [read_step(drawn, arrows, lanes) for drawn in process.iter(STEP)]
    _refuse_unknown_steps(steps)
    distance = arrows.reached_from(arrows.first_steps())
    ordered = sorted(steps, key=lambda step: _order(step, distance))
    return Sop(
        id=process.get("id", ""),
        name=_name(root, process, header),
        header=header,
        lanes=lanes.all(),
        steps=tuple(_with_ways_back(step, ordered, arrows) for step in ordered),
        temuan=extensions(process, Temuan),
        pemicu=_pemicu(process),
        first=next((step.id for step in ordered if step.id in arrows.first_steps()), None),
        judul=" ".join(process.get(tag(SOP, "judul"), "").split()) or None,
        start_form=_start_form(process),
    )


def _process(root: etree._Element) -> etree._Element:
    processes = root.findall(tag(BPMN, "process"))
    if len(processes) > 1 and any(map(calls.is_drawn, processes)):
        names = ", ".join(f"“{each.get('name') or each.get('id')}”" for each in processes)
        raise SeveralProcesses(processes=names)
    if len(processes) != 1:
        raise NoProcess
    return processes[0]


def _name(root: etree._Element, process: etree._Element, header: Header) -> str:
    pools = root.iter(tag(BPMN, "participant"))
    own = [pool for pool in pools if pool.get("processRef", "").strip() == process.get("id")]
    said = [each.get("name", "") for each in (process, *own)]
    return next(filter(None, (*said, header.nama)), process.get("id", ""))


def _refuse_same_ids(process: etree._Element) -> None:
    seen = set()
    for element in process.iter(f"{{{BPMN}}}*"):
        if (element_id := element.get("id")) in seen:
            raise SameId(element=element_id)
        seen.add(element_id or element)


def _refuse_unknown_steps(steps: list[Step]) -> None:
    known = {step.id for step in steps}
    for step in steps:
        for other in step.bukan_pelaku:
            if other not in known:
                raise NotAStep(step=step.name, other=other)


def _order(step: Step, distance: dict[str, int]) -> tuple[object, ...]:
    """By number as people count (2 before 10); unnumbered ones follow as the arrows meet them."""
    parts = re.findall(r"\d+|\D+", step.nomor or "")
    natural = [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
    return (not parts, natural, distance.get(step.id, len(distance)))


def _with_ways_back(step: Step, ordered: list[Step], arrows: Arrows) -> Step:
    if step.decision is None:
        return step
    so_far = {each.id for each in ordered[: ordered.index(step) + 1]}
    outcomes = tuple(
        replace(each, back=_is_back(each, step, so_far, arrows)) for each in step.decision.outcomes
    )
    return replace(step, decision=replace(step.decision, outcomes=outcomes))


def _is_back(outcome: Outcome, step: Step, so_far: set[str], arrows: Arrows) -> bool:
    """To a step that stands no later in the table and comes round to this one again."""
    target = outcome.target
    return target in so_far and target is not None and step.id in arrows.reached_from((target,))


def _start_form(process: etree._Element) -> Formulir | None:
    starts = process.findall(tag(BPMN, "startEvent"))
    return next(filter(None, (extension(start, Formulir) for start in starts)), None)


def _pemicu(process: etree._Element) -> Pemicu | None:
    """Our own mark says how often; else a start timer does, as any modeller writes it."""
    starts = process.findall(tag(BPMN, "startEvent"))
    marked = next(filter(None, (extension(start, Pemicu) for start in starts)), None)
    return marked or next(filter(None, map(_timed, starts)), None)


def _timed(start: etree._Element) -> Pemicu | None:
    for kind in ("timeCycle", "timeDate", "timeDuration"):
        time = start.find(f"{tag(BPMN, 'timerEventDefinition')}/{tag(BPMN, kind)}")
        if time is not None and time.text:
            return Pemicu(siklus=unquoted(time.text))
    return None
