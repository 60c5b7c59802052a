"""Samboja drafts its report together: the team answers, the secretary is seen to have joined."""

import pytest
from sqlalchemy import select

from engine import cases, history, sops, steering
from engine.db import EVERYWHERE
from engine.models import Event, Holder, Office, Person, Post, Revision, Sop, Task
from tasks import ground, inbox, lists, participation
from tests.conftest import THURSDAY, Cast

PATH = ("camat", "sekcam", "tim")


@pytest.fixture
def drafting(cast: Cast) -> int:
    """Step 4, Menghimpun data: the team has it, the secretary is asked to take part."""
    with cast.at_work("camat.samboja") as (session, camat):
        [(sop, _)] = sops.startable(session, camat)
        cases.start(session, camat, sop, "Data kinerja 2026", THURSDAY)
    for account in PATH:
        with cast.at_work(f"{account}.samboja") as (session, actor):
            [item] = lists.page(session, actor, "team", THURSDAY).items
            inbox.claim(session, actor, item.task.id, THURSDAY)
            inbox.complete(session, actor, item.task.id, THURSDAY)
    with cast.database.reading(EVERYWHERE) as session:
        return session.scalars(select(Task.id).where(Task.status == "waiting")).one()


def asked(cast: Cast, account: str) -> list[int]:
    with cast.at_work(account) as (session, actor):
        return [item.task.id for item in lists.page(session, actor, "joint", THURSDAY).items]


def join(cast: Cast, account: str, task: int) -> None:
    with cast.at_work(account) as (session, actor):
        participation.take_part(session, actor, task, THURSDAY)


def test_who_is_asked_finds_the_step_and_can_be_seen_to_have_joined(
    cast: Cast, drafting: int
) -> None:
    assert asked(cast, "sekcam.samboja") == [drafting]
    assert asked(cast, "tim.samboja") == []  # the team answers for the step
    join(cast, "sekcam.samboja", drafting)
    assert asked(cast, "sekcam.samboja") == []
    with cast.database.reading(EVERYWHERE) as session:
        [part] = participation.of(session, drafting)
        assert (part.post, part.who, part.at) == ("Sekretaris Camat", "Rosmiati", THURSDAY)
        joined = session.scalars(select(Event).where(Event.kind == "joined")).one()
        assert joined.capacity == "Sekretaris Camat"
        history.verify(session)


def test_nobody_takes_part_twice_or_uninvited(cast: Cast, drafting: int) -> None:
    join(cast, "sekcam.samboja", drafting)
    with pytest.raises(participation.NothingToJoin):
        join(cast, "sekcam.samboja", drafting)
    with pytest.raises(participation.NotInvited):
        join(cast, "camat.samboja", drafting)
    with pytest.raises(ground.NoSuchTask):
        join(cast, "sekcam.gambut", drafting)


def test_the_step_does_not_wait_for_those_who_join(cast: Cast, drafting: int) -> None:
    with cast.at_work("tim.samboja") as (session, tim):
        inbox.claim(session, tim, drafting, THURSDAY)
        inbox.complete(session, tim, drafting, THURSDAY)
    with pytest.raises(participation.NothingToJoin):
        join(cast, "sekcam.samboja", drafting)


def test_who_holds_two_of_the_posts_that_are_asked_joins_for_each(cast: Cast) -> None:
    with cast.database.transaction(EVERYWHERE) as session:
        sekcam = session.scalars(select(Person).where(Person.account == "sekcam.sumbang")).one()
        kasi = session.scalars(
            select(Post).join(Office).where(Office.slug == "sumbang", Post.slug == "kasi-kasubbag")
        ).one()
        session.add(
            Holder(
                office_id=kasi.office_id,
                post_id=kasi.id,
                person_id=sekcam.id,
                capacity="plt",
                decree="SK 800/3/2026",
                starts_on=THURSDAY.date(),
            )
        )
        sop = session.scalars(select(Sop).join(Office).where(Office.slug == "sumbang")).one()
        case = cases.begin(session, sop, "Bersama", THURSDAY, history.Entry("started", THURSDAY))
        step = next(
            step
            for step in sops.meaning(session.get_one(Revision, case.revision_id)).steps
            if step.peserta
        )
        task = session.scalars(select(Task).where(Task.case_id == case.id)).one()
        steering.move(
            session, cast("camat.sumbang"), case.id, task.id, step.id, "Langsung", THURSDAY
        )
        joint = session.scalars(select(Task.id).where(Task.status == "waiting")).one()
    join(cast, "sekcam.sumbang", joint)
    join(cast, "sekcam.sumbang", joint)
    with pytest.raises(participation.NothingToJoin):
        join(cast, "sekcam.sumbang", joint)
