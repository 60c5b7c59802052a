"""Kecamatan Gambut collects and measures its performance data, as its SOP says."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from engine import casebook, cases, history, sops
from engine.db import EVERYWHERE
from engine.models import Case, Escalation, Task
from tasks import inbox, schedule
from tests.conftest import THURSDAY, WITA, Cast


def start(cast: Cast, title: str = "Data kinerja triwulan I", now: datetime = THURSDAY) -> int:
    with cast.at_work("kasubbag.gambut", now) as (session, kasubbag):
        [(sop, _)] = sops.startable(session, kasubbag)
        return cases.start(session, kasubbag, sop, title, now).id


def do(
    cast: Cast,
    account: str,
    step: str,
    outcome: str | None = None,
    reason: str = "",
    now: datetime = THURSDAY,
) -> None:
    """She finds the step waiting, claims it and completes it."""
    with cast.at_work(account, now) as (session, actor):
        [item] = inbox.page(session, actor, "inbox", now).items
        assert item.task.step == step
        inbox.claim(session, actor, item.task.id, now)
        inbox.complete(session, actor, item.task.id, now, outcome=outcome, reason=reason)


def waiting(cast: Cast, account: str) -> list[str]:
    with cast.at_work(account) as (session, actor):
        return [item.task.step for item in inbox.page(session, actor, "inbox", THURSDAY).items]


def test_the_sop_runs_from_the_kasubbag_to_the_kasubbag(cast: Cast) -> None:
    case = start(cast)
    do(cast, "kasubbag.gambut", "Langkah_1")
    do(cast, "staf.gambut", "Langkah_2")
    do(cast, "sekcam.gambut", "Langkah_3")
    do(cast, "camat.gambut", "Langkah_4", "tidak", "Nomor surat belum benar")
    do(cast, "sekcam.gambut", "Langkah_3")
    do(cast, "camat.gambut", "Langkah_4", "setuju")
    do(cast, "staf.gambut", "Langkah_5")
    do(cast, "kasi.gambut", "Langkah_6")
    do(cast, "staf.gambut", "Langkah_7")
    do(cast, "kasubbag.gambut", "Langkah_8")

    with cast.at_work("camat.gambut") as (session, camat):
        seen = casebook.view(session, camat, case)
        assert seen.case.status == "done"
        assert [line.task.step for line in seen.tasks] == [
            f"Langkah_{nomor}" for nomor in (1, 2, 3, 4, 3, 4, 5, 6, 7, 8)
        ]
        kinds = [line.event.kind for line in seen.history]
        assert kinds[0] == "started"
        assert kinds[-1] == "ended"
        assert kinds.count("completed") == 10
        rejected = next(
            line for line in seen.history if line.event.detail.get("outcome") == "tidak"
        )
        assert rejected.event.detail["reason"] == "Nomor surat belum benar"
        assert rejected.event.capacity == "Camat"
        assert rejected.who == "Rahmadi Syahputra"
    with cast.database.reading(EVERYWHERE) as session:
        assert history.verify(session) == len(kinds)


def test_each_step_waits_only_for_the_post_of_its_lane(cast: Cast) -> None:
    start(cast)
    assert waiting(cast, "kasubbag.gambut") == ["Langkah_1"]
    for account in ("camat", "sekcam", "kasi", "staf"):
        assert waiting(cast, f"{account}.gambut") == []
    assert waiting(cast, "camat.sumbang") == []


def test_six_is_due_two_weeks_later_because_nyepi_and_lebaran_lie_between(cast: Cast) -> None:
    case = start(cast)
    for account, step, outcome in (
        ("kasubbag", 1, None),
        ("staf", 2, None),
        ("sekcam", 3, None),
        ("camat", 4, "setuju"),
        ("staf", 5, None),
    ):
        do(cast, f"{account}.gambut", f"Langkah_{step}", outcome)
    with cast.database.reading(EVERYWHERE) as session:
        six = session.scalars(select(Task).where(Task.case_id == case, Task.status == "waiting"))
        # Mon 16, Tue 17, then Nyepi 18-19, Lebaran 20-24, Wed 25, Thu 26: five working days of the
        # week that Friday 13 begins.
        assert six.one().due_at == datetime(2026, 3, 26, 9, 0, tzinfo=WITA)


def test_a_step_that_is_late_is_escalated_once_and_dated_from_its_due_time(cast: Cast) -> None:
    start(cast)
    late = THURSDAY + timedelta(minutes=25)
    for _ in range(3):
        schedule.tick(cast.database, late)
    with cast.database.reading(EVERYWHERE) as session:
        escalation = session.scalars(select(Escalation)).one()
        assert escalation.due_at == THURSDAY + timedelta(minutes=10)
        assert escalation.raised_at == late
        assert session.scalars(select(Case.wake_at)).one() is None


def test_completing_a_late_step_before_the_clock_looked_still_records_its_escalation(
    cast: Cast,
) -> None:
    start(cast)
    late = THURSDAY + timedelta(minutes=25)
    do(cast, "kasubbag.gambut", "Langkah_1", now=late)
    with cast.database.reading(EVERYWHERE) as session:
        escalation = session.scalars(select(Escalation)).one()
        assert escalation.due_at == THURSDAY + timedelta(minutes=10)
    with cast.at_work("camat.gambut", late) as (session, camat):
        view = casebook.page(session, camat).items[0].case.id
        kinds = [line.event.kind for line in casebook.view(session, camat, view).history]
        assert kinds == ["started", "opened", "claimed", "late", "completed", "opened"]


def test_who_sends_a_file_back_must_say_why(cast: Cast) -> None:
    start(cast)
    do(cast, "kasubbag.gambut", "Langkah_1")
    do(cast, "staf.gambut", "Langkah_2")
    do(cast, "sekcam.gambut", "Langkah_3")
    with pytest.raises(inbox.ReasonMissing):
        do(cast, "camat.gambut", "Langkah_4", "tidak", "  ")
    with pytest.raises(inbox.OutcomeMissing):
        do(cast, "camat.gambut", "Langkah_4", "mungkin")
    assert waiting(cast, "camat.gambut") == ["Langkah_4"]


def test_only_the_holder_of_the_first_post_may_start(cast: Cast) -> None:
    with cast.at_work("camat.gambut") as (session, camat):
        assert sops.startable(session, camat) == []
