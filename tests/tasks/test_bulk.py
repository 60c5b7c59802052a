"""Many tasks at once: each ends well or with its own sentence."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from engine import history
from engine.db import EVERYWHERE
from engine.models import Task
from tasks import bulk, excuses, ground, inbox, lists
from tests.conftest import THURSDAY, Cast
from tests.gambut import start
from tests.tasks.people import id_of, joins

AULIA = "kasubbag.gambut"


def waiting(cast: Cast, account: str = AULIA) -> list[int]:
    with cast.at_work(account) as (session, actor):
        return [item.task.id for item in lists.page(session, actor, "team", THURSDAY).items]


def does(cast: Cast, account: str, deed: Any, *facts: Any) -> list[bulk.Result]:
    with cast.at_work(account) as (session, actor):
        results: list[bulk.Result] = deed(session, actor, *facts, THURSDAY)
        return results


def test_she_completes_five_letters_at_once(cast: Cast) -> None:
    for number in range(5):
        start(cast, f"Berkas {number}")
    results = does(cast, AULIA, bulk.complete, waiting(cast))
    assert [result.refused for result in results] == [None] * 5
    assert len(waiting(cast, "staf.gambut")) == 5
    with cast.database.reading(EVERYWHERE) as session:
        history.verify(session)


def test_one_that_was_taken_meanwhile_stops_none_of_the_others(cast: Cast) -> None:
    joins(cast, "kasubbag2.gambut", "Citra Lestari", "kasubbag-perencanaan-keuangan")
    for number in range(3):
        start(cast, f"Berkas {number}")
    chosen = waiting(cast)
    with cast.at_work("kasubbag2.gambut") as (session, citra):
        inbox.claim(session, citra, chosen[1], THURSDAY)
    first, taken, last = does(cast, AULIA, bulk.claim, chosen)
    assert first.refused is None
    assert last.refused is None
    assert isinstance(taken.refused, ground.AlreadyClaimed)
    assert str(taken.refused) == "Tugas ini sudah diambil oleh Citra Lestari."


def test_two_hundred_are_handed_over_in_one_go(cast: Cast) -> None:
    citra = joins(cast, "kasubbag2.gambut", "Citra Lestari", "kasubbag-perencanaan-keuangan")
    for number in range(bulk.MOST):
        start(cast, f"Berkas {number}")
    with cast.database.reading(EVERYWHERE) as session:
        chosen = list(session.scalars(select(Task.id)))
    results = does(cast, AULIA, bulk.hand_over, chosen, citra, "Cuti melahirkan.")
    assert not [result for result in results if result.refused]
    with cast.database.reading(EVERYWHERE) as session:
        hers = select(func.count(Task.id)).where(Task.claimed_by == citra)
        assert session.scalar(hers) == bulk.MOST


def test_a_step_that_asks_for_a_decision_is_not_decided_in_bulk(cast: Cast) -> None:
    start(cast)
    for account in (AULIA, "staf.gambut", "sekcam.gambut"):
        assert not does(cast, account, bulk.complete, waiting(cast, account))[0].refused
    [result] = does(cast, "camat.gambut", bulk.complete, waiting(cast, "camat.gambut"))
    assert isinstance(result.refused, bulk.AsksForMore)


def test_a_late_one_is_not_finished_in_bulk_without_saying_why(cast: Cast) -> None:
    start(cast)
    late = THURSDAY + timedelta(hours=2)
    with cast.at_work(AULIA) as (session, actor):
        [result] = bulk.complete(session, actor, waiting(cast), late)
    assert isinstance(result.refused, excuses.ReasonMissing)
    assert len(waiting(cast)) == 1


def test_a_task_of_another_office_is_just_not_there(cast: Cast) -> None:
    start(cast)
    [result] = does(cast, "camat.sumbang", bulk.claim, waiting(cast))
    assert isinstance(result.refused, ground.NoSuchTask)
    assert result.name == ""


def test_nothing_chosen_and_too_many_are_said(cast: Cast) -> None:
    with pytest.raises(bulk.NothingChosen):
        does(cast, AULIA, bulk.claim, [])
    with pytest.raises(bulk.TooMany, match="201"):
        does(cast, AULIA, bulk.hand_over, list(range(201)), id_of(cast, AULIA), "")
