"""Twin of bpmn/forms.py: what a step asks for, as it stands in the file."""

from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from bpmn import forms, library, reader, vocabulary
from bpmn.forms import Formulir, Isian, Pilihan
from bpmn.xml import BPMN, SOP

FORM = Formulir(
    (
        Isian("perihal", "Perihal", wajib=True, petunjuk="Satu baris", maksimal="200"),
        Isian("jumlah", "Jumlah", "angka", minimal="0"),
        Isian("sifat", "Sifat", "pilihan", pilihan=(Pilihan("biasa", "Biasa"), Pilihan("segera"))),
        Isian("desa", "Desa", "tabel", kolom=(Isian("nama", "Nama"), Isian("n", "N", "angka"))),
        Isian("kinerja", "Data kinerja", "data-kinerja", dari="Langkah_2"),
        Isian("bukti", "Bukti", "berkas"),
    )
)
DRAWN = f"""<definitions xmlns="{BPMN}" xmlns:sop="{SOP}"><process id="Sop">
  <startEvent id="Mulai"/>
  <userTask id="Langkah_1" name="Mengisi">%s</userTask>
  <endEvent id="Selesai"/>
  <sequenceFlow id="F1" sourceRef="Mulai" targetRef="Langkah_1"/>
  <sequenceFlow id="F2" sourceRef="Langkah_1" targetRef="Selesai"/>
</process></definitions>"""


def form_of(extensions: str) -> Formulir | None:
    drawn = f"<extensionElements>{extensions}</extensionElements>"
    return reader.read((DRAWN % drawn).encode()).step("Langkah_1").form


def test_a_form_that_is_written_is_read_again() -> None:
    assert form_of(etree.tostring(vocabulary.element(FORM), encoding="unicode")) == FORM


def test_a_step_without_a_form_asks_for_nothing() -> None:
    assert form_of("") is None


def test_what_a_modeller_leaves_out_because_it_is_usual_means_the_usual() -> None:
    # bpmn-js writes no attribute that holds its default value.
    form = form_of('<sop:formulir><sop:isian kunci="a"/></sop:formulir>')
    assert form == Formulir((Isian("a", jenis="teks", wajib=False),))
    assert form.isian[0].text == "a"


def test_another_vocabulary_beside_the_fields_disturbs_nothing() -> None:
    form = form_of(
        '<x:properti xmlns:x="urn:x"/><sop:formulir><!-- catatan --><x:lain xmlns:x="urn:x"/>'
        '<sop:isian kunci="a" label="A" x:warna="biru" xmlns:x="urn:x"/></sop:formulir>'
    )
    assert form == Formulir((Isian("a", "A"),))


def test_a_form_with_rows_wants_the_whole_page_and_one_with_files_sends_them() -> None:
    assert FORM.is_wide
    assert FORM.takes_files
    plain = Formulir((Isian("a", "A"),))
    assert (plain.is_wide, plain.takes_files) == (False, False)
    assert [field.kunci for field in FORM.of_kind("data-kinerja")] == ["kinerja"]


@pytest.mark.parametrize(
    ("jenis", "text", "meant"),
    [
        ("angka", "", None),
        ("angka", "0.5", Decimal("0.5")),
        ("tanggal", "2026-03-31", date(2026, 3, 31)),
        ("teks", "200", 200),
        ("berkas", "5", 5),
    ],
)
def test_a_bound_is_read_by_the_kind_of_its_field(jenis: str, text: str, meant: object) -> None:
    assert forms.bound(jenis, text) == meant


@pytest.mark.parametrize(
    ("jenis", "text"),
    [("angka", "NaN"), ("angka", "Infinity"), ("angka", "1,5"), ("tanggal", "31/3"), ("teks", "x")],
)
def test_a_bound_that_is_none_is_refused(jenis: str, text: str) -> None:
    with pytest.raises(forms.BadBound):
        forms.bound(jenis, text)


def test_the_shipped_sops_ask_where_their_documents_speak_of_performance_data() -> None:
    asked = {
        (name, step.nomor): [field.jenis for field in step.form.isian]
        for name in library.names()
        for step in reader.read(library.load(name)).steps
        if step.form is not None
    }
    assert asked == {
        ("bukit-batu/pengumpulan-data-kinerja", "2"): ["data-kinerja", "berkas"],
        ("bukit-batu/pengumpulan-data-kinerja", "4"): ["teks", "berkas"],
        ("bukit-batu/pengumpulan-data-kinerja", "7"): ["berkas"],
        ("gambut/pengumpulan-dan-pengukuran-data-kinerja", "6"): ["data-kinerja", "berkas"],
        ("gambut/pengumpulan-dan-pengukuran-data-kinerja", "7"): ["data-kinerja", "berkas"],
        ("gambut/pengumpulan-dan-pengukuran-data-kinerja", "8"): ["data-kinerja", "teks"],
    }
