"""Twin of web/notices.py: the bell rings for what is unread, until it was looked at."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import event, select, update

from engine import steering
from engine.db import EVERYWHERE, Database
from engine.models import Grant, Holder, Notice, Person
from tests.web.conftest import Clock, Office, Visitor, seen

STAF, KASUBBAG, CAMAT = "staf.gambut", "kasubbag.gambut", "camat.gambut"


def bell(page: str) -> str:
    """What stands on it."""
    assert 'class="site-bell"' in page
    found = re.search(r'class="bell-count">([^<]+)<', page)
    return found[1] if found else ""


@pytest.fixture
def task(office: Office) -> int:
    """The kasubbag has done her step; the second waits for the staf."""
    case = office.starts()
    office.completes(KASUBBAG, case)
    return office.waiting(STAF, case)


def test_the_bell_rings_on_every_page_until_the_task_is_opened(
    visitor: Callable[[str], Visitor], task: int
) -> None:
    staf = visitor(STAF)
    for path in ("/", "/cases", "/sops", "/notices"):
        assert bell(staf.opens(path).text) == "1"
    assert bell(staf.opens(f"/tasks/{task}").text) == ""  # she has it before her
    assert bell(staf.opens("/").text) == ""
    assert bell(visitor(KASUBBAG).opens("/").text) == ""


def test_a_look_that_nobody_took_reads_nothing(
    visitor: Callable[[str], Visitor], task: int
) -> None:
    staf = visitor(STAF)
    staf.client.head(f"/tasks/{task}")
    assert staf.opens("/tasks/999999").status_code == 404
    assert bell(staf.opens("/").text) == "1"


def test_a_notice_says_what_where_and_when_and_leads_there(
    visitor: Callable[[str], Visitor], task: int
) -> None:
    page = visitor(STAF).opens("/notices")
    text = seen(page)
    assert "Menunggu jabatan Anda" in text
    assert "Data kinerja triwulan I" in text
    assert "oleh Aulia Rahmah" in text
    assert "hari ini 09.00 WITA" in text
    assert f'href="/tasks/{task}"' in page.text


def test_what_concerns_the_whole_case_is_read_on_its_page(
    visitor: Callable[[str], Visitor], office: Office
) -> None:
    case = office.starts()
    office.does(CAMAT, steering.cancel, case, "Dimulai dua kali.")
    kasubbag = visitor(KASUBBAG)
    page = kasubbag.opens("/notices")
    assert "Berkas Anda dibatalkan" in seen(page)
    assert f'href="/cases/{case}"' in page.text
    assert bell(kasubbag.opens(f"/cases/{case}").text) == ""
    assert bell(kasubbag.opens("/").text) == ""


def test_one_is_marked_and_the_others_stay(
    visitor: Callable[[str], Visitor], office: Office, task: int
) -> None:
    office.completes(KASUBBAG, office.starts("Data kinerja triwulan II"))
    staf = visitor(STAF)
    [latest, first] = re.findall(r'action="(/notices/\d+/reading)"', staf.opens("/notices").text)
    assert staf.sends(first).status_code == 303
    page = seen(staf.opens("/notices"))
    assert "Data kinerja triwulan II" in page
    assert "1 pemberitahuan" in page
    assert "2 pemberitahuan" in seen(staf.opens("/notices?view=all"))
    assert visitor(CAMAT).sends(latest).status_code == 303  # not hers: nothing happens
    assert bell(staf.opens("/").text) == "1"


def test_all_are_marked_but_what_came_after_the_page(
    visitor: Callable[[str], Visitor], office: Office, task: int
) -> None:
    staf = visitor(STAF)
    up_to = re.search(r'name="up_to" value="(\d+)"', staf.opens("/notices").text)
    assert up_to is not None
    office.completes(KASUBBAG, office.starts("Baru saja"))
    staf.sends("/notices/reading", up_to=up_to[1])
    page = seen(staf.opens("/notices"))
    assert "Baru saja" in page
    assert bell(staf.opens("/").text) == "1"
    for nonsense in ("", "x", "-1", "9" * 30):
        assert staf.sends("/notices/reading", up_to=nonsense).status_code == 303
    assert bell(staf.opens("/").text) == "1"


def test_the_list_has_pages(visitor: Callable[[str], Visitor], office: Office) -> None:
    for number in range(27):
        office.completes(KASUBBAG, office.starts(f"Berkas {number}"))
    staf = visitor(STAF)
    page = staf.opens("/notices")
    assert "27 pemberitahuan" in seen(page)
    rest = re.search(r'rel="next" href="([^"]+)"', page.text)
    assert rest is not None
    second = seen(staf.opens(rest[1].replace("&amp;", "&")))
    assert "Berkas 0 " in second
    assert "Berkas 26" not in second
    assert staf.opens("/notices?after=xx").status_code == 422


def test_nobody_counts_beyond_ninety_nine(
    visitor: Callable[[str], Visitor], database: Database, task: int
) -> None:
    with database.transaction(EVERYWHERE) as session:
        [known] = session.scalars(select(Notice).where(Notice.read_at.is_(None)))
        facts = {name: getattr(known, name) for name in ("office_id", "person_id", "kind", "at")}
        for number in range(98):
            session.add(Notice(**facts, cause=f"x-{number}", urgent=False))
    staf = visitor(STAF)
    assert bell(staf.opens("/").text) == "99"
    with database.transaction(EVERYWHERE) as session:
        session.add(Notice(**facts, cause="x", urgent=False))
    assert bell(staf.opens("/").text) == "99+"


def test_an_escalation_says_how_far_it_has_gone(
    visitor: Callable[[str], Visitor], database: Database, task: int
) -> None:
    with database.transaction(EVERYWHERE) as session:
        session.execute(update(Notice).values(kind="late", level=3, urgent=True))
    assert "Lewat tenggat, tingkat 3" in seen(visitor(STAF).opens("/notices"))


def test_an_empty_bell_says_what_will_ring_it(visitor: Callable[[str], Visitor]) -> None:
    assert "Tidak ada yang belum dibaca." in seen(visitor(CAMAT).opens("/notices"))
    assert "Belum ada pemberitahuan." in seen(visitor(CAMAT).opens("/notices?view=all"))


def test_whoever_left_the_office_reads_nothing_of_it_any_more(
    visitor: Callable[[str], Visitor], database: Database, clock: Clock, task: int
) -> None:
    with database.transaction(EVERYWHERE) as session:
        person = session.scalars(select(Person).where(Person.account == STAF)).one()
        held = session.scalars(select(Holder).where(Holder.person_id == person.id)).one()
        held.ends_on = clock().date()
        session.add(Grant(person_id=person.id, role="perancang", office_id=held.office_id + 1))
    clock.passes(days=1)
    staf = visitor(STAF)
    assert bell(staf.opens("/").text) == ""
    assert "Belum ada" in seen(staf.opens("/notices?view=all"))


def test_the_bell_costs_one_small_question(
    visitor: Callable[[str], Visitor], database: Database, task: int
) -> None:
    asked: list[tuple[str, object]] = []

    def note(*facts: object) -> None:
        asked.append((str(facts[2]), facts[3]))

    event.listen(database.bind, "before_cursor_execute", note)
    visitor(STAF).opens("/cases")
    event.remove(database.bind, "before_cursor_execute", note)
    [(query, facts)] = [each for each in asked if " notice" in each[0]]
    with database.bind.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", facts).all()  # type: ignore[arg-type]
    assert any("ix_notice_unread" in str(line) for line in plan), plan
