"""A lane for a post that the office does not have: its steps would wait for nobody."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Lane
from bpmn.errors import N_
from bpmn.findings import Finding, error
from bpmn.lanes import slug
from bpmn.xml import SOP, tag

RULE: Final = error("unknown-post")


def check(diagram: Diagram) -> Iterator[Finding]:
    if diagram.posts is None:
        return
    for lane in diagram.lanes:
        for post in _posts(diagram, lane):
            if post not in diagram.posts:
                yield RULE.at(
                    lane,
                    N_(
                        "Jabatan “%(post)s” pada %(it)s tidak ada di kantor ini. Pilih jabatan "
                        "yang ada, atau tambahkan dahulu di pengaturan kantor."
                    ),
                    post=post,
                )


def _posts(diagram: Diagram, lane: Lane) -> list[str]:
    """The posts that do the lane's steps: its own, or those of a repeat's members."""
    if not any(lane in diagram.lanes_of(step) for step in diagram.steps):
        return []
    if lane.sop("perAnggota") == "true":
        members = diagram.root.xml.iter(tag(SOP, "anggota"))
        return list(dict.fromkeys(member.get("jabatan", "") for member in members))
    return [lane.sop("jabatan") or slug(lane.name)]
