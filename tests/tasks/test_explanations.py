"""Why is it late? A leader asks, whoever has it answers before it is done, and that stands."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import access, history
from engine.db import EVERYWHERE
from engine.models import Event, Notice, Person, Task
from tasks import excuses, explanations, inbox, schedule
from tasks.excuses import Excuse
from tasks.explanations import Talk
from tasks.ground import AlreadyClaimed, NotYours
from tests.conftest import THURSDAY, Cast
from tests.gambut import start
from tests.tasks.people import joins
from tests.tasks.test_reminders import the_task

AULIA, CITRA, CAMAT = "kasubbag.gambut", "kasubbag2.gambut", "camat.gambut"
MINUTE = timedelta(minutes=1)
LATER = THURSDAY + 11 * MINUTE
POWER = Excuse("lain", "Listrik padam sejak pukul delapan.")


@pytest.fixture
def late(cast: Cast) -> Cast:
    """The first step was due at 09:10; it is 09:11, and nobody has taken it."""
    start(cast)
    schedule.tick(cast.database, LATER)
    return cast


def ask(cast: Cast, who: str = CAMAT, note: str = "", at: int = 0) -> None:
    now = LATER + at * MINUTE
    with cast.at_work(who, now) as (session, actor):
        explanations.ask(session, actor, the_task(cast), note, now)


def give(cast: Cast, who: str = AULIA, said: Excuse = POWER) -> None:
    now = LATER + MINUTE
    with cast.at_work(who, now) as (session, actor):
        explanations.give(session, actor, the_task(cast), said, now)


def talk(cast: Cast) -> Talk:
    with cast.database.reading(EVERYWHERE) as session:
        task = session.get_one(Task, the_task(cast))
        return explanations.of_tasks(session, [task]).get(task.id, Talk())


def told(cast: Cast, kind: str) -> list[str]:
    with cast.database.reading(EVERYWHERE) as session:
        history.verify(session)
        rows = select(Person.account).join(Notice, Notice.person_id == Person.id)
        return sorted(session.scalars(rows.where(Notice.kind == kind)))


def test_she_is_asked_answers_and_whoever_asked_hears_it(late: Cast) -> None:
    ask(late, note="Kapan selesai?")
    assert told(late, "asked why") == [AULIA]
    [question] = talk(late).open
    assert (question.who, question.note) == ("Rahmadi Syahputra", "Kapan selesai?")
    give(late)
    assert told(late, "explained") == [CAMAT]
    assert talk(late).open == []
    answer = talk(late).answer
    assert answer is not None
    assert answer.note == POWER.note
    with late.database.reading(EVERYWHERE) as session:
        task = session.get_one(Task, the_task(late))
        assert (task.late_reason, task.late_note, task.status) == ("lain", POWER.note, "waiting")


def test_what_she_said_stands_when_the_step_is_done(late: Cast) -> None:
    give(late)  # nobody need ask
    now = LATER + 2 * MINUTE
    with late.at_work(AULIA, now) as (session, aulia):
        task = the_task(late)
        inbox.claim(session, aulia, task, now)
        inbox.complete(session, aulia, task, now, excuse=Excuse(asked=True))
    with late.database.reading(EVERYWHERE) as session:
        done = session.get_one(Task, task)
        assert (done.status, done.late_reason, done.late_note) == ("done", "lain", POWER.note)


def test_and_gives_way_to_what_she_says_then(late: Cast) -> None:
    give(late)
    now = LATER + 2 * MINUTE
    with late.at_work(AULIA, now) as (session, aulia):
        task = the_task(late)
        inbox.claim(session, aulia, task, now)
        inbox.complete(session, aulia, task, now, excuse=Excuse("beban-kerja", asked=True))
    with late.database.reading(EVERYWHERE) as session:
        done = session.get_one(Task, task)
        assert (done.late_reason, done.late_note) == ("beban-kerja", None)


def test_nobody_is_asked_twice_before_she_answers_and_may_be_asked_again_then(late: Cast) -> None:
    ask(late)
    with pytest.raises(explanations.AskedAlready, match="Rahmadi Syahputra sudah menanyakan"):
        ask(late, "sekcam.gambut", at=1)
    give(late)
    ask(late, "sekcam.gambut", at=2)
    [question] = talk(late).open
    assert question.note == ""


def test_what_is_in_time_needs_no_explanation(cast: Cast) -> None:
    start(cast)
    for deed in (ask, give):
        with pytest.raises(explanations.NotLate):
            with cast.database.transaction(EVERYWHERE) as session:
                session.get_one(Task, the_task(cast)).due_at = LATER + 2 * MINUTE
            deed(cast)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (Excuse(), excuses.ReasonMissing),
        (Excuse("", "Listrik padam."), excuses.ReasonMissing),
        (Excuse("bosan", "Listrik padam."), excuses.ReasonMissing),
        (Excuse("lain", "  "), excuses.NoteMissing),
        (Excuse("lain", "x" * 501), excuses.NoteTooLong),
    ],
)
def test_an_answer_is_one_of_the_office_s_reasons(
    late: Cast, said: Excuse, error: type[Exception]
) -> None:
    with pytest.raises(error):
        give(late, said=said)
    assert told(late, "explained") == []


def test_only_whoever_has_it_answers(late: Cast) -> None:
    joins(late, CITRA, "Citra Lestari", "kasubbag-perencanaan-keuangan")
    with late.at_work(CITRA) as (session, citra):
        inbox.claim(session, citra, the_task(late), LATER)
    with pytest.raises(AlreadyClaimed):
        give(late)
    with pytest.raises(NotYours):
        give(late, "staf.gambut")
    give(late, CITRA)


def test_an_officer_asks_nobody_why(late: Cast) -> None:
    with pytest.raises(access.Forbidden):
        ask(late, AULIA)
    with late.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Event).where(Event.kind == "asked why")).all() == []
