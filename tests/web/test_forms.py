"""A step's form on its page: drawn, sent, kept, refused and read, without any script."""

import csv
import errno
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine import sops, vault
from engine.access import MACHINE
from engine.db import EVERYWHERE, Database
from engine.models import Document, Draft, Revision, Sop, Task
from engine.models import Office as Kantor
from tasks import documents
from tests.fillings import ROW
from tests.web.conftest import Office, Visitor, seen
from web import receiving

PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"
UNITS = (
    "kasi-tapem",
    "kasi-pmd",
    "kasi-trantib",
    "kasi-pelayanan",
    "kasubbag",
    "kasubbag-keuangan",
    "lurah-sungai-pakning",
)
PMD = "kasi-pmd.bukit-batu"


def typed(*rows: dict[str, Any], **more: str) -> dict[str, Any]:
    """The fields as the page has them."""
    cells = {
        f"f.kinerja.{at}.{column}": str(text)
        for at, row in enumerate(rows)
        for column, text in row.items()
    }
    return {"f": "1", **cells, **more}


def send(
    who: Visitor, path: str, fields: dict[str, str], *files: tuple[str, bytes]
) -> TestResponse:
    """As a browser does with a form that has files."""
    sent: dict[str, Any] = dict(fields)
    if files:
        sent["f.bukti"] = [(io.BytesIO(content), name) for name, content in files]
    return who.sends(path, **sent)


@pytest.fixture
def asked(office: Office) -> int:
    """Bukit Batu's case: seven units have been asked for their data."""
    case = office.starts("Data kinerja triwulan I", "sekcam.bukit-batu")
    office.completes("sekcam.bukit-batu", case)
    return case


@pytest.fixture
def task(office: Office, asked: int) -> int:
    """Kasi PMD has the form in hand."""
    return office.claims(PMD, asked)


@pytest.fixture
def officer(visitor: Callable[[str], Visitor]) -> Visitor:
    return visitor(PMD)


def stored(database: Database, task: int) -> Any:
    with database.reading(EVERYWHERE) as session:
        return session.get_one(Task, task).data


def kept_draft(database: Database) -> dict[str, str]:
    with database.reading(EVERYWHERE) as session:
        return session.scalars(select(Draft)).one().fields


# --- the form --------------------------------------------------------------------------------


def test_the_page_asks_for_what_the_diagram_declares(officer: Visitor, task: int) -> None:
    page = officer.opens(f"/tasks/{task}")
    for told in (
        "Format Pengumpulan Data Kinerja",
        "Target Triwulan",
        "Capaian (%)",
        "Bukti dukung",
    ):
        assert told in seen(page)
    assert 'enctype="multipart/form-data"' in page.text
    assert 'name="f.kinerja.0.sasaran"' in page.text
    assert "style=" not in page.text


def test_every_input_has_a_label_of_its_own(officer: Visitor, task: int) -> None:
    page = officer.opens(f"/tasks/{task}").text
    ids = re.findall(r'<(?:input|select|textarea)[^>]* id="(f\.[^"]+|paste[^"]+)"', page)
    labels = re.findall(r'<label[^>]* for="([^"]+)"', page)
    assert len(ids) == len(set(ids)) > 10
    assert set(ids) <= set(labels)


def test_others_see_no_form(visitor: Callable[[str], Visitor], task: int) -> None:
    page = visitor("camat.bukit-batu").opens(f"/tasks/{task}")
    assert "f.kinerja" not in page.text


def test_a_filled_form_completes_the_step_with_its_figures(
    officer: Visitor, task: int, database: Database
) -> None:
    answer = officer.sends(f"/tasks/{task}/completion", **typed(ROW, reason="Lengkap"))
    assert answer.status_code == 303
    [row] = stored(database, task)["kinerja"]
    assert (row["realisasi"], row["capaian"]) == (82.5, 103.13)
    with database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Draft)).all() == []


def test_what_is_wrong_is_said_above_and_beside_and_nothing_typed_is_lost(
    officer: Visitor, task: int
) -> None:
    wrong = {**ROW, "realisasi": "86.4", "satuan": ""}
    answer = officer.sends(f"/tasks/{task}/completion", **typed(ROW, wrong, reason="Mohon cek"))
    assert answer.status_code == 422
    assert 'href="#f.kinerja.1.satuan">Baris 2, Satuan: Wajib diisi.</a>' in answer.text
    assert "Baris 2, Realisasi Triwulan: “86.4” bukan angka." in seen(answer)
    assert 'aria-describedby="f.kinerja.1.realisasi-salah"' in answer.text
    assert 'id="f.kinerja.1.realisasi-salah"' in answer.text
    assert 'value="86.4"' in answer.text
    assert "Mohon cek</textarea>" in answer.text


def test_an_empty_form_says_what_it_needs(officer: Visitor, task: int) -> None:
    answer = officer.sends(f"/tasks/{task}/completion", **typed({"arah": "naik"}))
    assert answer.status_code == 422
    assert "Format Pengumpulan Data Kinerja: Isi sedikitnya 1 baris; sekarang 0." in seen(answer)
    bare = officer.sends(f"/tasks/{task}/completion")
    assert bare.status_code == 422
    assert "Isi sedikitnya 1 baris" in seen(bare)


@pytest.mark.parametrize(
    "name",
    ["f.kinerja.0.__class__", "f.kinerja.-1.sasaran", "f.kinerja.99999.sasaran", "f.__init__"],
)
def test_names_that_no_page_has_are_passed_over(
    officer: Visitor, task: int, database: Database, name: str
) -> None:
    fields = {**typed(ROW), name: "x"}
    assert officer.sends(f"/tasks/{task}/completion", **fields).status_code == 303
    assert set(stored(database, task)) == {"kinerja", "bukti"}


def test_markup_in_a_cell_is_text(officer: Visitor, task: int) -> None:
    row = {**ROW, "sasaran": "<script>alert(1)</script>", "realisasi": "x"}
    answer = officer.sends(f"/tasks/{task}/completion", **typed(row))
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


# --- rows and drafts, without a script -------------------------------------------------------


def test_rows_come_and_go_by_buttons_and_everything_typed_stays(
    officer: Visitor, task: int
) -> None:
    draft = f"/tasks/{task}/draft"
    answer = officer.sends(draft, **typed(ROW, do="add kinerja", reason="Sementara"))
    assert answer.location == f"/tasks/{task}?isi=1#f.kinerja.1.sasaran"
    page = officer.opens(answer.location).text
    assert "f.kinerja.1.sasaran" in page
    assert "Sementara</textarea>" in page
    second = {**ROW, "indikator": "Kedua"}
    officer.sends(draft, **typed(ROW, second, do="drop kinerja 0"))
    page = officer.opens(f"/tasks/{task}").text
    assert "Kedua</textarea>" in page
    assert "f.kinerja.1.sasaran" not in page
    assert "Isian Anda yang belum terkirim" in page


WISHES = (
    *("", "add", "add lain", "drop kinerja x", "drop kinerja 99", "drop kinerja -1", "paste x"),
    *("detach 999999", "detach x", "detach " + "9" * 40, "lain kinerja", "add bukti", "drop"),
)


@pytest.mark.parametrize("wish", WISHES)
def test_a_wish_that_no_button_has_harms_nothing(
    officer: Visitor, task: int, database: Database, wish: str
) -> None:
    answer = officer.sends(f"/tasks/{task}/draft", **typed(ROW, do=wish))
    assert answer.status_code in {303, 404}
    if answer.status_code == 303:
        assert kept_draft(database)["f.kinerja.0.sasaran"] == ROW["sasaran"]


def test_all_rows_can_be_taken_away(officer: Visitor, task: int, database: Database) -> None:
    officer.sends(f"/tasks/{task}/draft", **typed(ROW, do="drop kinerja 0"))
    assert kept_draft(database) == {"f": "1"}
    assert "f.kinerja.0.sasaran" in officer.opens(f"/tasks/{task}").text


def test_rows_are_pasted_from_a_spreadsheet(officer: Visitor, task: int) -> None:
    text = "Sasaran\tIndikator\tTarget Triwulan\tRealisasi\nA\tSatu\t80 %\t70 %\n\tDua\t7–8\t9\n"
    fields = {**typed(do="paste kinerja"), "paste.kinerja": text}
    page = officer.opens(officer.sends(f"/tasks/{task}/draft", **fields).location)
    assert "2 baris dimasukkan. Periksa kolom Arah" in seen(page)
    assert "Dua</textarea>" in page.text
    assert ">87,50</output>" in page.text
    assert page.text.count(">87,50</output>") == 2


def test_ten_thousand_pasted_rows_end_in_a_sentence(officer: Visitor, task: int) -> None:
    text = "Indikator\tRealisasi\n" + "Satu indikator yang panjang\t70\n" * 10_000
    fields = {**typed(ROW, do="paste kinerja"), "paste.kinerja": text}
    page = officer.opens(officer.sends(f"/tasks/{task}/draft", **fields).location)
    assert "Ada 10001 baris; paling banyak 100." in seen(page)
    assert ROW["indikator"] in page.text


def test_a_script_is_told_each_rows_capaian(officer: Visitor, task: int) -> None:
    answer = officer.sends(
        f"/tasks/{task}/draft",
        headers={"Accept": "application/json"},
        **typed(ROW, {**ROW, "realisasi": "x"}),
    )
    assert answer.json == {"capaian": {"f.kinerja.0": "103,13", "f.kinerja.1": ""}}


def test_a_stale_form_keeps_its_rows(officer: Visitor, task: int) -> None:
    answer = officer.client.post(f"/tasks/{task}/completion", data=typed(ROW))
    assert answer.status_code == 403
    assert "Indeks kepuasan masyarakat</textarea>" in officer.opens(f"/tasks/{task}").text


def test_whoever_does_not_hold_the_task_keeps_no_draft_there(
    visitor: Callable[[str], Visitor], task: int, database: Database
) -> None:
    for account in ("sekcam.bukit-batu", "kasi-trantib.bukit-batu", "camat.gambut"):
        answer = visitor(account).sends(f"/tasks/{task}/draft", **typed(ROW))
        assert answer.status_code in {403, 404}
    with database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Draft)).all() == []


# --- files -----------------------------------------------------------------------------------


def test_a_file_goes_up_with_the_form_and_comes_down_by_right(
    officer: Visitor, visitor: Callable[[str], Visitor], task: int
) -> None:
    place = send(
        officer, f"/tasks/{task}/draft", typed(ROW, do="attach"), ("Rekap survei.pdf", PDF)
    )
    page = officer.opens(place.location)
    assert '<a href="/documents/1">Rekap survei.pdf</a>' in page.text
    assert officer.sends(f"/tasks/{task}/completion", **typed(ROW)).status_code == 303
    with visitor("camat.bukit-batu").opens("/documents/1") as answer:
        assert answer.data == PDF
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        etag = answer.headers["ETag"]
    again = visitor("camat.bukit-batu").opens("/documents/1", headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert visitor("camat.gambut").opens("/documents/1").status_code == 404


def test_a_row_points_at_its_evidence_by_name(
    officer: Visitor, visitor: Callable[[str], Visitor], office: Office, asked: int, task: int
) -> None:
    row = {**ROW, "bukti": "rekap SURVEI.pdf"}
    sent = send(officer, f"/tasks/{task}/completion", typed(row), ("Rekap survei.pdf", PDF))
    assert sent.status_code == 303
    check = office.claims("sekcam.bukit-batu", asked)
    page = visitor("sekcam.bukit-batu").opens(f"/tasks/{check}")
    assert '<a href="/documents/1">rekap SURVEI.pdf</a>' in page.text


def test_a_file_that_lies_is_refused_beside_its_field(
    officer: Visitor, task: int, database: Database
) -> None:
    answer = send(officer, f"/tasks/{task}/completion", typed(ROW), ("surat.pdf", b"MZ\x90\0"))
    assert answer.status_code == 422
    assert "Bukti dukung: “surat.pdf” bernama .pdf, tetapi isinya bukan pdf" in seen(answer)
    assert stored(database, task) is None


def test_files_are_not_lost_when_the_form_they_came_with_is_refused(
    officer: Visitor, task: int
) -> None:
    wrong = {**ROW, "realisasi": "x"}
    answer = send(
        officer,
        f"/tasks/{task}/completion",
        typed(wrong),
        ("surat.pdf", PDF),
        ("../../../jahat.exe", b"MZ"),
    )
    assert answer.location == f"/tasks/{task}?periksa=1"
    page = officer.opens(answer.location)
    assert "“jahat.exe” tidak diterima." in seen(page)
    assert "Baris 1, Realisasi Triwulan: “x” bukan angka." in seen(page)
    assert ">surat.pdf</a>" in page.text


def test_a_file_is_taken_away_again(officer: Visitor, task: int, database: Database) -> None:
    send(officer, f"/tasks/{task}/draft", typed(ROW), ("surat.pdf", PDF))
    officer.sends(f"/tasks/{task}/draft", **typed(ROW, do="detach 1"))
    with database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Document)).all() == []
    assert officer.opens("/documents/1").status_code == 404


def test_the_content_lies_in_the_data_folder_once_and_under_no_name_of_its_own(
    app: Flask, officer: Visitor, task: int
) -> None:
    for name in ("a.pdf", "../../b.pdf"):
        send(officer, f"/tasks/{task}/draft", typed(ROW), (name, PDF))
    folder: Path = app.config["DOCUMENTS"]
    [path] = [path for path in folder.rglob("*") if path.is_file()]
    assert re.fullmatch(r"[0-9a-f]{64}", path.name)


def test_a_file_too_large_is_refused_in_a_sentence(
    officer: Visitor, task: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "LARGEST", 100 << 10)
    monkeypatch.setattr(receiving, "_LARGEST", 300 << 10)
    huge = PDF + bytes(200 << 10)
    answer = send(officer, f"/tasks/{task}/draft", typed(ROW), ("besar.pdf", huge))
    assert "Berkas lebih besar dari" in seen(officer.opens(answer.location))
    huge += huge
    assert send(officer, f"/tasks/{task}/draft", typed(ROW), ("x.pdf", huge)).status_code == 413


def test_a_full_disk_keeps_nothing_and_says_so(
    officer: Visitor, task: int, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(vault, "_copy", full)
    answer = send(officer, f"/tasks/{task}/completion", typed(ROW), ("surat.pdf", PDF))
    assert answer.status_code == 503
    assert "Penyimpanan server penuh" in seen(answer)
    assert stored(database, task) is None
    with database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Document)).all() == []


def test_releasing_a_task_needs_no_file(officer: Visitor, task: int) -> None:
    page = officer.opens(f"/tasks/{task}").text
    assert 'formenctype="application/x-www-form-urlencoded"' in page
    assert officer.sends(f"/tasks/{task}/release").status_code == 303


# --- read by others --------------------------------------------------------------------------


def test_the_checker_reads_the_units_data_before_deciding(
    officer: Visitor, visitor: Callable[[str], Visitor], office: Office, asked: int, task: int
) -> None:
    officer.sends(f"/tasks/{task}/completion", **typed(ROW))
    check = office.claims("sekcam.bukit-batu", asked)
    page = visitor("sekcam.bukit-batu").opens(f"/tasks/{check}")
    for told in ("Kasi Pemberdayaan Masyarakat dan Desa", "Desi Marlina", "82,5", "103,13"):
        assert told in seen(page)
    assert page.text.index("103,13") < page.text.index("Kirim keputusan")
    assert "f.kinerja" not in page.text


def test_what_comes_back_for_mending_is_there_to_be_mended(
    officer: Visitor, visitor: Callable[[str], Visitor], office: Office, asked: int, task: int
) -> None:
    officer.sends(f"/tasks/{task}/completion", **typed(ROW))
    check = office.claims("sekcam.bukit-batu", asked)
    sekcam = visitor("sekcam.bukit-batu")
    sekcam.sends(f"/tasks/{check}/completion", outcome="tidak", reason="Bukti belum ada")
    page = officer.opens(f"/tasks/{office.claims(PMD, asked)}")
    assert "Bukti belum ada" in seen(page)
    assert 'value="82,5"' in page.text
    case = seen(officer.opens(f"/cases/{asked}"))
    assert "7 unit belum mengirim data:" in case
    assert "sedang diperbaiki" in case


def test_the_case_shows_its_data_to_those_who_may_see_its_tasks(
    officer: Visitor, visitor: Callable[[str], Visitor], asked: int, task: int
) -> None:
    officer.sends(f"/tasks/{task}/completion", **typed(ROW))
    for account, sees in (
        ("camat.bukit-batu", True),
        ("pengawas.bengkalis", True),
        ("perancang.bukit-batu", False),
    ):
        page = seen(visitor(account).opens(f"/cases/{asked}"))
        assert ("103,13" in page) is sees
        assert ("6 unit belum mengirim data:" in page) is sees


# --- all units -------------------------------------------------------------------------------


@pytest.fixture
def gathered(office: Office, asked: int) -> int:
    """All units sent their data, and all were found valid; the Kasubbag has step 4 in hand."""
    for number, unit in enumerate(UNITS):
        rows = [{**ROW, "indikator": f"Indikator {number}", "sasaran": "=1+1;A"}]
        rows += [{**ROW, "realisasi": "-3,5", "keterangan": "-", "arah": "naik"}] * (number == 0)
        office.completes(f"{unit}.bukit-batu", asked, data={"kinerja": rows})
        office.completes("sekcam.bukit-batu", asked, "setuju")
    return office.claims("kasubbag.bukit-batu", asked)


def test_the_report_writer_finds_the_data_of_all_units(
    visitor: Callable[[str], Visitor], gathered: int
) -> None:
    page = seen(visitor("kasubbag.bukit-batu").opens(f"/tasks/{gathered}"))
    assert "2. Mengisi format pengumpulan data kinerja · 7 unit" in page
    assert "belum mengirim data" not in page
    for number, unit in enumerate(("Kasi Tata Pemerintahan", "Lurah Sungai Pakning")):
        assert unit in page
        assert f"Indikator {number * 6}" in page
    assert "Analisis capaian" in page


def test_the_report_writer_is_told_what_is_still_missing(
    visitor: Callable[[str], Visitor], office: Office, asked: int
) -> None:
    for number, unit in enumerate(UNITS):
        owed = {**ROW, "indikator": "Desa swadaya", "realisasi": "", "keterangan": "Menyusul"}
        rows = [ROW, owed] if number == 1 else [ROW]
        office.completes(f"{unit}.bukit-batu", asked, data={"kinerja": rows})
        office.completes("sekcam.bukit-batu", asked, "setuju")
    task = office.claims("kasubbag.bukit-batu", asked)
    page = seen(visitor("kasubbag.bukit-batu").opens(f"/tasks/{task}"))
    told = "Kasi Pemberdayaan Masyarakat dan Desa: Desa swadaya."
    assert f"1 indikator belum mempunyai realisasi: {told}" in page


def test_the_case_says_of_which_unit_a_step_is_and_counts_its_rounds_alone(
    visitor: Callable[[str], Visitor], office: Office, asked: int
) -> None:
    office.completes("kasi-tapem.bukit-batu", asked)
    office.completes("sekcam.bukit-batu", asked, "tidak", "Bukti kosong")
    page = seen(visitor("camat.bukit-batu").opens(f"/cases/{asked}"))
    assert page.count("(kali ke-2)") == 1
    assert "Mengisi format pengumpulan data kinerja: Kasi Tata Pemerintahan (kali ke-2)" in page
    assert "Memeriksa data unit (Sekretaris Kecamatan): Kasi Tata Pemerintahan" in page


def test_the_csv_opens_in_an_indonesian_spreadsheet_and_runs_nothing(
    visitor: Callable[[str], Visitor], asked: int, gathered: int
) -> None:
    answer = visitor("kasubbag.bukit-batu").opens(f"/cases/{asked}/performance.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    head, *lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    assert head[:4] == ["Unit", "No", "Sasaran", "Indikator Kinerja"]
    assert head[8:10] == ["Realisasi Triwulan", "Capaian (%)"]
    assert len(lines) == 8
    assert lines[0][2] == "'=1+1;A"
    assert lines[1][8:11] == ["-3,5", "-4,38", "'-"]
    for line in lines:
        assert not any(re.match(r"[=+@\t\r]|-(?!\d)", cell) for cell in line)


def test_the_workbook_holds_figures_as_numbers_and_formulas_as_text(
    visitor: Callable[[str], Visitor], asked: int, gathered: int
) -> None:
    answer = visitor("kasubbag.bukit-batu").opens(f"/cases/{asked}/performance.xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "<v>82.5</v>" in sheet
    assert "=1+1;A" in texts
    assert "Data kinerja triwulan I" in texts


def test_units_that_owe_their_data_stand_in_the_export(
    officer: Visitor, asked: int, task: int
) -> None:
    assert officer.opens(f"/cases/{asked}/performance.csv").status_code == 404
    officer.sends(f"/tasks/{task}/completion", **typed(ROW))
    text = officer.opens(f"/cases/{asked}/performance.csv").data.decode("utf-8-sig")
    assert text.count("belum mengirim data") == 6
    assert "Kasi Tata Pemerintahan;;belum mengirim data" in text


# --- other kinds of fields -------------------------------------------------------------------

KINDS = """<sop:formulir>
  <sop:isian kunci="perihal" label="Perihal 100%" wajib="true" maksimal="80" petunjuk="Sebaris"/>
  <sop:isian kunci="uraian" label="Uraian"/>
  <sop:isian kunci="jumlah" label="Jumlah" jenis="angka"/>
  <sop:isian kunci="sampai" label="Sampai" jenis="tanggal" minimal="2026-01-01"/>
  <sop:isian kunci="sifat" label="Sifat" jenis="pilihan">
    <sop:pilihan nilai="b" label="50% biasa"/><sop:pilihan nilai="s" label="Segera"/></sop:isian>
  <sop:isian kunci="kota" label="Kota" jenis="pilihan">
    <sop:pilihan nilai="k1"/><sop:pilihan nilai="k2"/><sop:pilihan nilai="k3"/>
    <sop:pilihan nilai="k4"/><sop:pilihan nilai="k5"/><sop:pilihan nilai="k6"/></sop:isian>
  <sop:isian kunci="desa" label="Desa" jenis="tabel">
    <sop:isian kunci="nama" label="Nama"/>
    <sop:isian kunci="n" label="Jumlah %" jenis="angka"/>
    <sop:isian kunci="t" label="Sejak" jenis="tanggal"/>
    <sop:isian kunci="s" label="Sifat" jenis="pilihan">
      <sop:pilihan nilai="b" label="100%"/><sop:pilihan nilai="s"/></sop:isian></sop:isian>
</sop:formulir>"""


@pytest.fixture
def every_kind(database: Database, office: Office) -> int:
    """Gambut's first step asks for a field of every kind."""
    with database.transaction(EVERYWHERE) as session:
        kantor = session.scalars(select(Kantor).where(Kantor.slug == "gambut")).one()
        sop = session.scalars(select(Sop).where(Sop.office_id == kantor.id)).one()
        xml = session.get_one(Revision, sop.revision_id).xml.decode()
        at = xml.index("</bpmn:extensionElements>", xml.index('id="Langkah_1"'))
        drawn = (xml[:at] + KINDS + xml[at:]).encode()
        sops.publish(session, MACHINE, kantor, sop.slug, drawn, office.clock())
    return office.claims("kasubbag.gambut", office.starts())


def test_every_kind_of_field_is_drawn_sent_and_read(
    visitor: Callable[[str], Visitor], office: Office, every_kind: int, database: Database
) -> None:
    officer = visitor("kasubbag.gambut")
    page = officer.opens(f"/tasks/{every_kind}")
    for told in ("Perihal 100%", "50% biasa", "Sebaris", "Jumlah %", "100%"):
        assert told in seen(page)
    fields: dict[str, Any] = {
        "f": "1",
        "f.perihal": "Undangan",
        "f.jumlah": "1.250,5",
        "f.sampai": "2026-03-31",
        "f.sifat": "s",
        "f.kota": "k3",
        "f.desa.0.nama": "Sejangat",
        "f.desa.0.n": "2",
        "f.desa.0.t": "1/2/2026",
        "f.desa.0.s": "b",
        "f.desa.1.s": "b",
    }
    assert officer.sends(f"/tasks/{every_kind}/completion", **fields).status_code == 303
    assert stored(database, every_kind) == {
        "perihal": "Undangan",
        "uraian": "",
        "jumlah": 1250.5,
        "sampai": "2026-03-31",
        "sifat": "s",
        "kota": "k3",
        "desa": [{"nama": "Sejangat", "n": 2, "t": "2026-02-01", "s": "b"}],
    }
    next_step = office.waiting("staf.gambut", 1)
    read = seen(visitor("staf.gambut").opens(f"/tasks/{next_step}"))
    for told in ("1.250,5", "31 Maret 2026", "Segera", "1 Februari 2026", "100%", "Undangan"):
        assert told in read


def test_every_kind_of_field_says_what_is_wrong_with_it(
    visitor: Callable[[str], Visitor], every_kind: int
) -> None:
    fields: dict[str, Any] = {
        "f": "1",
        "f.jumlah": "x",
        "f.sampai": "2025-01-01",
        "f.sifat": "?",
        "f.kota": "?",
        "f.desa.0.nama": "A",
        "f.desa.0.n": "y",
    }
    page = seen(visitor("kasubbag.gambut").sends(f"/tasks/{every_kind}/completion", **fields))
    for told in (
        "Perihal 100%: Wajib diisi.",
        "Jumlah: “x” bukan angka.",
        "Sampai: Paling awal 1 Januari 2026.",
        "Sifat: Pilih salah satu dari daftar.",
        "Kota: Pilih salah satu dari daftar.",
        "Baris 1, Jumlah %: “y” bukan angka.",
    ):
        assert told in page


def test_the_form_speaks_english_to_whoever_chose_it(officer: Visitor, task: int) -> None:
    officer.sends("/language", language="en", to="/")
    answer = officer.sends(f"/tasks/{task}/completion", **typed({**ROW, "realisasi": "x"}))
    assert "Row 1, Quarterly Actual: “x” is not a number." in seen(answer)
    assert "Achievement (%)" in seen(answer)
