"""Put many rows into a table as fast as each database takes them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import chain, islice
from typing import Any

import orjson
from sqlalchemy import Connection, Table

Row = dict[str, Any]
CHUNK = 20_000


def load(connection: Connection, table: Table, rows: Iterable[Row]) -> int:
    """All rows, in one transaction of the caller's; every row has the keys of the first."""
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return 0
    usual = {
        column.name: column.default.arg
        for column in table.columns
        if column.default is not None and column.default.is_scalar and column.name not in first
    }
    names = [*first, *usual]
    values = ((*row.values(), *usual.values()) for row in chain([first], rows))
    if connection.dialect.name == "postgresql":
        return _copy(connection, table.name, names, values)
    return _insert(connection, table.name, names, values)


def _copy(connection: Connection, table: str, names: list[str], rows: Iterable[Any]) -> int:
    cursor, count = connection.connection.cursor(), 0
    columns = ", ".join(f'"{name}"' for name in names)
    with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:  # type: ignore[attr-defined]
        for row in rows:
            copy.write_row([_postgresql(value) for value in row])
            count += 1
    return count


def _insert(connection: Connection, table: str, names: list[str], rows: Iterable[Any]) -> int:
    cursor, count = connection.connection.cursor(), 0
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join("?" * len(names))
    for chunk in _chunks(rows):
        cursor.executemany(
            f'INSERT INTO "{table}" ({columns}) VALUES ({marks})',
            [[_sqlite(value) for value in row] for row in chunk],
        )
        count += len(chunk)
    return count


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _postgresql(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else value


def _sqlite(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    return _postgresql(value)
