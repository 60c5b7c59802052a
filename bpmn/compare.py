"""Say in words how one reading of an SOP differs from another: what was, and what will be."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

import bpmn.xml
from bpmn.document import Butir, Kantor, Lane, NotInSop, Pedoman, Sop, Step, Tanggal, Temuan
from bpmn.errors import N_
from bpmn.forms import Formulir, Isian

ADDED: Final = "added"
REMOVED: Final = "removed"
CHANGED: Final = "changed"


@dataclass(frozen=True)
class Change:
    """One field of one thing; `old` or `new` is missing where there is nothing to name."""

    field: str
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True)
class Difference:
    """A thing that differs: the header, a pelaksana, a step, a question.

    `sentence` with `facts` says which thing; `element` is its id, in the diagram that has it.
    """

    kind: str
    sentence: str
    facts: Mapping[str, str]
    element: str | None = None
    changes: tuple[Change, ...] = ()

    @property
    def heading(self) -> str:
        return self.sentence % self.facts


def is_same(one: bytes, other: bytes) -> bool:
    """Whether two files say and draw the same, however they were indented and prefixed."""
    return one == other or _canonical(one) == _canonical(other)


def _canonical(data: bytes) -> str:
    # From our own careful parser: these bytes may have been uploaded by anybody.
    text = etree.tostring(bpmn.xml.parse(data), encoding="unicode")
    return etree.canonicalize(text, strip_text=True, rewrite_prefixes=True)


def compare(old: Sop, new: Sop) -> tuple[Difference, ...]:
    """Everything that differs in what the two say; how they are drawn is not looked at."""
    pairs = _pairs(old, new)
    return tuple(
        difference
        for part in (_header, _lanes, _steps, _questions)
        for difference in part(old, new, pairs)
    )


# --- the header ------------------------------------------------------------------------------

_DATES: Final = {
    "tanggal_pembuatan": N_("Tanggal pembuatan"),
    "tanggal_revisi": N_("Tanggal revisi"),
    "tanggal_efektif": N_("Tanggal efektif"),
    "tanggal_pengesahan": N_("Tanggal pengesahan"),
}
_LISTS: Final = {
    "dasar_hukum": N_("Dasar hukum"),
    "kualifikasi_pelaksana": N_("Kualifikasi pelaksana"),
    "keterkaitan": N_("Keterkaitan"),
    "peralatan_perlengkapan": N_("Peralatan/perlengkapan"),
    "peringatan": N_("Peringatan"),
    "pencatatan_pendataan": N_("Pencatatan dan pendataan"),
    "identifikasi_resiko": N_("Identifikasi risiko"),
    "kolom_tabel": N_("Kolom tabel"),
    "tidak_ada_di_sumber": N_("Tidak ada di dokumen sumber"),
}
_KANTOR: Final = (
    "pemerintah",
    "kecamatan",
    "unit",
    "provinsi",
    "kode_wilayah",
    "zona_waktu",
    "alamat",
    "email",
)


def _header(old: Sop, new: Sop, _: "_Pairs") -> Iterator[Difference]:
    changes = tuple(_changes(_header_fields(old), _header_fields(new)))
    if changes:
        yield Difference(CHANGED, N_("Kepala SOP"), {}, None, changes)


def _header_fields(sop: Sop) -> dict[str, str | None]:
    header = sop.header
    by = header.disahkan_oleh
    signed = (by.jabatan, by.nama, by.pangkat, by.nip and f"NIP. {by.nip}")
    return {
        N_("Nama SOP"): header.nama or sop.name,
        N_("Nama proses"): sop.name,
        N_("Nomor SOP"): header.nomor,
        N_("Penjelasan"): header.penjelasan,
        N_("Kantor"): _kantor(header.kantor),
        **{label: _tanggal(getattr(header, name)) for name, label in _DATES.items()},
        N_("Disahkan oleh"): _joined(signed, ", ") or by.teks,
        **{label: _butir(getattr(header, name)) for name, label in _LISTS.items()},
        N_("Pedoman"): _pedoman(header.pedoman),
        N_("Dimulai otomatis"): sop.pemicu.siklus if sop.pemicu else None,
        N_("Aturan judul berkas"): sop.judul,
        N_("Formulir mulai"): _form(sop.start_form, lambda target: _named(sop, target)),
    }


def _kantor(kantor: Kantor) -> str | None:
    return _joined((getattr(kantor, name) for name in _KANTOR), ", ")


def _tanggal(tanggal: Tanggal | None) -> str | None:
    return (tanggal.teks or tanggal.iso) if tanggal else None


def _butir(butir: tuple[Butir, ...]) -> str | None:
    return _joined((_joined((each.nomor, each.teks), ". ") for each in butir), "\n")


def _pedoman(pedoman: Pedoman | None) -> str | None:
    if pedoman is None:
        return None
    parts = (_joined((bagian.judul, _butir(bagian.butir)), "\n") for bagian in pedoman.bagian)
    return _joined((pedoman.judul, *parts), "\n")


# --- those who do the steps ------------------------------------------------------------------


def _lanes(old: Sop, new: Sop, _: "_Pairs") -> Iterator[Difference]:
    before, after = _by_id(old.lanes), _by_id(new.lanes)
    for lane in new.lanes:
        if lane.id not in before:
            yield _lane(ADDED, N_("Pelaksana baru: %(name)s"), lane)
        elif changes := tuple(_changes(_lane_fields(before[lane.id]), _lane_fields(lane))):
            yield _lane(CHANGED, N_("Pelaksana %(name)s"), lane, changes)
    for lane in old.lanes:
        if lane.id not in after:
            yield _lane(REMOVED, N_("Pelaksana dihapus: %(name)s"), lane)


def _by_id(lanes: tuple[Lane, ...]) -> dict[str, Lane]:
    return {lane.id: lane for lane in lanes}


def _lane_fields(lane: Lane) -> dict[str, str | None]:
    return {N_("Nama pelaksana"): lane.name, N_("Jabatan"): lane.jabatan}


def _lane(kind: str, sentence: str, lane: Lane, changes: tuple[Change, ...] = ()) -> Difference:
    return Difference(kind, sentence, {"name": lane.name}, lane.id, changes)


# --- the steps -------------------------------------------------------------------------------


class _Pairs:
    """Which step of the one SOP is which step of the other."""

    def __init__(self, pairs: list[tuple[Step, Step]]) -> None:
        self.new_of = {old.id: new for old, new in pairs}
        self.old_of = {new.id: old for old, new in pairs}


def _pairs(old: Sop, new: Sop) -> _Pairs:
    """By id; drawn anew, by its text."""
    left = {step.id: step for step in old.steps}
    pairs = [(left.pop(step.id), step) for step in new.steps if step.id in left]
    same_text = {step.kegiatan: step for step in left.values()}
    known = {step.id for _, step in pairs}
    for step in new.steps:
        if step.id not in known and step.kegiatan in same_text:
            pairs.append((same_text.pop(step.kegiatan), step))
    return _Pairs(pairs)


def _steps(old: Sop, new: Sop, pairs: _Pairs) -> Iterator[Difference]:
    for step in new.steps:
        before = pairs.old_of.get(step.id)
        if before is None:
            fields = _step_fields(step, lambda target: _named(new, target))
            changes = tuple(_changes({}, fields))
            yield _step(ADDED, N_("Langkah baru: %(step)s"), step, changes)
        elif changes := tuple(_changed(old, new, before, step, pairs)):
            yield _step(CHANGED, N_("Langkah %(step)s"), step, changes)
    for step in old.steps:
        if step.id not in pairs.new_of:
            yield _step(REMOVED, N_("Langkah dihapus: %(step)s"), step)


def _step(kind: str, sentence: str, step: Step, changes: tuple[Change, ...] = ()) -> Difference:
    element = None if kind == REMOVED else step.id
    return Difference(kind, sentence, {"step": _called(step)}, element, changes)


def _called(step: Step) -> str:
    return f"{step.nomor}. {step.name}" if step.nomor else step.name


def _named(sop: Sop, target: str | None) -> str | None:
    return _called(sop.step(target)) if target else None


def _changed(old: Sop, new: Sop, before: Step, after: Step, pairs: _Pairs) -> Iterator[Change]:
    def told(target: str | None) -> str | None:
        """A target that only got another number or name is still the same target."""
        there = pairs.new_of.get(target or "")
        return _called(there) if there else _named(old, target)

    return _changes(
        _step_fields(before, told),
        _step_fields(after, lambda target: _named(new, target)),
    )


def _step_fields(step: Step, named: Callable[[str | None], str | None]) -> dict[str, str | None]:
    mutu = step.mutu_baku
    fields = {
        N_("Nomor"): step.nomor,
        N_("Nama pendek"): step.name,
        N_("Kegiatan"): step.kegiatan,
        N_("Pelaksana"): step.lane.name if step.lane else None,
        N_("Kelengkapan"): mutu.kelengkapan,
        N_("Kelengkapan wajib"): N_("ya") if mutu.wajib_lengkap else None,
        N_("Waktu"): mutu.waktu.words if mutu.waktu else None,
        N_("Waktu menurut sumber"): mutu.waktu_teks,
        N_("Output"): mutu.output,
        N_("Formulir"): _form(step.form, named),
        N_("Dasar usulan"): mutu.dasar_usulan,
        N_("Penanggung jawab"): step.penanggung_jawab,
        N_("Keterangan"): step.keterangan,
        N_("Ikut serta"): _joined(step.peserta, ", "),
        N_("Tidak boleh dikerjakan oleh pelaku"): _joined(map(named, step.bukan_pelaku), ", "),
        N_("Diulang untuk"): _anggota(step),
        N_("Usulan"): N_("ya") if step.usulan else None,
    }
    if step.decision is None:
        return fields | {N_("Dilanjutkan ke"): _joined(map(named, step.next), "; ")}
    fields[N_("Pertanyaan keputusan")] = step.decision.question or None
    answers = (
        f"{way.label} → {named(way.target) or N_('selesai')}" for way in step.decision.outcomes
    )
    return fields | {N_("Jawaban keputusan"): _joined(answers, "\n")}


def _anggota(step: Step) -> str | None:
    members = step.repeat.anggota if step.repeat else ()
    return _joined((each.nama or each.jabatan for each in members), "; ")


# --- forms -----------------------------------------------------------------------------------


_Named = Callable[[str | None], str | None]


def _form(form: Formulir | None, named: _Named) -> str | None:
    return _joined((_isian(field, named) for field in form.isian), "\n") if form else None


def _isian(field: Isian, named: _Named) -> str:
    """All that it asks and takes, in a line."""
    said = (
        field.jenis,
        N_("wajib") if field.wajib else None,
        field.minimal and f"≥ {field.minimal}",
        field.maksimal and f"≤ {field.maksimal}",
        field.dari and f"← {_source(field, named)}",
        field.petunjuk,
        _joined((f"{one.nilai} = {one.text}" for one in field.pilihan), "; "),
        _joined((f"({_isian(column, named)})" for column in field.kolom), " "),
    )
    return f"{field.text} [{field.kunci}]: {_joined(said, ', ')}"


def _source(field: Isian, named: _Named) -> str | None:
    """The step it begins with; a rule says so where there is none."""
    try:
        return named(field.dari)
    except NotInSop:
        return field.dari


# --- open questions --------------------------------------------------------------------------


def _questions(old: Sop, new: Sop, _: _Pairs) -> Iterator[Difference]:
    before = {each.id: each for each in old.temuan}
    after = {each.id: each for each in new.temuan}
    for question in new.temuan:
        was = before.get(question.id)
        facts = {"question": question.tanya}
        if was is None:
            yield Difference(ADDED, N_("Pertanyaan baru: %(question)s"), facts)
        elif changes := tuple(_changes(_question_fields(was), _question_fields(question))):
            yield Difference(CHANGED, N_("Pertanyaan: %(question)s"), facts, None, changes)
    for question in old.temuan:
        if question.id not in after:
            facts = {"question": question.tanya}
            yield Difference(REMOVED, N_("Pertanyaan terjawab: %(question)s"), facts)


def _question_fields(question: Temuan) -> dict[str, str | None]:
    labels = {
        "tingkat": N_("Tingkat"),
        "di": N_("Letak"),
        "temuan": N_("Temuan"),
        "tanya": N_("Pertanyaan"),
    }
    return {label: getattr(question, name) or None for name, label in labels.items()}


# --- what they share -------------------------------------------------------------------------


def _changes(old: Mapping[str, str | None], new: Mapping[str, str | None]) -> Iterator[Change]:
    for field in dict.fromkeys((*old, *new)):
        was, will = old.get(field), new.get(field)
        if was != will:
            yield Change(field, was, will)


def _joined(parts: Iterable[str | None], glue: str) -> str | None:
    return glue.join(part for part in parts if part) or None
