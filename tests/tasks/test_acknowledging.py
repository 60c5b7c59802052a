"""Whoever was told that a step is late says that she knows: once, and by name."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import access, history
from engine.db import EVERYWHERE
from engine.models import Escalation, Event
from tasks import escalations, schedule
from tasks.ground import NoSuchTask
from tests.conftest import THURSDAY, Cast
from tests.gambut import start
from tests.tasks.test_ladder import AULIA, CAMAT, FOURTH, PENGAWAS, SECOND, SEKCAM
from tests.tasks.test_reminders import the_task

MINUTE = timedelta(minutes=1)


@pytest.fixture
def late(cast: Cast) -> Cast:
    """Told to all four levels by Monday morning."""
    start(cast)
    schedule.tick(cast.database, FOURTH)
    return cast


def know(cast: Cast, who: str) -> None:
    now = FOURTH + MINUTE
    with cast.at_work(who, now) as (session, actor):
        escalations.acknowledge(session, actor, the_task(cast), now)


def known(cast: Cast) -> list[int]:
    with cast.database.reading(EVERYWHERE) as session:
        history.verify(session)
        query = select(Escalation.level).where(Escalation.acknowledged_at.is_not(None))
        return list(session.scalars(query.order_by(Escalation.level)))


@pytest.mark.parametrize(
    ("who", "levels", "capacity"),
    [
        (AULIA, [1], "Kasubbag Perencanaan, Keuangan dan Aset"),
        (SEKCAM, [2], "Sekretaris Camat"),
        (CAMAT, [3], "Camat"),
        (PENGAWAS, [4], None),
    ],
)
def test_each_says_it_of_what_she_was_told(
    late: Cast, who: str, levels: list[int], capacity: str | None
) -> None:
    know(late, who)
    assert known(late) == levels
    with late.database.reading(EVERYWHERE) as session:
        line = session.scalars(select(Event).where(Event.kind == "acknowledged")).one()
        assert (line.detail, line.capacity) == ({"levels": levels}, capacity)


def test_once_and_not_for_others(late: Cast) -> None:
    know(late, CAMAT)
    with pytest.raises(escalations.KnownAlready, match="Rahmadi Syahputra sudah menyatakan"):
        know(late, CAMAT)
    assert known(late) == [3]


def test_knowing_of_it_stops_nothing(cast: Cast) -> None:
    start(cast)
    schedule.tick(cast.database, THURSDAY + 10 * MINUTE)
    with cast.at_work(AULIA) as (session, aulia):
        escalations.acknowledge(session, aulia, the_task(cast), THURSDAY + 10 * MINUTE)
    schedule.tick(cast.database, SECOND)
    with cast.database.reading(EVERYWHERE) as session:
        assert list(session.scalars(select(Escalation.level))) == [1, 2]


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("staf.gambut", escalations.NotToldYou),
        ("camat.sumbang", NoSuchTask),
        ("pengawas.banyumas", NoSuchTask),
        ("perancang.gambut", NoSuchTask),
    ],
)
def test_who_was_not_told_has_nothing_to_know(late: Cast, who: str, error: type[Exception]) -> None:
    with pytest.raises((error, access.Forbidden)):
        know(late, who)
    assert known(late) == []


def test_before_it_is_late_nobody_was_told(cast: Cast) -> None:
    start(cast)
    with pytest.raises(escalations.NotToldYou):
        with cast.at_work(CAMAT) as (session, camat):
            escalations.acknowledge(session, camat, the_task(cast), THURSDAY)
