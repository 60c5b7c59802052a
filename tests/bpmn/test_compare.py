"""Twin of bpmn/compare.py: what differs between two revisions, said in words."""

from collections.abc import Callable

import pytest

from bpmn import library, reader
from bpmn.compare import Difference, compare, is_same
from tests import questionnaire

GAMBUT = library.load("gambut/pengumpulan-dan-pengukuran-data-kinerja")
OLD = reader.read(GAMBUT)

Rewrite = Callable[[str], str]


def after(*edits: tuple[str, str]) -> tuple[Difference, ...]:
    """The differences once each of these texts was replaced where it first stands."""
    text = GAMBUT.decode()
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return compare(OLD, reader.read(text.encode()))


def told(differences: tuple[Difference, ...]) -> list[tuple[str, list[tuple[str, ...]]]]:
    return [
        (each.heading, [(c.field, c.old or "", c.new or "") for c in each.changes])
        for each in differences
    ]


def test_a_revision_does_not_differ_from_itself() -> None:
    for name in library.names():
        sop = reader.read(library.load(name))
        assert compare(sop, sop) == ()


def test_a_field_of_the_header_is_named_with_what_it_was_and_will_be() -> None:
    found = after(("23 Juni 2025", "1 Juli 2025"))
    assert told(found) == [
        ("Kepala SOP", [("Tanggal pembuatan", "23 Juni 2025", "1 Juli 2025")]),
    ]


def test_a_longer_time_is_told_in_the_words_of_the_office() -> None:
    [(heading, changes)] = told(after(("PT10M", "PT4H")))
    assert heading.startswith("Langkah 1. Merumuskan")
    assert changes == [("Waktu", "10 menit", "4 jam")]


def test_a_changed_text_and_output_are_told_each_by_its_name() -> None:
    found = after(
        (">Memverifikasi surat permintaan data kinerja<", ">Memeriksa surat<"),
        ('output="Surat terdisposisi"', 'output="Disposisi"'),
    )
    assert [change for _, changes in told(found) for change in changes] == [
        ("Output", "Surat terdisposisi", "Disposisi"),
        ("Kegiatan", "Memverifikasi surat permintaan data kinerja", "Memeriksa surat"),
    ]


def test_an_answer_that_leads_elsewhere_is_a_difference_of_its_step() -> None:
    flows = [line for line in GAMBUT.decode().splitlines() if 'sourceRef="Putusan_4"' in line]
    [back] = [line for line in flows if 'targetRef="Langkah_3"' in line]
    found = after((back, back.replace("Langkah_3", "Langkah_2")))
    [(heading, [(field, old, new)])] = told(found)
    assert (heading[:10], field) == ("Langkah 4.", "Jawaban keputusan")
    assert "Tidak setuju → 3." in old
    assert "Tidak setuju → 2." in new


def test_a_step_that_got_another_id_is_known_by_its_text() -> None:
    text = GAMBUT.decode().replace("Langkah_6", "Activity_0x1")
    assert compare(OLD, reader.read(text.encode())) == ()


def test_a_renamed_role_is_told_once_and_on_its_steps() -> None:
    found = after(('name="Camat"', 'name="Camat Gambut"'))
    assert told(found)[0] == (
        "Pelaksana Camat Gambut",
        [("Nama pelaksana", "Camat", "Camat Gambut")],
    )
    assert ("Pelaksana", "Camat", "Camat Gambut") in told(found)[1][1]


def test_added_and_removed_steps_name_themselves() -> None:
    martapura = reader.read(library.load("martapura-barat/pengumpulan-data-kinerja"))
    found = compare(OLD, martapura)
    headings = [each.heading for each in found]
    removed = "Langkah dihapus: 8. Mengukur dan mengevaluasi data kinerja"
    assert removed in headings
    assert all(
        each.element is None
        for each in found
        if each.kind == "removed" and "Langkah" in each.heading
    )
    backwards = [each.heading for each in compare(martapura, OLD)]
    assert "Langkah baru: 8. Mengukur dan mengevaluasi data kinerja" in backwards


def test_a_question_that_is_gone_counts_as_answered() -> None:
    text = GAMBUT.decode()
    start = text.index("<sop:temuan")
    end = text.index("</sop:temuan>", start) + len("</sop:temuan>")
    [difference] = compare(OLD, reader.read((text[:start] + text[end:]).encode()))
    assert difference.heading.startswith("Pertanyaan terjawab: Siapa yang memverifikasi")


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda text: text.replace("\n", "\n  "),
        lambda text: (
            text.replace("<bpmn:", "<bpmn2:")
            .replace("</bpmn:", "</bpmn2:")
            .replace("xmlns:bpmn=", "xmlns:bpmn2=")
        ),
        lambda text: text.replace('encoding="UTF-8"', "encoding='utf-8'"),
    ],
)
def test_indents_and_prefixes_make_no_other_file(rewrite: Rewrite) -> None:
    assert is_same(GAMBUT, rewrite(GAMBUT.decode()).encode())


def test_a_moved_shape_is_another_file_that_says_the_same() -> None:
    moved = GAMBUT.decode().replace('<dc:Bounds x="', '<dc:Bounds x="1', 1).encode()
    assert moved != GAMBUT
    assert not is_same(GAMBUT, moved)
    assert compare(OLD, reader.read(moved)) == ()


def test_a_form_and_the_rule_for_titles_are_told_field_by_field() -> None:
    new = reader.read(questionnaire.drawn())
    changes = {change.field: change.new for each in compare(OLD, new) for change in each.changes}
    assert changes["Aturan judul berkas"] == questionnaire.RULE
    assert (changes["Formulir mulai"] or "").splitlines() == [
        "Unit [unit]: teks, wajib, ≤ 80",
        "Triwulan [triwulan]: pilihan, wajib, 1 = I; 2 = II",
        "Tenggat dari kabupaten [tenggat]: tanggal, ≥ 2026-01-01",
        "Jumlah indikator [jumlah]: angka, ≥ 1, ≤ 500",
    ]


def test_a_field_that_begins_with_no_step_is_told_all_the_same() -> None:
    found = after(('dari="Langkah_', 'dari="Hilang_'))
    assert any("← Hilang_" in (change.new or "") for each in found for change in each.changes)
