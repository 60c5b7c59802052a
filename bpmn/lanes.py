"""Who does each step: the innermost lane that holds it, and the post behind the lane."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from lxml import etree

from bpmn.document import Lane
from bpmn.errors import N_, AlurError
from bpmn.xml import BPMN, SOP, tag

LANE: Final = tag(BPMN, "lane")


class TwoLanes(AlurError):
    """Two lanes claim the same element."""

    sentence = N_(
        "“%(element)s” berada di dua lajur sekaligus: “%(one)s” dan “%(other)s”. "
        "Geser unsur itu ke satu lajur saja."
    )


class NamelessLane(AlurError):
    """Nobody could know who does the steps of this lane."""

    sentence = N_("Lajur “%(lane)s” belum bernama. Tulis nama jabatan pelaksananya.")


class NoSuchLane(AlurError):
    """A step is given to a lane that is not there."""

    sentence = N_(
        "“%(element)s” diserahkan kepada lajur “%(lane)s”, yang tidak ada dalam diagram. "
        "Pilih lagi lajurnya."
    )


class Lanes:
    """The lanes of one process, nested ones included."""

    def __init__(self, process: etree._Element) -> None:
        self._drawn = list(process.iter(LANE))
        self._holder: dict[str, etree._Element] = {}
        for lane in self._drawn:
            for element_id in _held(lane):
                self._hold(element_id, lane)

    def of(self, element: etree._Element) -> Lane | None:
        """The lane an element names, or stands in with the sub-process around it."""
        # Modellers draw a sub-process in one lane; naming a lane is how a step leaves it.
        named = element.get(tag(SOP, "lajur"))
        if named:
            return self._named(element, named)
        standing: etree._Element | None = element
        while standing is not None:
            holder = self._holder.get(standing.get("id", ""))
            if holder is not None:
                return _lane(holder)
            standing = standing.getparent()
        return None

    def _named(self, element: etree._Element, lane_id: str) -> Lane:
        for lane in self._drawn:
            if lane.get("id") == lane_id:
                return _lane(lane)
        raise NoSuchLane(element=_label(element), lane=lane_id)

    def all(self) -> tuple[Lane, ...]:
        """The lanes of the SOP's table; a frame around other lanes is none of them."""
        holders = set(self._holder.values())
        return tuple(
            _lane(lane) for lane in self._drawn if lane in holders or not _frames_others(lane)
        )

    def _hold(self, element_id: str, lane: etree._Element) -> None:
        before = self._holder.setdefault(element_id, lane)
        if before is lane or _encloses(lane, before):
            return
        if not _encloses(before, lane):
            raise TwoLanes(element=element_id, one=_label(before), other=_label(lane))
        self._holder[element_id] = lane


def slug(text: str) -> str:
    """`Kasi/ Kasubbag` is `kasi-kasubbag`: how posts are written in a diagram's attributes."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _held(lane: etree._Element) -> Iterator[str]:
    # Pretty printers put white space around the id.
    for reference in lane.findall(tag(BPMN, "flowNodeRef")):
        yield (reference.text or "").strip()


def _encloses(outer: etree._Element, inner: etree._Element) -> bool:
    """Around it, or around the sub-process whose own lanes it is one of."""
    return outer in inner.iterancestors() or _container(outer) in _container(inner).iterancestors()


def _container(lane: etree._Element) -> etree._Element:
    frames = {LANE, tag(BPMN, "laneSet"), tag(BPMN, "childLaneSet")}
    return next(each for each in lane.iterancestors() if each.tag not in frames)


def _frames_others(lane: etree._Element) -> bool:
    return lane.find(f"{tag(BPMN, 'childLaneSet')}/{LANE}") is not None


def _label(lane: etree._Element) -> str:
    return lane.get("name") or lane.get("id") or "?"


def _lane(drawn: etree._Element) -> Lane:
    name = " ".join(drawn.get("name", "").split())
    jabatan = drawn.get(tag(SOP, "jabatan")) or slug(name)
    if not jabatan:
        raise NamelessLane(lane=_label(drawn))
    return Lane(
        id=drawn.get("id", ""),
        name=name or jabatan,
        jabatan=jabatan,
        per_anggota=drawn.get(tag(SOP, "perAnggota")) == "true",
    )
