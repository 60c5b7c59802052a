"""A form that cannot be shown or kept: whoever holds the step would find it, not the designer."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from bpmn import forms
from bpmn.diagram import STEP, Diagram, Element
from bpmn.errors import N_
from bpmn.findings import Finding, error
from bpmn.forms import Formulir, Isian
from bpmn.vocabulary import extensions

RULE: Final = error("bad-form")


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.nodes:
        drawn = extensions(node.xml, Formulir)
        if len(drawn) > 1:
            yield RULE.at(node, N_("%(It)s mempunyai lebih dari satu formulir. Satukan isiannya."))
        for form in drawn:
            yield from _fields(node, form.isian, forms.KINDS)
            yield from _beginnings(diagram, node, form)


def _fields(node: Element, fields: tuple[Isian, ...], kinds: frozenset[str]) -> Iterator[Finding]:
    yield from _counts(node, fields)
    for field in fields:
        yield from _names(node, field)
        yield from _kind(node, field, kinds)
        yield from _choices(node, field)
        yield from _bounds(node, field)
        if field.jenis == forms.TABEL:
            yield from _columns(node, field)


def _columns(node: Element, table: Isian) -> Iterator[Finding]:
    if table.kolom:
        yield from _fields(node, table.kolom, forms.IN_A_CELL)
    else:
        yield RULE.at(
            node,
            N_("Tabel “%(field)s” pada %(it)s belum mempunyai kolom. Tambahkan kolomnya."),
            field=table.text,
        )


def _counts(node: Element, fields: tuple[Isian, ...]) -> Iterator[Finding]:
    if not 0 < len(fields) <= forms.MOST_FIELDS:
        yield RULE.at(
            node,
            N_("Formulir pada %(it)s harus memuat 1 sampai %(most)s isian. Sesuaikan jumlahnya."),
            most=forms.MOST_FIELDS,
        )
    keys = Counter(field.kunci for field in fields)
    for key, times in keys.items():
        if key and times > 1:
            yield RULE.at(
                node,
                N_("Formulir pada %(it)s memakai kunci “%(key)s” dua kali. Ganti salah satunya."),
                key=key,
            )


def _names(node: Element, field: Isian) -> Iterator[Finding]:
    if not forms.KEY.fullmatch(field.kunci):
        yield RULE.at(
            node,
            N_(
                "Kunci isian “%(key)s” pada %(it)s tidak dapat dipakai. Tulis kunci dari huruf, "
                "angka dan garis bawah, misalnya jumlah_surat."
            ),
            key=field.kunci or field.label,
        )


def _kind(node: Element, field: Isian, kinds: frozenset[str]) -> Iterator[Finding]:
    if field.jenis not in kinds:
        yield RULE.at(
            node,
            N_("Isian “%(field)s” pada %(it)s berjenis “%(kind)s”. Pilih salah satu: %(kinds)s."),
            field=field.text,
            kind=field.jenis,
            kinds=", ".join(sorted(kinds)),
        )


def _choices(node: Element, field: Isian) -> Iterator[Finding]:
    values = [choice.nilai for choice in field.pilihan]
    if field.jenis == forms.PILIHAN and (len(set(values)) < max(2, len(values)) or "" in values):
        yield RULE.at(
            node,
            N_(
                "Isian “%(field)s” pada %(it)s harus mempunyai sedikitnya dua pilihan yang "
                "nilainya terisi dan berbeda. Lengkapi pilihannya."
            ),
            field=field.text,
        )


def _bounds(node: Element, field: Isian) -> Iterator[Finding]:
    try:
        least = forms.bound(field.jenis, field.minimal)
        most = forms.bound(field.jenis, field.maksimal)
        wrong = least is not None and most is not None and least > most  # type: ignore[operator]
    except forms.BadBound:
        wrong = True
    if wrong:
        yield RULE.at(
            node,
            N_(
                "Batas isian “%(field)s” pada %(it)s tidak dapat dipakai. Tulis minimal dan "
                "maksimal sebagai angka (0.5) atau tanggal (2026-03-31), yang kecil dahulu."
            ),
            field=field.text,
        )


def _beginnings(diagram: Diagram, node: Element, form: Formulir) -> Iterator[Finding]:
    """`dari` leads to a step that asks for the same field."""
    for field in form.isian:
        step = diagram.by_id.get(field.dari)
        known = step is not None and step.kind == STEP and step is not node
        if field.dari and not (known and step is not None and _asks(step, field)):
            yield RULE.at(
                node,
                N_(
                    "Isian “%(field)s” pada %(it)s dimulai dari “%(step)s”, tetapi tidak ada "
                    "langkah lain dengan id itu yang mempunyai isian berkunci dan berjenis sama. "
                    "Pilih lagi langkahnya."
                ),
                field=field.text,
                step=field.dari,
            )


def _asks(step: Element, field: Isian) -> bool:
    asked = [each for form in extensions(step.xml, Formulir) for each in form.isian]
    return (field.kunci, field.jenis) in [(each.kunci, each.jenis) for each in asked]
