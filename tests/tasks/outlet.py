"""What leaves the house in a story: proved addresses, a real mail server, a clock that is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select, update

from engine.db import EVERYWHERE
from engine.models import Contact, Delivery, Person, Preference
from engine.settings import Settings
from tasks import opening, preferences, schedule
from tests.conftest import THURSDAY, Cast
from tests.loopback.mail import PostOffice, open_post_office

HOME, FROM = "https://alur.example", "alur@banjarkab.go.id"


class Mail:
    """The office's mail server, and the clock that hands it letters."""

    def __init__(self, cast: Cast, post: PostOffice) -> None:
        self.cast, self.post = cast, post
        server = {"HOST": "localhost", "PORT": str(post.port), "TLS": "tidak", "FROM": FROM}
        variables = {f"ALUR_SMTP_{name}": value for name, value in server.items()}
        self.settings = Settings(home=HOME, variables=variables)

    def ticks(self, now: datetime) -> None:
        """One look of the clock at what leads to letters; the night's work is no part of it."""
        for job in (*schedule.BY_ROWS, schedule.weigh_notices):
            job(self.cast.database, now)
        schedule.send_messages(self.cast.database, now, self.settings)

    def came(self, now: datetime) -> list[EmailMessage]:
        """What has come since, at this look of the clock."""
        before = len(self.post.letters)
        self.ticks(now)
        return self.post.letters[before:]

    def subjects(self, now: datetime) -> list[str]:
        return [str(letter["Subject"]) for letter in self.came(now)]


@contextmanager
def mail_of(cast: Cast) -> Iterator[Mail]:
    with open_post_office() as post:
        yield Mail(cast, post)


def text(letter: EmailMessage) -> str:
    body = letter.get_body(["plain"])
    assert body is not None
    return str(body.get_content())


def reached(
    cast: Cast, account: str, now: datetime = THURSDAY, channel: str = "email", **ways: str
) -> str:
    """She has proved an address; what she chose differs from the usual by `ways`."""
    with cast.database.transaction(EVERYWHERE) as session:
        person = session.scalars(select(Person).where(Person.account == account)).one()
        chosen = {topic.replace("_", " "): way for topic, way in ways.items()}
        for topic, way in chosen.items():
            facts: dict[str, Any] = {"person_id": person.id, "channel": channel}
            session.add(Preference(**facts, topic=topic, way=way))
        contact = Contact(person_id=person.id, channel=channel, address=f"{account}.id", at=now)
        contact.address = f"{account.replace('.', '@')}.go.id"
        contact.proved_at = now
        session.add(contact)
        session.flush()
        if preferences.of(session, [person.id]).wants_digest(contact):
            contact.digest_at = opening.next_morning(session, person, now)
        return contact.address


def all_off() -> dict[str, str]:
    return {topic.replace(" ", "_"): "off" for topic in preferences.TOPICS}


def deliveries(cast: Cast) -> list[Delivery]:
    with cast.database.reading(EVERYWHERE) as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))


def change(cast: Cast, account: str, **values: Any) -> None:
    """Of her address."""
    with cast.database.transaction(EVERYWHERE) as session:
        person = select(Person.id).where(Person.account == account).scalar_subquery()
        session.execute(update(Contact).where(Contact.person_id == person).values(**values))
