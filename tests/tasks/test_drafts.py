"""Twin of tasks/drafts.py: what was typed is kept for whoever typed it."""

from datetime import timedelta

import pytest

from engine.db import EVERYWHERE, Database
from engine.models import Person
from tasks import drafts
from tests.conftest import THURSDAY

PLACE = "/tasks/7"


@pytest.fixture
def two_people(database: Database) -> tuple[int, int]:
    with database.transaction(EVERYWHERE) as session:
        both = [Person(account=name, name=name, password_hash="-") for name in ("siti", "budi")]
        session.add_all(both)
    return both[0].id, both[1].id


def test_a_draft_is_found_where_it_was_typed(
    database: Database, two_people: tuple[int, int]
) -> None:
    siti, _ = two_people
    with database.transaction(EVERYWHERE) as session:
        drafts.save(session, siti, PLACE, {"reason": "Nomor surat salah"}, THURSDAY)
    with database.reading(EVERYWHERE) as session:
        kept = drafts.load(session, siti, PLACE)
        assert kept is not None
        assert kept.fields == {"reason": "Nomor surat salah"}
        assert drafts.load(session, siti, "/tasks/8") is None


def test_nobody_sees_anothers_draft(database: Database, two_people: tuple[int, int]) -> None:
    siti, budi = two_people
    with database.transaction(EVERYWHERE) as session:
        drafts.save(session, siti, PLACE, {"reason": "rahasia"}, THURSDAY)
        assert drafts.load(session, budi, PLACE) is None


def test_a_later_draft_takes_the_place_of_an_earlier_one(
    database: Database, two_people: tuple[int, int]
) -> None:
    siti, _ = two_people
    later = THURSDAY + timedelta(minutes=5)
    for text, now in (("lama", THURSDAY), ("baru", later)):
        with database.transaction(EVERYWHERE) as session:
            drafts.save(session, siti, PLACE, {"reason": text}, now)
    with database.reading(EVERYWHERE) as session:
        kept = drafts.load(session, siti, PLACE)
        assert kept is not None
        assert (kept.fields, kept.saved_at) == ({"reason": "baru"}, later)


def test_what_was_sent_is_no_draft_any_more(
    database: Database, two_people: tuple[int, int]
) -> None:
    siti, _ = two_people
    with database.transaction(EVERYWHERE) as session:
        drafts.save(session, siti, PLACE, {"reason": "x"}, THURSDAY)
        drafts.drop(session, siti, PLACE)
        assert drafts.load(session, siti, PLACE) is None


def test_a_place_no_form_of_ours_has_is_not_kept(
    database: Database, two_people: tuple[int, int]
) -> None:
    siti, _ = two_people
    with database.transaction(EVERYWHERE) as session:
        drafts.save(session, siti, "/" + "x" * 200, {"reason": "x"}, THURSDAY)
        assert drafts.load(session, siti, "/" + "x" * 200) is None


def test_nobody_keeps_more_drafts_than_fit_nor_for_ever(
    database: Database, two_people: tuple[int, int]
) -> None:
    siti, _ = two_people
    much_later = THURSDAY + drafts.KEPT_FOR + timedelta(days=1)
    with database.transaction(EVERYWHERE) as session:
        for number in range(drafts.MOST + 5):
            at = THURSDAY + timedelta(minutes=number)
            drafts.save(session, siti, f"/tasks/{number}", {"reason": "x"}, at)
        assert drafts.load(session, siti, "/tasks/4") is None
        assert drafts.load(session, siti, "/tasks/5") is not None
        drafts.save(session, siti, "/tasks/99", {"reason": "x"}, much_later)
        assert drafts.load(session, siti, "/tasks/54") is None
        drafts.save(session, siti, "/tasks/100", {"reason": "x" * 400_000}, much_later)
        assert drafts.load(session, siti, "/tasks/100") is None
