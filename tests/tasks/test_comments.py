"""Twin of tasks/comments.py: who may speak about a case, whom it reaches, and for how long."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.access import Forbidden
from engine.cases import NoSuchCase
from engine.db import EVERYWHERE
from engine.models import Comment, Notice, Person, Task
from tasks import comments
from tests.conftest import THURSDAY, Cast
from tests.gambut import start
from tests.tasks.people import id_of, joins

AULIA, BUDI, CAMAT = "kasubbag.gambut", "staf.gambut", "camat.gambut"


@pytest.fixture
def case(cast: Cast) -> int:
    return start(cast)


def says(cast: Cast, account: str, case: int, text: str, task: int | None = None) -> int:
    with cast.at_work(account) as (session, actor):
        return comments.say(session, actor, case, text, THURSDAY, task_id=task).id


def told(cast: Cast) -> list[tuple[str, int | None]]:
    """Who was told that somebody called her, and of which step."""
    with cast.database.reading(EVERYWHERE) as session:
        rows = session.execute(
            select(Person.account, Notice.task_id)
            .join(Person, Person.id == Notice.person_id)
            .where(Notice.kind == "mentioned")
            .order_by(Person.account)
        )
        return [(account, task) for account, task in rows]


def test_what_is_said_is_read_by_those_who_see_the_office_s_tasks(cast: Cast, case: int) -> None:
    says(cast, AULIA, case, "Surat sudah di meja.\n\n\n\nMohon dicek.  ")
    for account in (BUDI, CAMAT, "pengawas.banjar"):
        with cast.at_work(account) as (session, actor):
            [line] = comments.page(session, actor, case).items
            assert line.comment.text == "Surat sudah di meja.\n\nMohon dicek."
            assert (line.who, line.step, line.called) == ("Aulia Rahmah", None, ())


@pytest.mark.parametrize("account", ["staf.sumbang", "perancang.gambut", "admin"])
def test_others_neither_read_nor_write(cast: Cast, case: int, account: str) -> None:
    with cast.at_work(account) as (session, actor):
        with pytest.raises(NoSuchCase):
            comments.page(session, actor, case)
        with pytest.raises((NoSuchCase, Forbidden)):
            comments.say(session, actor, case, "Halo", THURSDAY)
        with pytest.raises(NoSuchCase):
            comments.suggested(session, actor, case, THURSDAY)


def test_whoever_is_called_by_name_is_told_and_nobody_else(cast: Cast, case: int) -> None:
    with cast.database.reading(EVERYWHERE) as session:
        task = session.scalars(select(Task.id)).one()
    text = "@Budi Santoso, mohon siapkan; cc @rahmadi syahputra. surel: a@hendra.id @Aulia Rahmah"
    says(cast, AULIA, case, text, task)
    assert told(cast) == [(CAMAT, task), (BUDI, task)]


def test_a_supervisor_of_the_kabupaten_can_be_called_one_of_another_cannot(
    cast: Cast, case: int
) -> None:
    with cast.at_work(AULIA) as (session, aulia):
        known = {each.name for each in comments.suggested(session, aulia, case, THURSDAY)}
    with cast.database.reading(EVERYWHERE) as session:
        name = select(Person.name)
        here = session.scalars(name.where(Person.account == "pengawas.banjar")).one()
        there = session.scalars(name.where(Person.account == "pengawas.banyumas")).one()
    assert here in known
    assert {"Budi Santoso", "Rahmadi Syahputra"} < known
    assert not {there, "Aulia Rahmah"} & known
    says(cast, AULIA, case, f"@{here} @{there} @Seseorang Lain")
    assert told(cast) == [("pengawas.banjar", None)]


def test_of_names_that_begin_alike_the_one_that_was_written_is_meant(cast: Cast, case: int) -> None:
    joins(cast, "budi2.gambut", "Budi", "pelaksana")
    joins(cast, "budi3.gambut", "Budi Santoso Putra", "pelaksana")
    says(cast, CAMAT, case, "@Budi, tolong.")
    assert told(cast) == [("budi2.gambut", None)]
    says(cast, CAMAT, case, "@Budi Santoso Putra dan @Budiman")
    assert told(cast) == [("budi2.gambut", None), ("budi3.gambut", None)]


def test_two_of_one_name_are_called_by_their_accounts(cast: Cast, case: int) -> None:
    joins(cast, "budi2.gambut", "Budi Santoso", "pelaksana")
    says(cast, CAMAT, case, "@Budi Santoso, tolong.")
    assert told(cast) == []
    says(cast, CAMAT, case, "@budi2.gambut, tolong.")
    assert told(cast) == [("budi2.gambut", None)]


def test_her_own_words_can_be_taken_back_for_a_while_and_leave_their_mark(
    cast: Cast, case: int
) -> None:
    comment = says(cast, AULIA, case, "Salah berkas.")
    with cast.at_work(BUDI) as (session, budi), pytest.raises(comments.TooLate):
        comments.take_back(session, budi, comment, THURSDAY)
    later = THURSDAY + comments.REMOVABLE_FOR
    with cast.at_work(AULIA) as (session, aulia), pytest.raises(comments.TooLate, match="15"):
        comments.take_back(session, aulia, comment, later)
    with cast.at_work(AULIA) as (session, aulia):
        comments.take_back(session, aulia, comment, later - timedelta(seconds=1))
        with pytest.raises(comments.TooLate):
            comments.take_back(session, aulia, comment, THURSDAY)
    with cast.at_work(BUDI) as (session, budi):
        [line] = comments.page(session, budi, case).items
        assert (line.comment.text, line.who) == ("", "Aulia Rahmah")
        assert line.comment.removed_at is not None


def test_another_office_s_comment_is_not_there(cast: Cast, case: int) -> None:
    comment = says(cast, AULIA, case, "Rahasia kantor.")
    with cast.at_work("staf.sumbang") as (session, other):
        with pytest.raises(comments.NoSuchComment):
            comments.take_back(session, other, comment, THURSDAY)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (" \n ", comments.NothingSaid),
        ("x" * 2_001, comments.TooLong),
    ],
)
def test_what_cannot_be_said(
    cast: Cast, case: int, text: str, error: type[comments.CommentError]
) -> None:
    with pytest.raises(error):
        says(cast, AULIA, case, text)


def test_not_everybody_is_called_at_once(cast: Cast, case: int) -> None:
    for number in range(comments.MOST_CALLED + 1):
        joins(cast, f"staf{number}.gambut", f"Pegawai Nomor {number:02}", "pelaksana")
    everyone = " ".join(f"@Pegawai Nomor {number:02}" for number in range(21))
    with pytest.raises(comments.TooManyCalled, match="20"):
        says(cast, AULIA, case, everyone)


def test_a_step_of_another_case_is_not_taken_for_one_of_this(cast: Cast, case: int) -> None:
    other = start(cast, "Lain")
    with cast.database.reading(EVERYWHERE) as session:
        task = session.scalars(select(Task.id).where(Task.case_id == other)).one()
    comment = says(cast, AULIA, case, "Halo", task)
    with cast.database.reading(EVERYWHERE) as session:
        assert session.get_one(Comment, comment).task_id is None


def test_many_comments_come_in_pages_the_latest_first(cast: Cast, case: int) -> None:
    for number in range(7):
        says(cast, AULIA, case, f"Komentar {number}")
    with cast.at_work(BUDI) as (session, budi):
        first = comments.page(session, budi, case, limit=5)
        assert first.count == 7
        assert [line.comment.text for line in first.items][:2] == ["Komentar 6", "Komentar 5"]
        rest = comments.page(session, budi, case, after=first.next, limit=5)
        assert [line.comment.text for line in rest.items] == ["Komentar 1", "Komentar 0"]
        assert rest.next is None
    assert id_of(cast, AULIA)
