"""A title rule that names what the start form does not ask for: no case could be called by it."""

from collections.abc import Iterator
from typing import Final

from bpmn import forms, titles
from bpmn.diagram import Diagram, Element
from bpmn.errors import N_
from bpmn.findings import Finding, error
from bpmn.forms import Formulir, Isian
from bpmn.vocabulary import extensions

RULE: Final = error("bad-title")


def check(diagram: Diagram) -> Iterator[Finding]:
    for process in diagram.processes:
        rule = process.sop("judul")
        if titles.is_broken(rule):
            yield RULE.at(
                process,
                N_(
                    "Aturan judul pada %(it)s mempunyai kurung kurawal tanpa pasangan. Tulis "
                    "misalnya: Data kinerja {triwulan} {tahun}."
                ),
            )
        asked = _asked(diagram, process)
        for name in dict.fromkeys(titles.names(rule)):
            yield from _name(process, name, asked)


def _name(process: Element, name: str, asked: dict[str, Isian]) -> Iterator[Finding]:
    field = asked.get(name)
    if field is None and name not in titles.OF_THE_DAY:
        yield RULE.at(
            process,
            N_(
                "Aturan judul pada %(it)s menyebut {%(name)s}, tetapi formulir mulai tidak "
                "mempunyai isian itu. Pakai kunci isiannya, atau salah satu dari: %(known)s."
            ),
            name=name,
            known=", ".join(sorted({*asked, *titles.OF_THE_DAY})),
        )
    elif field is not None and field.jenis not in forms.IN_A_CELL:
        yield RULE.at(
            process,
            N_(
                "Aturan judul pada %(it)s menyebut “%(field)s”, yang berupa tabel atau berkas. "
                "Pakai isian teks, angka, tanggal atau pilihan."
            ),
            field=field.text,
        )
    elif field is not None and not field.wajib:
        yield RULE.at(
            process,
            N_(
                "Aturan judul pada %(it)s menyebut “%(field)s”, yang boleh kosong. Wajibkan isian "
                "itu, atau lepaskan dari judul."
            ),
            field=field.text,
        )


def _asked(diagram: Diagram, process: Element) -> dict[str, Isian]:
    """The fields of its start form."""
    starts = (node for node in diagram.inside(process) if node.kind == "startEvent")
    drawn = (form for start in starts for form in extensions(start.xml, Formulir))
    return {field.kunci: field for form in drawn for field in form.isian}
