"""Put a backup in the place of what is there: all of it, or nothing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from engine import anchors, heartbeat, history, schema, vault
from engine.backup import rows
from engine.backup.errors import (
    FromTheFuture,
    NotEmpty,
    RowsRefused,
    StillRunning,
)
from engine.backup.reading import Archive
from engine.backup.writing import DOCUMENTS, KEY
from engine.db import EVERYWHERE, Database
from engine.parcels import CannotWrite

_LARGEST: Final = 1 << 40


@dataclass(frozen=True)
class Restored:
    """What was put back, and how much of the history was found whole."""

    tables: int
    rows: int
    documents: int
    events: int
    # Documents that the database speaks of and that are nowhere.
    missing: int


def restore(
    database: Database, folder: Path, archive: Archive, now: datetime, *, replace: bool
) -> Restored:
    """Nothing of the old remains, or nothing of the new is there.

    Documents first: they are kept under their own digests and hurt nobody. Then everything in the
    database in one transaction, which ends well only when the history is whole; the key last.
    """
    if not schema.knows(archive.schema):
        raise FromTheFuture(path=archive.path)
    refuse_filled(database, replace=replace)
    refuse_running(database, now)
    archive.check()
    documents = _documents(archive, folder / DOCUMENTS)
    with _all_or_nothing(database.bind) as connection:
        _clear(connection)
        schema.build(connection, archive.schema)
        count = _fill(connection, archive)
        schema.build(connection, "head")
        events, missing = _look_over(connection, folder / DOCUMENTS)
    schema.prepare(database.bind)
    _put_key(folder / KEY, archive.key())
    anchors.set_aside(folder, now)
    return Restored(len(archive.tables), count, documents, events, missing)


def refuse_filled(database: Database, *, replace: bool) -> None:
    """Not over somebody's work, unless it is said in so many words."""
    known = inspect(database.bind).get_table_names()
    if replace or "office" not in known or "case" not in known:
        return
    with database.bind.connect() as connection:
        counts = [
            connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()  # noqa: S608
            for name in ("office", "case", "person")
        ]
    if any(counts):
        where = database.bind.url.render_as_string(hide_password=True)
        raise NotEmpty(where=where, offices=counts[0], cases=counts[1])


def refuse_running(database: Database, now: datetime) -> None:
    """A program that goes on with what it remembers of the old would spoil the new."""
    with database.reading(EVERYWHERE) as session:
        seen = heartbeat.last(session)
    if seen is not None and timedelta() <= now - seen < heartbeat.STILL:
        raise StillRunning(seconds=int((now - seen).total_seconds()))


def set_aside(url: str, now: datetime) -> Path | None:
    """Give a SQLite file another name, with all that lies beside it; None for another database."""
    known = make_url(url)
    if known.get_backend_name() != "sqlite" or not known.database:
        return None
    path, mark = Path(known.database), f"{now:%Y%m%d-%H%M%S}"
    for ending in ("", "-wal", "-shm"):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.rename(path.with_name(f"{path.name}.rusak-{mark}{ending}"))
    return path.with_name(f"{path.name}.rusak-{mark}")


@contextmanager
def _all_or_nothing(bind: Engine) -> Iterator[Connection]:
    with bind.connect() as connection, connection.begin():
        if bind.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        yield connection


# --- what is there goes ----------------------------------------------------------------------


def _clear(connection: Connection) -> None:
    {"sqlite": _clear_sqlite, "postgresql": _clear_postgresql}[connection.dialect.name](connection)


def _clear_sqlite(connection: Connection) -> None:
    # An index of words is made of tables of its own: they go with it.
    virtual = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL %'"
    for name in list(connection.exec_driver_sql(virtual).scalars()):
        connection.exec_driver_sql(f'DROP TABLE "{name}"')
    # Who points to others goes before them: a deletion that cascades looks for all that it meets.
    for table, _keys in reversed(inspect(connection).get_sorted_table_and_fkc_names()):
        if table is not None:
            connection.exec_driver_sql(f'DROP TABLE "{table}"')


def _clear_postgresql(connection: Connection) -> None:
    for name in inspect(connection).get_table_names():
        connection.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')
    functions = connection.exec_driver_sql(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE prorettype = 'trigger'::regtype "
        "AND pronamespace = current_schema()::regnamespace"
    ).scalars()
    for name in list(functions):
        connection.exec_driver_sql(f"DROP FUNCTION {name} CASCADE")


# --- what was kept comes ---------------------------------------------------------------------


def _fill(connection: Connection, archive: Archive) -> int:
    count = 0
    with _untriggered(connection):
        built = set(inspect(connection).get_table_names())
        for shape, _known in reversed(archive.tables):
            if shape.name not in built:
                raise RowsRefused(table=shape.name)
            # A migration may have put something in of its own.
            connection.exec_driver_sql(f'DELETE FROM "{shape.name}"')  # noqa: S608
        for shape, known in archive.tables:
            count += _table(connection, archive, shape, known["rows"])
    if connection.dialect.name == "postgresql":
        _count_on(connection, archive)
    return count


def _table(connection: Connection, archive: Archive, shape: rows.Shape, expected: int) -> int:
    try:
        count = rows.put_back(connection, shape, archive.lines(shape))
    except (SQLAlchemyError, ValueError, TypeError, KeyError) as wrong:
        raise RowsRefused(table=shape.name) from wrong
    if count != expected:
        raise RowsRefused(table=shape.name)
    return count


@contextmanager
def _untriggered(connection: Connection) -> Iterator[None]:
    """What the database does by itself when a row is new it did when the row was new."""
    if connection.dialect.name == "postgresql":
        names = inspect(connection).get_table_names()
        for name in names:
            connection.exec_driver_sql(f'ALTER TABLE "{name}" DISABLE TRIGGER USER')
        yield
        for name in names:
            connection.exec_driver_sql(f'ALTER TABLE "{name}" ENABLE TRIGGER USER')
        return
    # The index of words is filled by its triggers, now as then.
    triggers = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name <> 'passage'"
    ).all()
    for name, _sql in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield
    for _name, sql in triggers:
        connection.exec_driver_sql(sql)


def _count_on(connection: Connection, archive: Archive) -> None:
    """New rows are numbered after those that were put back."""
    for shape, _known in archive.tables:
        if ("id", "int") not in shape.columns:
            continue
        counter = connection.execute(
            text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": f'"{shape.name}"'}
        ).scalar_one()
        if counter is not None:
            query = f'SELECT coalesce(max(id), 0) + 1 FROM "{shape.name}"'  # noqa: S608
            following = connection.exec_driver_sql(query).scalar_one()
            setting = text("SELECT setval(:counter, :following, false)")
            connection.execute(setting, {"counter": counter, "following": following})


def _look_over(connection: Connection, folder: Path) -> tuple[int, int]:
    """The history must be whole; documents that are nowhere are counted."""
    with Session(connection, info={"scope": EVERYWHERE}) as session:
        events = history.verify(session)
    digests = connection.execute(text("SELECT DISTINCT sha256 FROM document")).scalars()
    missing = sum(not vault.place(folder, sha256).is_file() for sha256 in digests)
    return events, missing


# --- beside the database ---------------------------------------------------------------------


def _documents(archive: Archive, folder: Path) -> int:
    digests = archive.documents()
    try:
        for sha256 in digests:
            if not vault.place(folder, sha256).is_file():
                with archive.document(sha256) as stream:
                    vault.keep(folder, stream, _LARGEST)
    except OSError as wrong:
        raise CannotWrite(path=folder, why=wrong.strerror or str(wrong)) from wrong
    return len(digests)


def _put_key(path: Path, key: bytes | None) -> None:
    """Whoever was signed in then is so again; with another key, everybody signs in once."""
    if key is None:
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".baru")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
