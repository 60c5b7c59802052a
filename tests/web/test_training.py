"""A training day: its time runs from another instant, in data made for it and nowhere else."""

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine import clock, schema, training
from engine.db import Database
from tests.conftest import THURSDAY, Cast

BEGINS = "2026-03-12T09:00+08:00"


def alur(data: Path, *words: str, begins: str = "") -> subprocess.CompletedProcess[str]:
    """As somebody types it, in a data folder of her own."""
    program = [sys.executable, "-c", "from web.commands import main; main()", *words]
    environ = {"ALUR_DATA": str(data), "ALUR_CLOCK": begins, "PATH": ""}
    return subprocess.run(program, env=environ, capture_output=True, text=True, check=False)


@pytest.fixture
def empty(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'alur.db'}")
    schema.prepare(database.bind)
    return database


def test_a_training_begins_at_its_instant_and_goes_on_from_there(empty: Database) -> None:
    ahead = training.offset(empty, THURSDAY)
    assert abs(datetime.now(UTC) + ahead - THURSDAY) < timedelta(minutes=1)
    # Every other program of this training reads the same clock, whatever it was told.
    assert training.offset(empty, None) == ahead
    assert training.offset(empty, THURSDAY + timedelta(days=3)) == ahead


def test_an_ordinary_database_keeps_the_worlds_time(empty: Database) -> None:
    assert training.offset(empty, None) == timedelta()
    assert not training.is_on(empty)


def test_data_in_real_use_are_no_training(cast: Cast) -> None:
    with pytest.raises(training.NotForTraining, match="tidak ada yang diubah"):
        training.offset(cast.database, THURSDAY)
    assert training.offset(cast.database, None) == timedelta()


def test_programs_read_the_time_that_was_set_at_their_start() -> None:
    try:
        clock.run_apart(timedelta(days=-100))
        assert abs(clock.now() - (datetime.now(UTC) - timedelta(days=100))) < timedelta(minutes=1)
    finally:
        clock.run_apart(timedelta())


def test_only_a_training_may_look_ahead(tmp_path: Path) -> None:
    refused = alur(tmp_path / "sungguhan", "tick", "--now", BEGINS)
    assert refused.returncode == 1
    assert "hanya dapat dipakai pada data latihan" in refused.stderr
    ahead = alur(tmp_path / "latihan", "tick", "--now", "2026-03-13T09:00+08:00", begins=BEGINS)
    assert (ahead.returncode, ahead.stderr) == (0, "")
    assert re.search(r"wake_cases: 0 dikerjakan", ahead.stdout)


@pytest.mark.parametrize("begins", ["besok", "2026-03-12T09:00", "12/03/2026"])
def test_an_instant_without_a_zone_is_refused_in_words(tmp_path: Path, begins: str) -> None:
    told = alur(tmp_path, "tick", begins=begins)
    assert told.returncode == 1
    assert "ALUR_CLOCK" in told.stderr
    assert "waktu dengan zona" in told.stderr
