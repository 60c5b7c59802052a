"""Twin of tasks/batches.py: the kasubbag starts a list of cases, and each of its rows once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from engine.cases import NotYoursToStart
from engine.db import EVERYWHERE
from engine.models import Batch, Case, Holder, Sop
from tasks import batches, sheets, starting
from tasks.batches import NoSuchBatch, Tally
from tasks.jobs.start_batches import start_batches
from tasks.sheets import SheetError
from tests import questionnaire
from tests.conftest import THURSDAY, Cast
from tests.tasks import people

KASUBBAG = "kasubbag.gambut"
LIST = """No\tUnit\tTriwulan\tJumlah indikator
1\tKasi PMD\tI\t12
2\tKasi Tapem\tii\t1.250,5
3\tKasi Trantib\tIV\t3
4\t\tI\t3
5\tKasi PMD\tI\t12
6\tKasi Pelayanan\t2\t7
"""


@pytest.fixture
def sop(cast: Cast) -> int:
    with cast.database.transaction(EVERYWHERE) as session:
        return questionnaire.publish(session, THURSDAY).id


@pytest.fixture
def propose(cast: Cast, sop: int) -> Callable[..., int]:
    def proposed(text: str = LIST, who: str = KASUBBAG, of: int = sop) -> int:
        with cast.at_work(who) as (session, actor):
            chosen = session.get_one(Sop, of)
            lines = sheets.of_text(text)
            return batches.propose(session, actor, chosen, "a.csv", lines, THURSDAY).id

    return proposed


def does(cast: Cast, deed: Callable[..., Any], batch: int, *more: Any) -> None:
    with cast.at_work(KASUBBAG) as (session, actor):
        deed(session, actor, batch, *more)


def many(count: int) -> str:
    return "Unit\tTriwulan\n" + "".join(f"Unit {n}\tI\n" for n in range(1, count + 1))


def tally(cast: Cast, batch: int) -> Tally:
    with cast.database.reading(EVERYWHERE) as session:
        return batches.tally(session, batch)


def titles(cast: Cast) -> list[str]:
    with cast.database.reading(EVERYWHERE) as session:
        return list(session.scalars(select(Case.title).order_by(Case.id)))


def test_every_row_is_checked_before_anything_starts(
    cast: Cast, sop: int, propose: Callable[..., int]
) -> None:
    batch = propose()
    assert tally(cast, batch) == Tally(right=2, wrong=4)
    with cast.at_work(KASUBBAG) as (session, actor):
        view = batches.find(session, actor, batch)
        found = batches.rows(session, view.batch, None, None)
        wrong = {}
        for row in found.items:
            chosen, said = view.sop, view.meaning
            _, why = batches.check(session, chosen, said, "", row.sent, THURSDAY)
            wrong[row.number] = {key: str(each) for key, each in why.items()}
        assert [row.same_as for row in found.items] == [None, None, None, None, 2, None]
    assert wrong == {
        2: {},
        3: {"jumlah": "Paling besar 500."},
        4: {"triwulan": "Pilih salah satu dari daftar."},
        5: {"unit": "Wajib diisi."},
        6: {},
        7: {},
    }
    assert titles(cast) == []


def test_the_right_rows_start_and_the_others_do_not(
    cast: Cast, propose: Callable[..., int]
) -> None:
    batch = propose()
    does(cast, batches.begin, batch, THURSDAY)
    does(cast, batches.begin, batch, THURSDAY)
    assert start_batches(cast.database, THURSDAY).done == 2
    assert start_batches(cast.database, THURSDAY).done == 0
    assert tally(cast, batch) == Tally(wrong=4, started=2)
    assert titles(cast) == [
        "Data kinerja Kasi PMD triwulan I 2026",
        "Data kinerja Kasi Pelayanan triwulan II 2026",
    ]
    with cast.database.reading(EVERYWHERE) as session:
        assert session.get_one(Batch, batch).ended_at == THURSDAY


def test_a_clock_that_dies_leaves_no_row_out_and_none_twice(
    cast: Cast, propose: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = propose(many(5))
    does(cast, batches.begin, batch, THURSDAY)
    usual, begun = starting.start, []

    def dies_at_the_third(*facts: Any) -> Case:
        case = usual(*facts)
        begun.append(case.title)
        if len(begun) == 3:
            raise KeyboardInterrupt
        return case

    monkeypatch.setattr(starting, "start", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        start_batches(cast.database, THURSDAY)
    assert tally(cast, batch) == Tally(right=3, started=2)
    # Until its lease is over nobody else takes the list; then somebody does.
    assert start_batches(cast.database, THURSDAY + timedelta(minutes=1)).done == 0
    assert start_batches(cast.database, THURSDAY + timedelta(minutes=3)).done == 3
    assert titles(cast) == [f"Data kinerja Unit {n} triwulan I 2026" for n in range(1, 6)]


def test_it_stops_between_two_rows_and_goes_on(
    cast: Cast, propose: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = propose(many(60))
    does(cast, batches.begin, batch, THURSDAY)
    start_batches(cast.database, THURSDAY)
    assert tally(cast, batch) == Tally(right=10, started=50)
    does(cast, batches.stop, batch, THURSDAY)
    assert start_batches(cast.database, THURSDAY).done == 0
    does(cast, batches.resume, batch)
    start_batches(cast.database, THURSDAY)
    assert tally(cast, batch) == Tally(started=60)


def test_two_clocks_never_start_the_same_row(cast: Cast, propose: Callable[..., int]) -> None:
    batch = propose(many(1))
    does(cast, batches.begin, batch, THURSDAY)
    for _clock in range(2):
        with cast.database.transaction(EVERYWHERE) as session:
            batches.start(session, batch, 2, THURSDAY)
    assert len(titles(cast)) == 1


def test_who_lost_the_post_meanwhile_starts_nothing_and_may_try_again(
    cast: Cast, propose: Callable[..., int]
) -> None:
    batch = propose(many(2))
    does(cast, batches.begin, batch, THURSDAY)
    mine = Holder.person_id == people.id_of(cast, KASUBBAG)
    with cast.database.transaction(EVERYWHERE) as session:
        session.execute(update(Holder).where(mine).values(ends_on=THURSDAY.date()))
    tomorrow = THURSDAY + timedelta(days=1)
    assert start_batches(cast.database, tomorrow).failed == 2
    with cast.database.transaction(EVERYWHERE) as session:
        [row, _] = batches.rows(session, session.get_one(Batch, batch), "failed", None).items
        assert row.why == "Anda tidak berhak melakukan ini. Tanyakan kepada pimpinan kantor Anda."
        session.execute(update(Holder).where(mine).values(ends_on=None))
    does(cast, batches.resume, batch)
    assert start_batches(cast.database, tomorrow).done == 2


def test_a_list_is_hers_alone_and_of_what_she_may_start(
    cast: Cast, sop: int, propose: Callable[..., int]
) -> None:
    with pytest.raises(NotYoursToStart):
        propose(who="staf.gambut")
    batch = propose()
    with cast.at_work("camat.gambut") as (session, camat), pytest.raises(NoSuchBatch):
        batches.find(session, camat, batch)
    # A new upload takes the place of one that was only looked at.
    other = propose(many(1))
    with cast.database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Batch.id)).all() == [other]


def test_a_list_of_nothing_but_titles_needs_no_heading(
    cast: Cast, propose: Callable[..., int]
) -> None:
    with cast.database.transaction(EVERYWHERE) as session:
        plain = session.scalars(select(Sop.id).where(Sop.slug.startswith("pengumpulan-dan"))).one()
    assert tally(cast, propose("Data Januari\nData Februari", of=plain)).right == 2
    assert tally(cast, propose("Judul\nData Januari\n" + "x" * 201, of=plain)).wrong == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Unit\tTriwulan\tKota\nPMD\tI\tBanjar", "Kolom “Kota” tidak dikenal."),
        ("Unit\tUNIT\tTriwulan\nPMD\tPMD\tI", "Kolom “Unit” ada dua kali."),
        ("Unit\nPMD", "Kolom “Triwulan” tidak ada, padahal wajib diisi."),
        ("Unit\tTriwulan\nPMD\tI\tlain", "Baris 2 mempunyai isi di luar kolom"),
        ("Unit\tTriwulan", "Tidak ada baris data."),
        ("", "Tidak ada baris data."),
    ],
)
def test_a_list_that_cannot_be_read_says_what_to_mend(
    propose: Callable[..., int], text: str, said: str
) -> None:
    with pytest.raises(SheetError, match=said):
        propose(text)


def test_what_nobody_started_is_forgotten_after_a_week(
    cast: Cast, propose: Callable[..., int]
) -> None:
    propose()
    with cast.database.transaction(EVERYWHERE) as session:
        batches.forget(session, THURSDAY + timedelta(days=8))
        assert session.scalar(select(func.count()).select_from(Batch)) == 0
