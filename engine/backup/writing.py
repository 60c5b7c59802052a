"""Write a backup: one moment of the database, the documents it speaks of, and the session key."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import Connection, text

from engine import parcels, vault
from engine.backup import rows
from engine.db import Database
from engine.parcels import Parcel

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
KEY: Final = "kunci"
DOCUMENTS: Final = "dokumen"


@dataclass(frozen=True)
class Written:
    """What a backup holds."""

    path: Path
    sha256: str
    size: int
    tables: int
    rows: int
    documents: int
    # Documents the database speaks of that are not in the vault, or are not what they were.
    missing: list[str]


def write(
    database: Database,
    folder: Path,
    path: Path,
    now: datetime,
    version: str,
    *,
    with_documents: bool = True,
) -> Written:
    """All of Alur into one file. Who works meanwhile waits for nothing."""
    with parcels.writing(path) as parcel:
        manifest = _fill(parcel, database, folder, with_documents)
        manifest |= {"made_at": now.astimezone(UTC).isoformat(), "alur": version}
        parcel.put(MANIFEST, [orjson.dumps(manifest, option=orjson.OPT_INDENT_2)])
    documents = manifest["documents"] or {"count": 0, "missing": []}
    return Written(
        path,
        parcels.digest(path),
        path.stat().st_size,
        len(manifest["tables"]),
        sum(table["rows"] for table in manifest["tables"]),
        documents["count"],
        documents["missing"],
    )


def _fill(parcel: Parcel, database: Database, folder: Path, with_documents: bool) -> dict[str, Any]:
    with one_moment(database) as connection:
        schema = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        tables = [_table(parcel, connection, shape) for shape in rows.shapes()]
        digests = list(connection.execute(_DIGESTS).scalars())
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "schema": schema,
        "from": database.bind.dialect.name,
        "tables": tables,
        "key": _key(parcel, folder / KEY),
        "documents": None,
    }
    if with_documents:
        manifest["documents"] = _documents(parcel, folder / DOCUMENTS, digests)
    return manifest


_DIGESTS: Final = text("SELECT DISTINCT sha256 FROM document ORDER BY sha256")


@contextmanager
def one_moment(database: Database) -> Iterator[Connection]:
    """All that is read here is as it was at one moment; nobody who writes waits for it."""
    options: dict[str, Any] = {"reading": True}
    if database.bind.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with database.bind.execution_options(**options).connect() as connection:
        yield connection


def _table(parcel: Parcel, connection: Connection, shape: rows.Shape) -> dict[str, Any]:
    put = parcel.put(shape.member, rows.lines(connection, shape))
    return {**shape.to_json(), "rows": put.pieces, "size": put.size, "sha256": put.sha256}


def _key(parcel: Parcel, path: Path) -> dict[str, Any] | None:
    return asdict(parcel.put(KEY, [path.read_bytes()])) if path.is_file() else None


def _documents(parcel: Parcel, folder: Path, digests: list[str]) -> dict[str, Any]:
    count, size, missing = 0, 0, list[str]()
    for sha256 in digests:
        path = vault.place(folder, sha256)
        if not path.is_file() or parcels.digest(path) != sha256:
            missing.append(sha256)
            continue
        put = parcel.put(f"{DOCUMENTS}/{sha256}", parcels.pieces(path), packed=False)
        count, size = count + 1, size + put.size
    return {"count": count, "size": size, "missing": missing}
