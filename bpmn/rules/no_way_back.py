"""Whoever approves must be able to refuse: an approval without a decision is a signature only."""

import re
from collections.abc import Iterator
from typing import Final

from bpmn.diagram import CHOICES, Diagram, Element
from bpmn.errors import N_
from bpmn.findings import Finding, warning

RULE: Final = warning("no-way-back")
_APPROVES: Final = re.compile(
    r"menyetujui|menandatangani|memeriksa|memverifikasi|memvalidasi|mengesahkan|memaraf|mengoreksi"
    r"|menelaah|meneliti|mereviu|setujui|tandatangani|periksa|verifikasi|validasi|sahkan|paraf"
    r"|koreksi|telaah|teliti|reviu|persetujuan|penandatanganan|pemeriksaan|pengesahan"
)


def check(diagram: Diagram) -> Iterator[Finding]:
    for step in diagram.steps:
        if _APPROVES.match(_first_word(step)) and not _decides(diagram, step):
            yield RULE.at(
                step,
                N_(
                    "%(It)s menyetujui atau memeriksa, tetapi tidak ada jalan bila hasilnya tidak. "
                    "Tambahkan gerbang setuju/tidak dengan panah kembali."
                ),
            )


def _first_word(step: Element) -> str:
    return step.name.lower().lstrip("0123456789.) ")


def _decides(diagram: Diagram, step: Element) -> bool:
    return any(
        node.kind in CHOICES and len(diagram.outgoing(node)) > 1 for node in diagram.targets(step)
    )
