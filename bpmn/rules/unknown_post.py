"""A lane for a post that the office does not have: its steps would wait for nobody."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Lane
from bpmn.errors import N_
from bpmn.findings import Finding, error
from bpmn.lanes import slug

RULE: Final = error("unknown-post")


def check(diagram: Diagram) -> Iterator[Finding]:
    if diagram.posts is None:
        return
    for lane in diagram.lanes:
        if _holds_steps(diagram, lane) and _post(lane) not in diagram.posts:
            yield RULE.at(
                lane,
                N_(
                    "Jabatan “%(post)s” pada %(it)s tidak ada di kantor ini. Pilih jabatan yang "
                    "ada, atau tambahkan dahulu di pengaturan kantor."
                ),
                post=_post(lane),
            )


def _holds_steps(diagram: Diagram, lane: Lane) -> bool:
    return any(lane in diagram.lanes_of(step) for step in diagram.steps)


def _post(lane: Lane) -> str:
    return lane.sop("jabatan") or slug(lane.name)
