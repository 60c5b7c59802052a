"""Somebody above says a word: whoever has the step hears it, once an hour at most."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import access, history, steering
from engine.db import EVERYWHERE
from engine.models import Event, Holder, Notice, Person, Task
from tasks import inbox, reminders
from tasks.ground import AlreadyDone, NoSuchTask
from tests.conftest import THURSDAY, Cast
from tests.gambut import do, start
from tests.tasks.people import joins

AULIA, CITRA, CAMAT, PENGAWAS = (
    "kasubbag.gambut",
    "kasubbag2.gambut",
    "camat.gambut",
    "pengawas.banjar",
)
MINUTE = timedelta(minutes=1)


def the_task(cast: Cast) -> int:
    with cast.database.reading(EVERYWHERE) as session:
        return session.scalars(select(Task.id).where(Task.status.in_(("waiting", "claimed")))).one()


def remind(cast: Cast, who: str = CAMAT, minutes: int = 0) -> None:
    task, now = the_task(cast), THURSDAY + minutes * MINUTE
    with cast.at_work(who, now) as (session, actor):
        reminders.send(session, actor, task, now)


def told(cast: Cast) -> list[str]:
    with cast.database.reading(EVERYWHERE) as session:
        history.verify(session)
        rows = select(Person.account).join(Notice, Notice.person_id == Person.id)
        return sorted(session.scalars(rows.where(Notice.kind == "reminded")))


def test_all_who_may_take_a_step_are_reminded_while_nobody_has_it(cast: Cast) -> None:
    joins(cast, CITRA, "Citra Lestari", "kasubbag-perencanaan-keuangan")
    start(cast)
    remind(cast)
    assert told(cast) == [AULIA, CITRA]


def test_then_only_whoever_has_it(cast: Cast) -> None:
    joins(cast, CITRA, "Citra Lestari", "kasubbag-perencanaan-keuangan")
    start(cast)
    with cast.at_work(AULIA) as (session, aulia):
        inbox.claim(session, aulia, the_task(cast), THURSDAY)
    remind(cast, PENGAWAS)
    assert told(cast) == [AULIA]
    with cast.database.reading(EVERYWHERE) as session:
        line = session.scalars(select(Event).where(Event.kind == "reminded")).one()
        assert (line.task_id, line.capacity) == (the_task(cast), None)


def test_not_twice_within_an_hour_whoever_reminds(cast: Cast) -> None:
    start(cast)
    remind(cast)
    with pytest.raises(reminders.TooSoon) as refused:
        remind(cast, PENGAWAS, 59)
    assert "Rahmadi Syahputra 59 menit yang lalu" in str(refused.value)
    remind(cast, PENGAWAS, 60)
    assert told(cast) == [AULIA, AULIA]


def test_an_empty_post_cannot_be_reminded(cast: Cast) -> None:
    start(cast)
    with cast.database.transaction(EVERYWHERE) as session:
        aulia = session.scalars(select(Person).where(Person.account == AULIA)).one()
        held = session.scalars(select(Holder).where(Holder.person_id == aulia.id)).one()
        held.ends_on = THURSDAY.date() - timedelta(days=1)
    with pytest.raises(reminders.NobodyThere):
        remind(cast)


def test_nobody_reminds_herself(cast: Cast) -> None:
    start(cast)
    for account, step in ((AULIA, 1), ("staf.gambut", 2), ("sekcam.gambut", 3)):
        do(cast, account, f"Langkah_{step}")
    with pytest.raises(reminders.NobodyThere):
        remind(cast)  # it waits for her own post, and nobody else holds it
    with cast.at_work(CAMAT) as (session, camat):
        inbox.claim(session, camat, the_task(cast), THURSDAY)
    with pytest.raises(reminders.IsYours):
        remind(cast)
    remind(cast, "sekcam.gambut")
    assert told(cast) == [CAMAT]


def test_what_is_over_or_stands_still_is_not_reminded_of(cast: Cast) -> None:
    case, task = start(cast), the_task(cast)
    with cast.at_work(CAMAT) as (session, camat):
        steering.suspend(session, camat, case, "Menunggu tim.", THURSDAY)
    with pytest.raises(Exception, match="ditangguhkan"):
        remind(cast)
    with cast.at_work(CAMAT) as (session, camat):
        steering.resume(session, camat, case, "Sudah datang.", THURSDAY)
    do(cast, AULIA, "Langkah_1")
    with pytest.raises(AlreadyDone):
        with cast.at_work(CAMAT) as (session, camat):
            reminders.send(session, camat, task, THURSDAY)


@pytest.mark.parametrize(
    ("who", "error"),
    [
        (AULIA, access.Forbidden),
        ("perancang.gambut", NoSuchTask),
        ("camat.sumbang", NoSuchTask),
        ("pengawas.banyumas", NoSuchTask),
        ("admin", NoSuchTask),
    ],
)
def test_only_those_above_remind(cast: Cast, who: str, error: type[Exception]) -> None:
    start(cast)
    with pytest.raises(error):
        remind(cast, who)
