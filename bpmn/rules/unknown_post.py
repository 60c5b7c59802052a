"""A post that the office does not have: the steps of its lane would wait for nobody."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element, Lane
from bpmn.errors import N_
from bpmn.findings import Finding, error
from bpmn.lanes import slug
from bpmn.xml import BPMN, SOP, tag

RULE: Final = error("unknown-post")
_MEMBERS: Final = f"{tag(BPMN, 'extensionElements')}/{tag(SOP, 'anggota')}"


def check(diagram: Diagram) -> Iterator[Finding]:
    if diagram.posts is None:
        return
    needed = dict.fromkeys(each for step in diagram.steps for each in _posts(diagram, step))
    for place, post in needed:
        if post not in diagram.posts:
            yield RULE.at(
                place,
                N_(
                    "Jabatan “%(post)s” pada %(it)s tidak ada di kantor ini. Pilih jabatan yang "
                    "ada, atau tambahkan dahulu di pengaturan kantor."
                ),
                post=post,
            )


def _posts(diagram: Diagram, step: Element) -> Iterator[tuple[Element, str]]:
    """Where the diagram says whose step this is: the lane, or the members it is repeated for."""
    for lane in diagram.lanes_of(step):
        repeat = _repeat(diagram, step) if lane.sop("perAnggota") == "true" else None
        if repeat is None:
            yield lane, _post(lane)
        else:
            members = repeat.xml.iterfind(_MEMBERS)
            yield from ((repeat, member.get("jabatan", "")) for member in members)


def _repeat(diagram: Diagram, step: Element) -> Element | None:
    around: Element | None = step
    while around is not None and around.xml.find(_MEMBERS) is None:
        around = diagram.box(around)
    return around


def _post(lane: Lane) -> str:
    return lane.sop("jabatan") or slug(lane.name)
