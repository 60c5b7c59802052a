"""Rows of our tables as lines of text, the same from either database and into either."""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import orjson
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    LargeBinary,
    String,
    Table,
    column,
    select,
    table,
    text,
)
from sqlalchemy.types import TypeEngine

from engine.models import Base
from engine.models.base import Id, Instant

BATCH: Final = 1_000
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,60}")

# How a column is called in the manifest, and what it is when it is put back.
KINDS: Final[dict[str, TypeEngine[Any]]] = {
    "int": Id,
    "text": String(),
    "bool": Boolean(),
    "instant": Instant(),
    "day": Date(),
    "json": JSON(none_as_null=True),
    "bytes": LargeBinary(),
}


@dataclass(frozen=True)
class Shape:
    """A table as the archive knows it: nothing but names and kinds, so that it outlives ours."""

    name: str
    columns: Sequence[tuple[str, str]]
    # Columns that point into the table itself: filled in once all of its rows are there.
    own: Sequence[str]

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "columns": list(self.columns), "own": list(self.own)}

    @property
    def member(self) -> str:
        """Where its rows lie in the archive."""
        return f"tabel/{self.name}.jsonl"

    @staticmethod
    def from_json(written: dict[str, Any]) -> "Shape":
        """What becomes part of a statement is a plain name, whoever wrote it."""
        columns = [(str(name), str(kind)) for name, kind in written["columns"]]
        shape = Shape(str(written["name"]), columns, [str(name) for name in written["own"]])
        names = [shape.name, *(name for name, _ in columns), *shape.own]
        if not all(map(_NAME.fullmatch, names)) or not all(kind in KINDS for _, kind in columns):
            raise ValueError(shape.name)
        return shape


def shapes() -> list[Shape]:
    """All our tables, each after those that it points to."""
    return [_shape(known) for known in Base.metadata.sorted_tables]


def _shape(known: Table) -> Shape:
    own = [key.parent.name for key in known.foreign_keys if key.column.table is known]
    return Shape(known.name, [(each.name, kind(each)) for each in known.columns], sorted(own))


def kind(of: Column[Any]) -> str:
    """Which of the kinds this column is."""
    for name, wanted in _BY_TYPE:
        if isinstance(of.type, wanted):
            return name
    raise TypeError(of)


_BY_TYPE: Final[list[tuple[str, type[Any]]]] = [
    ("instant", Instant),
    ("day", Date),
    ("json", JSON),
    ("bytes", LargeBinary),
    ("bool", Boolean),
    ("int", Integer),
    ("text", String),
]


def lines(connection: Connection, shape: Shape) -> Iterator[bytes]:
    """Every row as a line, in the order in which they were made."""
    known = Base.metadata.tables[shape.name]
    query = select(known).order_by(*known.primary_key.columns)
    packed = [at for at, (_, kind) in enumerate(shape.columns) if kind == "bytes"]
    with connection.execution_options(yield_per=BATCH).execute(query) as found:
        for row in found:
            yield orjson.dumps(_packed(row, packed) if packed else tuple(row)) + b"\n"


def _packed(row: Any, places: Sequence[int]) -> list[Any]:
    values = list(row)
    for at in places:
        if values[at] is not None:
            values[at] = b64encode(values[at]).decode()
    return values


def put_back(connection: Connection, shape: Shape, written: Iterator[bytes]) -> int:
    """Insert the rows of these lines; how many there were."""
    into = table(shape.name, *(column(name, KINDS[kind]) for name, kind in shape.columns))
    count, own = 0, list[dict[str, Any]]()
    for batch in _batches(_read(shape, written)):
        for row in batch:
            if any(row[name] is not None for name in shape.own):
                own.append({"b_id": row["id"], **{f"b_{name}": row[name] for name in shape.own}})
            row.update(dict.fromkeys(shape.own))
        connection.execute(into.insert(), batch)
        count += len(batch)
    if own:
        _point(connection, shape, own)
    return count


def _point(connection: Connection, shape: Shape, own: list[dict[str, Any]]) -> None:
    """Now that all of them are there, let rows point to each other."""
    assigned = ", ".join(f'"{name}" = :b_{name}' for name in shape.own)
    connection.execute(text(f'UPDATE "{shape.name}" SET {assigned} WHERE id = :b_id'), own)  # noqa: S608


def _read(shape: Shape, written: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    names = [name for name, _ in shape.columns]
    readers = [(name, _READERS[kind]) for name, kind in shape.columns if kind in _READERS]
    for line in written:
        row = dict(zip(names, orjson.loads(line), strict=True))
        for name, read in readers:
            if row[name] is not None:
                row[name] = read(row[name])
        yield row


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "instant": lambda text: datetime.fromisoformat(text).astimezone(UTC),
    "day": date.fromisoformat,
    "bytes": b64decode,
}


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch = list[dict[str, Any]]()
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
