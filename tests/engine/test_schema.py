"""A database that is not ours, or is from the future, is refused and left untouched."""

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from engine import schema
from engine.db import EVERYWHERE, Database
from engine.models import Base, Holder, Setting
from tasks import schedule

WORDS = ("passage_words", "ix_passage_words")


def opened(path: Path) -> Database:
    return Database(f"sqlite:///{path}")


def test_the_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    # How words are indexed is each database's own matter.
    ours = {"include_object": lambda thing, name, *rest: not (name or "").startswith(WORDS)}
    with database.bind.connect() as connection:
        context = MigrationContext.configure(connection, opts=ours)
        assert compare_metadata(context, Base.metadata) == []


def test_preparing_twice_changes_nothing(database: Database) -> None:
    schema.prepare(database.bind)


def test_a_database_of_another_program_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "toko.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE barang (nama TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(schema.NotOurs, match="bukan milik Alur"):
        schema.prepare(opened(path).bind)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_an_empty_database_marked_by_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lain.db"
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA application_id = 4711")
    other.close()
    with pytest.raises(schema.NotOurs):
        schema.prepare(opened(path).bind)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "surat.db"
    path.write_bytes(b"Dengan hormat, bersama ini kami sampaikan ..." * 40)
    with pytest.raises(schema.NotOurs):
        schema.prepare(opened(path).bind)


def test_a_damaged_database_is_told_from_a_foreign_one(tmp_path: Path) -> None:
    path = tmp_path / "alur.db"
    database = opened(path)
    schema.prepare(database.bind)
    database.close()
    path.write_bytes(path.read_bytes()[:60_000])
    with pytest.raises(schema.Damaged, match="pulihkan cadangan"):
        schema.prepare(opened(path).bind)


def test_readers_of_our_own_database_wait_for_no_writer(tmp_path: Path) -> None:
    database = opened(tmp_path / "alur.db")
    schema.prepare(database.bind)
    with database.transaction(EVERYWHERE) as writer:
        writer.add(Setting(key="contoh", value=1))
        writer.flush()
        with database.reading(EVERYWHERE) as reader:
            assert reader.get(Setting, "contoh") is None


def test_a_database_from_a_newer_version_is_refused(tmp_path: Path) -> None:
    database = opened(tmp_path / "alur.db")
    schema.prepare(database.bind)
    with database.bind.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(schema.FromTheFuture, match="lebih baru"):
        schema.prepare(database.bind)


def test_a_data_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    if os.geteuid() == 0:
        # Root may write anywhere but through a file.
        (tmp_path / "data").write_text("sebuah berkas")
    else:
        folder.mkdir(mode=0o500)
    with pytest.raises(schema.ReadOnly, match="tidak dapat ditulisi"):
        schema.prepare_folder(folder)


def test_a_new_database_is_read_by_the_servers_account_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    schema.prepare_folder(folder)
    database = opened(folder / "alur.db")
    schema.prepare(database.bind)
    modes = {path.stat().st_mode & 0o777 for path in folder.iterdir()}
    database.close()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert modes == {0o600}


def test_a_database_that_is_there_keeps_the_mode_its_operator_chose(tmp_path: Path) -> None:
    path = tmp_path / "alur.db"
    path.touch(0o640)
    path.chmod(0o640)
    schema.prepare(opened(path).bind)
    assert path.stat().st_mode & 0o777 == 0o640


def test_holders_recorded_before_the_clock_looked_at_them_are_looked_at(tmp_path: Path) -> None:
    """The migration leaves them due at once; the clock dates them in their office's zone."""
    old = opened(tmp_path / "alur.db")
    with old.bind.connect() as connection, connection.begin():
        command.upgrade(schema._config(connection), "0005")
        for row in (
            "office(id, code, slug, name, kabupaten, province, zone, calendar, capaian) "
            "VALUES (1, '1', 'g', 'G', 'K', 'P', 'Asia/Makassar', '{}', '{}')",
            "post(id, slug, name, office_id) VALUES (1, 'camat', 'Camat', 1)",
            "person(id, account, name, password_hash, epoch) VALUES (1, 'a', 'A', '-', 0)",
            "holder(id, post_id, person_id, capacity, starts_on, ends_on, office_id) "
            "VALUES (1, 1, 1, 'plh', '2026-01-01', '2099-12-30', 1)",
        ):
            connection.exec_driver_sql(f"INSERT INTO {row}")
    schema.prepare(old.bind)
    assert schedule.pass_on_work(old, datetime.now(UTC)).done == 1
    with old.reading(EVERYWHERE) as session:
        midnight = datetime(2099, 12, 31, tzinfo=ZoneInfo("Asia/Makassar"))
        assert session.get_one(Holder, 1).wake_at == midnight
    old.close()
