"""Twin of tasks/contacts.py: an address is used only by who proved that she reads there."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from engine.db import EVERYWHERE
from engine.models import Contact
from tasks import channels, contacts, preferences
from tasks.channels.email import NoEmail
from tasks.preferences import AT_ONCE, DIGEST, OFF, USUAL
from tests.conftest import THURSDAY, Cast
from tests.days import at
from tests.tasks.outlet import Mail, all_off, deliveries, mail_of, text
from tests.tasks.test_telling import given

STAF, KASI = "staf.gambut", "kasi.gambut"
ADDRESS = "aulia@kantor.go.id"
MINUTE = timedelta(minutes=1)
# Nothing here differs by database.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def mail(cast: Cast) -> Iterator[Mail]:
    with mail_of(cast) as mail:
        yield mail


def gives(mail: Mail, address: str = ADDRESS, who: str = STAF, now: datetime = THURSDAY) -> None:
    known = channels.opened(mail.settings)
    with mail.cast.at_work(who, now) as (session, actor):
        contacts.give(session, actor, known, "email", address, now)


def proves(mail: Mail, code: str, who: str = STAF, now: datetime = THURSDAY) -> bool:
    with mail.cast.at_work(who, now) as (session, actor):
        return contacts.prove(session, actor, "email", code, now)


def contact(mail: Mail) -> Contact:
    with mail.cast.database.reading(EVERYWHERE) as session:
        return session.scalars(select(Contact)).one()


def code(mail: Mail, now: datetime = THURSDAY) -> str:
    """As she reads it in her letter."""
    letter = mail.came(now)[-1]
    found = re.search(r"Kode: (\d{6})", text(letter))
    assert found is not None
    return found[1]


def test_the_code_goes_to_the_address_at_any_hour_and_opens_it(mail: Mail) -> None:
    sunday = at(15, 23)
    gives(mail, now=sunday)
    sent = code(mail, sunday)
    [letter] = mail.post.letters
    assert (letter["To"], letter["Subject"]) == (
        ADDRESS,
        "Alur: kode untuk membuktikan alamat ini",
    )
    assert "dalam 30 menit" in text(letter)
    assert proves(mail, f" {sent} ", now=sunday)
    known = contact(mail)
    assert (known.proved_at, known.code, known.digest_at) == (sunday, None, at(16, 8))


def test_until_then_nothing_else_goes_there(mail: Mail) -> None:
    gives(mail)
    code(mail)
    given(mail.cast, STAF, THURSDAY)
    assert mail.came(THURSDAY + MINUTE) == []
    assert mail.came(at(13, 8)) == []


def test_a_wrong_code_is_counted_and_five_end_it(mail: Mail) -> None:
    gives(mail)
    sent = code(mail)
    wrong = f"{(int(sent) + 1) % 10**6:06}"
    for _ in range(contacts.MOST_TRIES):
        assert not proves(mail, wrong)
    with pytest.raises(contacts.NothingToProve):
        proves(mail, sent)
    assert contact(mail).proved_at is None


def test_a_code_is_good_for_half_an_hour(mail: Mail) -> None:
    gives(mail)
    sent = code(mail)
    with pytest.raises(contacts.NothingToProve):
        proves(mail, sent, now=THURSDAY + contacts.CODE_LASTS)


def test_nobody_proves_the_address_of_another(mail: Mail) -> None:
    gives(mail)
    sent = code(mail)
    with pytest.raises(contacts.NothingToProve):
        proves(mail, sent, who=KASI)


def test_nobody_is_pestered_with_codes(mail: Mail) -> None:
    for minute in range(contacts.MOST_CODES):
        gives(mail, f"orang{minute}@lain.id", now=THURSDAY + minute * MINUTE)
    with pytest.raises(contacts.TooManyCodes):
        gives(mail, now=THURSDAY + 6 * MINUTE)
    gives(mail, now=THURSDAY + timedelta(days=1))


def test_only_the_last_address_gets_what_was_on_its_way(mail: Mail) -> None:
    gives(mail, "lama@kantor.go.id")
    gives(mail)
    mail.ticks(THURSDAY)
    assert [letter["To"] for letter in mail.post.letters] == [ADDRESS]
    assert [one.ended_as for one in deliveries(mail.cast)] == ["moot", "sent"]


def test_an_address_taken_away_is_forgotten_with_what_was_on_its_way(mail: Mail) -> None:
    gives(mail)
    proves(mail, code(mail))
    given(mail.cast, STAF, THURSDAY)
    mail.ticks(THURSDAY)
    with mail.cast.at_work(STAF) as (session, staf):
        contacts.take_away(session, staf, "email", THURSDAY)
        assert contacts.of(session, staf) == {}
    assert mail.came(THURSDAY + MINUTE) == []
    assert mail.came(at(13, 8)) == []
    assert contact(mail).address == ""


def test_why_a_code_has_not_left_is_known(mail: Mail) -> None:
    gives(mail)
    mail.post.rcpt = lambda: "550 5.1.1 no such user"
    mail.ticks(THURSDAY)
    with mail.cast.database.reading(EVERYWHERE) as session:
        assert contacts.trouble(session, contact(mail)) == "550 5.1.1 no such user"
    gives(mail, "lain@kantor.go.id")
    assert contact(mail).refused_at is None
    with mail.cast.database.reading(EVERYWHERE) as session:
        assert contacts.trouble(session, contact(mail)) is None


def test_a_proved_address_is_not_proved_again(mail: Mail) -> None:
    gives(mail)
    proves(mail, code(mail))
    with pytest.raises(contacts.ProvedAlready):
        gives(mail)


def test_what_is_no_address_or_no_channel_is_refused(mail: Mail) -> None:
    with pytest.raises(NoEmail):
        gives(mail, "aulia@kantor")
    with mail.cast.at_work(STAF) as (session, staf):
        known = channels.opened(mail.settings)
        with pytest.raises(contacts.NoSuchChannel):
            contacts.give(session, staf, known, "merpati", ADDRESS, THURSDAY)


# --- how she wants to be told --------------------------------------------------------------------


def chooses(mail: Mail, **ways: str) -> None:
    chosen = {**USUAL, **{topic.replace("_", " "): way for topic, way in ways.items()}}
    with mail.cast.at_work(STAF) as (session, staf):
        contacts.choose(session, staf, "email", chosen, THURSDAY)


def test_a_digest_is_due_as_long_as_she_wants_one(mail: Mail) -> None:
    gives(mail)
    proves(mail, code(mail))
    assert contact(mail).digest_at == at(13, 8)
    chooses(mail, **all_off())
    assert contact(mail).digest_at is None
    chooses(mail, **{**all_off(), "course": DIGEST})
    assert contact(mail).digest_at == at(13, 8)


def test_what_she_chose_is_kept_where_it_differs(mail: Mail) -> None:
    with pytest.raises(contacts.NotReached):
        chooses(mail, late=OFF)
    gives(mail)
    proves(mail, code(mail))
    chooses(mail, waiting=AT_ONCE, late=OFF, given=AT_ONCE, nonsense=OFF, course="someday")
    with mail.cast.at_work(STAF) as (session, staf):
        chosen = preferences.of(session, [staf.person_id])
        said = {topic: chosen.said(staf.person_id, "email", topic) for topic in USUAL}
    assert said == {**USUAL, "waiting": AT_ONCE, "late": OFF}
