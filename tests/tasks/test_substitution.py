"""Four eyes through substitution: neither of the two checks what either of them did."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from engine import accounts, cases, sops
from engine.db import EVERYWHERE
from engine.models import Event, Person, Task
from tasks import assigning, delegation, ground, inbox, lists, succession
from tests import fillings
from tests.conftest import THURSDAY, Cast
from tests.days import at, away, midnight, names, plh

SEKCAM, KASUBBAG, TAPEM, PMD = (
    f"{post}.bukit-batu" for post in ("sekcam", "kasubbag", "kasi-tapem", "kasi-pmd")
)
WRITES, CHECKS = "Langkah_2", "Langkah_3"  # a unit's data, and the secretary's check of it
HERE = "bukit-batu"


@pytest.fixture
def asked(cast: Cast) -> Cast:
    """The secretary has asked every unit for its data."""
    with cast.at_work(SEKCAM) as (session, sekcam):
        [(sop, _)] = sops.startable(session, sekcam)
        cases.start(session, sekcam, sop, "Triwulan I", THURSDAY)
    finish(cast, SEKCAM, "Langkah_1")
    return cast


def finish(cast: Cast, who: str, step: str, day: int = 12) -> int:
    now = at(day)
    with cast.at_work(who, now) as (session, actor):
        items = lists.page(session, actor, "team", now).items
        task = next(item.task for item in items if item.task.step == step)
        inbox.claim(session, actor, task.id, now)
        data = fillings.least(session, task.id)
        inbox.complete(session, actor, task.id, now, data=data)
        return task.id


def check_of(cast: Cast, written: int) -> int:
    """The check of what was written there."""
    with cast.database.reading(EVERYWHERE) as session:
        member = session.get_one(Task, written).member
        return session.scalars(
            select(Task.id).where(Task.step == CHECKS, Task.member == member)
        ).one()


def claims(cast: Cast, who: str, task: int, day: int) -> None:
    with cast.at_work(who, at(day)) as (session, actor):
        inbox.claim(session, actor, task, at(day))


def claimer(cast: Cast, task: int) -> str | None:
    with cast.database.reading(EVERYWHERE) as session:
        who = session.get_one(Task, task).claimed_by
        return session.get_one(Person, who).account if who else None


def test_who_wrote_the_data_does_not_check_it_as_the_secretarys_substitute(asked: Cast) -> None:
    own, other = finish(asked, PMD, WRITES), finish(asked, TAPEM, WRITES)
    away(asked, SEKCAM, SEKCAM, PMD, 16, 20, slug=HERE)
    with pytest.raises(ground.DoneByYou):
        claims(asked, PMD, check_of(asked, own), 16)
    claims(asked, PMD, check_of(asked, other), 16)


def test_what_the_absent_one_wrote_herself_is_not_checked_in_her_name(asked: Cast) -> None:
    names(asked, "admin", "kasi-tapem", SEKCAM, plh(12, 13), slug=HERE)
    own, other = finish(asked, SEKCAM, WRITES), finish(asked, PMD, WRITES)
    away(asked, SEKCAM, SEKCAM, KASUBBAG, 16, 20, slug=HERE)
    with pytest.raises(ground.DoneInThisName, match=r"a\.n\. .+, yang mengerjakan"):
        claims(asked, KASUBBAG, check_of(asked, own), 16)
    claims(asked, KASUBBAG, check_of(asked, other), 16)


def test_what_a_substitute_wrote_counts_as_hers_and_as_that_of_whose_name_it_bears(
    asked: Cast,
) -> None:
    away(asked, TAPEM, TAPEM, PMD, 13, 13, slug=HERE)
    with asked.at_work(PMD, at(13)) as (session, actor):
        tapem = next(held.post_id for held in actor.posts if held.absent)
        written = session.scalars(
            select(Task.id).where(Task.step == WRITES, Task.post_id == tapem)
        ).one()
        inbox.claim(session, actor, written, at(13))
        data = fillings.least(session, written)
        inbox.complete(session, actor, written, at(13), data=data)
    check = check_of(asked, written)
    away(asked, SEKCAM, SEKCAM, PMD, 16, 16, slug=HERE)
    with pytest.raises(ground.DoneByYou):
        claims(asked, PMD, check, 16)
    away(asked, SEKCAM, SEKCAM, TAPEM, 17, 17, slug=HERE)
    with pytest.raises(ground.DoneByYou):
        claims(asked, TAPEM, check, 17)
    claims(asked, SEKCAM, check, 18)


def test_it_is_held_at_completion_too_however_the_claim_came_about(asked: Cast) -> None:
    check = check_of(asked, finish(asked, PMD, WRITES))
    away(asked, SEKCAM, SEKCAM, PMD, 16, 20, slug=HERE)
    with asked.database.transaction(EVERYWHERE) as session:
        task = session.get_one(Task, check)
        task.status, task.claimed_by = "claimed", asked(PMD).person_id
    with pytest.raises(ground.DoneByYou), asked.at_work(PMD, at(16)) as (session, actor):
        inbox.complete(session, actor, check, at(16), outcome="setuju")


def test_the_clock_hands_a_claimed_check_to_nobody_who_may_not_do_it(asked: Cast) -> None:
    own, other = (check_of(asked, finish(asked, who, WRITES)) for who in (PMD, TAPEM))
    for check in (own, other):
        claims(asked, SEKCAM, check, 13)
    away(asked, SEKCAM, SEKCAM, PMD, 16, 20, now=at(13), slug=HERE)
    midnight(asked, at(16, 1))  # midnight there, an hour after Banjar
    assert claimer(asked, own) is None
    assert claimer(asked, other) == PMD


def test_what_was_delegated_comes_back_to_the_substitute_of_whoever_asked(asked: Cast) -> None:
    check = check_of(asked, finish(asked, PMD, WRITES))
    claims(asked, SEKCAM, check, 13)
    with asked.at_work(SEKCAM, at(13)) as (session, actor):
        to = asked(TAPEM).person_id or 0
        delegation.delegate(session, actor, check, to, "", at(13), wants_check=True)
    away(asked, SEKCAM, SEKCAM, KASUBBAG, 16, 20, now=at(13), slug=HERE)
    midnight(asked, at(16, 1))  # midnight there, an hour after Banjar
    assert claimer(asked, check) == TAPEM
    with asked.at_work(TAPEM, at(16)) as (session, actor):
        delegation.give_back(session, actor, check, "Sudah diperiksa.", at(16))
    assert claimer(asked, check) == KASUBBAG


def test_what_was_asked_of_who_is_away_goes_back_to_whoever_asked(asked: Cast) -> None:
    check = check_of(asked, finish(asked, PMD, WRITES))
    claims(asked, SEKCAM, check, 13)
    with asked.at_work(SEKCAM, at(13)) as (session, actor):
        to = asked(TAPEM).person_id or 0
        delegation.delegate(session, actor, check, to, "", at(13), wants_check=False)
    away(asked, TAPEM, TAPEM, KASUBBAG, 16, 20, now=at(13), slug=HERE)
    midnight(asked, at(16, 1))  # midnight there, an hour after Banjar
    assert claimer(asked, check) == SEKCAM


def test_nothing_is_given_to_who_is_away(asked: Cast) -> None:
    check = check_of(asked, finish(asked, PMD, WRITES))
    claims(asked, SEKCAM, check, 16)
    away(asked, TAPEM, TAPEM, KASUBBAG, 16, 20, now=at(16), slug=HERE)
    with pytest.raises(delegation.IsAway, match="tidak masuk sampai 2026-03-20"):
        with asked.at_work(SEKCAM, at(16)) as (session, actor):
            to = asked(TAPEM).person_id or 0
            delegation.delegate(session, actor, check, to, "", at(16), wants_check=False)


def test_a_step_is_handed_over_to_the_substitute_of_its_holder(asked: Cast) -> None:
    [written] = waiting(asked, TAPEM, 16)
    away(asked, TAPEM, TAPEM, PMD, 16, 20, now=at(16), slug=HERE)
    with asked.at_work(TAPEM, at(16)) as (session, actor):
        to = asked(PMD).person_id or 0
        assigning.hand_over(session, actor, written, to, "Tolong dilanjutkan.", at(16))
    assert claimer(asked, written) == PMD


def waiting(cast: Cast, who: str, day: int) -> list[int]:
    with cast.at_work(who, at(day)) as (session, actor):
        return [item.task.id for item in lists.page(session, actor, "team", at(day)).items]


def test_a_closed_account_leaves_nothing_in_its_hands(asked: Cast) -> None:
    checks = [check_of(asked, finish(asked, who, WRITES)) for who in (PMD, TAPEM)]
    away(asked, SEKCAM, SEKCAM, KASUBBAG, 16, 20, now=at(13), slug=HERE)
    claims(asked, KASUBBAG, checks[0], 16)  # in the secretary's name
    claims(asked, KASUBBAG, checks[1], 16)
    with asked.at_work("admin", at(17)) as (session, admin):
        kasubbag = session.get_one(Person, asked(KASUBBAG).person_id)
        accounts.close(session, admin, kasubbag, at(17))
    midnight(asked, at(17))
    assert [claimer(asked, check) for check in checks] == [None, None]


def test_of_two_clocks_at_midnight_one_passes_it_on(asked: Cast) -> None:
    check = check_of(asked, finish(asked, PMD, WRITES))
    claims(asked, SEKCAM, check, 13)
    absence = away(asked, SEKCAM, SEKCAM, KASUBBAG, 16, 20, now=at(13), slug=HERE).id
    barrier, won = Barrier(4), []

    def look() -> None:
        barrier.wait()
        with asked.database.transaction(EVERYWHERE) as session:
            won.append(succession.settle_absence(session, absence, at(16, 1)))

    clocks = [Thread(target=look) for _ in range(4)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    assert sorted(won) == [False, False, False, True]
    assert claimer(asked, check) == KASUBBAG
    with asked.database.reading(EVERYWHERE) as session:
        kinds = list(session.scalars(select(Event.kind).where(Event.task_id == check)))
    assert kinds.count("substituted") == 1
