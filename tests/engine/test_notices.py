"""Twin of engine/notices.py and audience.py: whoever must know does, once; nobody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine import cases, incidents, notices, sops, steering
from engine.cases import CaseStuck
from engine.db import EVERYWHERE
from engine.models import Case, Holder, Notice, Person, Post, Task
from engine.notices import KINDS, Telling
from tasks import assigning, delegation, inbox, lists, schedule
from tests.conftest import THURSDAY, Cast
from tests.days import at, away, is_back
from tests.gambut import do, start
from tests.tasks.people import id_of, joins

KASUBBAG, STAF, SEKCAM, CAMAT, KASI = (
    f"{post}.gambut" for post in ("kasubbag", "staf", "sekcam", "camat", "kasi")
)


STAF2 = "staf2.gambut"


def told(cast: Cast, account: str, *, unread: bool = False) -> list[str]:
    """What she was told, oldest first."""
    query = select(Notice.kind).join(Person, Person.id == Notice.person_id).order_by(Notice.id)
    query = query.where(Person.account == account)
    with cast.database.reading(EVERYWHERE) as session:
        return list(session.scalars(query.where(Notice.read_at.is_(None)) if unread else query))


def everybody_told(cast: Cast) -> dict[str, list[str]]:
    with cast.database.reading(EVERYWHERE) as session:
        accounts = session.scalars(
            select(Person.account).join(Notice, Notice.person_id == Person.id)
        )
        return {account: told(cast, account) for account in set(accounts)}


def claim(cast: Cast, account: str) -> int:
    with cast.at_work(account) as (session, actor):
        [item] = lists.page(session, actor, "team", THURSDAY).items
        inbox.claim(session, actor, item.task.id, THURSDAY)
        return item.task.id


def test_whoever_holds_the_post_of_a_step_that_opens_is_told_and_nobody_else(cast: Cast) -> None:
    start(cast)
    assert everybody_told(cast) == {}  # the kasubbag began it, and has its first step before her
    do(cast, KASUBBAG, "Langkah_1")
    assert everybody_told(cast) == {STAF: ["opened"]}


def test_all_who_hold_a_post_are_told_until_one_of_them_takes_the_step(cast: Cast) -> None:
    joins(cast, STAF2, "Citra Lestari", "pelaksana")
    start(cast)
    do(cast, KASUBBAG, "Langkah_1")
    assert told(cast, STAF, unread=True) == told(cast, STAF2, unread=True) == ["opened"]
    claim(cast, STAF)
    assert told(cast, STAF, unread=True) == told(cast, STAF2, unread=True) == []


def test_whose_term_is_over_is_told_nothing(cast: Cast) -> None:
    with cast.database.transaction(EVERYWHERE) as session:
        held = session.scalars(select(Holder).where(Holder.person_id == id_of(cast, STAF))).one()
        held.ends_on = THURSDAY.date() - timedelta(days=1)
    start(cast)
    do(cast, KASUBBAG, "Langkah_1")
    assert everybody_told(cast) == {}


def test_what_comes_back_says_so(cast: Cast) -> None:
    start(cast)
    for who, step in ((KASUBBAG, "Langkah_1"), (STAF, "Langkah_2"), (SEKCAM, "Langkah_3")):
        do(cast, who, step)
    do(cast, CAMAT, "Langkah_4", "tidak", "Tanggalnya belum ada.")
    assert told(cast, SEKCAM) == ["opened", "sent back"]


def test_a_late_step_is_told_to_whoever_has_it_and_only_once(cast: Cast) -> None:
    joins(cast, "kasubbag2.gambut", "Citra Lestari", "kasubbag-perencanaan-keuangan")
    start(cast)
    claim(cast, KASUBBAG)
    for minutes in (11, 12, 300):
        schedule.tick(cast.database, THURSDAY + timedelta(minutes=minutes))
    assert told(cast, KASUBBAG) == ["late"]
    assert "late" not in told(cast, "kasubbag2.gambut")


def test_a_late_step_that_nobody_took_is_told_to_all_who_could(cast: Cast) -> None:
    joins(cast, "kasubbag2.gambut", "Citra Lestari", "kasubbag-perencanaan-keuangan")
    start(cast)
    schedule.tick(cast.database, THURSDAY + timedelta(minutes=11))
    assert told(cast, KASUBBAG) == ["late"]
    assert told(cast, "kasubbag2.gambut") == ["opened", "late"]


def test_whoever_finishes_late_before_the_clock_looked_is_not_told_that_she_is_late(
    cast: Cast,
) -> None:
    start(cast)
    do(cast, KASUBBAG, "Langkah_1", now=THURSDAY + timedelta(minutes=30))
    assert told(cast, KASUBBAG) == []


def test_who_began_a_case_is_told_that_it_has_ended(cast: Cast) -> None:
    case = start(cast)
    with cast.at_work(CAMAT) as (session, camat):
        steering.cancel(session, camat, case, "Dimulai dua kali.", THURSDAY)
    assert told(cast, KASUBBAG) == ["cancelled"]


def test_nobodys_step_is_taken_from_under_her_without_a_word(cast: Cast) -> None:
    case = start(cast)
    task = claim(cast, KASUBBAG)
    for verb in (steering.suspend, steering.resume):
        with cast.at_work(CAMAT) as (session, camat):
            verb(session, camat, case, "Menunggu kabupaten.", THURSDAY)
    assert told(cast, KASUBBAG) == ["suspended", "resumed"]
    with cast.at_work(CAMAT) as (session, camat):
        steering.move(session, camat, case, task, "Langkah_3", "Sudah ada.", THURSDAY)
    assert told(cast, KASUBBAG) == ["suspended", "resumed", "withdrawn"]
    assert told(cast, SEKCAM) == ["opened"]


def test_what_no_longer_waits_need_not_be_read(cast: Cast) -> None:
    case = start(cast)
    do(cast, KASUBBAG, "Langkah_1")
    assert told(cast, STAF, unread=True) == ["opened"]
    with cast.at_work(CAMAT) as (session, camat):
        steering.cancel(session, camat, case, "Dimulai dua kali.", THURSDAY)
    assert told(cast, STAF, unread=True) == []
    case = start(cast)
    do(cast, KASUBBAG, "Langkah_1")
    with cast.at_work(CAMAT) as (session, camat):
        task = session.scalars(select(Task.id).where(Task.status == "waiting")).one()
        steering.move(session, camat, case, task, "Langkah_3", "Sudah ada.", THURSDAY)
    assert told(cast, STAF, unread=True) == []
    assert told(cast, SEKCAM, unread=True) == ["opened"]


def test_leaders_are_told_of_a_case_that_cannot_go_on(cast: Cast) -> None:
    number = start(cast)
    for _ in range(3):
        with cast.database.transaction(EVERYWHERE) as session:
            case = session.get_one(Case, number)
            incidents.record(session, CaseStuck(case, "Tidak ada jalan yang cocok."), THURSDAY)
    assert everybody_told(cast) == {CAMAT: ["stuck"], SEKCAM: ["stuck"]}
    with cast.database.reading(EVERYWHERE) as session:
        assert set(session.scalars(select(Notice.urgent))) == {True}


def test_a_joint_step_asks_those_who_take_part(cast: Cast) -> None:
    with cast.at_work("camat.samboja") as (session, camat):
        [(sop, _)] = sops.startable(session, camat)
        cases.start(session, camat, sop, "Data kinerja 2026", THURSDAY)
    for account in ("camat", "sekcam", "tim"):
        with cast.at_work(f"{account}.samboja") as (session, actor):
            [item] = lists.page(session, actor, "team", THURSDAY).items
            inbox.claim(session, actor, item.task.id, THURSDAY)
            inbox.complete(session, actor, item.task.id, THURSDAY)
    assert told(cast, "sekcam.samboja") == ["opened", "invited"]


def test_the_same_cause_is_told_once_however_often_it_is_noticed(cast: Cast) -> None:
    number = start(cast)
    with cast.database.transaction(EVERYWHERE) as session:
        case = session.get_one(Case, number)
        task = session.scalars(select(Task)).one()
        camat = session.scalars(
            select(Post).where(Post.office_id == case.office_id, Post.slug == "camat")
        )
        post = camat.one().id
        third = Telling("late", task.id, posts=[post, post], level=3, cause=f"late-{task.id}-3")
        for _ in range(3):
            notices.tell(session, case, [third, third], THURSDAY)
    with cast.database.reading(EVERYWHERE) as session:
        [notice] = session.scalars(select(Notice))
        assert (notice.level, notice.urgent, notice.at) == (3, True, THURSDAY)


def test_whom_nobody_can_reach_outside_needs_no_weighing(cast: Cast) -> None:
    start(cast)
    do(cast, KASUBBAG, "Langkah_1")
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Notice.weighed_at)).all() == [THURSDAY]


def test_a_notice_lives_and_dies_with_its_deed(cast: Cast) -> None:
    start(cast)
    with pytest.raises(ZeroDivisionError):
        with cast.at_work(KASUBBAG) as (session, kasubbag):
            [item] = lists.page(session, kasubbag, "inbox", THURSDAY).items
            inbox.claim(session, kasubbag, item.task.id, THURSDAY)
            inbox.complete(session, kasubbag, item.task.id, THURSDAY)
            raise ZeroDivisionError
    assert everybody_told(cast) == {}


def lets(cast: Cast, account: str, deed: Callable[..., Any], *facts: Any, **more: Any) -> None:
    with cast.at_work(account) as (session, actor):
        deed(session, actor, *facts, THURSDAY, **more)


def test_whoever_is_asked_for_a_step_or_loses_it_is_told(cast: Cast) -> None:
    start(cast)
    task, kasi = claim(cast, KASUBBAG), id_of(cast, KASI)
    lets(cast, KASUBBAG, delegation.delegate, task, kasi, "", wants_check=True)
    lets(cast, KASI, delegation.give_back, task, "Sudah.")
    lets(cast, KASUBBAG, delegation.delegate, task, kasi, "", wants_check=False)
    lets(cast, KASUBBAG, delegation.recall, task)
    lets(cast, CAMAT, assigning.assign, task, kasi, "Bu Aulia rapat.")
    assert everybody_told(cast) == {
        KASI: ["delegated", "delegated", "recalled", "assigned"],
        KASUBBAG: ["returned", "unassigned"],
    }


def test_a_step_that_is_put_back_is_told_to_all_who_may_take_it(cast: Cast) -> None:
    joins(cast, STAF2, "Citra Lestari", "pelaksana")
    start(cast)
    do(cast, KASUBBAG, "Langkah_1")
    task = claim(cast, STAF)
    lets(cast, STAF, assigning.hand_over, task, id_of(cast, STAF2), "")
    assert told(cast, STAF2, unread=True) == ["handed over"]
    lets(cast, STAF2, inbox.release, task)
    assert told(cast, STAF, unread=True) == ["released"]
    claim(cast, STAF)
    lets(cast, CAMAT, assigning.unassign, task, "Kembali ke semua.")
    assert told(cast, STAF, unread=True) == ["unassigned"]
    assert told(cast, STAF2, unread=True) == ["handed over", "released"]


def test_who_does_the_work_of_one_who_is_away_is_told_as_well(cast: Cast) -> None:
    record = away(cast, STAF, STAF, KASI, 12, 12)
    start(cast)
    do(cast, KASUBBAG, "Langkah_1")
    assert everybody_told(cast) == {STAF: ["opened"], KASI: ["opened"]}
    is_back(cast, STAF, record.id, THURSDAY)
    start(cast)
    do(cast, KASUBBAG, "Langkah_1")
    assert told(cast, KASI) == ["opened"]


def test_what_she_had_in_hand_when_she_left_is_told_to_both(cast: Cast) -> None:
    start(cast)
    do(cast, KASUBBAG, "Langkah_1")
    claim(cast, STAF)
    away(cast, STAF, STAF, KASI, 13, 13)
    schedule.tick(cast.database, at(13))
    assert told(cast, STAF, unread=True)[-1] == "unassigned"
    assert told(cast, KASI) == ["substituted"]


def test_another_office_sees_none_of_it(cast: Cast) -> None:
    start(cast)
    do(cast, KASUBBAG, "Langkah_1")
    with cast.at_work("staf.sumbang") as (session, _):
        assert session.scalars(select(Notice)).all() == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_fits_its_column(kind: str) -> None:
    assert len(kind) <= Notice.__table__.c.kind.type.length
    assert len(KINDS[kind].topic) <= 20
