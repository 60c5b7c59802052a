"""Twin of tasks/sheets.py: what is read out of a spreadsheet, and what is not let in."""

import io
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from tasks import sheets
from tasks.sheets import Line, SheetError


def workbook(*rows: list[object]) -> io.BytesIO:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(at, column, cell, day)
                else:
                    sheet.write(at, column, cell)
    written.seek(0)
    return written


def repacked(parts: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    """A workbook in which these parts stand instead, or as well."""
    written = io.BytesIO()
    with zipfile.ZipFile(workbook(["Unit"])) as old, zipfile.ZipFile(written, "w", how) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return written


SHEET = "xl/worksheets/sheet1.xml"
CORNER = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>Unit</t></is></c></row>'
    b'<row r="%d"><c r="%s%d"><v>1</v></c></row></sheetData></worksheet>'
)


def test_a_workbook_says_what_its_cells_show() -> None:
    made = workbook(
        ["Unit", "Jumlah", "Tenggat", "Lengkap"],
        [],
        [" Kasi PMD ", 12.0, datetime(2026, 3, 31), True],  # noqa: DTZ001
        ["Kasi Tapem", 1.5, date(2026, 6, 30), False],
    )
    assert sheets.of_file("daftar.xlsx", made) == [
        Line(1, ("Unit", "Jumlah", "Tenggat", "Lengkap")),
        Line(3, ("Kasi PMD", 12, "2026-03-31", "ya")),
        Line(4, ("Kasi Tapem", 1.5, "2026-06-30", "tidak")),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b'\xef\xbb\xbfUnit;Judul\r\nKasi PMD;"Data; triwulan I"\r\n',
        b'Unit,Judul\nKasi PMD,"Data; triwulan I"\n',
        b"Unit\tJudul\nKasi PMD\tData; triwulan I",
    ],
)
def test_a_csv_file_is_read_as_its_office_writes_it(content: bytes) -> None:
    lines = sheets.of_file("daftar.csv", io.BytesIO(content))
    assert lines == [Line(1, ("Unit", "Judul")), Line(2, ("Kasi PMD", "Data; triwulan I"))]
    assert sheets.of_text(content.decode("utf-8-sig")) == lines


def refused(name: str, content: io.BytesIO) -> str:
    with pytest.raises(SheetError) as error:
        sheets.of_file(name, content)
    return type(error.value).__name__


@pytest.mark.parametrize(
    ("content", "why"),
    [
        # 70 MB of blanks in 70 kB.
        (repacked({"xl/styles.xml": b" " * (70 << 20)}), "Swells"),
        (repacked({"xl/styles.xml": b"<styleSheet>" + b"<xf/>" * 50_000}), "Swells"),
        (repacked({SHEET: b"<worksheet>" + b"<a/>" * 700_000}), "Swells"),
        (repacked({"xl/styles.xml": b'<?xml version="1.0" encoding="UTF-7"?><a/>'}), "Swells"),
        (repacked({"a.xml": b"a"}, zipfile.ZIP_LZMA), "Swells"),
        (repacked({f"{n}.xml": b"" for n in range(600)}), "Swells"),
        (repacked({SHEET: b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "Swells"),
        (repacked({SHEET: CORNER % (2, b"XFD", 2)}), "TooManyColumns"),
        (repacked({SHEET: CORNER % (1_048_576, b"A", 1_048_576)}), "TooLong"),
        (repacked({SHEET: b"<worksheet"}), "Broken"),
        (io.BytesIO(workbook(["Unit"]).getvalue()[:-200]), "WrongKind"),
        (io.BytesIO(b"%PDF-1.7"), "WrongKind"),
        (io.BytesIO(b"PK\x05\x06" + bytes(18)), "WrongKind"),
        (io.BytesIO(b"x" * (5 << 20)), "TooLarge"),
        (workbook(*([f"Unit {n}"] for n in range(1_002))), "TooManyRows"),
        (workbook(["x" * 4_001]), "CellTooLong"),
    ],
)
def test_what_would_flood_or_fool_the_reader_is_refused(content: io.BytesIO, why: str) -> None:
    assert refused("daftar.xlsx", content) == why


def test_a_number_beyond_all_numbers_is_text() -> None:
    row = b"".join(b"<c><v>%s</v></c>" % each for each in (b"1e999", b"1e300", b"-9e15", b"-2e0"))
    sheet = CORNER.partition(b"<row")[0] + b"<row>%s</row></sheetData></worksheet>" % row
    [line] = sheets.of_file("daftar.xlsx", repacked({SHEET: sheet}))
    assert line.cells == ("inf", "1e+300", -9_000_000_000_000_000, -2)


def test_a_csv_file_that_is_none_is_refused() -> None:
    assert refused("daftar.csv", workbook(["Unit"])) == "WrongKind"
    assert refused("daftar.csv", io.BytesIO(b"a\0b")) == "WrongKind"
    assert refused("daftar.csv", io.BytesIO()) == "_Refused"
    assert refused("daftar.csv", io.BytesIO(b'"' + b"x" * 200_000)) == "Broken"
