"""Make the database ours and up to date, or refuse it in one sentence and leave it untouched."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, inspect
from sqlalchemy.exc import DatabaseError

from bpmn.errors import N_, AlurError

# "Alur" in ASCII: marks a SQLite file as ours before anything is written into it.
APPLICATION_ID: Final = 0x416C7572


class SchemaError(AlurError):
    """A database that Alur will not touch."""


class NotOurs(SchemaError):
    sentence = N_(
        "Basis data %(where)s bukan milik Alur. Periksa ALUR_DATABASE_URL atau ALUR_DATA; "
        "tidak ada yang diubah."
    )


class FromTheFuture(SchemaError):
    sentence = N_(
        "Basis data %(where)s dibuat oleh Alur yang lebih baru. Perbarui Alur, atau pulihkan "
        "cadangan yang sesuai; tidak ada yang diubah."
    )


class Unreachable(SchemaError):
    sentence = N_(
        "Basis data %(where)s tidak dapat dibuka (%(why)s). "
        "Periksa ALUR_DATABASE_URL atau ALUR_DATA."
    )


class Damaged(SchemaError):
    sentence = N_(
        "Basis data %(where)s rusak. Hentikan Alur dan pulihkan cadangan terakhir; "
        "tidak ada yang diubah."
    )


class ReadOnly(SchemaError):
    sentence = N_(
        "Folder data %(where)s tidak dapat ditulisi. Beri izin tulis, atau pilih folder lain "
        "dengan ALUR_DATA."
    )


def prepare_folder(folder: Path) -> None:
    """The data folder, ready to be written to; one that we make is the server's alone."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / ".tulis"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as wrong:
        raise ReadOnly(where=folder) from wrong


def prepare(bind: Engine) -> None:
    """Bring the database to this version's tables."""
    where = bind.url.render_as_string(hide_password=True)
    _make_private(bind.url)
    try:
        with bind.connect() as connection, connection.begin():
            _recognise(connection, where)
            config = _config(connection)
            command.upgrade(config, "head")
            _mark(connection)
        _let_readers_pass(bind)
    except DatabaseError as wrong:
        if "not a database" in str(wrong):
            raise NotOurs(where=where) from wrong
        if "malformed" in str(wrong):
            raise Damaged(where=where) from wrong
        raise Unreachable(where=where, why=" ".join(str(wrong.orig).split())) from wrong


def knows(revision: str) -> bool:
    """Whether this version knows how to go on from tables of that revision."""
    scripts = ScriptDirectory.from_config(_config(None))
    return revision in {step.revision for step in scripts.walk_revisions()}


def build(connection: Connection, revision: str) -> None:
    """Bring the tables to a revision, in the caller's transaction."""
    command.upgrade(_config(connection), revision)


def _let_readers_pass(bind: Engine) -> None:
    """Readers wait for no writer. The file itself keeps this, so it must be known as ours."""
    if bind.dialect.name == "sqlite":
        # No transaction may be open around it.
        connection = bind.raw_connection()
        connection.cursor().execute("PRAGMA journal_mode=WAL")
        connection.close()


def _make_private(url: URL) -> None:
    """A new database is read by the server's account alone: it holds everybody's password hash."""
    path = url.database or ""
    if url.get_backend_name() != "sqlite" or not path or path.startswith((":memory:", "file:")):
        return
    with suppress(OSError):  # already there, or soon told why it cannot be made
        # SQLite gives the files it lays beside it the same mode.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _recognise(connection: Connection, where: str) -> None:
    tables = set(inspect(connection).get_table_names())
    if not tables and not _foreign_mark(connection):
        return  # empty: ours to fill
    if "alembic_version" not in tables or "office" not in tables or _foreign_mark(connection):
        raise NotOurs(where=where)
    known = {
        step.revision for step in ScriptDirectory.from_config(_config(connection)).walk_revisions()
    }
    current = MigrationContext.configure(connection).get_current_revision()
    if current not in known:
        raise FromTheFuture(where=where)


def _foreign_mark(connection: Connection) -> bool:
    if connection.dialect.name != "sqlite":
        return False
    mark = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    return mark not in (0, APPLICATION_ID)


def _mark(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
