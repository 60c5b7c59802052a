"""Twin of tasks/forms: what is typed into a step's form, and what becomes of it."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bpmn.forms import Formulir, Isian, Pilihan
from engine import formdata, sops
from engine.db import EVERYWHERE
from engine.models import Case, Event, Office, Revision, Task
from engine.performance import Rules
from tasks import answers, documents, forms, inbox, lists
from tasks.forms import FormRefused, cells, indicators, paste, texts
from tasks.forms.problems import Problem
from tests.conftest import THURSDAY, Cast
from tests.fillings import KEPT, ROW
from tests.gambut import do, start

FORM = Formulir(
    (
        Isian("perihal", "Perihal", wajib=True, maksimal="20"),
        Isian("jumlah", "Jumlah", "angka", minimal="0", maksimal="1000"),
        Isian("sampai", "Sampai", "tanggal", minimal="2026-01-01", maksimal="2026-12-31"),
        Isian("sifat", "Sifat", "pilihan", pilihan=(Pilihan("biasa"), Pilihan("segera"))),
        Isian("desa", "Desa", "tabel", kolom=(Isian("nama"), Isian("n", jenis="angka"))),
        Isian("kinerja", "Kinerja", "data-kinerja"),
        Isian("bukti", "Bukti", "berkas"),
    )
)
KINERJA = Formulir((Isian("kinerja", "Kinerja", "data-kinerja"),))


def kept(sent: Any, form: Formulir = FORM, **files: Any) -> dict[str, Any]:
    return forms.check(form, sent, Rules(), files)


def said(sent: Any, form: Formulir = FORM) -> dict[tuple[Any, ...], str]:
    """What is said of each place, as a person or a program would read it."""
    with pytest.raises(FormRefused) as refused:
        kept(sent, form)
    return {place: str(why) for place, why in refused.value.wrong.items()}


def row(**cells: Any) -> dict[str, Any]:
    return {**ROW, **cells}


# --- one value -------------------------------------------------------------------------------


def test_what_is_typed_is_kept_as_json_has_it() -> None:
    sent = {
        "perihal": "  Data \r\n triwulan ",
        "jumlah": "1.000",
        "sampai": "31/3/2026",
        "sifat": "segera",
        "desa": [{"nama": "Sejangat", "n": "2,5"}, {"nama": " ", "n": ""}],
        "kinerja": [],
    }
    assert kept(sent) == {
        "perihal": "Data\n triwulan",
        "jumlah": 1000,
        "sampai": "2026-03-31",
        "sifat": "segera",
        "desa": [{"nama": "Sejangat", "n": 2.5}],
        "kinerja": [],
        "bukti": [],
    }


def test_what_was_kept_is_taken_again_unchanged() -> None:
    once = kept({"perihal": "Surat", "jumlah": "2,5", "kinerja": [ROW], "desa": [{"nama": "A"}]})
    assert kept(once) == once
    assert kept({**texts.of(FORM, once)}) == once
    assert orjson.loads(orjson.dumps(once)) == once


def test_an_empty_field_has_its_key_so_that_conditions_can_ask_for_it() -> None:
    assert kept({"perihal": "x"}) == {
        "perihal": "x",
        "jumlah": None,
        "sampai": None,
        "sifat": None,
        "desa": [],
        "kinerja": [],
        "bukti": [],
    }


@pytest.mark.parametrize(
    ("sent", "place", "sentence"),
    [
        ({}, ("perihal",), "Wajib diisi."),
        ({"perihal": "x" * 21}, ("perihal",), "Paling banyak 20 huruf; sekarang 21."),
        ({"perihal": 5}, ("perihal",), "Isinya harus berupa teks."),
        ({"jumlah": "banyak"}, ("jumlah",), "“banyak” bukan angka."),
        ({"jumlah": "1000,5"}, ("jumlah",), "Paling besar 1.000."),
        ({"jumlah": -1}, ("jumlah",), "Paling kecil 0."),
        ({"jumlah": True}, ("jumlah",), "“True” bukan angka."),
        ({"sampai": "31/2/2026"}, ("sampai",), "“31/2/2026” bukan tanggal."),
        ({"sampai": "2025-12-31"}, ("sampai",), "Paling awal 1 Januari 2026."),
        ({"sampai": "1 Jan 2027"}, ("sampai",), "Paling akhir 31 Desember 2026."),
        ({"sampai": 20260331}, ("sampai",), "“20260331” bukan tanggal."),
        ({"sifat": "rahasia"}, ("sifat",), "Pilih salah satu dari daftar."),
        ({"sifat": ["biasa"]}, ("sifat",), "Pilih salah satu dari daftar."),
        ({"desa": "Sejangat"}, ("desa",), "Isinya harus berupa baris-baris tabel."),
        ({"desa": [{"nama": "A", "n": "x"}]}, ("desa", 0, "n"), "“x” bukan angka."),
        ({"desa": [{"nama": "A", "x": 1}]}, ("desa", 0, "x"), "tidak mempunyai isian ini."),
        ({"rumus": 1}, ("rumus",), "tidak mempunyai isian ini."),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(
    sent: dict[str, Any], place: tuple[Any, ...], sentence: str
) -> None:
    found = said({"perihal": "Surat", **sent} if sent else sent)
    assert sentence in found[place]
    assert len(found) == 1


def test_all_that_is_wrong_is_said_at_once_and_from_above() -> None:
    found = said({"jumlah": "x", "desa": [{"n": "1"}, {"n": "y"}], "sampai": "z"})
    assert list(found) == [("perihal",), ("jumlah",), ("sampai",), ("desa", 1, "n")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-31", "2026-03-31"),
        ("31/3/2026", "2026-03-31"),
        ("31-03-2026", "2026-03-31"),
        ("31.3.2026", "2026-03-31"),
        (" 31 Maret 2026 ", "2026-03-31"),
        ("1 agustus 2026", "2026-08-01"),
        ("1 Agu 2026", "2026-08-01"),
        ("30/2/2026", None),
        ("31 Ma 2026", None),
        ("1 mar 2026 pagi", None),
        ("31/3/26", None),
        ("²/3/2026", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_offices_write_it(text: str, day: str | None) -> None:
    found = cells.read_day(text)
    assert (found and found.isoformat()) == day


@given(st.dates(min_value=date(1900, 1, 1)))
def test_a_day_that_is_written_is_read_as_the_same(day: date) -> None:
    assert cells.read_day(day.isoformat()) == day
    assert cells.read_day(cells.write_day(day)) == day


# --- performance data ------------------------------------------------------------------------


def test_a_row_of_performance_data_is_measured() -> None:
    assert kept({"kinerja": [ROW]}, KINERJA) == {"kinerja": [KEPT]}


def test_an_empty_sasaran_is_that_of_the_row_above_as_on_paper() -> None:
    [_, second] = kept({"kinerja": [ROW, row(sasaran="", indikator="B")]}, KINERJA)["kinerja"]
    assert second["sasaran"] == ROW["sasaran"]
    assert said({"kinerja": [row(sasaran=" ")]}, KINERJA) == {
        ("kinerja", 0, "sasaran"): "Wajib diisi."
    }


@pytest.mark.parametrize(
    "text", ["7–8", "7-8", "7 - 8", "7—8", "7 s.d. 8", "7 s/d 8", "7 sampai 8"]
)
def test_a_range_is_two_numbers_however_they_are_joined(text: str) -> None:
    sent = row(arah="rentang", target_tahunan="", target_triwulan=text, realisasi="9")
    [found] = kept({"kinerja": [sent]}, KINERJA)["kinerja"]
    assert (found["target_triwulan"], found["capaian"]) == ([7, 8], 87.5)
    assert kept({"kinerja": [found]}, KINERJA)["kinerja"] == [found]


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"target_triwulan": "7–8"}, "target_triwulan", "Dua angka hanya untuk arah Rentang."),
        ({"arah": "rentang"}, "target_triwulan", "sebagai dua angka, misalnya 7–8."),
        ({"arah": "rentang", "target_triwulan": "9–8"}, "target_triwulan", "Batas bawah 9 lebih"),
        ({"arah": "atas"}, "arah", "Pilih salah satu"),
        ({"satuan": ""}, "satuan", "Wajib diisi."),
        ({"realisasi": ""}, "realisasi", "atau tulis sebabnya di Keterangan."),
        ({"realisasi": "NaN"}, "realisasi", "“NaN” bukan angka."),
        ({"realisasi": "=SUM(A1:A9)"}, "realisasi", "“=SUM(A1:A9)” bukan angka."),
        ({"realisasi": "9" * 300}, "realisasi", "terlalu panjang: paling banyak 15 angka."),
        ({"target_triwulan": {"a": 1}}, "target_triwulan", "bukan angka."),
        ({"target_triwulan": [1, 2, 3]}, "target_triwulan", "bukan angka."),
        ({"sasaran": ["x"]}, "sasaran", "Isinya harus berupa teks."),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(
    cells: dict[str, Any], column: str, sentence: str
) -> None:
    annual = {"target_tahunan": ""}
    found = said({"kinerja": [ROW, row(**annual, **cells)]}, KINERJA)
    assert sentence in found["kinerja", 1, column]


def test_a_remark_explains_what_could_not_be_measured() -> None:
    sent = row(realisasi="", target_triwulan="", keterangan="Dinilai pada triwulan IV")
    [found] = kept({"kinerja": [sent]}, KINERJA)["kinerja"]
    assert (found["realisasi"], found["capaian"]) == (None, None)
    assert indicators.why_not(found, Rules()) == "target belum diisi"


def test_capaian_is_reckoned_and_never_believed() -> None:
    [found] = kept({"kinerja": [row(capaian=999)]}, KINERJA)["kinerja"]
    assert found["capaian"] == 103.13


def test_ten_thousand_rows_end_in_one_sentence() -> None:
    many = [{"indikator": "x", "satuan": "y"} for _ in range(10_000)]
    with pytest.raises((FormRefused, formdata.BadData)) as refused:
        kept({"kinerja": many}, KINERJA)
    assert str(refused.value).endswith(".")
    assert said({"kinerja": [{"indikator": "x"}] * 101}, KINERJA) == {
        ("kinerja",): "Ada 101 baris; paling banyak 100."
    }


def test_no_more_is_said_than_can_be_mended_at_once() -> None:
    assert len(said({"kinerja": [{"indikator": "x"}] * 100}, KINERJA)) == 60


@pytest.mark.parametrize(
    "sent",
    [
        {"__class__": "x"},
        {"kinerja": [{"__proto__": {}}]},
        {"kinerja": [{"typename": "x"}]},
        {"outcome": "setuju"},
        {"perihal": "a\x00b"},
        {"jumlah": float("nan")},
        {"jumlah": 10**400},
        {"desa": [[[[[]]]]]},
        ["perihal"],
        "perihal",
    ],
)
def test_hostile_data_ends_in_a_sentence(sent: Any) -> None:
    with pytest.raises((FormRefused, formdata.BadData)) as refused:
        kept(sent)
    assert str(refused.value).endswith(".")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*ROW, "capaian", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([field.kunci for field in FORM.isian]), JSON))
def test_whatever_is_sent_is_kept_or_refused_in_a_sentence(sent: dict[str, Any]) -> None:
    try:
        found = kept(sent)
    except (FormRefused, formdata.BadData) as refused:
        assert str(refused).endswith(".")
    else:
        assert kept(found) == found
        assert orjson.loads(orjson.dumps(found)) == found


# --- out of a spreadsheet --------------------------------------------------------------------

FIELD = KINERJA.isian[0]
CHAPTER_V = """No.\tSasaran\tIndikator Kinerja\tTarget Tahunan\tTarget TW\tRealiasi\tKeterangan
(1)\t(2)\t(3)\t(4)\t(5)\t(6)\t(7)
1\tMeningkatnya pelayanan\tIndeks kepuasan\t88\t85\t86,4\t
\t\tLayanan tepat waktu\t100 %\t95 %\t91,25 %\tJaringan terganggu
2\t"Tertib
administrasi"\tLama evaluasi\t14–20 hari\t14–20\t21\t
"""


def test_the_form_of_chapter_five_is_pasted_as_it_is() -> None:
    rows = paste.merge(FIELD, [], paste.read(FIELD, CHAPTER_V))
    assert [(each["indikator"], each["realisasi"], each["arah"]) for each in rows] == [
        ("Indeks kepuasan", "86,4", "naik"),
        ("Layanan tepat waktu", "91,25", "naik"),
        ("Lama evaluasi", "21", "rentang"),
    ]
    assert [each["satuan"] for each in rows] == ["", "%", "hari"]
    assert rows[2]["target_tahunan"] == "14–20"
    assert rows[2]["sasaran"] == "Tertib\nadministrasi"


def test_without_headings_the_number_of_columns_tells_which_form_it_is() -> None:
    bare = "\n".join(CHAPTER_V.splitlines()[2:4])
    assert [each["indikator"] for each in paste.read(FIELD, bare)] == [
        "Indeks kepuasan",
        "Layanan tepat waktu",
    ]
    whole = "\t".join(["1", *(str(ROW[column.kunci]) for column in indicators.COLUMNS)])
    assert paste.read(FIELD, whole) == [ROW]


def test_pasted_figures_go_to_the_indicator_they_belong_to() -> None:
    known = [row(realisasi="", arah="turun"), row(indikator="Lain")]
    pasted = paste.read(FIELD, "Indikator\tRealisasi\nindeks  KEPUASAN masyarakat\t90\nBaru\t1\n")
    merged = paste.merge(FIELD, known, pasted)
    assert [(each["indikator"], each["realisasi"], each["arah"]) for each in merged] == [
        ("indeks  KEPUASAN masyarakat", "90", "turun"),
        ("Lain", "82,5", "naik"),
        ("Baru", "1", "naik"),
    ]


def test_what_is_exported_can_be_pasted_back() -> None:
    head = "Unit\tNo\t" + "\t".join(column.label for column in indicators.COLUMNS)
    line = "Kasi PMD\t1\t" + "\t".join(str(ROW[column.kunci]) for column in indicators.COLUMNS)
    assert paste.read(FIELD, f"{head}\n{line}") == [ROW]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Tempel dahulu"),
        (" \n\t\t\n", "Tempel dahulu"),
        ("a\tb\tc", "Yang ditempel mempunyai 3 kolom."),
        ("x\ty\n" * 10_000, "Ada 10000 baris; paling banyak 100."),
        ("x" * 500_000, "terlalu panjang"),
    ],
)
def test_what_cannot_be_pasted_is_explained(text: str, sentence: str) -> None:
    with pytest.raises(Problem, match=sentence):
        paste.read(FIELD, text)


def test_formulas_are_pasted_as_the_text_they_are_and_then_refused_as_figures() -> None:
    text = "Indikator\tSatuan\tTarget Triwulan\tRealisasi\n=cmd|'/c calc'!A1\t%\t1\t=1+1"
    [pasted] = paste.read(FIELD, text)
    found = said({"kinerja": [{**pasted, "sasaran": "x", "arah": "naik"}]}, KINERJA)
    assert found == {
        ("kinerja", 0, "realisasi"): "“=1+1” bukan angka. Tulis misalnya 1.250,5 dengan koma "
        "untuk pecahan."
    }


@given(st.text(alphabet='a1,.\t\n" -–', max_size=200))
def test_whatever_is_pasted_ends_in_rows_or_in_a_sentence(text: str) -> None:
    try:
        rows = paste.merge(FIELD, [], paste.read(FIELD, text))
    except Problem as problem:
        assert str(problem).endswith(".")
    else:
        assert all(set(each) == set(ROW) for each in rows)


def test_a_plain_table_is_pasted_in_the_order_of_its_columns() -> None:
    desa = FORM.isian[4]
    rows = paste.read(desa, "nama\tn\nSejangat\t2\nDompas\n")
    assert rows == [{"nama": "Sejangat", "n": "2"}, {"nama": "Dompas", "n": ""}]
    assert paste.merge(desa, [{"nama": "", "n": ""}], rows) == rows
    with pytest.raises(Problem, match="3 kolom"):
        paste.read(desa, "a\tb\tc")


# --- in a case -------------------------------------------------------------------------------


@pytest.fixture
def berkas(cast: Cast) -> Cast:
    """Gambut's case has come to step 6, where Kasi gives the data."""
    start(cast)
    walk(cast)
    return cast


def walk(cast: Cast) -> None:
    do(cast, "kasubbag.gambut", "Langkah_1")
    do(cast, "staf.gambut", "Langkah_2")
    do(cast, "sekcam.gambut", "Langkah_3")
    do(cast, "camat.gambut", "Langkah_4", "setuju")
    do(cast, "staf.gambut", "Langkah_5")


def answer(cast: Cast, account: str, step: str, **data: Any) -> int:
    with cast.at_work(account) as (session, actor):
        [item] = lists.page(session, actor, "inbox", THURSDAY).items
        assert item.task.step == step
        inbox.claim(session, actor, item.task.id, THURSDAY)
        inbox.complete(session, actor, item.task.id, THURSDAY, data=data)
        return item.task.id


def begins(cast: Cast, step: str) -> answers.Beginning:
    with cast.database.reading(EVERYWHERE) as session:
        task = session.scalars(
            select(Task).where(Task.step == step).order_by(Task.id.desc()).limit(1)
        ).one()
        case = session.get_one(Case, task.case_id)
        sop = sops.meaning(session.get_one(Revision, case.revision_id))
        return answers.beginning(session, task, sop)


def test_an_answer_is_kept_with_its_task_and_sealed_in_the_history(berkas: Cast) -> None:
    task_id = answer(berkas, "kasi.gambut", "Langkah_6", kinerja=[ROW])
    with berkas.database.reading(EVERYWHERE) as session:
        task = session.get_one(Task, task_id)
        assert task.data == {"kinerja": [KEPT], "bukti": []}
        done = select(Event).where(Event.task_id == task_id, Event.kind == "completed")
        assert session.scalars(done).one().detail["data"] == answers.seal(task.data)["data"]


def test_a_refused_answer_changes_nothing(berkas: Cast) -> None:
    with pytest.raises(FormRefused, match="kinerja, baris 1, realisasi: “x” bukan angka"):
        answer(berkas, "kasi.gambut", "Langkah_6", kinerja=[row(realisasi="x")])
    with berkas.database.reading(EVERYWHERE) as session:
        task = session.scalars(select(Task).where(Task.step == "Langkah_6")).one()
        assert (task.status, task.data) == ("waiting", None)


def test_the_next_step_begins_with_what_this_one_gave(berkas: Cast) -> None:
    answer(berkas, "kasi.gambut", "Langkah_6", kinerja=[ROW])
    begun = begins(berkas, "Langkah_7")
    assert begun.typed["kinerja"] == [ROW]
    assert begun.from_step == {"kinerja": "Memenuhi permintaan data kinerja"}


def test_a_step_that_got_nothing_does_not_say_where_it_came_from(berkas: Cast) -> None:
    answer(berkas, "kasi.gambut", "Langkah_6", kinerja=[])
    assert begins(berkas, "Langkah_7") == answers.Beginning()


def test_the_next_quarter_begins_with_the_indicators_of_the_last(berkas: Cast) -> None:
    answer(berkas, "kasi.gambut", "Langkah_6", kinerja=[ROW])
    answer(berkas, "staf.gambut", "Langkah_7", kinerja=[ROW])
    assert begins(berkas, "Langkah_8").from_step
    answer(berkas, "kasubbag.gambut", "Langkah_8", kinerja=[row(realisasi="90")], analisis="Baik")
    start(berkas, "Data kinerja triwulan II")
    walk(berkas)
    begun = begins(berkas, "Langkah_6")
    [carried] = begun.typed["kinerja"]
    assert begun.from_case == {"kinerja": "Data kinerja triwulan I"}
    gone = {"target_triwulan": "", "realisasi": "", "keterangan": "", "bukti": ""}
    assert carried == {**ROW, **gone}


def test_capaian_follows_the_rules_of_the_office(berkas: Cast) -> None:
    with berkas.database.transaction(EVERYWHERE) as session:
        office = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        office.capaian = {"paling_tinggi": 100, "desimal": 0}
    task_id = answer(berkas, "kasi.gambut", "Langkah_6", kinerja=[ROW])
    with berkas.database.reading(EVERYWHERE) as session:
        data = session.get_one(Task, task_id).data
        assert data is not None
        assert data["kinerja"][0]["capaian"] == 100


def test_a_case_with_one_unit_reports_its_last_step(berkas: Cast) -> None:
    answer(berkas, "kasi.gambut", "Langkah_6", kinerja=[ROW])
    answer(
        berkas,
        "staf.gambut",
        "Langkah_7",
        kinerja=[ROW, row(indikator="Kedua", realisasi="", keterangan="belum")],
    )
    with berkas.database.reading(EVERYWHERE) as session:
        case = session.scalars(select(Case)).one()
        sop = sops.meaning(session.get_one(Revision, case.revision_id))
        report = answers.report(session, case.id, answers.of_case(session, case.id, sop))
        assert report is not None
        [whole] = report.units
        assert (report.step.id, len(whole.rows("kinerja"))) == ("Langkah_7", 2)
        assert not whole.is_open


# --- files -----------------------------------------------------------------------------------


def attach(cast: Cast, account: str, folder: Path, name: str, content: bytes) -> int:
    with cast.at_work(account) as (session, actor):
        [item] = lists.page(session, actor, "inbox", THURSDAY).items
        if item.task.status == "waiting":
            inbox.claim(session, actor, item.task.id, THURSDAY)
        task = inbox.hers(session, actor, item.task.id).task
        who = actor.person_id or 0
        file = BytesIO(content)
        return documents.attach(session, task, "bukti", name, file, folder, who, THURSDAY).id


def test_attached_files_are_the_answer_and_nothing_that_is_merely_claimed(
    berkas: Cast, tmp_path: Path
) -> None:
    document = attach(berkas, "kasi.gambut", tmp_path, "../../surat.pdf", b"%PDF-1.7 x")
    with berkas.at_work("kasi.gambut") as (session, actor):
        [item] = lists.page(session, actor, "inbox", THURSDAY).items
        claimed = {"bukti": [{"dokumen": 999, "nama": "palsu.pdf"}]}
        inbox.complete(session, actor, item.task.id, THURSDAY, data=claimed)
    with berkas.database.reading(EVERYWHERE) as session:
        task = session.scalars(select(Task).where(Task.step == "Langkah_6")).one()
        assert task.data is not None
        [file] = task.data["bukti"]
        assert (file["dokumen"], file["nama"], file["ukuran"]) == (document, "surat.pdf", 10)


def test_only_whoever_may_see_the_office_finds_its_documents(berkas: Cast, tmp_path: Path) -> None:
    document = attach(berkas, "kasi.gambut", tmp_path, "surat.pdf", b"%PDF-1.7 x")
    office, others = ("camat.gambut", "staf.gambut", "pengawas.banjar"), ("camat.sumbang",)
    strangers = (*others, "perancang.gambut", "pengawas.banyumas")
    for account in (*office, *strangers):  # while it may still be taken away again
        with pytest.raises(documents.NoSuchDocument):
            with berkas.at_work(account) as (session, actor):
                documents.find(session, actor, document)
    with berkas.at_work("kasi.gambut") as (session, actor):
        assert documents.find(session, actor, document).name == "surat.pdf"
        [item] = lists.page(session, actor, "inbox", THURSDAY).items
        inbox.complete(session, actor, item.task.id, THURSDAY, data={"kinerja": [ROW]})
    for account in office:
        with berkas.at_work(account) as (session, actor):
            assert documents.find(session, actor, document).name == "surat.pdf"
    for account in strangers:
        with pytest.raises(documents.NoSuchDocument):
            with berkas.at_work(account) as (session, actor):
                documents.find(session, actor, document)


def test_a_file_of_another_step_cannot_be_taken_away(berkas: Cast, tmp_path: Path) -> None:
    document = attach(berkas, "kasi.gambut", tmp_path, "surat.pdf", b"%PDF-1.7 x")
    answer_now = {"kinerja": [ROW]}
    with berkas.at_work("kasi.gambut") as (session, actor):
        [item] = lists.page(session, actor, "inbox", THURSDAY).items
        inbox.complete(session, actor, item.task.id, THURSDAY, data=answer_now)
    with pytest.raises(documents.NoSuchDocument):
        with berkas.at_work("staf.gambut") as (session, actor):
            [item] = lists.page(session, actor, "inbox", THURSDAY).items
            inbox.claim(session, actor, item.task.id, THURSDAY)
            documents.detach(session, inbox.hers(session, actor, item.task.id).task, document)


def test_a_field_takes_no_more_files_than_it_can_hold(berkas: Cast, tmp_path: Path) -> None:
    for number in range(20):
        attach(berkas, "kasi.gambut", tmp_path, f"{number}.txt", b"isi")
    with pytest.raises(documents.TooMany, match="sudah memuat 20 berkas"):
        attach(berkas, "kasi.gambut", tmp_path, "lagi.txt", b"isi")
