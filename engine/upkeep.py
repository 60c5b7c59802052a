"""Let the database keep its own house: what it knows of its tables, and its journal's length."""

from sqlalchemy import text

from engine.db import Database


def look_after(database: Database) -> str:
    """Outside of any transaction, as both databases want it."""
    if database.bind.dialect.name == "postgresql":
        with database.bind.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("ANALYZE"))
        return "ANALYZE"
    raw = database.bind.raw_connection()
    try:
        for pragma in ("optimize", "wal_checkpoint(TRUNCATE)"):
            raw.cursor().execute(f"PRAGMA {pragma}")
    finally:
        raw.close()
    return "PRAGMA optimize, wal_checkpoint"


def size(database: Database) -> int:
    """Bytes on disk."""
    with database.bind.execution_options(reading=True).connect() as connection:
        if connection.dialect.name == "postgresql":
            query = text("SELECT pg_database_size(current_database())")
            return int(connection.execute(query).scalar_one())
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one())
