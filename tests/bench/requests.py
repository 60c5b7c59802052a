"""A completion and the inbox page, through the database and the pages, on SQLite."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import event

from engine import clock, demo, schema
from engine.db import EVERYWHERE, Database
from engine.settings import Settings
from tests.bench.measure import Figure, cpu
from web import create_app

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
SOP = re.compile(r'name="sop" value="([^"]+)"')


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        database = Database(f"sqlite:///{data / 'alur.db'}")
        schema.prepare(database.bind)
        with database.transaction(EVERYWHERE) as session:
            demo.fill(session, clock.now())
        app = create_app(Settings(data=data), database)
        yield from _pages(app, database)
        database.close()


def _pages(app: object, database: Database) -> Iterator[Figure]:
    client = app.test_client()  # type: ignore[attr-defined]
    token = _token(client.get("/sign-in").text)
    fields = {"csrf_token": token, "account": "kasubbag.gambut", "password": demo.PASSWORD}
    client.post("/sign-in", data=fields)
    for number in range(40):
        page = client.get("/cases/new").text
        fields = {"csrf_token": _token(page), "sop": _sop(page), "title": f"Berkas {number}"}
        assert client.post("/cases", data=fields).status_code == 303
    statements: list[str] = []
    event.listen(database.bind, "before_cursor_execute", lambda *a: statements.append(a[2]))
    page = client.get("/", headers={"Accept-Encoding": "gzip"})
    asked = sum(not line.startswith("BEGIN") for line in statements)
    yield Figure("inbox page: SQL statements", asked, "", "the same for 1 and for 40 rows")
    yield Figure("inbox page: bytes over the wire, gzip", len(page.data), "bytes")

    def look() -> int:
        for _ in range(20):
            assert client.get("/").status_code == 200
        return 20

    yield Figure("inbox page: CPU of a request", cpu(look) * 1e3, "ms")


def _sop(page: str) -> str:
    found = SOP.search(page)
    assert found is not None, page
    return found[1]


def _token(page: str) -> str:
    found = TOKEN.search(page)
    assert found is not None, page
    return found[1]
