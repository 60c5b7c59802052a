"""Twin of tasks/digests.py: one message when the office opens, if there is something to say."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from engine.db import EVERYWHERE
from engine.models import Office
from tests.conftest import Cast
from tests.days import at
from tests.gambut import do, start
from tests.tasks.outlet import Mail, deliveries, mail_of, reached, text
from tests.tasks.test_telling import CAMAT, KASUBBAG, STAF, given

# What differs by database is told in test_telling.py.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def mail(cast: Cast) -> Iterator[Mail]:
    with mail_of(cast) as mail:
        yield mail


def test_a_morning_with_nothing_to_say_says_nothing(cast: Cast, mail: Mail) -> None:
    reached(cast, STAF)
    assert mail.came(at(13, 8)) == []
    assert [(one.kind, one.ended_as) for one in deliveries(cast)] == [("digest", "moot")]


def test_a_leader_reads_how_much_of_the_office_is_late(cast: Cast, mail: Mail) -> None:
    reached(cast, CAMAT)
    start(cast)
    start(cast)
    [letter] = mail.came(at(13, 8))
    assert letter["Subject"] == "Alur pagi ini"
    assert "2 langkah kantor lewat tenggat." in text(letter)


def test_a_supervisor_of_many_offices_has_one_morning(cast: Cast, mail: Mail) -> None:
    reached(cast, "pengawas.banjar")
    start(cast)
    [letter] = mail.came(at(13, 8))
    assert "1 langkah kantor lewat tenggat." in text(letter)


def test_what_comes_in_the_evening_goes_with_the_digest_and_not_beside_it(
    cast: Cast, mail: Mail
) -> None:
    reached(cast, STAF)
    given(cast, STAF, at(13, 17))
    [letter] = mail.came(at(16, 8))
    assert "Ditugaskan kepada Anda oleh pimpinan: 1" in text(letter)
    assert mail.came(at(16, 8, 10)) == []


def test_a_clock_that_was_down_in_the_morning_catches_up_in_the_day_and_not_at_night(
    cast: Cast, mail: Mail
) -> None:
    reached(cast, STAF)
    start(cast)
    do(cast, KASUBBAG, "Langkah_1")
    assert mail.came(at(13, 20)) == []
    assert mail.came(at(14, 9)) == []
    assert len(mail.came(at(16, 13))) == 1
    assert len(mail.came(at(17, 8))) == 1


def test_a_morning_that_becomes_a_holiday_is_left_out(cast: Cast, mail: Mail) -> None:
    reached(cast, STAF)
    start(cast)
    do(cast, KASUBBAG, "Langkah_1")
    with cast.database.transaction(EVERYWHERE) as session:
        office = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        off = [{"day": "2026-03-13", "reason": "Libur daerah"}]
        office.calendar = {**office.calendar, "days_off": off}
    assert mail.came(at(13, 8)) == []
    assert len(mail.came(at(16, 8))) == 1


def test_outside_ramadan_the_morning_begins_when_the_office_does(cast: Cast, mail: Mail) -> None:
    reached(cast, STAF, now=at(1, 9, month=4))
    start(cast, now=at(1, 9, month=4))
    do(cast, KASUBBAG, "Langkah_1", now=at(1, 9, 5, month=4))
    assert mail.came(at(2, 7, 29, month=4)) == []
    assert len(mail.came(at(2, 7, 30, month=4))) == 1
