"""Twin of web/operations.py: whoever keeps the server reads how it is, and what to do."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from engine import chores
from engine.db import EVERYWHERE, Database
from engine.models import Grant
from engine.settings import Settings
from tasks import schedule
from tasks.jobs import keep_house
from tests.tasks.test_keep_house import FIRST, SECOND
from tests.web.conftest import Clock, Office, Visitor, seen
from web import gauges

Comes = Callable[[str], Visitor]
Read = Callable[[], str]


def has_room(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))


@pytest.fixture
def read(visitor: Comes, monkeypatch: pytest.MonkeyPatch) -> Read:
    """What the page says, to an administrator who signs in at that moment."""
    monkeypatch.setattr(gauges, "FRESH_FOR", -1.0)
    has_room(monkeypatch, 100 << 30)  # whatever this machine has
    return lambda: seen(visitor("admin").opens("/operations"))


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.config["SETTINGS"]
    return found


def test_a_silent_clock_stands_on_top_with_what_to_do(read: Read) -> None:
    said = read()
    assert (
        "Jam tangani Belum pernah terlihat: tidak ada yang jatuh tempo. Jalankan alur run" in said
    )
    assert said.index("tangani") < said.index("baik")
    assert "Dimulai pada malam pertama jam berjalan" in said


def test_a_server_that_is_well_says_so(
    read: Read, database: Database, clock: Clock, settings: Settings
) -> None:
    schedule.tick(database, clock(), settings)
    clock.now = FIRST
    schedule.tick(database, clock(), settings)
    clock.passes(seconds=12)
    said = read()
    assert "Jam ✓ baik Berjalan; terlihat 12 detik yang lalu." in said
    assert "tangani" not in said
    assert "perhatikan" not in said
    assert "alur-2026-03-12.zip ·" in said
    assert "Menyegel riwayat hari itu" in said
    assert "Isian yang belum dikirim: 60 hari" in said


def test_what_failed_says_why_and_what_to_do(
    read: Read, database: Database, clock: Clock, settings: Settings
) -> None:
    schedule.tick(database, clock(), settings)
    (settings.data / "cadangan").write_text("bukan folder")
    clock.now = FIRST
    schedule.tick(database, clock(), settings)
    said = read()
    assert "Menulis cadangan tangani Berkas" in said
    assert "Kosongkan ruang di disk atau perbaiki izin folder cadangan" in said


def test_nights_that_nobody_kept_are_seen(
    read: Read, database: Database, clock: Clock, settings: Settings
) -> None:
    with database.transaction(EVERYWHERE) as session:
        chores.begin(session, list(keep_house.CHORES), clock())
    clock.now = SECOND
    schedule.beat(database, clock())
    said = read()
    assert said.count("Tidak dikerjakan lebih dari sehari.") == len(keep_house.CHORES)


def test_a_clock_that_lags_behind_says_by_how_much(
    read: Read, database: Database, clock: Clock, office: Office
) -> None:
    office.starts()
    clock.passes(hours=3)
    schedule.beat(database, clock())
    said = read()
    assert "Jam perhatikan Berjalan, tetapi tertinggal 2 jam." in said


def test_a_full_disk_is_said_before_it_is_full(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    has_room(monkeypatch, 500 << 20)
    said = read()
    assert "ruang kosong 500 MB. Tambah ruang" in said


def test_an_administrator_of_a_part_sees_neither_the_server_nor_the_addresses_of_others(
    visitor: Comes, database: Database
) -> None:
    with database.transaction(EVERYWHERE) as session:
        session.add(Grant(person_id=1, role="admin", kabupaten="Kabupaten Banjar"))
    from engine.models import Person

    with database.reading(EVERYWHERE) as session:
        account = session.get_one(Person, 1).account
    part = visitor(account)
    for path in ("/operations", "/deliveries/failed"):
        assert part.opens(path).status_code == 403
        assert path not in part.opens("/account").text
    assert part.sends("/deliveries/1/retry").status_code == 403


def test_the_page_names_no_password_and_no_server(visitor: Comes, tmp_path: Path) -> None:
    page = visitor("admin").opens("/operations").text
    assert "://" not in page.replace("http://www.w3.org", "")
    assert str(tmp_path) in page
