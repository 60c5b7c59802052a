"""Kecamatan Gambut in the weeks when somebody is away: who does her work, and as what."""

from datetime import datetime

from sqlalchemy import select

from engine import history
from engine.db import EVERYWHERE
from engine.models import Event, Holder, Person, Task
from tasks import drafts, inbox, lists
from tests.conftest import Cast
from tests.days import at, away, ends, is_back, march, midnight, names, plh
from tests.gambut import start

CAMAT, SEKCAM, KASUBBAG, KASI, STAF = (
    f"{post}.gambut" for post in ("camat", "sekcam", "kasubbag", "kasi", "staf")
)
AS_SUBSTITUTE = "a.n. Kasubbag Perencanaan, Keuangan dan Aset (Aulia Rahmah), pengganti selama cuti"


def finds(cast: Cast, who: str, now: datetime) -> list[str]:
    """The steps on her list."""
    with cast.at_work(who, now) as (session, actor):
        return [item.task.step for item in lists.page(session, actor, "inbox", now).items]


def claims(cast: Cast, who: str, now: datetime) -> int:
    with cast.at_work(who, now) as (session, actor):
        [item] = lists.page(session, actor, "team", now).items
        inbox.claim(session, actor, item.task.id, now)
        return item.task.id


def completes(cast: Cast, who: str, task: int, now: datetime, outcome: str | None = None) -> None:
    with cast.at_work(who, now) as (session, actor):
        inbox.complete(session, actor, task, now, outcome=outcome)


def does(cast: Cast, who: str, now: datetime, outcome: str | None = None) -> None:
    completes(cast, who, claims(cast, who, now), now, outcome)


def titles(cast: Cast, who: str, now: datetime) -> list[str]:
    return [held.title for held in cast(who, now).posts]


def told(cast: Cast, kind: str) -> list[tuple[str | None, str | None]]:
    """The history's lines of this kind: who, and as what."""
    with cast.database.reading(EVERYWHERE) as session:
        history.verify(session)
        rows = session.execute(
            select(Person.name, Event.capacity)
            .select_from(Event)
            .outerjoin(Person, Person.id == Event.person_id)
            .where(Event.kind == kind)
            .order_by(Event.id)
        )
        return [(name, capacity) for name, capacity in rows]


def with_whom(cast: Cast, task: int) -> str | None:
    with cast.database.reading(EVERYWHERE) as session:
        claimer = session.get_one(Task, task).claimed_by
        return session.get_one(Person, claimer).account if claimer else None


def types(cast: Cast, who: str, task: int, text: str, now: datetime) -> None:
    with cast.at_work(who, now) as (session, actor):
        assert actor.person_id is not None
        drafts.save(session, actor.person_id, f"/tasks/{task}", {"reason": text}, now)


def typed(cast: Cast, who: str, task: int) -> str | None:
    with cast.at_work(who) as (session, actor):
        assert actor.person_id is not None
        draft = drafts.load(session, actor.person_id, f"/tasks/{task}")
        return draft.fields["reason"] if draft else None


def holder_of(cast: Cast, who: str) -> int:
    with cast.database.reading(EVERYWHERE) as session:
        return session.scalars(
            select(Holder.id).where(Holder.person_id == cast(who).person_id)
        ).one()


# --- a Plh from Monday -----------------------------------------------------------------------


def test_a_plh_acts_from_the_first_midnight_to_the_last_and_history_says_by_which_decree(
    cast: Cast,
) -> None:
    names(cast, CAMAT, "camat", SEKCAM, plh(16, 18))
    start(cast, now=at(16, 8))
    does(cast, KASUBBAG, at(16, 8, 30))
    does(cast, STAF, at(16, 9))
    does(cast, SEKCAM, at(16, 10))
    assert titles(cast, SEKCAM, at(15, 23, 59)) == ["Sekretaris Camat"]
    assert titles(cast, SEKCAM, at(16, 0)) == ["Plh. Camat", "Sekretaris Camat"]
    does(cast, SEKCAM, at(16, 11), "setuju")
    assert told(cast, "completed")[-1] == ("Siti Norhayati", "Plh. Camat (SP 800/9/2026)")
    assert "Plh. Camat" in titles(cast, SEKCAM, at(18, 23, 59))
    assert titles(cast, SEKCAM, at(19, 0)) == ["Sekretaris Camat"]


# --- a week with a substitute ----------------------------------------------------------------


def test_a_substitute_does_her_work_in_her_name_from_midnight_to_midnight(cast: Cast) -> None:
    away(cast, KASUBBAG, KASUBBAG, KASI, 16, 20)
    start(cast, now=at(13))
    assert finds(cast, KASI, at(15, 23, 59)) == []
    assert finds(cast, KASI, at(16, 0)) == ["Langkah_1"]
    does(cast, KASI, at(16, 9))
    assert told(cast, "completed") == [("Hendra Gunawan", AS_SUBSTITUTE)]
    start(cast, now=at(16, 10), who=KASI)
    assert finds(cast, KASI, at(20, 23, 59)) == ["Langkah_1"]
    assert finds(cast, KASI, at(21, 0)) == []
    assert finds(cast, KASUBBAG, at(21, 0)) == ["Langkah_1"]


def test_what_she_had_in_hand_goes_to_the_substitute_with_what_she_typed_and_comes_back(
    cast: Cast,
) -> None:
    start(cast)
    task = claims(cast, KASUBBAG, at(13))
    types(cast, KASUBBAG, task, "Surat sudah disusun", at(13))
    away(cast, KASUBBAG, KASUBBAG, KASI, 16, 20, at(13))
    assert midnight(cast, at(15, 23, 59)) == 0
    assert with_whom(cast, task) == KASUBBAG
    assert midnight(cast, at(16, 0)) == 1
    assert with_whom(cast, task) == KASI
    assert typed(cast, KASI, task) == typed(cast, KASUBBAG, task) == "Surat sudah disusun"
    types(cast, KASI, task, "Surat sudah disusun dan dinomori", at(17))
    assert midnight(cast, at(17)) == 0, "each day's passing is done once"
    assert midnight(cast, at(21, 0)) == 1
    assert with_whom(cast, task) == KASUBBAG
    assert typed(cast, KASUBBAG, task) == "Surat sudah disusun dan dinomori"
    completes(cast, KASUBBAG, task, at(23))
    assert told(cast, "substituted") == [(None, AS_SUBSTITUTE)]
    assert [capacity for _, capacity in told(cast, "handed back")] == [
        "Kasubbag Perencanaan, Keuangan dan Aset"
    ]


def test_without_a_substitute_it_goes_back_to_all_who_hold_the_post(cast: Cast) -> None:
    start(cast)
    task = claims(cast, KASUBBAG, at(13))
    away(cast, SEKCAM, KASUBBAG, None, 16, 20, at(13))
    midnight(cast, at(16, 7))
    assert with_whom(cast, task) is None
    assert told(cast, "pooled") == [(None, None)]


def test_back_early_she_has_her_work_at_once(cast: Cast) -> None:
    start(cast)
    task = claims(cast, KASUBBAG, at(13))
    absence = away(cast, KASUBBAG, KASUBBAG, KASI, 16, 20, at(13)).id
    midnight(cast, at(16, 0))
    is_back(cast, KASUBBAG, absence, at(17, 8))
    assert titles(cast, KASI, at(17, 8)) == ["Kasi/Kasubbag"]
    assert midnight(cast, at(17, 8)) == 1
    assert with_whom(cast, task) == KASUBBAG
    assert midnight(cast, at(21, 0)) == 0


def test_a_clock_that_slept_the_whole_week_gives_back_what_was_taken_in_her_name(
    cast: Cast,
) -> None:
    away(cast, KASUBBAG, KASUBBAG, KASI, 16, 20)
    start(cast)
    task = claims(cast, KASI, at(16))
    midnight(cast, at(23))
    assert with_whom(cast, task) == KASUBBAG


def test_a_substitute_has_the_work_of_the_camat_but_does_not_steer_the_office(cast: Cast) -> None:
    away(cast, CAMAT, CAMAT, KASI, 16, 20, reason="dinas luar")
    kasi = cast(KASI, at(16))
    assert [held.title for held in kasi.posts] == ["Kasi/Kasubbag", "a.n. Camat"]
    [office] = {held.office_id for held in kasi.posts}
    assert kasi.may("task.work", office)
    assert not kasi.may("case.steer", office)
    assert not kasi.may("holder.name", office)
    assert kasi.post_in(office) == kasi.posts[0]


def test_whoever_leaves_the_office_is_nobodys_substitute_there(cast: Cast) -> None:
    away(cast, KASUBBAG, KASUBBAG, KASI, 16, 20)
    ends(cast, "admin", holder_of(cast, KASI), march(17))
    assert "a.n." in " ".join(titles(cast, KASI, at(17)))
    assert titles(cast, KASI, at(18)) == []


def test_the_substitute_of_a_plt_acts_in_the_name_of_the_plt(cast: Cast) -> None:
    away(
        cast,
        "camat.martapura-barat",
        "sekcam.martapura-barat",
        "kasubbag.martapura-barat",
        16,
        20,
        slug="martapura-barat",
    )
    acting = cast("kasubbag.martapura-barat", at(16)).posts[-1]
    assert acting.title == "a.n. Plt. Sekretaris Camat"
    assert acting.words.endswith(", SK 800/014/BKD/2026), pengganti selama cuti")
