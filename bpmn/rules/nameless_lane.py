"""A lane without a name says nothing about who does its steps."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram
from bpmn.errors import N_
from bpmn.findings import Finding, error
from bpmn.lanes import slug

RULE: Final = error("nameless-lane")


def check(diagram: Diagram) -> Iterator[Finding]:
    for lane in diagram.lanes:
        # A frame around other lanes may stay nameless as long as it holds nothing itself.
        if not slug(lane.name) and (lane.held or not lane.frames):
            yield RULE.at(lane, N_("%(It)s belum bernama. Tulis nama jabatan pelaksananya."))
