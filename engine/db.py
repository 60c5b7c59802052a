"""One transaction for each request, job or command; nothing beneath it commits.

A session sees only the offices of its scope. The scope is a net under the rights of
access.py: a query that forgot its office still returns nothing of another one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker, with_loader_criteria

from bpmn.errors import N_, AlurError
from engine.models.base import OfOffice

Scope = frozenset[int] | None
EVERYWHERE: Final = None


class DatabaseError(AlurError):
    """A database that cannot even be asked for."""


class UnreadableUrl(DatabaseError):
    sentence = N_(
        "ALUR_DATABASE_URL tidak dapat dibaca. Tulis seperti "
        "postgresql+psycopg://akun:sandi@server:5432/alur."
    )


class NoDriver(DatabaseError):
    sentence = N_("PostgreSQL memerlukan satu bagian lagi: pip install 'alur[postgresql]'.")


class Database:
    """The session factory: `with db.transaction(scope) as session:`."""

    def __init__(self, url: str) -> None:
        self.bind = _connect(url)
        self._writing = sessionmaker(self.bind, expire_on_commit=False)
        reader = self.bind.execution_options(reading=True)
        self._reading = sessionmaker(reader, expire_on_commit=False)

    @contextmanager
    def transaction(self, scope: Scope) -> Iterator[Session]:
        """Write: commit at the end, roll back on any error."""
        with self._writing.begin() as session:
            session.info["scope"] = scope
            yield session

    @contextmanager
    def reading(self, scope: Scope) -> Iterator[Session]:
        """Look without queueing behind writers; what was changed by mistake is dropped."""
        with self._reading() as session:
            session.info["scope"] = scope
            yield session

    def close(self) -> None:
        self.bind.dispose()


def _connect(url: str) -> Engine:
    try:
        bind = create_engine(
            url,
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
            hide_parameters=True,  # what people type stays out of the logs
            pool_pre_ping=not url.startswith("sqlite"),
        )
    except ModuleNotFoundError as wrong:
        raise NoDriver from wrong
    except (ArgumentError, ValueError) as wrong:
        raise UnreadableUrl from wrong
    if bind.dialect.name == "sqlite":
        event.listen(bind, "connect", _prepare_sqlite)
        event.listen(bind, "begin", _begin_sqlite)
    return bind


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    for pragma in ("busy_timeout=15000", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its place in the queue at once: a lock taken half-way cannot wait, it fails.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@event.listens_for(Session, "do_orm_execute")
def _keep_to_scope(state: ORMExecuteState) -> None:
    scope: Scope = state.session.info["scope"]  # no scope said, no query
    if scope is not None and not state.is_column_load:
        state.statement = state.statement.options(
            with_loader_criteria(
                OfOffice, lambda noun: noun.office_id.in_(scope), include_aliases=True
            )
        )
