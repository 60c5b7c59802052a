"""What is urgent comes first for everyone, and its history says who made it so, and why."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import access, cases, history, priorities, steering
from engine.db import EVERYWHERE
from engine.models import Case, Event, Notice, Person, Task
from tasks import inbox, lists
from tests.conftest import THURSDAY, Cast
from tests.gambut import start

AULIA, STAF, CAMAT = "kasubbag.gambut", "staf.gambut", "camat.gambut"
MINUTE = timedelta(minutes=1)


def urge(cast: Cast, case: int, priority: int = 1, reason: str = "Diminta bupati.") -> None:
    with cast.at_work(CAMAT) as (session, camat):
        priorities.set_(session, camat, case, priority, reason, THURSDAY)


def titles(cast: Cast, account: str, limit: int = 25) -> list[str]:
    """Page after page."""
    seen, after = [], None
    with cast.at_work(account) as (session, actor):
        while True:
            page = lists.page(session, actor, "inbox", THURSDAY, after=after, limit=limit)
            seen += [item.case_title for item in page.items]
            if (after := page.next) is None:
                return seen


@pytest.mark.parametrize("limit", [1, 2, 3, 25])
def test_what_is_more_urgent_stands_above_what_is_due_sooner(cast: Cast, limit: int) -> None:
    numbers = [
        start(cast, f"Berkas {number}", THURSDAY + number * MINUTE) for number in range(1, 7)
    ]
    urge(cast, numbers[2])
    urge(cast, numbers[5], 2)
    urge(cast, numbers[4])
    with cast.database.transaction(EVERYWHERE) as session:
        for case in (numbers[3], numbers[4]):  # without a due time
            session.scalars(select(Task).where(Task.case_id == case)).one().due_at = None
    assert titles(cast, AULIA, limit) == [f"Berkas {number}" for number in (6, 3, 5, 1, 2, 4)]


def test_the_steps_that_open_later_are_as_urgent_as_the_case(cast: Cast) -> None:
    first, second = start(cast, "Pertama"), start(cast, "Kedua", THURSDAY + MINUTE)
    urge(cast, second, 2)
    do_both(cast)
    assert titles(cast, STAF) == ["Kedua", "Pertama"]
    with cast.database.reading(EVERYWHERE) as session:
        assert session.get_one(Case, first).priority == 0
        open_now = select(Task.priority).where(Task.case_id == second, Task.status == "waiting")
        assert session.scalars(open_now).one() == 2


def do_both(cast: Cast) -> None:
    with cast.at_work(AULIA) as (session, aulia):
        for item in lists.page(session, aulia, "inbox", THURSDAY).items:
            inbox.claim(session, aulia, item.task.id, THURSDAY)
            inbox.complete(session, aulia, item.task.id, THURSDAY)


def test_its_history_says_who_made_it_urgent_and_why(cast: Cast) -> None:
    case = start(cast)
    urge(cast, case)
    with cast.database.reading(EVERYWHERE) as session:
        history.verify(session)
        [line] = session.scalars(select(Event).where(Event.kind == "prioritised"))
        assert line.detail == {"before": 0, "priority": 1, "reason": "Diminta bupati."}
        assert line.capacity == "Camat"


def told(cast: Cast) -> list[str]:
    with cast.database.reading(EVERYWHERE) as session:
        rows = select(Person.account).join(Notice, Notice.person_id == Person.id)
        return list(session.scalars(rows.where(Notice.kind == "prioritised")))


def test_whoever_has_it_in_hand_hears_that_it_became_urgent_and_not_that_it_is_less_so(
    cast: Cast,
) -> None:
    case = start(cast)
    urge(cast, case)
    assert told(cast) == []  # nobody has taken it: the order of her list says it
    with cast.at_work(AULIA) as (session, aulia):
        [item] = lists.page(session, aulia, "inbox", THURSDAY).items
        inbox.claim(session, aulia, item.task.id, THURSDAY)
    urge(cast, case, 2)
    assert told(cast) == [AULIA]
    urge(cast, case, 0)
    assert told(cast) == [AULIA]


def test_a_suspended_case_may_become_urgent_and_an_ended_one_not(cast: Cast) -> None:
    case = start(cast)
    with cast.at_work(CAMAT) as (session, camat):
        steering.suspend(session, camat, case, "Menunggu tim.", THURSDAY)
    urge(cast, case)
    with cast.at_work(CAMAT) as (session, camat):
        steering.cancel(session, camat, case, "Dimulai dua kali.", THURSDAY)
    with pytest.raises(cases.NotRunning):
        urge(cast, case, 2)


@pytest.mark.parametrize(
    ("priority", "reason", "error"),
    [
        (3, "Diminta bupati.", priorities.NoPriority),
        (-1, "Diminta bupati.", priorities.NoPriority),
        (1, "  ", steering.NoReason),
        (1, "x" * 2001, steering.NoReason),
        (0, "Diminta bupati.", priorities.SameAlready),
    ],
)
def test_it_is_said_with_a_reason_and_changes_something(
    cast: Cast, priority: int, reason: str, error: type[Exception]
) -> None:
    case = start(cast)
    with pytest.raises(error):
        urge(cast, case, priority, reason)
    with cast.database.reading(EVERYWHERE) as session:
        assert session.get_one(Case, case).priority == 0


@pytest.mark.parametrize("who", [AULIA, "pengawas.banjar", "camat.sumbang", "admin"])
def test_only_its_leaders_say_how_urgent_a_case_is(cast: Cast, who: str) -> None:
    case = start(cast)
    with pytest.raises((access.Forbidden, cases.NoSuchCase)):
        with cast.at_work(who) as (session, actor):
            priorities.set_(session, actor, case, 1, "Diminta bupati.", THURSDAY)
