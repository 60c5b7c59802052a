"""A task asked of a colleague: it comes back for a check, or is finished in another's place."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select

from bpmn.errors import AlurError
from engine import cases, history, steering
from engine.db import EVERYWHERE
from engine.models import Delegation, Event, Task
from tasks import assigning, delegation, drafts, ground, inbox
from tests import fillings
from tests.conftest import THURSDAY, Cast
from tests.gambut import start
from tests.tasks.people import id_of, joins
from tests.tasks.test_four_eyes import asked, finish

__all__ = ["asked"]

AULIA, BUDI, CAMAT, HENDRA = "kasubbag.gambut", "staf.gambut", "camat.gambut", "kasi.gambut"


@pytest.fixture
def task(cast: Cast) -> int:
    """The kasubbag has step 1 on her desk."""
    start(cast)
    with cast.database.reading(EVERYWHERE) as session:
        task = session.scalars(select(Task.id)).one()
    does(cast, AULIA, inbox.claim, task)
    return task


def does(
    cast: Cast, account: str, deed: Callable[..., Any], task: int, *facts: Any, **more: Any
) -> None:
    with cast.at_work(account) as (session, actor):
        deed(session, actor, task, *facts, THURSDAY, **more)


def delegated(cast: Cast, task: int, to: str = BUDI, wants_check: bool = False) -> None:
    who, note = id_of(cast, to), "Tolong siapkan suratnya."
    does(cast, AULIA, delegation.delegate, task, who, note, wants_check=wants_check)


def lines(cast: Cast, task: int) -> list[tuple[str, str | None]]:
    with cast.database.reading(EVERYWHERE) as session:
        history.verify(session)
        rows = session.execute(
            select(Event.kind, Event.capacity).where(Event.task_id == task).order_by(Event.number)
        )
        return [(kind, capacity) for kind, capacity in rows]


def state(cast: Cast, task: int) -> tuple[str, int | None]:
    with cast.database.reading(EVERYWHERE) as session:
        row = session.get_one(Task, task)
        return row.status, row.claimed_by


def test_a_colleague_finishes_it_in_her_place(cast: Cast, task: int) -> None:
    delegated(cast, task)
    assert state(cast, task) == ("claimed", id_of(cast, BUDI))
    does(cast, BUDI, inbox.complete, task)
    assert state(cast, task)[0] == "done"
    post = "Kasubbag Perencanaan, Keuangan dan Aset"
    assert lines(cast, task) == [
        ("opened", None),
        ("claimed", post),
        ("delegated", post),
        ("completed", f"a.n. {post}"),
    ]


def test_while_it_is_with_him_it_is_not_hers(cast: Cast, task: int) -> None:
    delegated(cast, task)
    with pytest.raises(ground.AlreadyClaimed, match="Budi Santoso"):
        does(cast, AULIA, inbox.complete, task)


def test_it_comes_back_for_a_check_with_what_he_typed(cast: Cast, task: int) -> None:
    delegated(cast, task, wants_check=True)
    with pytest.raises(delegation.WantsCheck, match="Aulia Rahmah"):
        does(cast, BUDI, inbox.complete, task)
    place = f"/tasks/{task}"
    with cast.at_work(BUDI) as (session, budi):
        drafts.save(session, budi.person_id, place, {"reason": "Sudah dibuat."}, THURSDAY)
    does(cast, BUDI, delegation.give_back, task, "Mohon diperiksa.")
    assert state(cast, task) == ("claimed", id_of(cast, AULIA))
    with cast.at_work(AULIA) as (session, aulia):
        draft = drafts.load(session, aulia.person_id, place)
        assert draft is not None
        assert draft.fields == {"reason": "Sudah dibuat."}
        [line] = delegation.of_task(session, task)
        assert (line.asked_by, line.asked) == ("Aulia Rahmah", "Budi Santoso")
        assert line.delegation.answer == "Mohon diperiksa."
    does(cast, AULIA, inbox.complete, task)
    assert lines(cast, task)[-2][0] == "returned"


def test_she_takes_it_back(cast: Cast, task: int) -> None:
    delegated(cast, task)
    does(cast, AULIA, delegation.recall, task)
    assert state(cast, task) == ("claimed", id_of(cast, AULIA))
    with pytest.raises(ground.NotYours):
        does(cast, BUDI, inbox.complete, task)
    with pytest.raises(delegation.NotDelegated):
        does(cast, AULIA, delegation.recall, task)


def test_who_cannot_do_it_gives_it_back_and_not_to_everyone(cast: Cast, task: int) -> None:
    delegated(cast, task)
    does(cast, BUDI, inbox.release, task)
    assert state(cast, task) == ("claimed", id_of(cast, AULIA))


def test_it_does_not_travel_further(cast: Cast, task: int) -> None:
    delegated(cast, task)
    with pytest.raises(delegation.AlreadyDelegated, match="Aulia Rahmah"):
        does(cast, BUDI, delegation.delegate, task, id_of(cast, HENDRA), "", wants_check=False)


@pytest.mark.parametrize("account", ["staf.sumbang", "perancang.gambut", "admin"])
def test_it_stays_among_the_officers_of_the_office(cast: Cast, task: int, account: str) -> None:
    with pytest.raises(delegation.NoColleague):
        delegated(cast, task, to=account)


def test_it_is_not_given_to_oneself(cast: Cast, task: int) -> None:
    with pytest.raises(delegation.ToYourself):
        delegated(cast, task, to=AULIA)


def test_only_who_has_it_delegates_it(cast: Cast, task: int) -> None:
    with pytest.raises(ground.NotYours):
        does(cast, CAMAT, delegation.delegate, task, id_of(cast, BUDI), "", wants_check=False)
    does(cast, AULIA, inbox.release, task)
    with pytest.raises(ground.NotClaimed):
        delegated(cast, task)


def test_a_suspended_case_is_not_passed_on(cast: Cast, task: int) -> None:
    with cast.at_work(CAMAT) as (session, camat):
        case = session.get_one(Task, task).case_id
        steering.suspend(session, camat, case, "Menunggu tim.", THURSDAY)
    with pytest.raises(cases.IsSuspended):
        delegated(cast, task)


def test_a_note_is_no_novel(cast: Cast, task: int) -> None:
    with pytest.raises(delegation.NoteTooLong, match="1001"):
        who = id_of(cast, BUDI)
        does(cast, AULIA, delegation.delegate, task, who, "x" * 1001, wants_check=False)


def test_of_recall_and_completion_at_once_one_wins(cast: Cast, task: int) -> None:
    delegated(cast, task)
    barrier, told = Barrier(2), []

    def go(account: str, deed: Callable[..., Any]) -> None:
        barrier.wait()
        try:
            does(cast, account, deed, task)
            told.append("done")
        except AlurError as error:
            told.append(type(error).__name__)

    pair = [
        Thread(target=go, args=(AULIA, delegation.recall)),
        Thread(target=go, args=(BUDI, inbox.complete)),
    ]
    for each in pair:
        each.start()
    for each in pair:
        each.join()
    assert told.count("done") == 1, told
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Delegation.ended_as)).one() in {"recalled", "completed"}


# --- handing over, assigning ---------------------------------------------------------------------


def test_another_holder_of_the_post_takes_over(cast: Cast, task: int) -> None:
    citra = joins(cast, "kasubbag2.gambut", "Citra Lestari", "kasubbag-perencanaan-keuangan")
    does(cast, AULIA, assigning.hand_over, task, citra, "Saya dinas luar.")
    does(cast, "kasubbag2.gambut", inbox.complete, task)
    assert [kind for kind, _ in lines(cast, task)][-2:] == ["handed over", "completed"]


def test_it_is_not_handed_to_who_holds_another_post(cast: Cast, task: int) -> None:
    with pytest.raises(assigning.NotOfThisPost, match="Budi Santoso"):
        does(cast, AULIA, assigning.hand_over, task, id_of(cast, BUDI), "")


def test_the_camat_decides_who_does_it(cast: Cast, task: int) -> None:
    does(cast, CAMAT, assigning.assign, task, id_of(cast, BUDI), "Aulia sedang sakit.")
    assert state(cast, task) == ("claimed", id_of(cast, BUDI))
    does(cast, BUDI, inbox.complete, task)
    assert lines(cast, task)[-2:] == [("assigned", "Camat"), ("completed", "ditugasi Camat")]


def test_who_is_assigned_may_give_it_up_to_the_pool(cast: Cast, task: int) -> None:
    does(cast, CAMAT, assigning.assign, task, id_of(cast, BUDI), "Aulia sedang sakit.")
    does(cast, BUDI, inbox.release, task)
    assert state(cast, task) == ("waiting", None)
    with pytest.raises(ground.NotYours):
        does(cast, BUDI, inbox.claim, task)


def test_a_leader_puts_it_back_before_all(cast: Cast, task: int) -> None:
    does(cast, CAMAT, assigning.unassign, task, "Terlalu lama.")
    assert state(cast, task) == ("waiting", None)
    with pytest.raises(assigning.NobodyHasIt):
        does(cast, CAMAT, assigning.unassign, task, "Terlalu lama.")


def test_a_leader_says_why(cast: Cast, task: int) -> None:
    with pytest.raises(assigning.NoReason):
        does(cast, CAMAT, assigning.assign, task, id_of(cast, BUDI), "  ")


@pytest.mark.parametrize("account", [AULIA, BUDI, "pengawas.banjar"])
def test_only_leaders_assign(cast: Cast, task: int, account: str) -> None:
    with pytest.raises(AlurError, match="tidak berhak"):
        does(cast, account, assigning.assign, task, id_of(cast, HENDRA), "Segera.")


def test_assigning_ends_a_delegation(cast: Cast, task: int) -> None:
    delegated(cast, task)
    does(cast, CAMAT, assigning.assign, task, id_of(cast, HENDRA), "Budi dinas luar.")
    with pytest.raises(delegation.NotDelegated):
        does(cast, AULIA, delegation.recall, task)
    with pytest.raises(ground.NotYours):
        does(cast, BUDI, inbox.complete, task)
    does(cast, HENDRA, inbox.complete, task)


# --- four eyes -----------------------------------------------------------------------------------


def test_who_asked_another_to_write_does_not_check_what_he_wrote(asked: Cast) -> None:
    """The secretary, Plh. Kasi Tapem as well, lets a colleague write the unit's data."""
    with asked.at_work("sekcam.bukit-batu") as (session, _):
        write = session.scalars(
            select(Task).where(Task.step == "Langkah_2", Task.member == 0)
        ).one()
        task = write.id
    does(asked, "sekcam.bukit-batu", inbox.claim, task)
    pmd = id_of(asked, "kasi-pmd.bukit-batu")
    does(asked, "sekcam.bukit-batu", delegation.delegate, task, pmd, "", wants_check=False)
    with asked.at_work("kasi-pmd.bukit-batu") as (session, actor):
        inbox.complete(session, actor, task, THURSDAY, data=fillings.least(session, task))
    with asked.database.reading(EVERYWHERE) as session:
        check = session.scalars(select(Task.id).where(Task.step == "Langkah_3")).one()
    with pytest.raises(ground.DoneByYou):
        does(asked, "sekcam.bukit-batu", inbox.claim, check)


def test_the_author_is_not_asked_to_check_either(asked: Cast) -> None:
    finish(asked, "kasi-pmd.bukit-batu", "Langkah_2")
    with asked.database.reading(EVERYWHERE) as session:
        check = session.scalars(select(Task.id).where(Task.step == "Langkah_3")).one()
    does(asked, "sekcam.bukit-batu", inbox.claim, check)
    pmd = id_of(asked, "kasi-pmd.bukit-batu")
    with pytest.raises(ground.DoneByThem, match="orang lain"):
        does(asked, "sekcam.bukit-batu", delegation.delegate, check, pmd, "", wants_check=True)
    with pytest.raises(ground.DoneByThem):
        does(asked, "camat.bukit-batu", assigning.assign, check, pmd, "Segera.")
