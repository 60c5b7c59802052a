"""A case is found by its title, its SOP and what its steps were answered; never another's."""

from typing import Any

import pytest
from sqlalchemy import select

from engine import casebook, cases, search, sops
from engine.db import EVERYWHERE
from engine.models import Case
from tests.conftest import THURSDAY, Cast
from tests.gambut import start


def found(cast: Cast, words: str, account: str = "camat.gambut") -> list[str]:
    with cast.at_work(account) as (session, actor):
        page = casebook.page(session, actor, search=words)
        assert page.count == len(page.items)
        return [row.case.title for row in page.items]


@pytest.fixture
def two(cast: Cast) -> Cast:
    start(cast, "Laporan kinerja triwulan I")
    start(cast, "Rapat évaluasi, Nomor 800/12-A/2026")
    return cast


@pytest.mark.parametrize(
    "words",
    ["laporan", "LAPORAN", "lap", "triwulan laporan", "kinerja triw", "laporan pengukuran gambut"],
)
def test_a_case_is_found_by_the_beginnings_of_its_words(two: Cast, words: str) -> None:
    if "gambut" in words:  # not in the title, nor in the SOP's name
        assert found(two, words) == []
    else:
        assert found(two, words) == ["Laporan kinerja triwulan I"]


@pytest.mark.parametrize("words", ["evaluasi", "800/12", "12-A", "800 2026", "évaluasi"])
def test_numbers_and_accents_do_not_hide_it(two: Cast, words: str) -> None:
    assert found(two, words) == ["Rapat évaluasi, Nomor 800/12-A/2026"]


@pytest.mark.parametrize("words", ["xyz", "laporan xyz", "oran", "1800"])
def test_what_is_not_there_is_not_found(two: Cast, words: str) -> None:
    assert found(two, words) == []


@pytest.mark.parametrize(
    "words", ["", "  ", '"', "'", "*", "() AND OR NOT", "a:b", "!&|", "\\", "%_"]
)
def test_whatever_is_typed_breaks_nothing(two: Cast, words: str) -> None:
    assert isinstance(found(two, words), list)


def test_another_office_finds_nothing_of_it(two: Cast) -> None:
    assert found(two, "laporan", "camat.sumbang") == []
    # Not even by the word with which we mark its passages.
    with two.database.reading(EVERYWHERE) as session:
        office = session.scalars(select(Case.office_id)).first()
    assert found(two, f"xkantorx{office}", "camat.sumbang") == []


def test_a_supervisor_finds_those_of_all_her_offices(two: Cast) -> None:
    with two.at_work("kasi.martapura-barat") as (session, kasi):
        for sop, _ in sops.startable(session, kasi)[:1]:
            cases.start(session, kasi, sop, "Laporan Martapura", THURSDAY)
    titles = found(two, "laporan", "pengawas.banjar")
    assert set(titles) >= {"Laporan kinerja triwulan I"}
    assert found(two, "laporan", "pengawas.banyumas") == []


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        ("a", ["a"]),
        ({"x": "a", "y": [1, {"z": "b"}], "n": None}, ["a", "b"]),
        ([], []),
        (None, []),
    ],
)
def test_only_what_is_written_is_searched(content: Any, texts: list[str]) -> None:
    assert list(search.texts(content)) == texts
