"""Twin of web/lateness.py: a leader asks why, and whoever has the step answers at once."""

from collections.abc import Callable

import pytest

from engine.db import Database
from tasks import explanations, schedule
from tests.web.conftest import Clock, Office, Visitor, seen

AULIA, CAMAT = "kasubbag.gambut", "camat.gambut"


@pytest.fixture
def late(office: Office, clock: Clock, database: Database) -> int:
    task = office.claims(AULIA, office.starts("Data Februari"))
    clock.passes(minutes=20)
    schedule.tick(database, clock())
    return task


def test_what_is_asked_stands_on_the_task_until_it_is_answered(
    visitor: Callable[[str], Visitor], office: Office, late: int
) -> None:
    office.does(CAMAT, explanations.ask, late, "Mengapa belum?")
    aulia, camat = visitor(AULIA), visitor(CAMAT)
    asked = "Rahmadi Syahputra menanyakan mengapa langkah ini terlambat"
    assert asked in seen(aulia.opens(f"/tasks/{late}"))
    assert "Kirim sebabnya" in seen(aulia.opens(f"/tasks/{late}/lateness"))
    assert "Kirim sebabnya" not in seen(camat.opens(f"/tasks/{late}/lateness"))
    empty = aulia.sends(f"/tasks/{late}/explanation", late_note="Mesin rusak")
    assert empty.status_code == 422
    assert 'id="late_reason-salah"' in empty.text
    assert "Mesin rusak" in empty.text
    said = {"late_reason": "jaringan", "late_note": "Mati listrik sejak pagi"}
    assert aulia.sends(f"/tasks/{late}/explanation", **said).status_code == 303
    assert asked not in seen(aulia.opens(f"/tasks/{late}"))
    page = seen(camat.opens("/monitor"))
    assert "Sebab: Jaringan, listrik atau aplikasi terganggu · Mati listrik sejak pagi" in page
    assert "“Mati listrik sejak pagi”" in seen(camat.opens(f"/tasks/{late}/lateness"))


def test_who_was_told_says_that_she_knows_once(
    visitor: Callable[[str], Visitor], late: int
) -> None:
    aulia = visitor(AULIA)
    assert "Saya mengetahuinya" in seen(aulia.opens(f"/tasks/{late}/lateness"))
    assert aulia.sends(f"/tasks/{late}/acknowledgement").status_code == 303
    page = seen(aulia.opens(f"/tasks/{late}/lateness"))
    assert "Aulia Rahmah, hari ini 09.20 WITA" in page
    assert "Saya mengetahuinya" not in page
    assert aulia.sends(f"/tasks/{late}/acknowledgement").status_code == 409
