"""Files are kept once and whole, and only where name and content agree on what they are."""

import errno
import io
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import filetypes, vault

MB = 1 << 20
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR"
JPG = b"\xff\xd8\xff\xe0\0\x10JFIF\0"
PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"
WEBP = b"RIFF\x24\0\0\0WEBPVP8 "


def archive(**entries: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name, text in entries.items():
            file.writestr(name, text)
    return written.getvalue()


def word(**more: str) -> bytes:
    return archive(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>", **more})


EXCEL = archive(**{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<x/>"})
SLIDES = archive(**{"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>"})
ODT = archive(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": "<o/>"})
ODS = archive(mimetype="application/vnd.oasis.opendocument.spreadsheet")


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


# --- keeping ---------------------------------------------------------------------------------


def test_the_same_content_is_kept_once_whatever_it_is_called(tmp_path: Path) -> None:
    one, two = (vault.keep(tmp_path, io.BytesIO(PDF), MB) for _ in range(2))
    assert one == two
    assert files(tmp_path) == [one.sha256]
    assert vault.find(tmp_path, one.sha256).read_bytes() == PDF


def test_a_file_that_is_too_large_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(vault.TooBig, match="lebih besar dari 1 MB"):
        vault.keep(tmp_path, io.BytesIO(bytes(MB + 1)), MB)
    assert files(tmp_path) == []


@pytest.mark.parametrize("moment", ["write", "fsync", "replace"])
def test_a_full_disk_is_said_and_leaves_nothing_half_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    places: dict[str, Callable[[], None]] = {
        "write": lambda: monkeypatch.setattr(vault, "_copy", full),
        "fsync": lambda: monkeypatch.setattr(os, "fsync", full),
        "replace": lambda: monkeypatch.setattr(Path, "replace", full),
    }
    places[moment]()
    with pytest.raises(vault.VaultFull, match="Penyimpanan server penuh"):
        vault.keep(tmp_path, io.BytesIO(PDF), MB)
    assert files(tmp_path) == []


def test_the_last_of_a_disk_is_left_to_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nearly_full = type("Disk", (), {"free": vault.LEAST_FREE - 1})
    monkeypatch.setattr(vault.shutil, "disk_usage", lambda _: nearly_full)
    with pytest.raises(vault.VaultFull):
        vault.keep(tmp_path, io.BytesIO(PDF), MB)
    assert files(tmp_path) == []


def test_what_lies_no_longer_in_the_vault_is_said_to_be_lost(tmp_path: Path) -> None:
    with pytest.raises(vault.Lost, match="tidak ditemukan"):
        vault.find(tmp_path, "ab" * 32)


# --- knowing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("surat.pdf", PDF, "pdf"),
        ("FOTO.JPG", JPG, "jpg"),
        ("foto.jpeg", JPG, "jpg"),
        ("foto.png", PNG, "png"),
        ("foto.webp", WEBP, "webp"),
        ("laporan.docx", word(), "docx"),
        ("data.xlsx", EXCEL, "xlsx"),
        ("paparan.pptx", SLIDES, "pptx"),
        ("laporan.odt", ODT, "odt"),
        ("data.ods", ODS, "ods"),
        ("data.csv", "\ufeffsasaran;realisasi\r\nA;1\r\n".encode(), "csv"),
        ("catatan.txt", "Rp 5 \u2013 caf\xe9".encode("cp1252"), "txt"),
        ("catatan.txt", "Pukul 08.00 — “rapat”".encode(), "txt"),
    ],
)
def test_a_file_is_what_both_its_name_and_its_content_say(
    name: str, content: bytes, kind: str
) -> None:
    stream = io.BytesIO(content)
    assert filetypes.recognise(name, stream) == kind
    assert stream.tell() == 0


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("program.exe", b"MZ", "tidak diterima. Yang diterima: pdf, jpg"),
        ("surat", PDF, "tidak diterima"),
        ("halaman.html", b"<html>", "tidak diterima"),
        ("gambar.svg", b"<svg/>", "tidak diterima"),
        ("surat.pdf.exe", PDF, "tidak diterima"),
        ("surat.pdf", b"", "kosong"),
        ("surat.pdf", b"MZ\x90\0", "bernama .pdf, tetapi isinya bukan pdf"),
        ("surat.pdf", b"\n" + PDF, "isinya bukan pdf"),
        ("foto.png", JPG, "isinya bukan png"),
        ("laporan.docx", EXCEL, "isinya bukan docx"),
        ("laporan.docx", word()[:-30], "isinya bukan docx"),
        ("laporan.docx", b"PK\x03\x04" + bytes(200), "isinya bukan docx"),
        ("laporan.docx", archive(**{"word/document.xml": "x"}), "isinya bukan docx"),
        ("catatan.txt", PDF, "isinya bukan txt"),
        ("catatan.txt", b"a\0b", "isinya bukan txt"),
        ("data.csv", bytes(range(256)), "isinya bukan csv"),
        ("catatan.txt", "surat".encode("utf-16"), "isinya bukan txt"),
        ("laporan.docx", word(**{"word/vbaProject.bin": "x"}), "memuat makro"),
        ("foto.jpg", JPG + b"<script>alert(1)</script>", "menyembunyikan isi lain"),
        ("foto.png", PNG + archive(a="b"), "menyembunyikan isi lain"),
        ("surat.pdf", PDF + archive(a="b"), "menyembunyikan isi lain"),
        ("foto.jpg", JPG + PDF, "menyembunyikan isi lain"),
        ("catatan.txt", b" <!DOCTYPE html><p>", "menyembunyikan isi lain"),
        ("surat.pdf", PDF + b"<html><body onload=x>", "menyembunyikan isi lain"),
    ],
)
def test_a_file_that_pretends_is_refused_in_a_sentence(name: str, content: bytes, why: str) -> None:
    with pytest.raises(filetypes.FileRefused, match=why) as refused:
        filetypes.recognise(name, io.BytesIO(content))
    assert str(refused.value).endswith(".")


def test_an_archive_that_lists_more_than_any_document_is_not_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def end(entries: int, size: int) -> bytes:
        return struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, entries, entries, size, 0, 0)

    # One says so itself, the other in the longer end that a reader believes instead.
    longer = struct.pack("<4sIQI", b"PK\x06\x07", 0, 0, 1)
    bombs = [word()[:-22] + end(9, 99 << 20), word()[:-22] + longer + end(2, 99)]

    def unpacked(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(zipfile, "ZipFile", unpacked)
    for bomb in bombs:
        with pytest.raises(filetypes.NameLies):
            filetypes.recognise("laporan.docx", io.BytesIO(bomb))


def test_a_pdf_may_carry_an_attachment() -> None:
    carrying = PDF + archive(a="b") + b"\nendstream\nendobj\n%%EOF\n"
    assert filetypes.recognise("surat.pdf", io.BytesIO(carrying)) == "pdf"


@given(st.sampled_from(sorted(filetypes.TYPES)), st.binary(max_size=300))
def test_whatever_is_in_a_file_it_is_known_or_refused(kind: str, content: bytes) -> None:
    for head in (b"", b"PK\x03\x04", PDF, PNG):
        try:
            assert filetypes.recognise(f"a.{kind}", io.BytesIO(head + content)) == kind
        except filetypes.FileRefused as refused:
            assert str(refused).endswith(".")


# --- naming ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Rekap survei IKM.pdf", "Rekap survei IKM.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\Windows\\win.ini", "win.ini"),
        ("C:\\fakepath\\surat.pdf", "surat.pdf"),
        ("/", "berkas"),
        ("", "berkas"),
        ("...", "berkas"),
        (".pdf", "pdf"),
        ("a\x00b\n\r.pdf", "ab.pdf"),
        ("gaji\u202efdp.exe", "gajifdp.exe"),
        ("surat\u200b.pdf", "surat.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("cafe\u0301.pdf", "caf\xe9.pdf"),
        ("  a   b .pdf ", "a b .pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_is_made_safe_and_stays_readable(name: str, clean: str) -> None:
    assert filetypes.clean_name(name) in {clean, clean.replace(" .", ".")}


@given(st.text(max_size=400))
def test_no_name_leads_anywhere(name: str) -> None:
    clean = filetypes.clean_name(name)
    assert 0 < len(clean) <= filetypes.LONGEST_NAME
    assert not {"/", "\\", "\0", "\n", "\r", '"'} & set(clean)
    assert not clean.startswith(".")
    assert filetypes.clean_name(clean) == clean
