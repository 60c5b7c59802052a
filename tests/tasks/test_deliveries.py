"""Twin of tasks/deliveries.py: each message arrives once, and twice only where nobody can know.

Senders here are programs of their own, ended with SIGKILL while a real mail server listens.
"""

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from threading import Event
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.db import EVERYWHERE, Database
from engine.models import Contact, Delivery, Notice
from engine.settings import Settings, networks
from tasks import composing, deliveries, schedule
from tasks.deliveries import CUT_TWICE, LEASE, OUR_FAULT, PAUSES
from tasks.jobs.send_messages import send_messages
from tasks.messages import REPEAT
from tests.conftest import THURSDAY, Cast
from tests.days import at
from tests.loopback.http import listening, say
from tests.tasks import outlet
from tests.tasks.outlet import Mail, all_off, change, mail_of, reached, text
from tests.tasks.test_telling import given

STAF, KASI, KASUBBAG = "staf.gambut", "kasi.gambut", "kasubbag.gambut"
MINUTE = timedelta(minutes=1)
GIVEN = {**all_off(), "given": "at once"}
SENT = THURSDAY + MINUTE
# A program takes seconds to start: what differs by database is tried on that one.
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def mail(cast: Cast) -> Iterator[Mail]:
    with mail_of(cast) as mail:
        yield mail


def on_its_way(mail: Mail, *accounts: str, **ways: str) -> None:
    """Each of them was given something, and is to be told a minute later."""
    for account in accounts or (STAF,):
        reached(mail.cast, account, **(ways or GIVEN))
        given(mail.cast, account, THURSDAY)
    schedule.weigh_notices(mail.cast.database, THURSDAY)


def sends(mail: Mail, now: datetime = SENT, settings: Settings | None = None) -> tuple[int, int]:
    round = send_messages(mail.cast.database, now, settings or mail.settings)
    return round.done, round.failed


def only(mail: Mail) -> Delivery:
    [delivery] = outlet.deliveries(mail.cast)
    return delivery


# --- what does not arrive ------------------------------------------------------------------------


def test_a_server_that_is_away_is_asked_again_more_and_more_patiently(mail: Mail) -> None:
    on_its_way(mail)
    away = Settings(variables={**mail.settings.variables, "ALUR_SMTP_PORT": "9"})
    now = SENT
    for pause in PAUSES[:3]:
        assert sends(mail, now, away) == (0, 1)
        assert sends(mail, now + pause - timedelta(seconds=1), away) == (0, 0)
        now += pause
    assert sends(mail, now) == (1, 0)
    [letter] = mail.post.letters
    assert REPEAT not in text(letter)  # it surely had not arrived
    assert (only(mail).attempts, only(mail).ended_as, only(mail).error) == (4, "sent", None)


def test_one_that_is_down_is_not_asked_for_each_message(mail: Mail) -> None:
    accounts = [STAF, KASI, KASUBBAG, "camat.gambut", "sekcam.gambut", "tim.samboja"]
    for account in accounts:
        reached(mail.cast, account)
    with mail.cast.database.transaction(EVERYWHERE) as session:
        for contact in session.scalars(select(Contact)):
            facts: dict[str, Any] = {"contact_id": contact.id, "kind": "code"}
            session.add(Delivery(at=THURSDAY, send_at=THURSDAY, **facts))
            contact.code, contact.code_until = "123456", THURSDAY + 30 * MINUTE
    mail.post.rcpt = lambda: ""  # it hangs up
    tried = sends(mail)[1]
    assert tried <= 4 < len(accounts)  # each of its lines once


def test_a_message_given_up_is_seen_and_sent_again_by_hand(mail: Mail) -> None:
    on_its_way(mail)
    mail.post.rcpt = lambda: "451 4.7.1 come back later"
    while only(mail).ended_at is None:
        sends(mail, only(mail).send_at)
    assert only(mail).attempts == len(PAUSES)
    with mail.cast.database.reading(EVERYWHERE) as session:
        found = deliveries.failed(session)
        assert (found.count, deliveries.counts(session)) == (1, {"waiting": 0, "failed": 1})
    [failed] = found.items
    assert failed.person.account == STAF
    assert failed.delivery.error == "451 4.7.1 come back later"
    mail.post.rcpt = lambda: "250 OK"
    monday = at(16, 9)
    with mail.cast.database.transaction(EVERYWHERE) as session:
        deliveries.resend(session, failed.delivery.id, monday)
        with pytest.raises(deliveries.NoSuchDelivery):
            deliveries.resend(session, failed.delivery.id, monday)
    assert sends(mail, monday) == (1, 0)
    assert only(mail).ended_as == "sent"


def test_an_address_that_is_no_more_is_used_no_more(mail: Mail) -> None:
    on_its_way(mail)
    mail.post.rcpt = lambda: "550 5.1.1 no such user"
    assert sends(mail) == (0, 1)
    assert (only(mail).ended_as, only(mail).error) == ("failed", "550 5.1.1 no such user")
    given(mail.cast, STAF, SENT)
    mail.ticks(SENT)
    assert len(outlet.deliveries(mail.cast)) == 1


def test_a_machine_without_the_channel_says_so(mail: Mail) -> None:
    on_its_way(mail)
    assert sends(mail, SENT, Settings()) == (0, 1)
    assert only(mail).error == "saluran email tidak disetel di komputer ini"
    assert sends(mail, SENT + PAUSES[0]) == (1, 0)


def test_one_that_cannot_be_put_into_words_stands_in_nobodys_way(
    mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_its_way(mail, STAF, KASI)
    broken, *_ = (one.id for one in outlet.deliveries(mail.cast))
    compose = composing.compose

    def stumbles(session: Any, home: str, delivery: Delivery, *rest: Any) -> Any:
        if delivery.id == broken:
            raise ZeroDivisionError
        return compose(session, home, delivery, *rest)

    monkeypatch.setattr(composing, "compose", stumbles)
    assert sends(mail) == (1, 0)
    first, second = outlet.deliveries(mail.cast)
    assert (first.ended_as, first.error, second.ended_as) == (None, OUR_FAULT, "sent")
    monkeypatch.undo()
    assert sends(mail, SENT + PAUSES[0]) == (1, 0)
    assert all(REPEAT not in text(letter) for letter in mail.post.letters)


def test_a_deaf_webhook_keeps_no_letter_waiting(mail: Mail) -> None:
    arrived = Event()
    mail.post.data = lambda: arrived.set() or "250 OK"  # type: ignore[func-returns-value]
    on_its_way(mail, STAF)
    with listening() as listener:
        reached(mail.cast, KASI, channel="webhook", **GIVEN)
        change(mail.cast, KASI, address=listener.url, secret="whsec_AAAA")
        given(mail.cast, KASI, THURSDAY)
        schedule.weigh_notices(mail.cast.database, THURSDAY)
        # It answers only when the letter has come.
        listener.answers = lambda _, it: say(it, 204 if arrived.wait(10) else 500)
        variables = {**mail.settings.variables, "ALUR_WEBHOOK": "1"}
        both = Settings(variables=variables, networks=networks("127.0.0.0/8, ::1/128"))
        assert sends(mail, SENT, both) == (2, 0)


# --- what may have arrived -----------------------------------------------------------------------


def test_what_was_cut_in_the_middle_is_sent_again_and_says_so(mail: Mail) -> None:
    on_its_way(mail)
    mail.post.data = lambda: ""  # it takes the letter, and hangs up without a word
    assert sends(mail) == (0, 1)
    mail.post.data = lambda: "250 OK"
    assert sends(mail, SENT + PAUSES[0]) == (1, 0)
    first, second = mail.post.letters
    assert (REPEAT in text(first), REPEAT in text(second)) == (False, True)
    assert first["Message-ID"] == second["Message-ID"]


def test_what_was_cut_twice_is_given_up_and_never_sent_a_third_time(mail: Mail) -> None:
    on_its_way(mail)
    mail.post.data = lambda: ""
    now = SENT
    for pause in PAUSES[:4]:
        sends(mail, now)
        now += pause
    assert len(mail.post.letters) == 2
    assert (only(mail).ended_as, only(mail).error) == ("failed", CUT_TWICE)
    # Whoever sends it again by hand knows what he does; that too says that it may be a repeat.
    mail.post.data = lambda: "250 OK"
    with mail.cast.database.transaction(EVERYWHERE) as session:
        assert deliveries.resend_all(session, now) == 1
    assert sends(mail, now) == (1, 0)
    assert REPEAT in text(mail.post.letters[2])


def sender(url: str, settings: Settings, now: datetime) -> None:
    """A program that sends what is due, and ends."""
    database = Database(url)
    send_messages(database, now, settings)
    database.close()


class Senders:
    """Programs that send, and are killed."""

    def __init__(self, mail: Mail) -> None:
        self.mail, self.running = mail, list[Any]()

    def start(self, now: datetime, count: int = 1) -> None:
        spawn = multiprocessing.get_context("spawn")
        url = self.mail.cast.database.bind.url.render_as_string(hide_password=False)
        for _ in range(count):
            program = spawn.Process(target=sender, args=(url, self.mail.settings, now))
            program.start()
            self.running.append(program)

    def kill(self) -> str:
        """All of them, at this very moment; what the server would have said nobody hears."""
        for program in self.running:
            with suppress(ProcessLookupError):
                os.kill(program.pid, signal.SIGKILL)
            program.join(timeout=30)
        return "250 OK"

    def end(self) -> None:
        for program in self.running:
            program.join(timeout=60)
        self.running.clear()
        assert self.mail.post.is_at_rest()


@pytest.fixture
def senders(mail: Mail) -> Iterator[Senders]:
    senders = Senders(mail)
    yield senders
    senders.kill()


def test_a_sender_killed_before_it_sends_gives_its_message_back(
    mail: Mail, senders: Senders
) -> None:
    on_its_way(mail)
    mail.post.rcpt = senders.kill
    senders.start(SENT)
    senders.end()
    assert mail.post.letters == []
    assert only(mail).taken_until == SENT + LEASE
    mail.post.rcpt = lambda: "250 OK"
    assert sends(mail, SENT + LEASE - timedelta(seconds=1)) == (0, 0)
    assert sends(mail, SENT + LEASE) == (1, 0)
    [letter] = mail.post.letters
    assert REPEAT in text(letter)  # nobody can know that it had not gone


def test_a_sender_killed_after_it_sent_makes_it_come_twice_and_say_so(
    mail: Mail, senders: Senders
) -> None:
    on_its_way(mail)
    mail.post.data = senders.kill
    senders.start(SENT)
    senders.end()
    mail.post.data = lambda: "250 OK"
    assert len(mail.post.letters) == 1
    assert sends(mail, SENT + LEASE) == (1, 0)
    first, second = mail.post.letters
    assert (REPEAT in text(first), REPEAT in text(second)) == (False, True)
    assert first["Message-ID"] == second["Message-ID"]


@ON_SQLITE
def test_a_sender_killed_twice_leaves_it_to_the_administrator(mail: Mail, senders: Senders) -> None:
    on_its_way(mail)
    mail.post.data = senders.kill
    for turn in range(3):
        senders.start(SENT + turn * LEASE)
        senders.end()
    assert len(mail.post.letters) == 2
    assert (only(mail).ended_as, only(mail).error) == ("failed", CUT_TWICE)


@ON_POSTGRESQL
def test_of_many_senders_killed_again_and_again_each_message_comes_once_or_twice(
    mail: Mail, senders: Senders
) -> None:
    people = [f"{post}.gambut" for post in ("staf", "kasi", "kasubbag", "sekcam", "camat")]
    for account in people:
        reached(mail.cast, account)
    with mail.cast.database.transaction(EVERYWHERE) as session:
        contacts = session.scalars(select(Contact.id)).all()
        facts = [{"contact_id": each, "kind": "code", "at": THURSDAY} for each in contacts]
        session.add_all(Delivery(send_at=THURSDAY, **fact) for fact in facts for _ in range(4))
    for account in people:
        change(mail.cast, account, code="123456", code_until=at(13))
    letter = count(1)
    mail.post.data = lambda: senders.kill() if next(letter) in (4, 9) else "250 OK"
    now = THURSDAY
    while any(one.ended_at is None for one in outlet.deliveries(mail.cast)):
        senders.start(now, count=2)
        senders.end()
        now += LEASE
    came: dict[str, list[bool]] = {}
    for letter in mail.post.letters:
        came.setdefault(letter["Message-ID"], []).append(REPEAT in text(letter))
    assert all(says in ([False], [True], [False, True]) for says in came.values())
    # Whatever may not have arrived at all, an administrator sees.
    ends = Counter((one.ended_as, one.error) for one in outlet.deliveries(mail.cast))
    assert ends["sent", None] + ends["failed", CUT_TWICE] == 20
    assert len(came) >= ends["sent", None] > 0


def test_one_row_tells_of_one_thing_however_often_it_was_sent(mail: Mail) -> None:
    on_its_way(mail)
    mail.post.data = lambda: ""
    for turn in range(3):
        sends(mail, SENT + turn * 30 * MINUTE)
    with mail.cast.database.reading(EVERYWHERE) as session:
        about = select(func.count(Notice.id)).where(Notice.kind == "assigned")
        assert session.scalar(about) == 1


# --- what was, long ago --------------------------------------------------------------------------


def test_what_arrived_is_forgotten_after_a_month_what_did_not_after_three(mail: Mail) -> None:
    on_its_way(mail)
    sends(mail)
    mail.post.rcpt = lambda: "550 5.1.1 no such user"
    on_its_way(mail, KASI)
    sends(mail)
    kept = {29: ["sent", "failed"], 31: ["failed"], 89: ["failed"], 91: []}
    for days, expected in kept.items():
        schedule.tidy(mail.cast.database, SENT + timedelta(days=days))
        assert [one.ended_as for one in outlet.deliveries(mail.cast)] == expected
