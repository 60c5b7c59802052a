"""Hand an office's cases over to an archive: what was done, by whom, and the papers themselves.

Each case with its steps, its sealed history and its documents; a list that an archivist knows;
the diagrams that were followed. An archive such as SRIKANDI takes them in with their metadata.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from engine import filetypes, parcels, vault
from engine.models import Case, Document, Event, Office, Person, Post, Revision, Sop, Task
from engine.parcels import Parcel

OVER: Final = ("done", "cancelled")
_HEAD: Final = (
    "No",
    "Nomor berkas",
    "Kode klasifikasi",
    "Uraian informasi",
    "Unit pencipta",
    "Kurun waktu",
    "Jumlah dokumen",
    "Tingkat perkembangan",
    "Media",
    "Keterangan",
)
_READ_ME: Final = """\
Penyerahan berkas {office} ({code}), dibuat {made} UTC.

daftar-arsip.csv   satu baris tiap berkas; kode klasifikasi diisi oleh arsiparis
berkas.jsonl       berkas: judul, SOP dan revisinya, kapan dimulai dan berakhir
langkah.jsonl      langkah tiap berkas: siapa mengerjakan, kapan, keputusan, isian formulirnya
riwayat.jsonl      riwayat tiap berkas; tiap catatan menyegel catatan sebelumnya (hash)
dokumen.jsonl      dokumen: nama, jenis, ukuran, SHA-256, letaknya dalam penyerahan ini
dokumen/           isi dokumen, menurut nomor berkas
sop/               diagram SOP (BPMN) yang diikuti berkas-berkas ini
manifest.json      SHA-256 setiap bagian

Setiap baris .jsonl adalah satu objek JSON; waktunya UTC.
"""


@dataclass(frozen=True)
class Which:
    """Which cases: those that ended within these days of the office, or all."""

    first: date | None = None
    last: date | None = None
    # Also those that still go on.
    open_too: bool = False


@dataclass
class Handed:
    """What was handed over."""

    cases: int = 0
    documents: int = 0
    missing: list[str] = field(default_factory=list)


def write(
    session: Session, office: Office, which: Which, folder: Path, path: Path, now: datetime
) -> Handed:
    """One file with all of it."""
    ids = list(session.scalars(select(Case.id).where(*_wanted(office, which)).order_by(Case.id)))
    handed, seals = Handed(cases=len(ids)), dict[str, str]()
    with parcels.writing(path) as parcel:

        def put(name: str, content: Iterator[bytes] | list[bytes], *, packed: bool = True) -> None:
            seals[name] = parcel.put(name, content, packed=packed).sha256

        put("BACA-SAYA.txt", [_read_me(office, now)])
        put("berkas.jsonl", _lines(_cases(session, office, ids)))
        put("langkah.jsonl", _lines(_steps(session, ids)))
        put("riwayat.jsonl", _lines(_history(session, ids)))
        papers = list(_papers(session, ids))
        put("dokumen.jsonl", _lines(iter(papers)))
        put("daftar-arsip.csv", [_archivists(session, office, ids, papers)])
        for name, xml in _diagrams(session, ids):
            put(name, [xml])
        _documents(put, papers, folder, handed)
        manifest = {"made_at": now.astimezone(UTC).isoformat(), "sha256": seals}
        _put_manifest(parcel, manifest)
    return handed


def _put_manifest(parcel: Parcel, manifest: dict[str, Any]) -> None:
    parcel.put("manifest.json", [orjson.dumps(manifest, option=orjson.OPT_INDENT_2)])


def _wanted(office: Office, which: Which) -> list[ColumnElement[bool]]:
    zone = ZoneInfo(office.zone)
    wanted = [Case.office_id == office.id]
    if not which.open_too:
        wanted.append(Case.status.in_(OVER))
    if which.first is not None:
        wanted.append(Case.ended_at >= datetime.combine(which.first, time.min, zone))
    if which.last is not None:
        after = datetime.combine(which.last + timedelta(days=1), time.min, zone)
        wanted.append(Case.ended_at < after)
    return wanted


def _lines(rows: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    return (orjson.dumps(row, option=orjson.OPT_UTC_Z) + b"\n" for row in rows)


def _read_me(office: Office, now: datetime) -> bytes:
    made = now.astimezone(UTC).strftime("%Y-%m-%d %H.%M")
    return _READ_ME.format(office=office.name, code=office.code, made=made).encode()


def _cases(session: Session, office: Office, ids: list[int]) -> Iterator[dict[str, Any]]:
    for some in _parts(ids):
        rows = session.execute(
            select(Case, Sop, Revision, Person.name)
            .join(Sop, Sop.id == Case.sop_id)
            .join(Revision, Revision.id == Case.revision_id)
            .outerjoin(Person, Person.id == Case.started_by)
            .where(Case.id.in_(some))
            .order_by(Case.id)
        )
        for case, sop, revision, starter in rows:
            yield {
                "berkas": case.id,
                "judul": case.title,
                "kantor": office.name,
                "kode_wilayah": office.code,
                "sop": sop.name,
                "nomor_sop": sop.number,
                "revisi": revision.number,
                "sha256_revisi": revision.sha256,
                "status": case.status,
                "dimulai": case.started_at,
                "dimulai_oleh": starter,
                "berakhir": case.ended_at,
                "catatan_riwayat": case.events,
                "kepala_riwayat": case.head,
            }


def _steps(session: Session, ids: list[int]) -> Iterator[dict[str, Any]]:
    ender, absent = aliased(Person), aliased(Person)
    for some in _parts(ids):
        rows = session.execute(
            select(Task, Task.data, Post.name, ender.name, absent.name)
            .outerjoin(Post, Post.id == Task.post_id)
            .outerjoin(ender, ender.id == Task.ended_by)
            .outerjoin(absent, absent.id == Task.ended_for)
            .where(Task.case_id.in_(some))
            .order_by(Task.case_id, Task.id)
        )
        for task, data, post, who, for_whom in rows:
            yield {
                "berkas": task.case_id,
                "langkah": task.step,
                "tugas": task.id,
                "nama": task.name,
                "pelaksana": post or task.lane,
                "status": task.status,
                "dibuka": task.opened_at,
                "tenggat": task.due_at,
                "diambil": task.claimed_at,
                "selesai": task.ended_at,
                "oleh": who,
                "atas_nama": for_whom,
                "keputusan": task.outcome,
                "alasan": task.reason,
                "alasan_terlambat": task.late_reason,
                "isian": data,
            }


def _history(session: Session, ids: list[int]) -> Iterator[dict[str, Any]]:
    for some in _parts(ids):
        rows = session.execute(
            select(Event, Person.name)
            .outerjoin(Person, Person.id == Event.person_id)
            .where(Event.case_id.in_(some))
            .order_by(Event.case_id, Event.number)
        )
        for event, who in rows:
            yield {
                "berkas": event.case_id,
                "nomor": event.number,
                "waktu": event.at,
                "kejadian": event.kind,
                "oleh": who,
                "sebagai": event.capacity,
                "tugas": event.task_id,
                "rincian": event.detail,
                "hash": event.hash,
            }


def _papers(session: Session, ids: list[int]) -> Iterator[dict[str, Any]]:
    for some in _parts(ids):
        rows = session.execute(
            select(Document, Task.step, Person.name)
            .join(Task, Task.id == Document.task_id)
            .join(Person, Person.id == Document.by)
            .where(Document.case_id.in_(some))
            .order_by(Document.case_id, Document.id)
        )
        for document, step, who in rows:
            yield {
                "berkas": document.case_id,
                "dokumen": document.id,
                "langkah": step,
                "isian": document.field,
                "nama": document.name,
                "jenis": filetypes.TYPES[document.type],
                "ukuran": document.size,
                "sha256": document.sha256,
                "diunggah": document.at,
                "oleh": who,
                "letak": f"dokumen/{document.case_id}/{document.id}-{document.name}",
            }


def _archivists(
    session: Session, office: Office, ids: list[int], papers: list[dict[str, Any]]
) -> bytes:
    """The list that goes with every handing over, to be opened in a spreadsheet."""
    count = dict[int, int]()
    for paper in papers:
        count[paper["berkas"]] = count.get(paper["berkas"], 0) + 1
    written = io.StringIO()
    lines = csv.writer(written, delimiter=";", lineterminator="\r\n")
    lines.writerow(_HEAD)
    zone = ZoneInfo(office.zone)
    for number, case in enumerate(_cases(session, office, ids), 1):
        days = [at.astimezone(zone).date() for at in (case["dimulai"], case["berakhir"]) if at]
        lines.writerow(
            map(
                _safe,
                (
                    number,
                    case["berkas"],
                    "",
                    f"{case['judul']} ({case['sop']})",
                    office.name,
                    " s.d. ".join(f"{day:%d-%m-%Y}" for day in days),
                    count.get(case["berkas"], 0),
                    "asli elektronik",
                    "elektronik",
                    {"done": "selesai", "cancelled": "dibatalkan"}.get(case["status"], "berjalan"),
                ),
            )
        )
    # With the mark Excel knows the letters.
    return written.getvalue().encode("utf-8-sig")


def _safe(value: object) -> str:
    """What a spreadsheet would run is kept from it."""
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _diagrams(session: Session, ids: list[int]) -> Iterator[tuple[str, bytes]]:
    used = set[int]()
    for some in _parts(ids):
        used.update(session.scalars(select(Case.revision_id).where(Case.id.in_(some)).distinct()))
    rows = session.execute(
        select(Sop.slug, Revision.number, Revision.xml)
        .join(Revision, Revision.sop_id == Sop.id)
        .where(Revision.id.in_(used))
        .order_by(Sop.slug, Revision.number)
    )
    for slug, number, xml in rows:
        yield f"sop/{slug}-revisi-{number}.bpmn", xml


def _documents(put: Any, papers: list[dict[str, Any]], folder: Path, handed: Handed) -> None:
    for paper in papers:
        path = vault.place(folder, paper["sha256"])
        if not path.is_file():
            handed.missing.append(paper["letak"])
            continue
        put(paper["letak"], parcels.pieces(path), packed=False)
        handed.documents += 1


def _parts(ids: list[int], size: int = 500) -> Iterator[list[int]]:
    return (ids[at : at + size] for at in range(0, len(ids), size))
