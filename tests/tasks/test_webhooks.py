"""Twin of tasks/webhooks.py: other programs hear what happened, once at least and by no name."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from engine import access, steering, webhooks
from engine.access import MACHINE
from engine.db import EVERYWHERE, Database
from engine.models import Attempted, Dispatch, Event, Office, Person
from tasks import outside, schedule
from tasks import webhooks as sender
from tests import gambut
from tests.conftest import THURSDAY, Cast
from tests.tasks.receiver import Receiver, listening

GUIDES = Path(__file__).parents[2] / "docs" / "panduan"
LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as receiver:
        yield receiver


def subscribe(
    database: Database,
    url: str,
    topics: tuple[str, ...] = webhooks.TOPICS,
    slug: str | None = "gambut",
    now: datetime = THURSDAY,
) -> int:
    with database.transaction(EVERYWHERE) as session:
        query = select(Office).where(Office.slug == slug)
        office = session.scalars(query).one() if slug else None
        return webhooks.make(session, MACHINE, office, "e-SAKIP", url, topics, now).id


def rounds(database: Database, now: datetime = THURSDAY) -> list[bool]:
    return sender.send_all(database, now, LOOPBACK)


def dispatches(database: Database) -> list[Dispatch]:
    with database.reading(EVERYWHERE) as session:
        return list(session.scalars(select(Dispatch).order_by(Dispatch.id)))


def test_what_happens_to_a_case_is_told_in_order_and_once(
    cast: Cast, database: Database, receiver: Receiver
) -> None:
    subscribe(database, receiver.url)
    case = gambut.start(cast)
    gambut.do(cast, "kasubbag.gambut", "Langkah_1")
    assert all(rounds(database))
    assert receiver.kinds == [
        "case.started",
        "task.opened",
        "task.claimed",
        "task.completed",
        "task.opened",
    ]
    assert [each["number"] for each in receiver.said] == [1, 2, 3, 4, 5]
    assert {each["case"] for each in receiver.said} == {case}
    assert rounds(database, THURSDAY + timedelta(days=1)) == []


def test_it_says_what_and_where_and_nobodys_name(
    cast: Cast, database: Database, receiver: Receiver
) -> None:
    subscribe(database, receiver.url)
    gambut.start(cast, "Surat Ibu Aminah, NIP 19800101")
    gambut.do(cast, "kasubbag.gambut", "Langkah_1", reason="Bu Rina sakit")
    rounds(database)
    with database.reading(EVERYWHERE) as session:
        names = [*session.scalars(select(Person.name)), *session.scalars(select(Person.account))]
    heard = b"".join(body for _, body in receiver.heard).decode()
    assert [name for name in [*names, "Aminah", "1980", "Rina", "sakit"] if name in heard] == []
    completed = receiver.said[3]
    assert completed == {
        "type": "task.completed",
        "at": "2026-03-12T01:00:00+00:00",
        "office": "gambut",
        "sop": "gambut/pengumpulan-dan-pengukuran-data-kinerja",
        "case": completed["case"],
        "number": 4,
        "task": {
            "id": completed["task"]["id"],
            "step": "Langkah_1",
            "name": "Merumuskan pengumpulan data dan memerintahkan surat",
            "lane": "Kasubbag Renkeua",
            "due_at": "2026-03-12T01:10:00+00:00",
        },
    }


def test_only_whoever_knows_the_secret_could_have_sent_it(
    cast: Cast, database: Database, receiver: Receiver
) -> None:
    with database.transaction(EVERYWHERE) as session:
        office = session.scalars(select(Office).where(Office.slug == "gambut")).one()
        made = webhooks.make(session, MACHINE, office, "x", receiver.url, ["case"], THURSDAY)
        secret = made.secret
    gambut.start(cast)
    rounds(database)
    [(headers, body)] = receiver.heard
    assert headers["webhook-timestamp"] == str(int(THURSDAY.timestamp()))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = b64decode(secret.removeprefix("whsec_"))
    seal = b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{seal}"
    assert secret not in str(headers)


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    headers = sender.signed(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, THURSDAY.tzinfo),
        b'{"test": 2432232314}',
    )
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-signature"] == expected


def test_the_recipe_of_the_guide_knows_what_is_ours_whole_and_fresh() -> None:
    guide = (GUIDES / "integrasi.md").read_text(encoding="utf-8")
    recipe: dict[str, Any] = {}
    exec(guide.partition("```python\n")[2].partition("```")[0], recipe)
    secret, body, at = webhooks.new_secret(), b'{"type": "ping"}', THURSDAY.timestamp()
    headers = dict(sender.signed(secret, "alur-1", THURSDAY, body))

    def is_ours(secret: str = secret, body: bytes = body, late: int = 0, **other: str) -> bool:
        sent = headers | {f"webhook-{name}": text for name, text in other.items()}
        return bool(recipe["is_from_alur"](secret, sent, body, now=at + late))

    assert is_ours(late=299)
    assert is_ours(signature="v1,b3RoZXI= " + headers["webhook-signature"])
    assert not is_ours(late=301)
    assert not is_ours(body=b'{"type": "pong"}')
    assert not is_ours(secret=webhooks.new_secret())
    assert not is_ours(id="alur-2")
    assert not is_ours(timestamp="x")
    assert not is_ours(signature="v1,\u00e9")


def test_each_hears_its_own_topics_of_its_own_office(
    cast: Cast, database: Database, receiver: Receiver
) -> None:
    ours = subscribe(database, receiver.url, ("escalation",))
    theirs = subscribe(database, receiver.url, slug="samboja")
    everyones = subscribe(database, receiver.url, ("case",), slug=None)
    gambut.start(cast)
    schedule.wake_cases(database, THURSDAY + timedelta(minutes=10))
    put = [(each.webhook_id, each.topic) for each in dispatches(database)]
    assert put == [(everyones, "case"), (ours, "escalation")]
    assert theirs not in {each.webhook_id for each in dispatches(database)}
    rounds(database, THURSDAY + timedelta(minutes=10))
    late = next(each for each in receiver.said if each["type"] == "escalation.late")
    assert late["level"] == 1


def test_a_deed_that_was_undone_is_told_to_nobody(cast: Cast, database: Database) -> None:
    subscribe(database, "https://example.org/alur")
    with pytest.raises(LookupError):
        with cast.at_work("kasubbag.gambut") as (session, kasubbag):
            from engine import cases, sops

            [(sop, _)] = sops.startable(session, kasubbag)
            cases.start(session, kasubbag, sop, "Batal", THURSDAY)
            raise LookupError
    assert dispatches(database) == []


def test_a_deaf_receiver_is_tried_with_patience_and_then_given_up(
    cast: Cast, database: Database
) -> None:
    with listening(500) as deaf:
        subscribe(database, deaf.url, ("case",))
        gambut.start(cast)
        now = THURSDAY
        waits = []
        while (dispatch := dispatches(database)[0]).ended_at is None:
            waits.append(dispatch.send_at - now)
            now = dispatch.send_at
            assert rounds(database, now) == [False]
            assert rounds(database, now) == []
    assert [wait / timedelta(minutes=1) for wait in waits] == [
        *(0, 0.5, 2, 10, 30, 120, 360, 720, 1440)
    ]
    assert (dispatch.ended_as, dispatch.tries) == ("dead", 9)
    with database.reading(EVERYWHERE) as session:
        tries = session.scalars(select(Attempted)).all()
        [line] = webhooks.dispatches(session, dispatch.webhook_id, state="dead").items
    assert [each.status for each in tries] == [500] * 9
    assert len(line.tries) == 9
    assert rounds(database, now + timedelta(days=30)) == []


def test_what_died_can_be_sent_again(cast: Cast, database: Database) -> None:
    with listening(410, 204) as receiver:  # gone, it said: nothing is tried again by itself
        webhook = subscribe(database, receiver.url, ("case",))
        gambut.start(cast)
        rounds(database)
        [dead] = dispatches(database)
        assert dead.ended_as == "dead"
        later = THURSDAY + timedelta(days=3)
        with database.transaction(EVERYWHERE) as session:
            assert webhooks.revive(session, webhook, later, dead.id) == 1
            with pytest.raises(webhooks.NotDead):
                webhooks.revive(session, webhook, later, dead.id)
        assert rounds(database, later) == [True]
        ids = [headers["webhook-id"] for headers, _ in receiver.heard]
    assert ids[0] == ids[1]
    assert dispatches(database)[0].ended_as == "sent"
    with database.transaction(EVERYWHERE) as session:
        assert webhooks.revive(session, webhook, later) == 0


def test_one_that_is_deaf_keeps_no_other_waiting(
    cast: Cast, database: Database, receiver: Receiver
) -> None:
    with listening(503) as deaf:
        subscribe(database, deaf.url)
        subscribe(database, receiver.url)
        gambut.start(cast)
        results = rounds(database)
        assert sorted(results) == [False, True, True]
        # After its first failure the deaf one is left alone for this round.
        assert len(deaf.heard) == 1
    assert len(receiver.heard) == 2


def test_of_many_senders_one_sends_it(cast: Cast, database: Database, receiver: Receiver) -> None:
    subscribe(database, receiver.url)
    for _ in range(5):
        gambut.start(cast)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: rounds(database), range(4)))
    assert sum(map(len, done)) == 10
    assert len({headers["webhook-id"] for headers, _ in receiver.heard}) == 10
    assert len(receiver.heard) == 10


def test_what_a_sender_that_died_had_taken_is_sent_by_another(
    cast: Cast, database: Database, receiver: Receiver
) -> None:
    subscribe(database, receiver.url, ("case",))
    gambut.start(cast)
    with database.transaction(EVERYWHERE) as session:
        [dispatch] = webhooks.due(session, THURSDAY)
        assert webhooks.take(session, dispatch, THURSDAY + sender.TAKEN_FOR)
    assert rounds(database) == []
    assert rounds(database, THURSDAY + sender.TAKEN_FOR) == [True]
    assert len(receiver.heard) == 1


def test_a_redirect_is_not_followed(cast: Cast, database: Database) -> None:
    with listening(302) as receiver:
        subscribe(database, receiver.url, ("case",))
        gambut.start(cast)
        assert rounds(database) == [False]
        assert len(receiver.heard) == 1
    with database.reading(EVERYWHERE) as session:
        assert session.scalars(select(Attempted.status)).one() == 302


def test_nothing_goes_where_it_must_not(cast: Cast, database: Database, receiver: Receiver) -> None:
    subscribe(database, receiver.url, ("case",))
    subscribe(database, "https://tidak-ada.invalid/", ("case",))
    gambut.start(cast)
    assert sender.send_all(database, THURSDAY, ()) == [False, False]
    assert receiver.heard == []
    with database.reading(EVERYWHERE) as session:
        why = list(session.scalars(select(Attempted.why).order_by(Attempted.why)))
    assert any("jaringan dalam" in (each or "") for each in why)
    assert any("tidak dapat dihubungi" in (each or "") for each in why)


def test_an_ended_webhook_hears_nothing_more(
    cast: Cast, database: Database, receiver: Receiver
) -> None:
    webhook = subscribe(database, receiver.url)
    gambut.start(cast)
    with cast.at_work("camat.gambut") as (session, camat):
        webhooks.end(session, camat, webhook, THURSDAY)
    gambut.start(cast)
    assert rounds(database) == []
    assert {each.ended_as for each in dispatches(database)} == {"dropped"}
    with cast.at_work("camat.gambut") as (session, camat):
        with pytest.raises(webhooks.NoSuchWebhook):
            webhooks.find(session, camat, webhook)


def test_a_trial_is_told_without_a_case(cast: Cast, database: Database, receiver: Receiver) -> None:
    webhook = subscribe(database, receiver.url, ("escalation",))
    with database.transaction(EVERYWHERE) as session:
        webhooks.try_out(session, webhook, THURSDAY)
    rounds(database)
    assert receiver.said == [{"type": "ping", "at": "2026-03-12T01:00:00+00:00"}]


def test_every_line_of_history_is_of_one_topic(cast: Cast, database: Database) -> None:
    subscribe(database, "https://example.org/")
    case = gambut.start(cast)
    gambut.do(cast, "kasubbag.gambut", "Langkah_1")
    with cast.at_work("camat.gambut") as (session, camat):
        steering.suspend(session, camat, case, "Menunggu.", THURSDAY)
        steering.resume(session, camat, case, "Sudah.", THURSDAY)
        steering.cancel(session, camat, case, "Dua kali.", THURSDAY)
    with database.reading(EVERYWHERE) as session:
        told = session.execute(
            select(Dispatch.topic, Event.kind).join(Event, Event.id == Dispatch.event_id)
        )
        kinds: dict[str, set[str]] = {}
        for topic, kind in told:
            kinds.setdefault(topic, set()).add(kind)
        assert session.scalar(select(func.count(Event.id))) == len(dispatches(database))
    assert kinds == {
        "case": {"started", "suspended", "resumed", "cancelled"},
        "task": {"opened", "claimed", "completed"},
    }


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("account", "slug", "refusal"),
    [
        ("staf.gambut", "gambut", access.Forbidden),
        ("perancang.gambut", "gambut", access.Forbidden),
        ("pengawas.banjar", "gambut", access.Forbidden),
        ("camat.sumbang", "gambut", access.Forbidden),
        ("camat.gambut", None, webhooks.NotEverywhere),
        ("camat.gambut", "gambut", None),
        ("admin", "gambut", None),
        ("admin", None, None),
    ],
)
def test_leaders_and_administrators_make_them(
    cast: Cast, database: Database, account: str, slug: str | None, refusal: Any
) -> None:
    with database.transaction(EVERYWHERE) as session:
        query = select(Office).where(Office.slug == slug)
        office = session.scalars(query).one() if slug else None
        facts = (cast(account), office, "x", "https://example.org/", ["case"], THURSDAY)
        if refusal is None:
            webhooks.make(session, *facts)
        else:
            with pytest.raises(refusal):
                webhooks.make(session, *facts)


@pytest.mark.parametrize(
    ("url", "allowed", "refusal"),
    [
        ("https://sakip.example.go.id/alur", "", None),
        ("http://sakip.example.go.id/alur", "", outside.BadAddress),
        ("ftp://example.org/", "", outside.BadAddress),
        ("https://", "", outside.BadAddress),
        ("https://a:b@example.org/", "", outside.BadAddress),
        ("https://example.org/\r\nX: 1", "", outside.BadAddress),
        ("https://example.org/" + "x" * 300, "", outside.BadAddress),
        ("https://127.0.0.1/", "", outside.NotOutside),
        ("https://localhost/", "", outside.NotOutside),
        ("https://10.1.2.3/", "", outside.NotOutside),
        ("https://169.254.169.254/latest/meta-data", "", outside.NotOutside),
        ("https://[::1]/", "", outside.NotOutside),
        ("https://[::ffff:10.0.0.1]/", "", outside.NotOutside),
        ("https://[fd00::1]/", "", outside.NotOutside),
        ("https://100.64.0.1/", "", outside.NotOutside),
        ("https://0.0.0.0/", "", outside.NotOutside),
        ("https://8.8.8.8/", "", None),
        ("http://127.0.0.1:9000/", "127.0.0.0/8", None),
        ("http://localhost:9000/", "127.0.0.0/8", None),
        ("http://10.1.2.3/", "127.0.0.0/8", outside.NotOutside),
        ("http://8.8.8.8/", "127.0.0.0/8", outside.NotOutside),
    ],
)
def test_an_address_within_is_refused_as_it_is_given(url: str, allowed: str, refusal: Any) -> None:
    networks = tuple(map(ip_network, filter(None, [allowed])))
    if refusal is None:
        assert sender.check(url, networks) == url
    else:
        with pytest.raises(refusal):
            sender.check(url, networks)


def test_what_arrived_is_forgotten_after_a_month_what_died_after_three(
    cast: Cast, database: Database, receiver: Receiver
) -> None:
    subscribe(database, receiver.url, ("case",))
    with listening(410) as gone:
        subscribe(database, gone.url, ("case",))
        gambut.start(cast)
        rounds(database)
    left = []
    for days in (30, 31, 90, 91):
        with database.transaction(EVERYWHERE) as session:
            webhooks.forget(session, THURSDAY + timedelta(days=days))
        left.append([each.ended_as for each in dispatches(database)])
    assert left == [["sent", "dead"], ["dead"], ["dead"], []]
