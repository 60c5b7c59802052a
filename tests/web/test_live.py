"""Twin of web/live.py: an SOP at work, as a table and for its diagram."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select

from engine.db import EVERYWHERE, Database
from engine.models import Task
from tasks import inbox, schedule
from tests.conftest import WITA
from tests.web.conftest import Clock, Office, Visitor, seen

LIVE = "/sops/gambut/pengumpulan-dan-pengukuran-data-kinerja/live"


def at(clock: Clock, day: int, hour: int, minute: int = 0) -> None:
    clock.now = datetime(2026, 3, day, hour, minute, tzinfo=WITA)


@pytest.fixture
def thursday(office: Office, clock: Clock, database: Database) -> int:
    """One berkas stands late at the pelaksana, one new at the kasubbag; it is ten o'clock."""
    at(clock, 12, 9)
    late = office.starts("Data Februari")
    at(clock, 12, 9, 4)
    office.claims("kasubbag.gambut", late)
    at(clock, 12, 9, 25)
    finishes(office, "kasubbag.gambut", late)  # 4 minutes and 21: due at 09:10
    at(clock, 12, 9, 58)
    office.starts("Data Maret")
    at(clock, 12, 10)
    schedule.tick(database, clock())
    return late


def finishes(office: Office, who: str, case: int) -> None:
    with office.database.transaction(EVERYWHERE) as session:
        mine = select(Task.id).where(Task.case_id == case, Task.status == "claimed")
        actor = office._actor(session, who)
        inbox.complete(session, actor, session.scalars(mine).one(), office.clock())


@pytest.mark.usefixtures("thursday")
def test_each_step_says_what_stands_on_it_and_how_long_it_takes(
    visitor: Callable[[str], Visitor],
) -> None:
    page = seen(visitor("camat.gambut").opens(LIVE))
    # Step 2 was opened at 09:25 and due at 09:35.
    assert "2 langkah terbuka sekarang · 1 terlambat · 1 langkah selesai dalam kurun ini" in page
    assert "100 % terlambat" in page
    first = page[page.index("1. Merumuskan") : page.index("2. Menyiapkan")]
    assert "1 berkas 1 belum diambil 10 menit 4 menit p90 4 menit 21 menit p90 21 menit" in first
    assert "100 % 1 dari 1 kurang dari separuh mutu baku" in first
    second = page[page.index("2. Menyiapkan") : page.index("3. Memverifikasi")]
    assert "1 berkas 1 terlambat 1 belum diambil 10 menit – – – tanpa ukuran" in second


@pytest.mark.usefixtures("thursday")
def test_what_is_warm_depends_on_what_is_asked(visitor: Callable[[str], Visitor]) -> None:
    camat = visitor("camat.gambut")
    waited = camat.opens(f"{LIVE}/heat").json
    worked = camat.opens(f"{LIVE}/heat?heat=worked").json
    late = camat.opens(f"{LIVE}/heat?heat=late").json
    assert waited and worked and late
    # 4 of 10 minutes; 21 of 10 minutes; one of one.
    warm = [each["heat"]["Langkah_1"] for each in (waited, worked, late)]
    assert warm == [1, 4, 4]
    assert waited["heat"]["Langkah_2"] == 0
    assert worked["times"]["Langkah_1"] == ["median 21 menit", "p90 21 menit"]
    assert late["times"]["Langkah_1"] == ["terlambat 100 %", "1 dari 1"]
    assert waited["times"]["Langkah_2"] == ["belum ada yang selesai"]


def test_a_step_leads_to_the_cases_that_stand_there(
    visitor: Callable[[str], Visitor], thursday: int
) -> None:
    camat = visitor("camat.gambut")
    state = camat.opens(f"{LIVE}/heat").json
    assert state is not None
    [first, second] = state["counts"]
    assert (first["words"], first["late"]) == ("1 berkas", "")
    assert (second["words"], second["late"]) == ("1 berkas", "1 terlambat")
    page = camat.opens(second["url"])
    assert "Data Februari" in page.text
    assert "Data Maret" not in page.text
    assert "Hanya langkah 2. Menyiapkan surat" in seen(page)
    # Who draws the SOP has no say in its cases, and reads of them.
    state = visitor("perancang.gambut").opens(f"{LIVE}/heat").json
    assert state is not None
    page = visitor("perancang.gambut").opens(state["counts"][1]["url"])
    assert "yang kini berada di langkah Menyiapkan surat" in seen(page)


@pytest.mark.usefixtures("thursday")
def test_days_of_her_own_and_days_that_are_none(visitor: Callable[[str], Visitor]) -> None:
    camat = visitor("camat.gambut")
    on = seen(camat.opens(f"{LIVE}?period=days&first=2026-03-12&last=2026-03-12"))
    assert "yang selesai 12 Mar – 12 Mar 2026" in on
    assert "1 langkah selesai dalam kurun ini" in on
    before = seen(camat.opens(f"{LIVE}?period=days&first=2026-03-11&last=2026-03-11"))
    assert "0 langkah selesai dalam kurun ini" in before
    wrong = camat.opens(f"{LIVE}?period=days&first=2026-02-30&last=x")
    assert wrong.status_code == 200
    assert "Tulis tanggal pertama dan terakhir kurun ini" in seen(wrong)
    assert "yang selesai 1 Jan – 31 Mar 2026" in seen(wrong)
    turned = seen(camat.opens(f"{LIVE}?period=days&first=2026-03-12&last=2026-03-11"))
    assert "Tanggal terakhir lebih awal" in turned
    assert camat.opens(f"{LIVE}?period=%00").status_code == 400
    assert camat.opens(f"{LIVE}?period=dua&heat=panas").status_code == 200


@pytest.mark.usefixtures("thursday")
def test_the_table_is_fresh_and_says_when_nothing_is_new(
    visitor: Callable[[str], Visitor],
) -> None:
    camat = visitor("camat.gambut")
    first = camat.opens(f"{LIVE}/table")
    assert "2. Menyiapkan" in first.text
    assert "<html" not in first.text
    again = camat.opens(f"{LIVE}/table", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_before_anything_happened_every_step_is_there(visitor: Callable[[str], Visitor]) -> None:
    page = seen(visitor("perancang.gambut").opens(LIVE))
    assert "0 langkah terbuka sekarang · 0 langkah selesai" in page
    assert "8. Mengukur dan mengevaluasi" in page
