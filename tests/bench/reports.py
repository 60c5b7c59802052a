"""Reports over a million finished steps of one kabupaten's twenty offices, on both engines."""

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine import tallies
from engine.db import EVERYWHERE
from tests.bench.country import SOP, Size
from tests.bench.measure import Figure
from tests.bench.scale import Place, database_on, started_server

REQUESTS = 40
YEAR = "period=days&first=2025-03-01&last=2026-02-28"
DAYS = "period=days&first=2025-05-10&last=2026-02-20"
OFFICE = f"kantor-3/{SOP}"

# The page of a supervisor over all twenty offices, or of one SOP; and how long it may take.
PAGES = {
    "twenty offices, a year of whole months": (f"/reports?{YEAR}", 150),
    "twenty offices, the most late first": (f"/reports?{YEAR}&order=late", 150),
    "twenty offices, days in the middle of months": (f"/reports?{DAYS}", 3_000),
    "one SOP, a year of whole months": (f"/reports/{OFFICE}?{YEAR}", 150),
    "one SOP, days in the middle of months": (f"/reports/{OFFICE}?{DAYS}", 3_000),
    "live diagram of an SOP": (f"/sops/{OFFICE}/live?{YEAR}", 150),
    "its figures for the diagram": (f"/sops/{OFFICE}/live/heat?{YEAR}", 150),
    "twenty SOPs compared, a year": (f"/reports/comparison?{YEAR}", 3_000),
    "half-yearly form": ("/offices/kantor-3/assessments/2025-2", 150),
}
FILES = {
    "workbook of one SOP, a year": f"/reports/{OFFICE}/report.xlsx?{YEAR}",
    "event log of a month": f"/reports/{OFFICE}/log.xes?period=last-month",
}


def figures() -> Iterator[Figure]:
    for engine in ("postgresql", "sqlite"):
        with _kabupaten(engine) as place:
            yield from _of(f"reports on {engine}", place)


def _of(head: str, place: Place) -> Iterator[Figure]:
    yield Figure(f"{head}: loading them", place.seconds, "s")
    path = PAGES["one SOP, a year of whole months"][0]
    yield Figure(f"{head}: a page while nothing is counted", _took(place, path), "ms", "<= 3000")
    began = time.monotonic()
    counted = _count(place)
    taken = time.monotonic() - began
    yield Figure(f"{head}: counting {counted:,} steps and berkas", taken, "s")
    yield Figure(f"{head}: counted in a second", counted / taken, "")
    for name, (path, aim) in PAGES.items():
        _took(place, path)
        times = [_took(place, path) for _ in range(REQUESTS)]
        yield Figure(f"{head}: {name}, median", statistics.median(times), "ms")
        p95 = statistics.quantiles(times, n=20)[-1]
        yield Figure(f"{head}: {name}, p95", p95, "ms", f"<= {aim}")
    for name, path in FILES.items():
        yield Figure(f"{head}: {name}", _took(place, path), "ms", "<= 3000")


def _count(place: Place) -> int:
    """As the clock does it, until nothing is left."""
    total = 0
    while True:
        with place.database.transaction(EVERYWHERE) as session:
            counted = tallies.fold(session)
        if not counted:
            break
        total += counted
    # What a database learns of itself in its first night.
    with place.database.bind.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    return total


def _took(place: Place, path: str) -> float:
    client = place.client(place.supervisor())
    began = time.perf_counter()
    answer = client.get(path)
    taken = time.perf_counter() - began
    assert answer.status_code == 200, (path, answer.status_code)
    return taken * 1e3


@contextmanager
def _kabupaten(engine: str) -> Iterator[Place]:
    finished, open_tasks = 1_000_000, 20_000
    if os.environ.get("ALUR_SMALL"):
        finished, open_tasks = finished // 10, open_tasks // 10
    size = Size(
        offices=20,
        people=600,
        tasks=finished + open_tasks,
        open_tasks=open_tasks,
        busy_offices=20,
        busy_open=open_tasks,
    )
    folder = Path(tempfile.mkdtemp(prefix="alur-bench-"))
    server = started_server(folder) if engine == "postgresql" else None
    url = database_on(server, "kabupaten") if server else f"sqlite:///{folder / 'alur.db'}"
    place = None
    try:
        place = Place(url, size, folder)
        yield place
    finally:
        if place is not None:
            place.close()
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
