"""What an archive is given: each case with its steps, its sealed history and its papers."""

import csv
import io
import zipfile
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from engine import handover, parcels, steering
from engine.db import EVERYWHERE
from engine.handover import Which
from engine.models import Office, Task
from tasks import documents
from tests.conftest import THURSDAY, Cast
from tests.gambut import do, start

PDF = b"%PDF-1.7 surat permintaan data"


@pytest.fixture
def office(cast: Cast, tmp_path: Path) -> Cast:
    """One case ended, one was cancelled, one goes on."""
    first = start(cast, title='=HYPERLINK("http://jahat.example")')
    do(cast, "kasubbag.gambut", "Langkah_1")
    with cast.database.transaction(EVERYWHERE) as session:
        task = session.scalars(select(Task).where(Task.case_id == first)).first()
        assert task is not None
        folder = tmp_path / "dokumen"
        documents.attach(
            session, task, "bukti", "surat, akhir.pdf", BytesIO(PDF), folder, 1, THURSDAY
        )
    with cast.at_work("camat.gambut") as (session, camat):
        steering.cancel(session, camat, first, "Dimulai dua kali", THURSDAY)
    start(cast, title="Masih berjalan")
    return cast


def hand_over(
    cast: Cast, tmp_path: Path, which: Which, name: str = "arsip.zip"
) -> dict[str, bytes]:
    path = tmp_path / name
    with cast.database.reading(EVERYWHERE) as session:
        gambut = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        handover.write(session, gambut, which, tmp_path / "dokumen", path, THURSDAY)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def lines(parts: dict[str, bytes], name: str) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in parts[name].splitlines()]


def test_what_ended_is_handed_over_whole_and_sealed(office: Cast, tmp_path: Path) -> None:
    parts = hand_over(office, tmp_path, Which())
    [case] = lines(parts, "berkas.jsonl")
    assert (case["status"], case["kantor"], case["kode_wilayah"]) == (
        "cancelled",
        "Kecamatan Gambut",
        "63.03.03",
    )
    assert case["dimulai_oleh"] == "Aulia Rahmah"
    events = lines(parts, "riwayat.jsonl")
    assert len(events) == case["catatan_riwayat"]
    assert events[-1]["hash"] == case["kepala_riwayat"]
    assert events[-1]["rincian"] == {"reason": "Dimulai dua kali"}
    steps = lines(parts, "langkah.jsonl")
    assert (steps[0]["oleh"], steps[0]["status"]) == ("Aulia Rahmah", "done")
    [paper] = lines(parts, "dokumen.jsonl")
    assert paper["jenis"] == "application/pdf"
    assert parts[paper["letak"]] == PDF
    assert paper["sha256"] == sha256(PDF).hexdigest()
    assert any(name.startswith("sop/") and name.endswith("-revisi-1.bpmn") for name in parts)
    seals = orjson.loads(parts["manifest.json"])["sha256"]
    assert set(seals) == set(parts) - {"manifest.json"}
    for name, seal in seals.items():
        assert sha256(parts[name]).hexdigest() == seal


def test_the_archivists_list_opens_in_a_spreadsheet_and_runs_nothing(
    office: Cast, tmp_path: Path
) -> None:
    written = hand_over(office, tmp_path, Which(open_too=True))["daftar-arsip.csv"]
    head, first, second = csv.reader(io.StringIO(written.decode("utf-8-sig")), delimiter=";")
    assert head[:4] == ["No", "Nomor berkas", "Kode klasifikasi", "Uraian informasi"]
    assert first[3].startswith("'=HYPERLINK")
    assert first[5:7] == ["12-03-2026 s.d. 12-03-2026", "1"]
    assert (first[9], second[9]) == ("dibatalkan", "berjalan")


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2026, 3, 12), date(2026, 3, 12), 1),
        (date(2026, 3, 13), None, 0),
        (None, date(2026, 3, 11), 0),
        (None, None, 1),
    ],
)
def test_which_days_are_meant_is_told_by_the_offices_own_clock(
    office: Cast, tmp_path: Path, first: date | None, last: date | None, count: int
) -> None:
    assert len(lines(hand_over(office, tmp_path, Which(first, last)), "berkas.jsonl")) == count


def test_no_other_office_is_in_it_and_lost_documents_are_named(
    office: Cast, tmp_path: Path
) -> None:
    with office.database.reading(EVERYWHERE) as session:
        sumbang = session.scalars(select(Office).where(Office.slug == "sumbang")).one()
        path = tmp_path / "sumbang.zip"
        which = Which(open_too=True)
        assert handover.write(session, sumbang, which, tmp_path, path, THURSDAY).cases == 0
        gambut = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        elsewhere = tmp_path / "kosong"
        handed = handover.write(
            session, gambut, which, elsewhere, tmp_path / "gambut.zip", THURSDAY
        )
    assert (handed.cases, handed.documents, len(handed.missing)) == (2, 0, 1)


def test_nothing_is_written_over(office: Cast, tmp_path: Path) -> None:
    hand_over(office, tmp_path, Which())
    with pytest.raises(parcels.AlreadyThere):
        hand_over(office, tmp_path, Which())
