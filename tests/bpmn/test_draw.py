"""A table of steps becomes a diagram that says the same."""

from dataclasses import replace

import pytest

from bpmn.document import Anggota, Butir, Header, Lane, Tanggal, Temuan
from bpmn.draw import (
    BadTable,
    Choice,
    Group,
    IntoTheMiddle,
    NoRows,
    NoSuchLane,
    NoSuchRow,
    NotOneWayOut,
    Row,
    SameNumber,
    Table,
    draw,
)
from bpmn.durations import BadDuration
from bpmn.reader import read
from bpmn.xml import BPMN, parse, tag

STAF = Lane("Lajur_staf", "Staf", "pelaksana")
CAMAT = Lane("Lajur_camat", "Camat", "camat")

LETTER = Table(
    id="surat-keluar",
    name="Surat Keluar",
    lanes=(STAF, CAMAT),
    rows=(
        Row("1", "Menyusun konsep", STAF.id, to="2", waktu="PT60M", waktu_teks="60 Menit"),
        Row(
            "2",
            "Memeriksa konsep",
            CAMAT.id,
            kegiatan="Memeriksa konsep & memaraf.  Jika tidak, dikembalikan",
            kelengkapan='Konsep "surat"',
            output="Surat < 2 halaman",
            waktu="P1D",
            question="Setuju?",
            choices=(
                Choice("setuju", "Setuju", "3"),
                Choice("tidak", "Tidak setuju", "1", usulan=True),
            ),
            peserta=("camat", "sekretaris-camat"),
            bukan_pelaku=("Langkah_1",),
            penanggung_jawab="Camat, Sekcam",
            keterangan="Dua rangkap",
        ),
        Row("3", "Mengirim surat", STAF.id),
    ),
    header=Header(
        nomor="01/2026",
        tanggal_revisi=Tanggal(catatan="kosong"),
        dasar_hukum=(Butir("UU 25/2009", "1"), Butir("Perda", None)),
    ),
    temuan=(Temuan("S1", "tinggi", "langkah 2", "Siapa memaraf?", "Sekcam?", "Langkah_2"),),
)

UNITS = Table(
    id="data-unit",
    name="Data unit",
    lanes=(STAF, CAMAT),
    rows=(
        Row("1", "Mengisi", STAF.id, to="2"),
        Row(
            "2",
            "Memeriksa",
            CAMAT.id,
            choices=(Choice("setuju", "Lengkap", "3"), Choice("tidak", "Kurang", "1")),
        ),
        Row("3", "Menghimpun", CAMAT.id),
    ),
    groups=(
        Group("Setiap unit", STAF.id, ("1", "2"), (Anggota("kasi-pmd"), Anggota("lurah", "Lurah"))),
    ),
)


def with_row(number: int, **changes: object) -> Table:
    rows = list(LETTER.rows)
    rows[number - 1] = replace(rows[number - 1], **changes)  # type: ignore[arg-type]
    return replace(LETTER, rows=tuple(rows))


def test_what_is_drawn_reads_as_what_was_written() -> None:
    sop = read(draw(LETTER))
    assert (sop.id, sop.name, sop.lanes) == (LETTER.id, LETTER.name, LETTER.lanes)
    assert (sop.header, sop.temuan) == (LETTER.header, LETTER.temuan)
    for row, step in zip(LETTER.rows, sop.steps, strict=True):
        assert (step.nomor, step.name) == (row.nomor, row.name)
        assert step.kegiatan == (row.kegiatan or row.name)
        assert (step.peserta, step.bukan_pelaku) == (row.peserta, row.bukan_pelaku)
        assert (step.penanggung_jawab, step.keterangan) == (row.penanggung_jawab, row.keterangan)
        assert step.mutu_baku.kelengkapan == row.kelengkapan
        assert step.mutu_baku.output == row.output
        assert step.mutu_baku.waktu_teks == row.waktu_teks


def test_a_decision_leads_on_or_back_and_says_which_way_is_our_proposal() -> None:
    decision = read(draw(LETTER)).step("Langkah_2").decision
    assert decision and decision.gateway == "Putusan_2"
    assert [(o.value, o.label, o.target, o.back, o.usulan) for o in decision.outcomes] == [
        ("setuju", "Setuju", "Langkah_3", False, False),
        ("tidak", "Tidak setuju", "Langkah_1", True, True),
    ]


def test_the_timer_keeps_the_duration_as_the_author_wrote_it() -> None:
    root = parse(draw(LETTER))
    assert [each.text for each in root.iter(tag(BPMN, "timeDuration"))] == ["PT60M", "P1D"]


def test_a_step_without_waktu_has_no_timer() -> None:
    assert read(draw(LETTER)).step("Langkah_3").mutu_baku.timer is None


def test_ids_are_readable_and_the_same_every_time() -> None:
    root = parse(draw(LETTER))
    ids = {each.get("id") for each in root.iter(f"{{{BPMN}}}*")}
    assert {"Mulai", "Langkah_1", "Lewat_1", "Eskalasi_1", "Putusan_2", "Selesai"} <= ids
    assert draw(LETTER) == draw(LETTER)


def test_a_number_with_a_point_still_makes_a_name_for_expressions() -> None:
    only = replace(LETTER.rows[2], nomor="1.a")
    assert read(draw(replace(LETTER, rows=(only,)))).steps[0].id == "Langkah_1_a"


def test_a_group_becomes_a_box_repeated_for_each_post() -> None:
    sop = read(draw(UNITS))
    assert sop.first == "Langkah_1"
    repeat = sop.step("Langkah_2").repeat
    assert repeat and [each.jabatan for each in repeat.anggota] == ["kasi-pmd", "lurah"]
    assert sop.step("Langkah_2").lane == CAMAT
    assert set(sop.step("Langkah_2").next) == {"Langkah_1", "Langkah_3"}
    assert sop.step("Langkah_3").repeat is None


@pytest.mark.parametrize(
    ("error", "table", "named"),
    [
        (NoRows, replace(LETTER, rows=()), "belum berisi langkah"),
        (SameNumber, with_row(3, nomor="1"), "“1”"),
        (NoSuchLane, with_row(3, lane="Lajur_lurah"), "“3”.*Lajur_lurah"),
        (NoSuchRow, with_row(1, to="9"), "“1”.*“9”"),
        (
            IntoTheMiddle,
            replace(UNITS, rows=(*UNITS.rows[:2], replace(UNITS.rows[2], to="2"))),
            "2",
        ),
        (
            NotOneWayOut,
            replace(UNITS, rows=(replace(UNITS.rows[0], to=None), *UNITS.rows[1:])),
            "“Setiap unit”.*: 3, selesai",
        ),
    ],
)
def test_a_table_that_leads_astray_is_refused(
    error: type[BadTable], table: Table, named: str
) -> None:
    with pytest.raises(error, match=named):
        draw(table)


def test_a_waktu_that_is_no_working_time_is_refused() -> None:
    with pytest.raises(BadDuration, match="P1M"):
        draw(with_row(1, waktu="P1M"))
