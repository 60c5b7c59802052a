"""Everything in one file and back: whole, into either database, or not at all."""

import errno
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, select, text

from engine import heartbeat, history, parcels, schema, steering, vault
from engine.backup import errors, reading, restoring, rows, writing
from engine.db import EVERYWHERE, Database
from engine.models import Base, Case, Document, Event, Office, Person, Post, Task
from engine.worktime import banjar
from tasks import documents, lists, schedule
from tests.conftest import THURSDAY, Cast, _fresh
from tests.gambut import do, start

LATER = THURSDAY.replace(hour=11)
# The clock has been still for long enough to restore.
STILL = LATER + timedelta(minutes=1)
PDF = b"%PDF-1.7 surat permintaan data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data folder of the office that is backed up."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "kunci").write_bytes(b"5e" * 32)
    return folder


@pytest.fixture
def busy(cast: Cast, folder: Path) -> Cast:
    """Cases in every state, a document, history that somebody would miss."""
    first = start(cast, title="Berkas pertama")
    do(cast, "kasubbag.gambut", "Langkah_1")
    second, third = (start(cast, title=f"Berkas {n}") for n in ("kedua", "ketiga"))
    with cast.at_work("camat.gambut") as (session, camat):
        steering.suspend(session, camat, second, "Menunggu", THURSDAY)
        steering.cancel(session, camat, third, "Salah", THURSDAY)
    with cast.database.transaction(EVERYWHERE) as session:
        task = session.scalars(select(Task).where(Task.case_id == first)).first()
        assert task is not None
        documents.attach(
            session, task, "bukti", "surat.pdf", BytesIO(PDF), folder / "dokumen", 1, THURSDAY
        )
        posts = session.scalars(select(Post).order_by(Post.id.desc()).limit(2)).all()
        posts[1].superior_id = posts[0].id  # it points to one that comes after it
    schedule.tick(cast.database, LATER)
    return cast


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database on each engine, to restore into."""
    url = f"sqlite:///{tmp_path / 'lain.db'}"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        url = _fresh(server, "pulih" + request.node.name, "template1")
    database = Database(url)
    schema.prepare(database.bind)
    yield database
    database.close()


def backup(cast: Cast, folder: Path, name: str = "cadangan.zip", **more: Any) -> writing.Written:
    return writing.write(cast.database, folder, folder.parent / name, THURSDAY, "0.1.0", **more)


def restore(database: Database, folder: Path, path: Path, **more: Any) -> restoring.Restored:
    with reading.opened(path) as archive:
        return restoring.restore(database, folder, archive, STILL, **{"replace": False, **more})


def content(database: Database) -> dict[str, list[bytes]]:
    """All rows of all tables, as the archive writes them."""
    with writing.one_moment(database) as connection:
        return {shape.name: list(rows.lines(connection, shape)) for shape in rows.shapes()}


# --- there and back ----------------------------------------------------------------------------


def test_what_was_destroyed_is_as_it_was_in_either_database(
    busy: Cast, folder: Path, tmp_path: Path, elsewhere: Database
) -> None:
    before, written = content(busy.database), backup(busy, folder)
    assert (written.documents, written.missing) == (1, [])
    assert written.rows == sum(map(len, before.values()))
    new = tmp_path / "baru"
    new.mkdir()
    put_back = restore(elsewhere, new, written.path)
    assert content(elsewhere) == before
    assert put_back.rows == written.rows
    assert put_back.events == len(before["event"])
    assert (new / "kunci").read_bytes() == b"5e" * 32
    assert (new / "kunci").stat().st_mode & 0o777 == 0o600
    with elsewhere.reading(EVERYWHERE) as session:
        digest = session.scalars(select(Document.sha256)).one()
    assert vault.find(new / "dokumen", digest).read_bytes() == PDF

    # Work goes on: new rows are numbered after the old, words are found, history grows.
    there = Cast(elsewhere)
    fourth = start(there, title="Sesudah pulih", now=LATER)
    assert fourth == 4
    do(there, "staf.gambut", "Langkah_2", now=LATER)
    schedule.tick(elsewhere, LATER)
    with there.at_work("camat.gambut", LATER) as (session, camat):
        found = lists.page(
            session, camat, "office", LATER, narrowed=lists.Filter(search="sesudah pulih")
        )
        assert [item.case_title for item in found.items] == ["Sesudah pulih"]
        assert history.verify(session) > put_back.events


def test_restoring_does_not_send_the_past_out_into_the_world_again(
    busy: Cast, folder: Path, elsewhere: Database, tmp_path: Path
) -> None:
    before = content(busy.database)
    restore(elsewhere, tmp_path / "baru", backup(busy, folder).path)
    for table in ("dispatch", "notice", "delivery"):
        assert content(elsewhere)[table] == before[table]
    with pytest.raises(Exception, match="event"), elsewhere.transaction(EVERYWHERE) as session:
        session.execute(text("DELETE FROM event"))


def test_every_column_of_every_table_is_of_a_kind_that_the_archive_knows() -> None:
    shapes = rows.shapes()
    assert {shape.name for shape in shapes} == set(Base.metadata.tables)
    again = [rows.Shape.from_json(json.loads(json.dumps(each.to_json()))) for each in shapes]
    assert again == shapes


def test_a_backup_is_one_moment_while_others_write(busy: Cast, folder: Path) -> None:
    """A case begun while the tables are read is in none of them, or in all."""
    lines, begun = rows.lines, list[int]()

    def slowly(connection: Any, shape: rows.Shape) -> Iterator[bytes]:
        if shape.name == "case":
            begun.append(start(busy, title="Dimulai di tengah"))
        yield from lines(connection, shape)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "lines", slowly)
        written = backup(busy, folder)
    with reading.opened(written.path) as archive:
        titles = [line for shape, _ in archive.tables for line in archive.lines(shape)]
    assert begun
    assert not any(b"Dimulai di tengah" in line for line in titles)


# An office and a person as the twelfth revision of the tables knew them.
OLD: list[tuple[rows.Shape, list[list[Any]]]] = [
    (
        rows.Shape(
            "office",
            [
                ("id", "int"),
                *((name, "text") for name in ("code", "slug", "name", "kabupaten", "province")),
                *(("zone", "text"), ("calendar", "json"), ("capaian", "json")),
            ],
            [],
        ),
        [[1, "63.03.03", "gambut", "Kecamatan Gambut", "Kabupaten Banjar", "Kalimantan Selatan"]],
    ),
    (
        rows.Shape(
            "person",
            [
                ("id", "int"),
                *((name, "text") for name in ("account", "name", "password_hash")),
                *(("epoch", "int"), ("must_change", "bool")),
            ],
            [],
        ),
        [[7, "camat.gambut", "Rahmadi Syahputra", "-", 0, False]],
    ),
]
OLD[0][1][0] += ["Asia/Makassar", banjar().to_dict(), {}]


def test_a_backup_of_an_older_version_is_brought_up_to_date(
    tmp_path: Path, elsewhere: Database
) -> None:
    path, tables = tmp_path / "lama.zip", list[dict[str, Any]]()
    with parcels.writing(path) as parcel:
        for shape, kept in OLD:
            put = parcel.put(shape.member, [json.dumps(row).encode() + b"\n" for row in kept])
            tables.append({**shape.to_json(), "rows": put.pieces, "sha256": put.sha256})
        manifest = {"format": 1, "schema": "0012", "tables": tables, "key": None}
        parcel.put("manifest.json", [json.dumps({**manifest, "documents": None}).encode()])
    put_back = restore(elsewhere, tmp_path / "baru", path)
    assert (put_back.rows, put_back.tables) == (2, 2)
    with elsewhere.reading(EVERYWHERE) as session:
        office = session.scalars(select(Office)).one()
        assert (office.name, office.emblem, office.ladder) == ("Kecamatan Gambut", None, {})
    schema.prepare(elsewhere.bind)
    with elsewhere.transaction(EVERYWHERE) as session:
        person = Person(account="baru", name="Orang Baru", password_hash="-")
        session.add(person)
        session.flush()
        assert person.id == 8


# --- what is refused, and leaves everything as it was ------------------------------------------


def test_a_database_that_is_not_empty_is_replaced_only_in_so_many_words(
    busy: Cast, folder: Path
) -> None:
    written = backup(busy, folder)
    start(busy, title="Yang baru")
    before = content(busy.database)
    with pytest.raises(errors.NotEmpty, match=r"5 kantor, 4 berkas.*--yes"):
        restore(busy.database, folder, written.path)
    assert content(busy.database) == before
    restore(busy.database, folder, written.path, replace=True)
    with busy.database.reading(EVERYWHERE) as session:
        assert len(session.scalars(select(Case.id)).all()) == 3


def test_a_running_alur_is_not_pulled_from_under_its_feet(busy: Cast, folder: Path) -> None:
    written = backup(busy, folder)
    with busy.database.transaction(EVERYWHERE) as session:
        heartbeat.beat(session, STILL)
    with pytest.raises(errors.StillRunning, match="0 detik"):
        restore(busy.database, folder, written.path, replace=True)


def test_a_stick_that_knows_no_links_will_do(
    busy: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuses)
    written = backup(busy, folder)
    assert sorted(path.name for path in folder.parent.glob("*.zip*")) == ["cadangan.zip"]
    with reading.opened(written.path) as archive:
        archive.check()
    with pytest.raises(parcels.AlreadyThere):
        backup(busy, folder)


def test_a_backup_never_takes_the_place_of_another_file(busy: Cast, folder: Path) -> None:
    written = backup(busy, folder)
    with pytest.raises(parcels.AlreadyThere):
        backup(busy, folder)
    assert written.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("left", [0, 100, 5_000, -1, -22, -500])
def test_a_backup_that_was_cut_is_found_before_anything_happens(
    busy: Cast, folder: Path, tmp_path: Path, left: int
) -> None:
    path = backup(busy, folder).path
    path.write_bytes(path.read_bytes()[:left])
    before = content(busy.database)
    with pytest.raises((errors.NotABackup, errors.Damaged)):
        restore(busy.database, folder, path, replace=True)
    assert content(busy.database) == before


def test_no_byte_of_a_backup_can_be_changed_unseen(busy: Cast, folder: Path) -> None:
    path = backup(busy, folder).path
    whole = path.read_bytes()
    for at in range(40, len(whole), len(whole) // 60):
        changed = bytearray(whole)
        changed[at] ^= 0x10
        path.write_bytes(changed)
        try:
            with reading.opened(path) as archive:
                archive.check()
        except (errors.NotABackup, errors.Damaged, errors.FromTheFuture):
            continue
        # What a reader never looks at, such as the time a member was packed, changes nothing.
        with reading.opened(path) as archive:
            lines = [line for shape, _ in archive.tables for line in archive.lines(shape)]
        path.write_bytes(whole)
        with reading.opened(path) as archive:
            assert lines == [line for shape, _ in archive.tables for line in archive.lines(shape)]


def _changed(
    path: Path, to: Path, change: Callable[[str, bytes], bytes | None], *, sealed: bool = True
) -> Path:
    """Somebody opens the archive, changes it, and seals it anew, or forgets to."""
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            data = change(name, archive.read(name))
            if data is not None:
                parts[name] = data
    manifest = json.loads(parts["manifest.json"])
    if sealed:
        for table in manifest["tables"]:
            data = parts[f"tabel/{table['name']}.jsonl"]
            table["sha256"] = sha256(data).hexdigest()
            table["rows"] = data.count(b"\n")
        parts["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(to, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return to


def forges(name: str, data: bytes) -> bytes:
    """It was not the kasubbag who began it, says somebody."""
    return data.replace(b'"started"', b'"resumed"') if name == "tabel/event.jsonl" else data


def shortens(name: str, data: bytes) -> bytes:
    return data[: data.rindex(b"\n", 0, -1) + 1] if name == "tabel/event.jsonl" else data


def points_nowhere(name: str, data: bytes) -> bytes:
    return b"" if name == "tabel/person.jsonl" else data


def spoils(name: str, data: bytes) -> bytes:
    return data.replace(b"[1,", b"[", 1) if name == "tabel/case.jsonl" else data


def smuggles(name: str, data: bytes) -> bytes:
    if name != "manifest.json":
        return data
    manifest = json.loads(data)
    manifest["tables"][0]["name"] = 'office"; DROP TABLE person; --'
    return json.dumps(manifest).encode()


def comes_from_the_future(name: str, data: bytes) -> bytes:
    return data.replace(b'"schema": "', b'"schema": "9') if name == "manifest.json" else data


@pytest.mark.parametrize(
    ("change", "sealed", "why"),
    [
        (forges, False, errors.Damaged),
        (forges, True, history.BrokenChain),
        (shortens, False, errors.Damaged),
        (shortens, True, history.BrokenChain),
        (points_nowhere, True, Exception),
        (spoils, True, errors.RowsRefused),
        (smuggles, False, errors.NotABackup),
        (comes_from_the_future, False, errors.FromTheFuture),
    ],
)
def test_a_backup_that_somebody_changed_is_refused_and_nothing_of_it_stays(
    busy: Cast,
    folder: Path,
    tmp_path: Path,
    change: Callable[[str, bytes], bytes],
    sealed: bool,
    why: type[Exception],
) -> None:
    path = _changed(backup(busy, folder).path, tmp_path / "palsu.zip", change, sealed=sealed)
    before = content(busy.database)
    with pytest.raises(why):
        restore(busy.database, folder, path, replace=True)
    assert content(busy.database) == before
    schema.prepare(busy.database.bind)  # its tables, triggers and all, are as they were
    start(busy, title="Tetap bekerja")


def test_a_document_that_somebody_exchanged_is_found(
    busy: Cast, folder: Path, tmp_path: Path
) -> None:
    def exchanges(name: str, data: bytes) -> bytes:
        return b"%PDF-1.7 surat lain" if name.startswith("dokumen/") else data

    path = _changed(backup(busy, folder).path, tmp_path / "palsu.zip", exchanges)
    with pytest.raises(errors.Damaged, match="dokumen/"):
        restore(busy.database, folder, path, replace=True)


@pytest.mark.parametrize("name", ["dokumen/../../../etc/cron.d/alur", "dokumen/abc", "/etc/passwd"])
def test_an_archive_writes_nowhere_but_where_documents_lie(
    busy: Cast, folder: Path, tmp_path: Path, name: str
) -> None:
    path = backup(busy, folder).path
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, b"* * * * * root true")
    new = tmp_path / "x" / "y"
    new.mkdir(parents=True)
    with suppress(errors.Damaged):
        restore(busy.database, new, path, replace=True)
    found = {str(path.relative_to(new)) for path in new.rglob("*") if path.is_file()}
    assert all(each == "kunci" or each.startswith("dokumen/") for each in found)
    assert not (tmp_path / "etc").exists()


def test_a_restore_cut_in_the_middle_leaves_everything_as_it_was(
    busy: Cast, folder: Path, tmp_path: Path
) -> None:
    path = backup(busy, folder).path
    start(busy, title="Yang baru")
    before, put_back, seen = content(busy.database), rows.put_back, list[str]()

    class Killed(BaseException):
        pass

    def dies(connection: Any, shape: rows.Shape, lines: Iterator[bytes]) -> int:
        seen.append(shape.name)
        if shape.name == "task":
            raise Killed
        return put_back(connection, shape, lines)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "put_back", dies)
        with pytest.raises(Killed):
            restore(busy.database, folder, path, replace=True)
    assert "case" in seen
    assert content(busy.database) == before
    restore(busy.database, folder, path, replace=True)
    with busy.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Case).where(Case.title == "Yang baru")).all() == []


def test_a_backup_says_which_documents_are_lost_and_takes_the_rest(
    busy: Cast, folder: Path, tmp_path: Path
) -> None:
    with busy.database.reading(EVERYWHERE) as session:
        digest = session.scalars(select(Document.sha256)).one()
    place = vault.find(folder / "dokumen", digest)
    place.write_bytes(b"setengah")
    written = backup(busy, folder)
    assert (written.documents, written.missing) == (0, [digest])
    put_back = restore(busy.database, tmp_path / "baru", written.path, replace=True)
    assert put_back.missing == 1


def test_the_nightly_kind_leaves_documents_where_they_lie(busy: Cast, folder: Path) -> None:
    written = backup(busy, folder, with_documents=False)
    with reading.opened(written.path) as archive:
        assert not archive.has_documents
    assert restore(busy.database, folder, written.path, replace=True).missing == 0


# --- a full disk -------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Sixty-four kilobytes, a real file system that is soon full."""
    place = tmp_path / "kecil"
    place.mkdir()
    mounted = (
        shutil.which("mount")
        and os.geteuid() == 0
        and (
            subprocess.run(
                ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)],
                capture_output=True,
                check=False,
            ).returncode
            == 0
        )
    )
    if not mounted:
        pytest.skip("only root may make a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_said_and_leaves_nothing_behind(
    busy: Cast, folder: Path, small_disk: Path
) -> None:
    with pytest.raises(parcels.CannotWrite, match="penyimpanan penuh"):
        writing.write(busy.database, folder, small_disk / "a.zip", THURSDAY, "0.1.0")
    assert list(small_disk.iterdir()) == []


def test_a_disk_too_small_for_the_documents_changes_nothing(
    busy: Cast, folder: Path, small_disk: Path
) -> None:
    large = b"%PDF-1.7 " + os.urandom(200_000)
    with busy.database.transaction(EVERYWHERE) as session:
        task = session.scalars(select(Task)).first()
        assert task is not None
        documents.attach(
            session, task, "bukti", "b.pdf", BytesIO(large), folder / "dokumen", 1, THURSDAY
        )
    path, before = backup(busy, folder).path, content(busy.database)
    with pytest.raises((vault.VaultFull, parcels.CannotWrite)):
        restore(busy.database, small_disk, path, replace=True)
    assert content(busy.database) == before


def test_the_history_of_every_case_is_in_the_backup(busy: Cast, folder: Path) -> None:
    with busy.database.reading(EVERYWHERE) as session:
        expected = len(session.scalars(select(Event.id)).all())
    with reading.opened(backup(busy, folder).path) as archive:
        [(shape, known)] = [pair for pair in archive.tables if pair[0].name == "event"]
        assert known["rows"] == expected == len(list(archive.lines(shape)))


def test_a_server_address_stays_out_of_the_archive(busy: Cast, folder: Path) -> None:
    password = make_url(str(busy.database.bind.url)).password
    with zipfile.ZipFile(backup(busy, folder).path) as archive:
        manifest = archive.read("manifest.json").decode()
    assert "://" not in manifest
    assert not password or password not in manifest
