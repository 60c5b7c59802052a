"""A country of offices at work: 7,285 kecamatan, 180,000 people, a million tasks.

One kabupaten is busier than any: twenty offices with a thousand open tasks each.
"""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from bpmn import library
from engine import access, worktime
from engine.db import Database
from engine.models import (
    Base,
    Case,
    Grant,
    Holder,
    Notice,
    Office,
    Passage,
    Person,
    Post,
    Revision,
    Setting,
    Sop,
    Task,
)
from tests.bench.loading import Row, load

NOW: Final = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)
SOP: Final = "pengumpulan-dan-pengukuran-data-kinerja"
POSTS: Final = (
    ("camat", "Camat"),
    ("sekretaris-camat", "Sekretaris Camat"),
    ("kasubbag-perencanaan-keuangan", "Kasubbag Perencanaan dan Keuangan"),
    ("kasi-kasubbag", "Kasi/Kasubbag"),
    ("pelaksana", "Pelaksana"),
)
STEPS: Final = tuple(
    (f"Langkah_{number}", f"Langkah ke-{number} pengumpulan data", post)
    for number, post in enumerate((2, 4, 1, 0, 4, 3, 4, 2), start=1)
)
WORDS: Final = (
    *("laporan", "kinerja", "triwulan", "bulan", "data", "capaian", "rencana", "renstra"),
    *("monitoring", "evaluasi", "anggaran", "pelayanan", "pertanahan", "pemberdayaan"),
    *("ketertiban", "kelurahan", "desa", "musrenbang", "aset", "surat"),
)


@dataclass(frozen=True)
class Size:
    """How much of a country there is."""

    offices: int = 7_285
    people: int = 180_000
    tasks: int = 1_000_000
    open_tasks: int = 200_000
    busy_offices: int = 20
    busy_open: int = 20_000

    def tenth(self) -> "Size":
        return Size(
            self.offices // 10,
            self.people // 10,
            self.tasks // 10,
            self.open_tasks // 10,
            20,
            2_000,
        )


class Country:
    """Numbers of rows that others may ask for, and the rows themselves."""

    def __init__(self, size: Size) -> None:
        self.size, self.random = size, random.Random(4)
        self.xml = library.load(f"gambut/{SOP}")

    def fill(self, database: Database) -> float:
        """Everything; the seconds it took."""
        began = time.monotonic()
        with database.bind.connect() as connection:
            if connection.dialect.name == "sqlite":
                # Only while it is made: should the machine stop, one makes it anew.
                connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                for model, rows in self._rows():
                    load(connection, Base.metadata.tables[model.__tablename__], rows)
            with connection.begin():
                _settle(connection)
        return time.monotonic() - began

    def _rows(self) -> Iterator[tuple[Any, Iterator[Row]]]:
        yield Setting, iter([{"key": "demo", "value": "true"}])
        yield Office, self._offices()
        yield Post, self._posts()
        yield Person, self._people()
        yield Holder, self._holders()
        yield Grant, self._grants()
        yield Sop, self._sops()
        yield Revision, self._revisions()
        yield Case, self._cases()
        yield Task, self._tasks()
        yield Passage, self._passages()
        yield Notice, self._notices()

    # --- offices and people, numbered from 1 -------------------------------------------------

    def _offices(self) -> Iterator[Row]:
        calendar = worktime.perpres("Asia/Jakarta").to_dict()
        for id in range(1, self.size.offices + 1):
            yield {
                "id": id,
                "code": f"99.{id:05}",
                "slug": f"kantor-{id}",
                "name": f"Kecamatan {id}",
                "kabupaten": f"Kabupaten {self.kabupaten(id)}",
                "province": f"Provinsi {self.kabupaten(id) % 38}",
                "zone": "Asia/Jakarta",
                "calendar": calendar,
                "capaian": {},
            }

    def kabupaten(self, office: int) -> int:
        busy = self.size.busy_offices
        return 1 if office <= busy else 2 + (office - busy) // 14

    def _posts(self) -> Iterator[Row]:
        for office in range(1, self.size.offices + 1):
            for at, (slug, name) in enumerate(POSTS):
                yield {"id": self.post(office, at), "slug": slug, "name": name, "office_id": office}

    def post(self, office: int, at: int) -> int:
        return (office - 1) * len(POSTS) + at + 1

    def _people(self) -> Iterator[Row]:
        for id in range(1, self.size.people + 1):
            yield {
                "id": id,
                "account": f"orang{id}",
                "name": f"Orang {id}",
                "password_hash": "-",
                "closed_at": None,
            }
        for number, name in enumerate(("Pengawas kabupaten", "Pengawas pusat"), start=1):
            yield {
                "id": self.size.people + number,
                "account": f"pengawas{number}",
                "name": name,
                "password_hash": "-",
                "closed_at": None,
            }

    def _holders(self) -> Iterator[Row]:
        """The first of an office hold its posts; all others are pelaksana."""
        for id in range(1, self.size.people + 1):
            office, rank = self.place(id)
            yield {
                "id": id,
                "post_id": self.post(office, min(rank, 4)),
                "person_id": id,
                "decree": None,
                "starts_on": date(2025, 1, 2),
                "ends_on": None,
                "office_id": office,
            }

    def place(self, person: int) -> tuple[int, int]:
        """Her office, and the how-manieth she is there."""
        return (person - 1) % self.size.offices + 1, (person - 1) // self.size.offices

    def _grants(self) -> Iterator[Row]:
        for number, kabupaten in enumerate(("Kabupaten 1", access.NATION), start=1):
            yield {
                "id": number,
                "person_id": self.size.people + number,
                "role": "pengawas",
                "office_id": None,
                "kabupaten": kabupaten,
            }

    def _sops(self) -> Iterator[Row]:
        for office in range(1, self.size.offices + 1):
            yield {
                "id": office,
                "slug": SOP,
                "name": "Pengumpulan dan Pengukuran Data Kinerja",
                "number": f"800/{office}/2026",
                "starter": "kasubbag-perencanaan-keuangan",
                "revision_id": office,
                "starts_at": None,
                "office_id": office,
            }

    def _revisions(self) -> Iterator[Row]:
        for office in range(1, self.size.offices + 1):
            yield {
                "id": office,
                "sop_id": office,
                "number": 1,
                "xml": self.xml,
                "sha256": "0" * 64,
                "published_at": NOW - timedelta(days=400),
                "published_by": None,
                "office_id": office,
            }

    # --- their work --------------------------------------------------------------------------

    @property
    def running(self) -> int:
        return self.size.open_tasks

    @property
    def done_each(self) -> int:
        """How many steps a running case has behind it."""
        return 2

    @property
    def ended(self) -> int:
        """Cases that are over, of eight steps each."""
        behind = self.running * self.done_each
        return (self.size.tasks - self.running - behind) // len(STEPS)

    def office_of(self, case: int) -> int:
        """The running ones of the busy offices come first."""
        if case <= self.size.busy_open or self.size.offices == self.size.busy_offices:
            return (case - 1) % self.size.busy_offices + 1
        rest = self.size.offices - self.size.busy_offices
        return (case - 1) % rest + self.size.busy_offices + 1

    def _cases(self) -> Iterator[Row]:
        for id in range(1, self.running + self.ended + 1):
            is_running, office = id <= self.running, self.office_of(id)
            began = NOW - timedelta(minutes=id * 7 % 500_000 + 60)
            due = self.due(id)
            yield {
                "id": id,
                "sop_id": office,
                "revision_id": office,
                "title": f"{WORDS[id % 20]} {WORDS[id // 20 % 20]} {id}",
                "status": "running" if is_running else "done",
                "state": b"",
                "data": {},
                "started_by": None,
                "started_at": began,
                "ended_at": None if is_running else began + timedelta(days=3),
                "suspended_at": None,
                "wake_at": due if is_running and due and due > NOW else None,
                "office_id": office,
            }

    def due(self, case: int) -> datetime | None:
        """One in ten is late, one in twenty never."""
        if case % 20 == 0:
            return None
        minutes = case * 11 % 30_000
        return NOW + timedelta(minutes=minutes if case % 10 else -minutes)

    def _tasks(self) -> Iterator[Row]:
        number = 0
        for case in range(1, self.running + self.ended + 1):
            is_running = case <= self.running
            at = case % 6 if is_running else len(STEPS)
            steps = range(max(0, at - self.done_each), at + 1) if is_running else range(at)
            for step in steps:
                number += 1
                yield self._task(number, case, step, is_open=is_running and step == at)

    def _task(self, id: int, case: int, step: int, *, is_open: bool) -> Row:
        office, (element, name, at) = self.office_of(case), STEPS[step]
        people = max(1, self.size.people // self.size.offices)
        rank = at if at < 4 else 4 + case % max(1, people - 4)
        who = rank * self.size.offices + office
        who = who if who <= self.size.people else at * self.size.offices + office
        opened = NOW - timedelta(minutes=case * 7 % 500_000 + 60)
        is_claimed = is_open and case % 3 == 0
        done = opened + timedelta(minutes=30 + case % 500)
        return {
            "id": id,
            "case_id": case,
            "sop_id": office,
            "engine_id": f"{id:036}",
            "step": element,
            "name": name,
            "lane": POSTS[at][1],
            "post_id": self.post(office, at),
            "member": None,
            "status": "claimed" if is_claimed else "waiting" if is_open else "done",
            "opened_at": opened,
            "due_at": self.due(case) if is_open else opened + timedelta(minutes=120),
            "claimed_by": who if is_claimed or not is_open else None,
            "claimed_at": opened if is_claimed or not is_open else None,
            "ended_by": None if is_open else who,
            "ended_at": None if is_open else done,
            # From half a minute to a week of working time, most of them short.
            "waited": None
            if is_open
            else 30 + int(60 * 1.00002 ** (id * 7919 % 400_000)) % 135_000,
            "worked": None if is_open else 30 + id * 104_729 % (60 * 60 * (1 + id % 9)),
            "outcome": None,
            "reason": None,
            "data": None,
            "office_id": office,
        }

    def _passages(self) -> Iterator[Row]:
        for case in range(1, self.running + self.ended + 1):
            office = self.office_of(case)
            title = f"{WORDS[case % 20]} {WORDS[case // 20 % 20]} {case}"
            words = f"{title} pengumpulan dan pengukuran data kinerja xkantorx{office}"
            yield {"id": case, "case_id": case, "words": words, "office_id": office}

    def _notices(self) -> Iterator[Row]:
        """Three for everyone, one of them unread."""
        for id in range(1, 3 * self.size.people + 1):
            person = (id - 1) // 3 + 1
            yield {
                "id": id,
                "person_id": person,
                "cause": f"x{id}",
                "kind": "waiting",
                "case_id": None,
                "task_id": None,
                "by_id": None,
                "level": None,
                "urgent": False,
                "at": NOW,
                "read_at": NOW if id % 3 else None,
                "weighed_at": NOW,
                "office_id": self.place(person)[0],
            }


def _settle(connection: Connection) -> None:
    """What the database would learn by itself in the first hours."""
    if connection.dialect.name == "postgresql":
        for table in Base.metadata.tables.values():
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), 100000000)"
            ) if "id" in table.columns else None
    connection.exec_driver_sql("ANALYZE")
