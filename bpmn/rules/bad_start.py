"""A start form that nobody can fill in, or whose answers would not be found again."""

from collections.abc import Iterator
from typing import Final

from bpmn import forms
from bpmn.diagram import Diagram, Element
from bpmn.document import Pemicu
from bpmn.errors import N_
from bpmn.findings import Finding, error
from bpmn.forms import Formulir, Isian
from bpmn.vocabulary import extensions

RULE: Final = error("bad-start")


def check(diagram: Diagram) -> Iterator[Finding]:
    for start in diagram.of_kind("startEvent"):
        for form in extensions(start.xml, Formulir):
            yield from _form(diagram, start, form)


def _form(diagram: Diagram, start: Element, form: Formulir) -> Iterator[Finding]:
    if start not in _of_the_sop(diagram):
        yield RULE.at(
            start,
            N_(
                "Formulir pada %(it)s tidak pernah ditampilkan, karena ada di dalam subproses. "
                "Pindahkan ke kejadian mulai SOP, atau ke sebuah langkah."
            ),
        )
        return
    if _is_timed(diagram) and any(field.wajib for field in form.isian):
        yield RULE.at(
            start,
            N_(
                "Formulir pada %(it)s mempunyai isian wajib, padahal berkas SOP ini juga dimulai "
                "oleh jadwal, dan jadwal tidak dapat mengisinya. Pindahkan isian itu ke langkah "
                "pertama."
            ),
        )
    for field in form.isian:
        yield from _field(diagram, start, field)


def _field(diagram: Diagram, start: Element, field: Isian) -> Iterator[Finding]:
    if field.jenis == forms.BERKAS:
        yield RULE.at(
            start,
            N_(
                "Isian “%(field)s” pada %(it)s meminta berkas, padahal berkas baru dapat diunggah "
                "pada sebuah langkah. Pindahkan isian itu ke langkah pertama."
            ),
            field=field.text,
        )
    if field.kunci in diagram.by_id:
        yield RULE.at(
            start,
            N_(
                "Kunci “%(key)s” pada %(it)s sama dengan id sebuah unsur, tempat jawaban unsur itu "
                "disimpan. Ganti kuncinya."
            ),
            key=field.kunci,
        )


def _is_timed(diagram: Diagram) -> bool:
    starts = _of_the_sop(diagram)
    return any("timer" in each.definitions or extensions(each.xml, Pemicu) for each in starts)


def _of_the_sop(diagram: Diagram) -> list[Element]:
    """Where a case itself starts, not a sub-process."""
    inside = [node for process in diagram.processes for node in diagram.inside(process)]
    return [node for node in inside if node.kind == "startEvent"]
