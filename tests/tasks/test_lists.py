"""Every view, in its order, narrowed in every way, page by page: nothing old can hide."""

from datetime import date, timedelta
from typing import Any

import pytest

from bpmn.errors import AlurError
from engine import cases, sops
from tasks import delegation, filters, inbox, lists
from tasks.filters import Filter
from tests.conftest import THURSDAY, Cast
from tests.gambut import do, start
from tests.tasks.people import id_of

AULIA, CAMAT = "kasubbag.gambut", "camat.gambut"
DAY = timedelta(days=1)


@pytest.fixture
def office(cast: Cast) -> Cast:
    """Three berkas, a day apart: the first went on to the pelaksana, the second is being done."""
    for number in (1, 2, 3):
        start(cast, f"Berkas {number}", THURSDAY + (number - 1) * DAY)
        if number == 1:
            do(cast, AULIA, "Langkah_1")
    with cast.at_work(AULIA) as (session, aulia):
        first = lists.page(session, aulia, "team", THURSDAY).items[0]
        inbox.claim(session, aulia, first.task.id, THURSDAY + DAY)
    return cast


def titles(cast: Cast, account: str, view: str, now: Any = THURSDAY, **facts: Any) -> list[str]:
    with cast.at_work(account) as (session, actor):
        page = lists.page(session, actor, view, now, **facts)
        assert page.count >= len(page.items)
        return [item.case_title for item in page.items]


@pytest.mark.parametrize(
    ("account", "view", "expected"),
    [
        (AULIA, "inbox", ["Berkas 2", "Berkas 3"]),
        (AULIA, "mine", ["Berkas 2"]),
        (AULIA, "team", ["Berkas 3"]),
        (AULIA, "done", ["Berkas 1"]),
        (AULIA, "overdue", []),
        (AULIA, "office", []),
        (CAMAT, "inbox", []),
        (CAMAT, "office", ["Berkas 1", "Berkas 2", "Berkas 3"]),
        ("pengawas.banjar", "office", ["Berkas 1", "Berkas 2", "Berkas 3"]),
        ("pengawas.banyumas", "office", []),
        ("admin", "office", []),
        ("perancang.gambut", "office", []),
    ],
)
def test_each_view_shows_what_it_says(
    office: Cast, account: str, view: str, expected: list[str]
) -> None:
    assert titles(office, account, view) == expected
    with office.at_work(account) as (session, actor):
        assert lists.counts(session, actor, THURSDAY)[view] == len(expected)


def test_the_overdue_are_those_whose_time_has_come(office: Cast) -> None:
    assert titles(office, AULIA, "overdue", THURSDAY + 4 * DAY) == ["Berkas 2", "Berkas 3"]


ALL = ["Berkas 1", "Berkas 2", "Berkas 3"]


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        (Filter(search="berkas"), ALL),
        (Filter(search="berkas 2"), ["Berkas 2"]),
        (Filter(search="...", late=True), []),
        (Filter(lane="pelaksana"), ["Berkas 1"]),
        (Filter(lane="kasub"), ["Berkas 2", "Berkas 3"]),
        (Filter(no_due=True), []),
        (Filter(opened_from=date(2026, 3, 13)), ["Berkas 2", "Berkas 3"]),
        (Filter(opened_to=date(2026, 3, 13)), ["Berkas 1", "Berkas 2"]),
        (Filter(opened_from=date(2026, 3, 13), opened_to=date(2026, 3, 13)), ["Berkas 2"]),
        (Filter(due_from=date(2026, 3, 13)), ["Berkas 2", "Berkas 3"]),
        (Filter(due_to=date(2026, 3, 12)), ["Berkas 1"]),
        (Filter(sop=999_999), []),
        (Filter(office=999_999), []),
        (Filter(late=True), []),
    ],
)
def test_a_list_is_narrowed(office: Cast, narrowed: Filter, expected: list[str]) -> None:
    assert titles(office, CAMAT, "office", narrowed=narrowed) == expected
    with office.at_work(CAMAT) as (session, camat):
        found = lists.page(session, camat, "office", THURSDAY, narrowed=narrowed)
        assert found.count == len(expected)


def test_a_step_is_found_by_its_name_and_its_sop(office: Cast) -> None:
    with office.at_work(CAMAT) as (session, camat):
        first = lists.page(session, camat, "office", THURSDAY).items[0]
        word = first.task.name.split()[0]
        [sop] = {first.sop_name}
    assert titles(office, CAMAT, "office", narrowed=Filter(step=word))[:1] == ["Berkas 1"]
    assert titles(office, CAMAT, "office", narrowed=Filter(search=sop)) == ALL


@pytest.mark.parametrize("order", lists.ORDERS)
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_page_after_page_gives_each_once(office: Cast, order: str, limit: int) -> None:
    seen, after = [], None
    with office.at_work(CAMAT) as (session, camat):
        while True:
            page = lists.page(
                session, camat, "office", THURSDAY, order=order, after=after, limit=limit
            )
            seen += [item.case_title for item in page.items]
            if (after := page.next) is None:
                break
    assert seen == ALL


def test_two_offices_of_one_kabupaten_are_seen_together_and_apart(office: Cast) -> None:
    with office.at_work("camat.martapura-barat") as (session, camat):
        sop, other = sops.startable(session, camat)[0]
        cases.start(session, camat, sop, "Martapura", THURSDAY)
        other_id = other.id
    assert sorted(titles(office, "pengawas.banjar", "office")) == [*ALL, "Martapura"]
    only = Filter(office=other_id)
    assert titles(office, "pengawas.banjar", "office", narrowed=only) == ["Martapura"]
    assert titles(office, CAMAT, "office", narrowed=only) == []


def test_what_was_asked_for_says_by_whom(office: Cast) -> None:
    with office.at_work(AULIA) as (session, aulia):
        [item] = lists.page(session, aulia, "mine", THURSDAY).items
        budi = id_of(office, "staf.gambut")
        delegation.delegate(session, aulia, item.task.id, budi, "", THURSDAY, wants_check=True)
    with office.at_work("staf.gambut") as (session, actor):
        [asked] = lists.page(session, actor, "mine", THURSDAY).items
        assert (asked.asked_by, asked.wants_check) == ("Aulia Rahmah", True)


# --- reading a filter from an address --------------------------------------------------------


def test_a_filter_is_written_and_read_again() -> None:
    said = Filter(search="a b", sop=3, due_to=date(2026, 3, 31), late=True)
    assert said.query() == "search=a+b&sop=3&due_to=2026-03-31&late=1"
    assert filters.read(said.said()) == said
    assert said.active == 3
    assert Filter().query() == ""


@pytest.mark.parametrize(
    ("said", "field", "error"),
    [
        ({"due_to": "kemarin"}, "due_to", filters.BadDay),
        ({"opened_from": "2026-02-31"}, "opened_from", filters.BadDay),
        ({"opened_from": "0001-01-01"}, "opened_from", filters.BadDay),
        ({"due_to": "9999-12-31"}, "due_to", filters.BadDay),
        ({"due_from": "2026-03-02", "due_to": "2026-03-01"}, "due_to", filters.Backwards),
    ],
)
def test_what_cannot_be_used_is_said_by_its_field(
    said: dict[str, str], field: str, error: type[AlurError]
) -> None:
    read = filters.read(said)
    assert isinstance(read.wrong[field], error)
    assert getattr(read, field) is None


@pytest.mark.parametrize("junk", ["-1", "1e9", "²", "9" * 40, "x", "'; DROP TABLE task"])
def test_a_number_that_is_none_narrows_nothing(junk: str) -> None:
    assert filters.read({"sop": junk, "office": junk}) == Filter()
