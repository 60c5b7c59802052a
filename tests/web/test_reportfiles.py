"""Twin of web/reportfiles.py: what is handed over opens elsewhere, and says the same."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine import eventlog
from engine.db import EVERYWHERE, Database
from engine.models import Post, Task
from tests.conftest import WITA
from tests.web.conftest import Clock, Office, Visitor, seen

REPORT = "/reports/gambut/pengumpulan-dan-pengukuran-data-kinerja"
MARCH = "?period=days&first=2026-03-01&last=2026-03-31"
XES = "{http://www.xes-standard.org/}"
SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("xes.xsd")))


@pytest.fixture
def thursday(office: Office, clock: Clock) -> int:
    """09:00 begun, 09:05 claimed and done; then the pelaksana takes it at 09:15 and goes on."""
    case = office.starts("Data rahasia bulan Maret")
    clock.passes(minutes=5)
    office.completes("kasubbag.gambut", case)
    clock.passes(minutes=10)
    office.claims("staf.gambut", case)
    clock.passes(minutes=45)
    return case


def log(answer: Any) -> etree._Element:
    tree = etree.fromstring(answer.data)
    assert SCHEMA.validate(tree), SCHEMA.error_log
    return tree


def said(element: etree._Element) -> dict[str, str]:
    return {part.get("key", ""): part.get("value", "") for part in element if part.get("key")}


def test_the_event_log_is_one_as_the_standard_has_it(
    visitor: Callable[[str], Visitor], thursday: int
) -> None:
    answer = visitor("camat.gambut").opens(f"{REPORT}/log.xes{MARCH}")
    assert answer.mimetype == "application/xml"
    assert "2026-03-01-2026-03-31.xes" in answer.headers["Content-Disposition"]
    tree = log(answer)
    [trace] = tree.findall(f"{XES}trace")
    assert said(trace)["concept:name"] == str(thursday)
    events = [said(event) for event in trace.findall(f"{XES}event")]
    told = [(each["langkah"], each["lifecycle:transition"]) for each in events]
    assert told == [
        ("Langkah_1", "schedule"),
        ("Langkah_1", "start"),
        ("Langkah_1", "complete"),
        ("Langkah_2", "schedule"),
        ("Langkah_2", "start"),
    ]
    done = events[2]
    # 09:05 in Gambut is 01:05 in the world's time.
    assert done["time:timestamp"] == "2026-03-12T01:05:00.000+00:00"
    assert done["org:resource"] == "gambut/kasubbag-perencanaan-keuangan"
    assert done["org:role"] == "Kasubbag Perencanaan, Keuangan dan Aset"
    assert (done["menunggu_detik"], done["dikerjakan_detik"]) == ("300", "0")
    assert done["terlambat"] == "false"


@pytest.mark.usefixtures("thursday")
def test_no_person_and_no_content_leaves_with_the_log(
    visitor: Callable[[str], Visitor],
) -> None:
    text = visitor("camat.gambut").opens(f"{REPORT}/log.xes{MARCH}").text
    for private in ("Aulia", "Rahmah", "Budi", "kasubbag.gambut", "rahasia"):
        assert private not in text


@pytest.mark.usefixtures("thursday")
def test_what_people_typed_does_not_break_the_log(
    visitor: Callable[[str], Visitor], database: Database
) -> None:
    with database.transaction(EVERYWHERE) as session:
        for post in session.query(Post):
            post.name = 'Kasi "A" <b>&amp;\x0b\ufffe\U0001f600\''
        for task in session.query(Task):
            task.name = "]]><event/>"
    tree = log(visitor("camat.gambut").opens(f"{REPORT}/log.xes{MARCH}"))
    event = said(tree.findall(f"{XES}trace/{XES}event")[0])
    assert event["org:role"] == 'Kasi "A" <b>&amp;\U0001f600\''
    assert event["concept:name"] == "]]><event/>"


def test_a_log_of_nothing_is_valid_too(visitor: Callable[[str], Visitor]) -> None:
    tree = log(visitor("camat.gambut").opens(f"{REPORT}/log.xes{MARCH}"))
    assert tree.findall(f"{XES}trace") == []


@pytest.mark.usefixtures("thursday")
def test_a_log_too_large_to_wait_for_asks_for_fewer_days(
    visitor: Callable[[str], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eventlog, "MOST_CASES", 0)
    answer = visitor("camat.gambut").opens(f"{REPORT}/log.xes{MARCH}")
    assert answer.status_code == 422
    assert "Pilih kurun yang lebih pendek" in seen(answer)


def test_the_schema_finds_what_is_wrong() -> None:
    head = '<log xmlns="http://www.xes-standard.org/" xes.version="1849.2016" xes.features="">'
    wrong = (
        "<trace/><string key='a' value='b'/>",
        "<trace><event><date key='time:timestamp' value='2026-03-12T09:00:00'/></event></trace>",
        "<trace><int key='a' value='b'/></trace>",
        "<trace><string key='a' value='b'/><string key='a' value='c'/></trace>",
        "<extension name='Dua kata' prefix='x' uri='y'/>",
    )
    for inside in wrong:
        assert not SCHEMA.validate(etree.fromstring(f"{head}{inside}</log>")), inside
    assert SCHEMA.validate(etree.fromstring(f"{head}</log>"))


@pytest.mark.usefixtures("thursday")
def test_rows_for_whoever_reckons_on(visitor: Callable[[str], Visitor]) -> None:
    answer = visitor("camat.gambut").opens(f"{REPORT}/report.csv{MARCH}")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    header, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    assert header[:5] == ["Bulan", "Langkah", "Nama langkah", "Jabatan", "Selesai"]
    told = dict(zip(header, row, strict=True))
    assert told["Bulan"] == "2026-03"
    assert told["Jabatan"] == "Kasubbag Perencanaan, Keuangan dan Aset"
    assert told["Menunggu, median (jam kerja)"] == "0,08"  # five minutes
    assert told["Terlambat"] == "0"


@pytest.mark.usefixtures("thursday")
def test_the_workbook_holds_every_table(visitor: Callable[[str], Visitor]) -> None:
    answer = visitor("pengawas.banjar").opens(f"{REPORT}/report.xlsx{MARCH}")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        texts = book.read("xl/sharedStrings.xml").decode()
        steps = book.read("xl/worksheets/sheet2.xml").decode()
    assert names == ["Ringkasan", "Langkah", "Bulan", "Alasan", "Eskalasi", "Jabatan"]
    assert "1 Mar – 31 Mar 2026" in texts
    # The first of eight steps: number cells, and ten minutes as part of an hour.
    assert "<v>0.17</v>" in steps
    assert steps.count("<row ") == 1 + 8


@pytest.mark.parametrize("file", ["report.xlsx", "report.csv", "log.xes"])
def test_files_are_for_whoever_may_see_the_report(
    visitor: Callable[[str], Visitor], file: str
) -> None:
    assert visitor("staf.gambut").opens(f"{REPORT}/{file}").status_code == 403
    assert visitor("camat.sumbang").opens(f"{REPORT}/{file}").status_code == 404
    gone = "/reports/gambut/tidak-ada"
    assert visitor("camat.gambut").opens(f"{gone}/{file}").status_code == 404
    odd = visitor("camat.gambut").opens(f"{REPORT}/{file}?period=days&first=x&last=%3Cb%3E")
    assert odd.status_code == 200


def test_a_log_in_the_zone_of_its_office(
    visitor: Callable[[str], Visitor], office: Office, clock: Clock
) -> None:
    clock.now = datetime(2026, 4, 1, 7, 45, tzinfo=WITA)  # 31 March, 23:45 in UTC
    office.starts()
    camat = visitor("camat.gambut")
    assert not log(camat.opens(f"{REPORT}/log.xes{MARCH}")).findall(f"{XES}trace")
    april = "?period=days&first=2026-04-01&last=2026-04-30"
    assert log(camat.opens(f"{REPORT}/log.xes{april}")).findall(f"{XES}trace")
