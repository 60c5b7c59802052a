"""Twin of engine/holders.py: who may name whom, by which decree, and for which days."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from engine import access, holders, offices, posts
from engine.db import EVERYWHERE
from engine.holders import HolderError, Period, Term
from engine.models import Holder, Post
from tests.conftest import THURSDAY, Cast
from tests.days import at, march, midnight, names, plh

ADMIN, CAMAT, SEKCAM, KASI, STAF = (
    "admin",
    *(f"{post}.gambut" for post in ("camat", "sekcam", "kasi", "staf")),
)
FOR_GOOD = Term("definitif", "", march(16), None)
PLT = Term("plt", "SK 800/1/2026", march(16), march(31))


def stored(cast: Cast, holder: int) -> Holder | None:
    with cast.database.reading(EVERYWHERE) as session:
        return session.get(Holder, holder)


def holder_of(cast: Cast, post: str) -> int:
    with cast.database.reading(EVERYWHERE) as session:
        found = select(Holder.id).join(Post, Post.id == Holder.post_id)
        office = cast(CAMAT).posts[0].office_id
        return session.scalars(found.where(Post.slug == post, Post.office_id == office)).one()


def ends(cast: Cast, by: str, holder: int, last: date | None) -> Holder:
    with cast.at_work(by) as (session, actor):
        office = offices.find(session, actor, "gambut", "holder.name")
        return holders.end(session, actor, office, holder, last)


# --- by right --------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [STAF, KASI, "perancang.gambut", "pengawas.banjar"])
def test_nobody_but_leaders_and_administrators_names_anyone(cast: Cast, by: str) -> None:
    with pytest.raises((access.Forbidden, offices.NoSuchOffice)):
        names(cast, by, "kasi-kasubbag", STAF, plh(16, 18))


@pytest.mark.parametrize("term", [FOR_GOOD, PLT])
def test_a_leader_names_only_a_plh(cast: Cast, term: Term) -> None:
    with pytest.raises(holders.OnlyPlh):
        names(cast, CAMAT, "kasi-kasubbag", STAF, term)


def test_the_leader_of_another_office_does_not_find_this_one(cast: Cast) -> None:
    with pytest.raises(offices.NoSuchOffice):
        names(cast, "camat.sumbang", "kasi-kasubbag", STAF, plh(16, 18))


def test_a_secretary_makes_neither_herself_nor_anyone_camat(cast: Cast) -> None:
    for who in (SEKCAM, KASI):
        with pytest.raises(holders.NotAboveYou):
            names(cast, SEKCAM, "camat", who, plh(16, 18))
    names(cast, CAMAT, "camat", SEKCAM, plh(16, 18))


def test_a_leader_names_not_herself(cast: Cast) -> None:
    with pytest.raises(holders.NotYourself):
        names(cast, SEKCAM, "kasi-kasubbag", SEKCAM, plh(16, 18))


def test_a_leader_makes_her_own_plh_no_longer_but_shorter(cast: Cast) -> None:
    holder = names(cast, CAMAT, "kasi-kasubbag", SEKCAM, plh(16, 18)).id
    with pytest.raises(holders.NotYourself):
        ends(cast, SEKCAM, holder, march(20))
    assert ends(cast, SEKCAM, holder, march(17)).ends_on == march(17)


def test_a_leader_ends_no_one_who_holds_a_post_for_good(cast: Cast) -> None:
    with pytest.raises(holders.OnlyPlh):
        ends(cast, CAMAT, holder_of(cast, "kasi-kasubbag"), march(20))


def test_who_recorded_it_and_who_ended_it_stays_known(cast: Cast) -> None:
    holder = names(cast, CAMAT, "kasi-kasubbag", STAF, plh(16, 18)).id
    ends(cast, ADMIN, holder, march(17))
    kept = stored(cast, holder)
    assert kept is not None
    assert (kept.recorded_by, kept.recorded_at) == (cast(CAMAT).person_id, THURSDAY)
    assert kept.ended_by == cast(ADMIN).person_id


# --- days and decrees ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "field"),
    [
        (Term("pjs", "SK 1", march(16), march(18)), "capacity"),
        (Term("", "SK 1", march(16), march(18)), "capacity"),
        (Term("plh", "  ", march(16), march(18)), "decree"),
        (Term("plt", "", march(16), None), "decree"),
        (Term("plh", "x" * 121, march(16), march(18)), "decree"),
        (Term("plh", "SP 1", None, march(18)), "starts_on"),
        (Term("plh", "SP 1", date(1949, 8, 17), march(18)), "starts_on"),
        (Term("plh", "SP 1", march(16), None), "ends_on"),
        (Term("plh", "SP 1", march(16), date(2945, 8, 17)), "ends_on"),
        (Term("plh", "SP 1", march(18), march(17)), "ends_on"),
    ],
)
def test_what_is_wrong_is_said_by_its_field(cast: Cast, term: Term, field: str) -> None:
    with pytest.raises(HolderError) as wrong:
        names(cast, ADMIN, "kasi-kasubbag", STAF, term)
    assert wrong.value.field == field  # type: ignore[attr-defined]


def test_a_plh_for_one_day_begins_and_ends_on_it(cast: Cast) -> None:
    holder = names(cast, CAMAT, "kasubbag-perencanaan-keuangan", KASI, plh(16, 16))
    assert holder.wake_at == at(17, 0)
    assert "Plh." not in " ".join(held.title for held in cast(KASI, at(15, 23, 59)).posts)
    assert "Plh." in " ".join(held.title for held in cast(KASI, at(16, 23, 59)).posts)
    assert "Plh." not in " ".join(held.title for held in cast(KASI, at(17, 0)).posts)


# --- overlaps, refused in words --------------------------------------------------------------


def test_there_is_one_camat_for_good(cast: Cast) -> None:
    with pytest.raises(holders.TakenMeanwhile) as wrong:
        names(cast, ADMIN, "camat", KASI, FOR_GOOD)
    facts = {"who": "Rahmadi Syahputra", "title": "Camat"}
    assert wrong.value.facts == {**facts, "period": Period(date(2025, 1, 2), None)}
    assert "Rahmadi Syahputra sebagai Camat (2025-01-02 – …)" in str(wrong.value)


def test_the_new_camat_begins_the_day_after_the_old_one_ends(cast: Cast) -> None:
    ends(cast, ADMIN, holder_of(cast, "camat"), march(15))
    names(cast, ADMIN, "camat", KASI, FOR_GOOD)
    assert [held.title for held in cast(CAMAT, at(16, 0)).posts] == []
    assert [held.title for held in cast(KASI, at(16, 0)).posts] == ["Camat", "Kasi/Kasubbag"]


def test_several_hold_a_post_that_is_for_several_but_nobody_holds_it_twice(cast: Cast) -> None:
    names(cast, ADMIN, "pelaksana", KASI, FOR_GOOD)
    with pytest.raises(holders.HoldsItAlready, match="Hendra Gunawan sudah memegang"):
        names(cast, ADMIN, "pelaksana", KASI, Term("definitif", "", march(20), march(25)))


def test_a_plt_is_for_a_vacant_post(cast: Cast) -> None:
    with pytest.raises(holders.NotVacant, match="pakai Plh"):
        names(cast, ADMIN, "camat", KASI, PLT)
    ends(cast, ADMIN, holder_of(cast, "camat"), march(15))
    names(cast, ADMIN, "camat", KASI, PLT)
    with pytest.raises(holders.TakenMeanwhile, match=r"Plt\. Camat"):
        names(cast, ADMIN, "camat", SEKCAM, replace(FOR_GOOD, starts_on=march(31)))
    names(cast, ADMIN, "camat", SEKCAM, replace(FOR_GOOD, starts_on=date(2026, 4, 1)))


def test_two_plh_do_not_share_a_day(cast: Cast) -> None:
    names(cast, CAMAT, "camat", SEKCAM, plh(16, 18))
    with pytest.raises(holders.TakenMeanwhile, match=r"Plh\. Camat"):
        names(cast, CAMAT, "camat", KASI, plh(18, 20))
    names(cast, CAMAT, "camat", KASI, plh(19, 20))


def test_a_plh_made_longer_meets_the_next_one(cast: Cast) -> None:
    holder = names(cast, CAMAT, "camat", SEKCAM, plh(16, 18)).id
    names(cast, CAMAT, "camat", KASI, plh(19, 20))
    with pytest.raises(holders.TakenMeanwhile):
        ends(cast, ADMIN, holder, march(19))
    kept = stored(cast, holder)
    assert kept is not None and kept.ends_on == march(18)


# --- ending ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "error"),
    [
        (None, holders.BadDay),
        (date(1900, 1, 1), holders.BadDay),
        (march(15), holders.EndsBeforeItBegins),
    ],
)
def test_a_last_day_must_be_one(cast: Cast, last: date | None, error: type[HolderError]) -> None:
    holder = names(cast, CAMAT, "camat", SEKCAM, plh(16, 18)).id
    with pytest.raises(error):
        ends(cast, ADMIN, holder, last)


def withdraws(cast: Cast, by: str, holder: int, day: int) -> None:
    with cast.at_work(by, at(day)) as (session, actor):
        office = offices.find(session, actor, "gambut", "holder.name")
        holders.withdraw(session, actor, office, holder, at(day))


def test_a_naming_is_taken_back_before_its_first_day_only(cast: Cast) -> None:
    holder = names(cast, CAMAT, "camat", SEKCAM, plh(16, 18)).id
    with pytest.raises(holders.HasBegun):
        withdraws(cast, CAMAT, holder, 16)
    withdraws(cast, CAMAT, holder, 15)
    assert stored(cast, holder) is None
    with pytest.raises(holders.NoSuchHolder):
        withdraws(cast, CAMAT, holder, 15)


def test_the_clock_puts_off_a_holder_whose_day_has_not_come(cast: Cast) -> None:
    holder = names(cast, CAMAT, "camat", SEKCAM, plh(16, 18)).id
    with cast.database.transaction(EVERYWHERE) as session:
        session.get_one(Holder, holder).wake_at = at(12, 0)  # as a migration leaves it
    assert midnight(cast, at(12)) == 1
    kept = stored(cast, holder)
    assert kept is not None and kept.wake_at == at(19, 0)
    assert midnight(cast, at(18, 23)) == 0
    assert midnight(cast, at(19, 0)) == 1


# --- posts -----------------------------------------------------------------------------------


def adds(cast: Cast, name: str, slug: str = "", by: str = ADMIN) -> Post:
    with cast.at_work(by) as (session, actor):
        office = offices.find(session, actor, "gambut", "post.see")
        return posts.add(session, actor, office, name, slug, THURSDAY)


def test_a_posts_slug_is_made_of_its_name_and_is_one_of_its_kind(cast: Cast) -> None:
    assert adds(cast, "  Kasi   Pelayanan & Umum ").slug == "kasi-pelayanan-umum"
    with pytest.raises(posts.SlugTaken):
        adds(cast, "Kasi Pelayanan/Umum")
    with pytest.raises(access.Forbidden):
        adds(cast, "Kasi Trantib", by=CAMAT)


@pytest.mark.parametrize(
    ("name", "slug", "error"),
    [
        ("", "", posts.BadName),
        ("x" * 121, "x", posts.BadName),
        ("…", "", posts.BadSlug),
        ("Kasi", "Kasi Umum", posts.BadSlug),
        ("Kasi", "kasi--umum", posts.BadSlug),
        ("Kasi", "k" * 61, posts.BadSlug),
    ],
)
def test_a_bad_name_or_slug_is_refused(
    cast: Cast, name: str, slug: str, error: type[posts.PostError]
) -> None:
    with pytest.raises(error):
        adds(cast, name, slug)
