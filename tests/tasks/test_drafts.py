"""Twin of tasks/drafts.py: what was typed is kept for whoever typed it."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from engine.db import EVERYWHERE, Database
from engine.models import Person
from tasks import drafts
from tasks.drafts import Writer
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


# --- one person, two desks -------------------------------------------------------------------


def kept(database: Database, person: int) -> str:
    with database.reading(EVERYWHERE) as session:
        draft = drafts.load(session, person, PLACE)
        assert draft is not None
        return draft.fields["reason"]


def types(
    database: Database, person: int, page: str, base: str, text: str, minutes: int = 0
) -> str:
    """She types on an opened page; what that page knows from then on."""
    now = THURSDAY + timedelta(minutes=minutes)
    with database.transaction(EVERYWHERE) as session:
        drafts.save(session, person, PLACE, {"reason": text}, now, Writer(page, base))
        return drafts.version(drafts.load(session, person, PLACE))


def test_a_page_goes_on_from_its_own_draft_and_from_the_one_it_was_opened_with(
    database: Database, two_people: tuple[int, int]
) -> None:
    siti, _ = two_people
    base = types(database, siti, "phone", "", "satu")
    types(database, siti, "phone", "", "dua", 1)
    assert base != types(database, siti, "phone", "", "tiga", 2)
    latest = types(database, siti, "phone", "", "empat", 3)
    types(database, siti, "desk", latest, "lima", 4)
    assert kept(database, siti) == "lima"


def test_what_she_typed_at_another_desk_since_is_not_overwritten_unseen(
    database: Database, two_people: tuple[int, int]
) -> None:
    siti, _ = two_people
    opened = types(database, siti, "phone", "", "di telepon")
    types(database, siti, "phone", "", "di telepon, lebih lengkap", 1)
    with pytest.raises(drafts.TypedElsewhere) as told:
        types(database, siti, "desk", opened, "di meja", 2)
    assert told.value.other.fields == {"reason": "di telepon, lebih lengkap"}
    assert kept(database, siti) == "di telepon, lebih lengkap"
    types(database, siti, "desk", drafts.version(told.value.other), "di meja", 3)
    with pytest.raises(drafts.TypedElsewhere):
        types(database, siti, "phone", "", "di telepon lagi", 4)


def test_the_same_words_at_two_desks_are_no_conflict(
    database: Database, two_people: tuple[int, int]
) -> None:
    siti, _ = two_people
    types(database, siti, "phone", "", "sama")
    types(database, siti, "desk", "", "sama", 1)
    with database.transaction(EVERYWHERE) as session:
        drafts.take(session, siti, PLACE, {"reason": "sama"}, Writer("phone", ""))
        assert drafts.load(session, siti, PLACE) is None


@pytest.mark.parametrize("base", ["x", "@", "phone@", "phone@nan", "phone@1e99", "@-1", "a@b@c"])
def test_a_version_that_nobody_made_names_nothing(
    database: Database, two_people: tuple[int, int], base: str
) -> None:
    siti, _ = two_people
    types(database, siti, "phone", "", "satu")
    with pytest.raises(drafts.TypedElsewhere):
        types(database, siti, "desk", base, "dua", 1)


def test_what_is_sent_is_not_older_than_what_she_typed_elsewhere(
    database: Database, two_people: tuple[int, int]
) -> None:
    siti, _ = two_people
    opened = types(database, siti, "phone", "", "lama")
    types(database, siti, "phone", "", "baru", 1)
    with pytest.raises(drafts.TypedElsewhere), database.transaction(EVERYWHERE) as session:
        drafts.take(session, siti, PLACE, {"reason": "lama"}, Writer("desk", opened))
    assert kept(database, siti) == "baru"
    with database.transaction(EVERYWHERE) as session:
        drafts.take(session, siti, PLACE, {"reason": "apa pun"}, Writer())


def test_of_two_pages_at_the_same_moment_one_is_told_of_the_other(
    database: Database, two_people: tuple[int, int]
) -> None:
    siti, _ = two_people
    barrier, told = Barrier(2), []

    def go(page: str) -> None:
        barrier.wait()
        try:
            types(database, siti, page, "", f"dari {page}")
            told.append("kept")
        except drafts.TypedElsewhere:
            told.append("told")

    pair = [Thread(target=go, args=(page,)) for page in ("phone", "desk")]
    for each in pair:
        each.start()
    for each in pair:
        each.join()
    assert sorted(told) == ["kept", "told"]
