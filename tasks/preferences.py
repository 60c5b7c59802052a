"""How each person wants to be told: of what, by which channel, at once or in the morning."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from engine.access import Actor
from engine.models import Contact, Preference
from engine.notices import TOPICS

OFF: Final = "off"
DIGEST: Final = "digest"
AT_ONCE: Final = "at once"
WAYS: Final = (AT_ONCE, DIGEST, OFF)

# Whether what is urgent may come at any hour: "at once", or "off" to wait for the office to open.
ANY_HOUR: Final = "any hour"

# What she is told who never chose. Much of one kind waits for the morning.
USUAL: Final[Mapping[str, str]] = {
    "waiting": DIGEST,
    "given": AT_ONCE,
    "sent back": AT_ONCE,
    "late": AT_ONCE,
    "mentioned": AT_ONCE,
    "stuck": AT_ONCE,
    "course": DIGEST,
    ANY_HOUR: AT_ONCE,
}


class Choices:
    """What some people chose; for all else, the usual."""

    def __init__(self, chosen: Iterable[Preference]) -> None:
        self._chosen = {(row.person_id, row.channel, row.topic): row.way for row in chosen}

    def way(self, contact: Contact, topic: str) -> str:
        return self.said(contact.person_id, contact.channel, topic)

    def said(self, person_id: int | None, channel: str, topic: str) -> str:
        chosen = self._chosen.get((person_id or 0, channel, topic))
        return chosen or USUAL[topic]

    def wants_digest(self, contact: Contact) -> bool:
        return any(self.way(contact, topic) == DIGEST for topic in TOPICS)


def of(session: Session, people: Collection[int | None]) -> Choices:
    """What these people chose."""
    return Choices(session.scalars(select(Preference).where(Preference.person_id.in_(people))))


def choose(session: Session, actor: Actor, channel: str, ways: Mapping[str, str]) -> None:
    """Keep what differs from the usual; what nobody offers is not kept."""
    session.execute(
        delete(Preference).where(
            Preference.person_id == actor.person_id, Preference.channel == channel
        )
    )
    rows = [
        {"person_id": actor.person_id, "channel": channel, "topic": topic, "way": ways[topic]}
        for topic, usual in USUAL.items()
        if ways.get(topic) in WAYS and ways[topic] != usual
    ]
    if rows:
        session.execute(insert(Preference), rows)
