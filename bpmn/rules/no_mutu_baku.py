"""A step that names neither what it needs nor what it yields."""

from collections.abc import Iterator
from typing import Final

from bpmn.diagram import Diagram, Element
from bpmn.errors import N_
from bpmn.findings import Finding, warning

RULE: Final = warning("no-mutu-baku")


def check(diagram: Diagram) -> Iterator[Finding]:
    for step in diagram.steps:
        missing = [name for name in ("kelengkapan", "output") if not mutu_baku(step, name)]
        if missing:
            yield RULE.at(
                step,
                N_("Mutu baku %(it)s belum lengkap: isi %(missing)s di tabel langkah."),
                missing=" dan ".join(missing),
            )


def mutu_baku(step: Element, name: str) -> str:
    """What the step's `sop:mutuBaku` says of its kelengkapan or output."""
    written = step.extension("mutuBaku")
    return written.get(name, "").strip() if written is not None else ""
