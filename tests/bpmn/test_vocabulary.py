"""One vocabulary.json holds for Python and for the designer alike."""

from dataclasses import fields

import pytest
from lxml import etree

from bpmn import document, vocabulary
from bpmn.document import Bagian, Butir, Header, Kantor, Pedoman, Tanggal
from bpmn.xml import BPMN, SOP, tag


def kept(part: object) -> object:
    """Written into extension elements and read back, as a file does it."""
    drawn = etree.fromstring(f'<p xmlns="{BPMN}"><extensionElements/></p>')
    drawn[0].append(vocabulary.element(part))
    return vocabulary.extension(etree.fromstring(etree.tostring(drawn)), type(part))


@pytest.mark.parametrize(
    "part",
    [
        Header(),
        Header(nomor="1", kantor=Kantor(kode_wilayah="63.03.03"), tanggal_revisi=Tanggal()),
        Header(pedoman=Pedoman("Pedoman", (Bagian("I", (Butir("a  b", "1"), Butir("c"))),))),
        document.Temuan("G1", "tinggi", "langkah 3", 'Siapa "itu"?', "Siapa?", "Langkah_3"),
        document.Pemicu("R/P3M", usulan=True),
        document.Anggota("kasi-pmd", "Kasi PMD"),
        document.MutuBaku(kelengkapan="<surat>", waktu_teks="10 menit"),
    ],
)
def test_what_is_written_is_read_again(part: object) -> None:
    assert kept(part) == part


def test_python_names_every_field_of_the_header_and_no_other() -> None:
    declared = {each["name"] for each in vocabulary.types()["Kepala"]["properties"]}
    python = {
        "".join([first, *(each.title() for each in rest)])
        for first, *rest in (field.name.split("_") for field in fields(Header))
    }
    assert python == declared


def test_every_type_that_another_builds_on_is_declared() -> None:
    known = vocabulary.types()
    simple = {"String", "Boolean", "Element", "JenisIsian", "Tingkat"}
    for declared in known.values():
        used = {each["type"] for each in declared["properties"]} | set(
            declared.get("superClass", ())
        )
        assert used <= known.keys() | simple


def test_an_element_of_another_vocabulary_is_none_of_ours() -> None:
    assert vocabulary.kind_of(etree.Element(tag(SOP, "kepala"))) == "Kepala"
    assert vocabulary.kind_of(etree.Element(tag(SOP, "lain"))) is None
    assert vocabulary.kind_of(etree.Element("{urn:lain}kepala")) is None
