"""Twin of engine/vacancies.py: a post with nobody there is never a silent empty pool."""

from datetime import date, datetime

import pytest
from sqlalchemy import select, update

from engine import offices, people, postbook, posts, vacancies
from engine.db import EVERYWHERE
from engine.holders import Term
from engine.models import Event, Holder, Office, Person, Post, Task
from engine.vacancies import Gap, Total
from tests.conftest import THURSDAY, Cast
from tests.days import at, away, ends, is_back, march, midnight, names, plh
from tests.gambut import do, start

ADMIN, CAMAT, SEKCAM, KASUBBAG, KASI, STAF = (
    "admin",
    *(f"{post}.gambut" for post in ("camat", "sekcam", "kasubbag", "kasi", "staf")),
)
PENGAWAS = "pengawas.banjar"


def seen(cast: Cast, who: str, now: datetime) -> list[tuple[str, int, Gap]]:
    with cast.at_work(who, now) as (session, actor):
        page = vacancies.page(session, actor, now)
        assert page.count == len(page.items) == vacancies.total(session, actor, now).posts
        return [(each.post.slug, each.waiting, each.gap) for each in page.items]


def holder_of(cast: Cast, who: str) -> int:
    with cast.database.reading(EVERYWHERE) as session:
        mine = select(Holder.id).where(Holder.person_id == cast(who).person_id)
        return session.scalars(mine).one()


def test_where_everybody_is_at_work_nothing_is_vacant(cast: Cast) -> None:
    start(cast)
    assert seen(cast, CAMAT, THURSDAY) == []
    with cast.at_work(CAMAT) as (session, actor):
        assert vacancies.total(session, actor, THURSDAY) == Total(0, 0)


def test_a_post_falls_vacant_at_the_midnight_after_its_decrees_last_day(cast: Cast) -> None:
    start(cast)
    ends(cast, ADMIN, holder_of(cast, KASUBBAG), march(17))
    assert seen(cast, CAMAT, at(17, 23, 59)) == []
    [(post, waiting, gap)] = seen(cast, CAMAT, at(18, 0))
    assert (post, waiting) == ("kasubbag-perencanaan-keuangan", 1)
    assert gap == Gap(since=march(18), until=None)


def test_it_says_when_the_next_one_comes(cast: Cast) -> None:
    ends(cast, ADMIN, holder_of(cast, KASUBBAG), march(17))
    names(
        cast,
        ADMIN,
        "kasubbag-perencanaan-keuangan",
        KASI,
        Term("plt", "SK 800/2/2026", march(20), None),
    )
    assert [gap for _, _, gap in seen(cast, CAMAT, at(18))] == [Gap(march(18), march(20))]
    assert seen(cast, CAMAT, at(20, 0)) == []


def test_away_without_a_substitute_leaves_the_post_vacant_and_with_one_does_not(
    cast: Cast,
) -> None:
    absence = away(cast, KASUBBAG, KASUBBAG, None, 16, 20).id
    assert seen(cast, CAMAT, at(15, 23, 59)) == []
    assert [gap for *_, gap in seen(cast, CAMAT, at(16, 0))] == [Gap(march(16), march(21))]
    is_back(cast, KASUBBAG, absence, at(16))
    assert seen(cast, CAMAT, at(16)) == []
    away(cast, KASUBBAG, KASUBBAG, KASI, 17, 20, at(16))
    assert seen(cast, CAMAT, at(17)) == []


def test_a_substitute_who_left_or_was_closed_is_nobody(cast: Cast) -> None:
    away(cast, KASUBBAG, KASUBBAG, KASI, 16, 20)
    ends(cast, ADMIN, holder_of(cast, KASI), march(17))
    assert {post for post, *_ in seen(cast, CAMAT, at(18))} == {
        "kasi-kasubbag",
        "kasubbag-perencanaan-keuangan",
    }


def test_a_plh_keeps_the_post_of_who_is_away(cast: Cast) -> None:
    away(cast, CAMAT, CAMAT, None, 16, 20)
    names(cast, CAMAT, "camat", SEKCAM, plh(16, 19))
    assert seen(cast, SEKCAM, at(19, 23, 59)) == []
    assert [post for post, *_ in seen(cast, SEKCAM, at(20, 0))] == ["camat"]


def test_a_post_of_several_is_vacant_when_the_last_one_is_away(cast: Cast) -> None:
    names(cast, ADMIN, "pelaksana", KASI, Term("definitif", "", march(12), None))
    away(cast, STAF, STAF, None, 16, 20)
    assert seen(cast, CAMAT, at(16)) == []
    away(cast, KASI, KASI, None, 18, 19)
    told = {post: gap for post, _, gap in seen(cast, CAMAT, at(18))}
    assert told["pelaksana"] == Gap(march(18), march(20))


def test_the_account_of_the_only_holder_was_closed(cast: Cast) -> None:
    with cast.database.transaction(EVERYWHERE) as session:
        session.get_one(Person, cast(KASI).person_id).closed_at = at(12)
    assert [(post, gap) for post, _, gap in seen(cast, CAMAT, at(13))] == [
        ("kasi-kasubbag", Gap(march(12), None))
    ]


def test_what_she_had_in_hand_is_counted_when_the_clock_has_taken_it_back(cast: Cast) -> None:
    start(cast)
    with cast.database.transaction(EVERYWHERE) as session:
        session.execute(
            update(Task).values(
                status="claimed", claimed_by=cast(KASUBBAG).person_id, claimed_at=THURSDAY
            )
        )
    ends(cast, ADMIN, holder_of(cast, KASUBBAG), march(17))
    assert midnight(cast, at(18, 0)) == 1
    assert [waiting for _, waiting, _ in seen(cast, CAMAT, at(18))] == [1]


def test_a_supervisor_sees_every_office_of_her_kabupaten_and_no_other(cast: Cast) -> None:
    away(cast, KASI, KASI, None, 12, 20)
    for who, slug in (("staf.martapura-barat", "martapura-barat"), ("kasi.sumbang", "sumbang")):
        away(cast, who, who, None, 12, 20, slug=slug)
    assert len(seen(cast, PENGAWAS, at(13))) == 2
    assert len(seen(cast, CAMAT, at(13))) == 1
    assert seen(cast, STAF, at(13)) == []  # she is not told here; the page is not hers


def test_of_two_zones_each_has_its_own_midnight(cast: Cast) -> None:
    """A supervisor over both sees Sumbang (WIB) fall vacant an hour after Gambut (WITA)."""
    away(cast, KASI, KASI, None, 16, 20)
    away(cast, "kasi.sumbang", "kasi.sumbang", None, 16, 20, slug="sumbang")
    with cast.database.transaction(EVERYWHERE) as session:
        session.execute(
            update(Office).where(Office.slug == "sumbang").values(kabupaten="Kabupaten Banjar")
        )
    assert len(seen(cast, PENGAWAS, at(16, 0))) == 1
    assert len(seen(cast, PENGAWAS, at(16, 1))) == 2


def test_what_waited_longest_comes_first_page_by_page(cast: Cast) -> None:
    start(cast, now=at(12))
    do(cast, KASUBBAG, "Langkah_1", now=at(12))
    start(cast, now=at(13))
    for who in (KASUBBAG, KASI, STAF):
        ends(cast, ADMIN, holder_of(cast, who), march(17))
    with cast.at_work(CAMAT, at(18)) as (session, actor):
        found, after = [], None
        while True:
            page = vacancies.page(session, actor, at(18), after=after, limit=1)
            assert page.count == 3
            found += [each.post.slug for each in page.items]
            after = page.next
            if after is None:
                break
    assert found == ["pelaksana", "kasubbag-perencanaan-keuangan", "kasi-kasubbag"]


# --- steps that no post bears ----------------------------------------------------------------


@pytest.fixture
def nowhere(cast: Cast) -> int:
    """The first step waits for a jabatan that the office does not have."""
    case = start(cast)
    with cast.database.transaction(EVERYWHERE) as session:
        session.execute(update(Task).values(post_id=None))
        [post] = session.scalars(
            select(Post)
            .join(Office)
            .where(Office.slug == "gambut", Post.slug == "kasubbag-perencanaan-keuangan")
        )
        post.slug = "kasubbag-lama"
    return case


def test_a_step_that_no_post_bears_is_shown_by_its_lane(cast: Cast, nowhere: int) -> None:
    with cast.at_work(CAMAT) as (session, actor):
        [lane] = vacancies.lanes(session, actor)
        assert (lane.office.slug, lane.waiting, lane.oldest) == ("gambut", 1, THURSDAY)
        assert vacancies.total(session, actor, THURSDAY) == Total(0, 1)
        assert vacancies.gap_of(session, None, THURSDAY) == Gap()


def test_the_post_that_was_missing_gets_what_waited_for_it(cast: Cast, nowhere: int) -> None:
    with cast.at_work(ADMIN) as (session, actor):
        office = offices.find(session, actor, "gambut", "post.manage")
        [(slug, sops)] = postbook.missing(session, office).items()
        assert [sop.slug for sop in sops] == ["pengumpulan-dan-pengukuran-data-kinerja"]
        post = posts.add(session, actor, office, "Kasubbag Perencanaan", slug, THURSDAY)
        assert session.scalars(select(Task.post_id)).all() == [post.id]
        assert session.scalars(select(Event.kind)).all()[-1] == "placed"
        assert postbook.missing(session, office) == {}


# --- one post, as its page tells -------------------------------------------------------------


def test_a_post_tells_who_holds_it_who_will_and_who_did(cast: Cast) -> None:
    names(cast, CAMAT, "camat", SEKCAM, plh(16, 18))
    away(cast, CAMAT, CAMAT, KASI, 12, 13)
    with cast.at_work(ADMIN, at(13)) as (session, actor):
        office = offices.find(session, actor, "gambut", "post.see")
        shown = postbook.view(session, office, "camat", at(13))
        assert [(each.name, each.substitute) for each in shown.now] == [
            ("Rahmadi Syahputra", "Hendra Gunawan")
        ]
        assert [each.name for each in shown.coming] == ["Siti Norhayati"]
        assert shown.is_held and not shown.past
        assert [sop.slug for sop in shown.used_by] == ["pengumpulan-dan-pengukuran-data-kinerja"]
        later = postbook.view(session, office, "camat", at(19))
        assert [each.name for each in later.past] == ["Siti Norhayati"]
        page = postbook.page(session, office, at(13), search="kasi")
        assert [(row.post.slug, row.is_held) for row in page.items] == [("kasi-kasubbag", True)]


def test_closing_is_dated_by_the_offices_own_day(cast: Cast) -> None:
    with cast.database.transaction(EVERYWHERE) as session:
        kasi = people.find(session, KASI)
        assert kasi is not None
        kasi.closed_at = at(13, 0, 30)  # still the 12th in UTC
    assert [gap for *_, gap in seen(cast, CAMAT, at(13))] == [Gap(date(2026, 3, 13), None)]
