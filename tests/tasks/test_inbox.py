"""Two people, one task; one person, twice: who gets it, and what the other is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import event, select

from engine import access, cases, sops
from engine.access import MACHINE
from engine.db import EVERYWHERE
from engine.models import Event, Holder, Office, Person, Post, Task
from tasks import ground, inbox, lists
from tasks.filters import Filter
from tests.conftest import THURSDAY, Cast
from tests.engine.diagrams import diagram, each, step
from tests.gambut import do, start


@pytest.fixture
def two_officers(cast: Cast) -> Cast:
    """A second pelaksana, so that two hold one post; step 2 waits for both."""
    with cast.database.transaction(EVERYWHERE) as session:
        post = session.scalars(
            select(Post)
            .join(Holder)
            .join(Person, Person.id == Holder.person_id)
            .where(Person.account == "staf.gambut")
        ).one()
        second = Person(account="staf2.gambut", name="Citra Lestari", password_hash="-")
        session.add(second)
        session.flush()
        session.add(
            Holder(
                office_id=post.office_id,
                post_id=post.id,
                person_id=second.id,
                starts_on=THURSDAY.date(),
            )
        )
    start(cast)
    do(cast, "kasubbag.gambut", "Langkah_1")
    return cast


def waiting_task(cast: Cast) -> int:
    with cast.database.reading(EVERYWHERE) as session:
        return session.scalars(select(Task.id).where(Task.status != "done")).one()


def test_two_officers_cannot_claim_the_same_task(two_officers: Cast) -> None:
    task = waiting_task(two_officers)
    with two_officers.at_work("staf.gambut") as (session, budi):
        inbox.claim(session, budi, task, THURSDAY)
    with pytest.raises(ground.AlreadyClaimed, match="Budi Santoso"):
        with two_officers.at_work("staf2.gambut") as (session, citra):
            inbox.claim(session, citra, task, THURSDAY)


def test_of_two_who_claim_at_once_exactly_one_gets_it(two_officers: Cast) -> None:
    task, barrier, results = waiting_task(two_officers), Barrier(2), []

    def reach(account: str) -> None:
        barrier.wait()
        try:
            with two_officers.at_work(account) as (session, actor):
                inbox.claim(session, actor, task, THURSDAY)
            results.append("got it")
        except ground.AlreadyClaimed:
            results.append("told")

    threads = [Thread(target=reach, args=(name,)) for name in ("staf.gambut", "staf2.gambut")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["got it", "told"]


def test_completing_twice_is_refused_and_written_once(two_officers: Cast) -> None:
    task = waiting_task(two_officers)
    with two_officers.at_work("staf.gambut") as (session, budi):
        inbox.claim(session, budi, task, THURSDAY)
        inbox.complete(session, budi, task, THURSDAY)
    with pytest.raises(ground.AlreadyDone, match="Anda"):
        with two_officers.at_work("staf.gambut") as (session, budi):
            inbox.complete(session, budi, task, THURSDAY)
    with two_officers.database.reading(EVERYWHERE) as session:
        done = select(Event).where(Event.task_id == task, Event.kind == "completed")
        assert len(session.scalars(done).all()) == 1


def test_a_task_is_completed_only_by_who_claimed_it(two_officers: Cast) -> None:
    task = waiting_task(two_officers)
    with pytest.raises(ground.NotClaimed):
        with two_officers.at_work("staf.gambut") as (session, budi):
            inbox.complete(session, budi, task, THURSDAY)
    with two_officers.at_work("staf.gambut") as (session, budi):
        inbox.claim(session, budi, task, THURSDAY)
    with pytest.raises(ground.AlreadyClaimed, match="Budi Santoso"):
        with two_officers.at_work("staf2.gambut") as (session, citra):
            inbox.complete(session, citra, task, THURSDAY)


def test_a_released_task_waits_for_all_again(two_officers: Cast) -> None:
    task = waiting_task(two_officers)
    with two_officers.at_work("staf.gambut") as (session, budi):
        inbox.claim(session, budi, task, THURSDAY)
        inbox.release(session, budi, task, THURSDAY)
    with two_officers.at_work("staf2.gambut") as (session, citra):
        assert lists.counts(session, citra, THURSDAY)["team"] == 1
        inbox.claim(session, citra, task, THURSDAY)


def test_who_does_not_hold_the_post_is_refused(two_officers: Cast) -> None:
    task = waiting_task(two_officers)
    with pytest.raises(ground.NotYours, match="Pelaksana"):
        with two_officers.at_work("camat.gambut") as (session, camat):
            inbox.claim(session, camat, task, THURSDAY)


def test_another_office_does_not_even_learn_that_it_exists(two_officers: Cast) -> None:
    task = waiting_task(two_officers)
    with pytest.raises(ground.NoSuchTask):
        with two_officers.at_work("staf.sumbang") as (session, sri):
            inbox.claim(session, sri, task, THURSDAY)


def test_a_supervisor_sees_the_task_but_may_not_work_on_it(two_officers: Cast) -> None:
    task = waiting_task(two_officers)
    with two_officers.at_work("pengawas.banjar") as (session, supervisor):
        assert inbox.look(session, supervisor, task).task.id == task
        with pytest.raises(access.Forbidden):
            inbox.claim(session, supervisor, task, THURSDAY)


def test_whose_term_is_over_holds_nothing(two_officers: Cast) -> None:
    with two_officers.database.transaction(EVERYWHERE) as session:
        holder = session.scalars(
            select(Holder)
            .join(Person, Person.id == Holder.person_id)
            .where(Person.account == "staf2.gambut")
        ).one()
        holder.ends_on = THURSDAY.date()
    assert two_officers("staf2.gambut").posts
    assert not two_officers("staf2.gambut", THURSDAY + timedelta(days=1)).posts


def test_the_most_urgent_stands_first_and_pages_do_not_repeat(cast: Cast) -> None:
    for minute in range(7):
        start(cast, f"Berkas {minute}", THURSDAY + timedelta(minutes=minute))
    with cast.at_work("kasubbag.gambut") as (session, kasubbag):
        seen: list[str] = []
        after = None
        while True:
            page = lists.page(session, kasubbag, "inbox", THURSDAY, after=after, limit=3)
            assert page.count == 7
            seen += [item.case_title for item in page.items]
            if page.next is None:
                break
            after = page.next
        assert seen == [f"Berkas {minute}" for minute in range(7)]
        found = lists.page(session, kasubbag, "inbox", THURSDAY, narrowed=Filter(search="berkas 3"))
        assert [item.case_title for item in found.items] == ["Berkas 3"]
        nothing = Filter(search="100%")
        assert lists.page(session, kasubbag, "inbox", THURSDAY, narrowed=nothing).items == []


@contextmanager
def counted(cast: Cast) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(cast.database.bind, "before_cursor_execute", note)
    yield statements
    event.remove(cast.database.bind, "before_cursor_execute", note)


def test_a_completion_that_opens_seven_tasks_takes_no_more_statements_than_one(cast: Cast) -> None:
    xml = diagram("mulai -> A -> B -> selesai", B=step(each(7)))
    with cast.database.transaction(EVERYWHERE) as session:
        gambut = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        sops.publish(session, MACHINE, gambut, "tujuh", xml, THURSDAY)
    with cast.at_work("camat.gambut") as (session, camat):
        [sop] = [sop for sop, _ in sops.startable(session, camat) if sop.slug == "tujuh"]
        cases.start(session, camat, sop, "Tujuh", THURSDAY)
        [item] = lists.page(session, camat, "team", THURSDAY).items
        inbox.claim(session, camat, item.task.id, THURSDAY)
    with cast.at_work("camat.gambut") as (session, camat), counted(cast) as statements:
        inbox.complete(session, camat, item.task.id, THURSDAY)
        assert lists.page(session, camat, "team", THURSDAY).count == 7
    work = [line for line in statements if line.startswith(("INSERT INTO task ", "INSERT INTO ev"))]
    assert len(work) == 2, "\n".join(statements)


def test_a_completion_is_one_transaction_of_at_most_twelve_statements(two_officers: Cast) -> None:
    task, commits = waiting_task(two_officers), []
    with two_officers.at_work("staf.gambut") as (session, budi):
        inbox.claim(session, budi, task, THURSDAY)
    event.listen(two_officers.database.bind, "commit", commits.append)
    with counted(two_officers) as statements:
        with two_officers.database.transaction(EVERYWHERE) as session:
            person = session.scalars(select(Person).where(Person.account == "staf.gambut")).one()
            budi = access.actor(session, person, THURSDAY)
            session.info["scope"] = budi.scope
            inbox.complete(session, budi, task, THURSDAY)
    assert len(commits) == 1
    work = [line for line in statements if not line.startswith("BEGIN")]
    assert len(work) <= 12, "\n".join(work)
