"""Who wrote a unit's data does not check it, through whatever post she comes."""

import pytest
from sqlalchemy import select

from engine import cases, sops
from engine.db import EVERYWHERE
from engine.models import Holder, Person, Post, Task
from tasks import ground, inbox, lists
from tests import fillings
from tests.conftest import THURSDAY, Cast

UNITS = ("kasi-tapem", "kasi-pmd", "kasi-trantib", "kasi-pelayanan", "kasubbag-keuangan")


@pytest.fixture
def asked(cast: Cast) -> Cast:
    """Bukit Batu's secretary has asked seven units; she also acts for Kasi Tapem (Plh)."""
    with cast.database.transaction(EVERYWHERE) as session:
        post = session.scalars(select(Post).where(Post.slug == "kasi-tapem")).one()
        sekcam = session.scalars(select(Person).where(Person.account == "sekcam.bukit-batu")).one()
        session.add(
            Holder(
                office_id=post.office_id,
                post_id=post.id,
                person_id=sekcam.id,
                capacity="plh",
                decree="SP 800/7/2026",
                starts_on=THURSDAY.date(),
            )
        )
    with cast.at_work("sekcam.bukit-batu") as (session, sekcam_):
        [(sop, _)] = sops.startable(session, sekcam_)
        cases.start(session, sekcam_, sop, "Triwulan I", THURSDAY)
    finish(cast, "sekcam.bukit-batu", "Langkah_1")
    return cast


def finish(cast: Cast, account: str, step: str, outcome: str | None = None) -> int:
    with cast.at_work(account) as (session, actor):
        page = lists.page(session, actor, "team", THURSDAY)
        task = next(item.task for item in page.items if item.task.step == step)
        inbox.claim(session, actor, task.id, THURSDAY)
        data = fillings.least(session, task.id)
        inbox.complete(session, actor, task.id, THURSDAY, outcome=outcome, data=data)
        return task.id


def test_each_unit_finds_its_own_step_and_no_other(asked: Cast) -> None:
    for unit in UNITS:
        with asked.at_work(f"{unit}.bukit-batu") as (session, actor):
            [item] = lists.page(session, actor, "team", THURSDAY).items
            assert item.task.step == "Langkah_2"


def test_the_author_cannot_claim_the_check_of_her_own_data_but_of_another_units(
    asked: Cast,
) -> None:
    finish(asked, "sekcam.bukit-batu", "Langkah_2")  # as Plh. Kasi Tapem
    finish(asked, "kasi-pmd.bukit-batu", "Langkah_2")
    with asked.at_work("sekcam.bukit-batu") as (session, sekcam):
        checks = session.scalars(
            select(Task).where(Task.step == "Langkah_3", Task.status == "waiting")
        ).all()
        own, other = sorted(checks, key=lambda task: task.member or 0)
        with pytest.raises(ground.DoneByYou, match="orang lain"):
            inbox.claim(session, sekcam, own.id, THURSDAY)
        inbox.claim(session, sekcam, other.id, THURSDAY)
        inbox.complete(session, sekcam, other.id, THURSDAY, outcome="setuju")


def test_it_is_held_at_completion_too(asked: Cast) -> None:
    finish(asked, "sekcam.bukit-batu", "Langkah_2")
    with asked.database.transaction(EVERYWHERE) as session:
        # However she came to hold the claim.
        sekcam = session.scalars(select(Person).where(Person.account == "sekcam.bukit-batu")).one()
        check = session.scalars(select(Task).where(Task.step == "Langkah_3")).one()
        check.status, check.claimed_by = "claimed", sekcam.id
        task = check.id
    with pytest.raises(ground.DoneByYou):
        with asked.at_work("sekcam.bukit-batu") as (session, actor):
            inbox.complete(session, actor, task, THURSDAY, outcome="setuju")
