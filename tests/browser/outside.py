"""People of Gambut told outside Alur: proved, awaited, refused; and what did not arrive."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.db import EVERYWHERE
from engine.models import Contact, Delivery, Person
from engine.settings import Settings
from tasks import channels
from tests.browser.server import Site

CAMAT, SEKCAM, KASUBBAG, KASI = (
    f"{post}.gambut" for post in ("camat", "sekcam", "kasubbag", "kasi")
)
SET_UP: Final = Settings(
    variables={
        "ALUR_SMTP_HOST": "localhost",
        "ALUR_SMTP_TLS": "tidak",
        "ALUR_SMTP_FROM": "alur@banjarkab.go.id",
        "ALUR_TELEGRAM_TOKEN": f"123456:{'x' * 35}",
        "ALUR_WEBHOOK": "1",
    }
)

# Whose page, and where.
PAGES: Final = {
    "preferences": (CAMAT, "/preferences"),
    "preferences, code awaited": (KASUBBAG, "/preferences"),
    "preferences, address refused": (SEKCAM, "/preferences"),
    "preferences, none yet": (KASI, "/preferences"),
    "failed deliveries": ("admin", "/deliveries/failed"),
    "failed deliveries, nothing found": ("admin", "/deliveries/failed?search=xyz"),
}


def furnish(site: Site) -> None:
    site.app.config["CHANNELS"] = channels.opened(SET_UP)
    now = site.clock()
    with site.database.transaction(EVERYWHERE) as session:
        camat = _has(session, CAMAT, now, proved_at=now, digest_at=now + timedelta(days=1))
        sekcam = _has(session, SEKCAM, now, proved_at=now, refused_at=now)
        code: dict[str, Any] = {"code": "123456", "code_until": now + timedelta(minutes=30)}
        kasubbag = _has(session, KASUBBAG, now, **code)
        key = "whsec_" + "QWx1cg" * 7
        where = "https://gerbang.kantor.go.id/alur"
        _has(session, KASUBBAG, now, "webhook", address=where, secret=key, **code)
        _fails(session, camat, now, "notices", "server surel tidak menjawab pada waktunya", 8)
        _fails(session, camat, now, "digest", "451 4.7.1 Greylisting in action, come back later", 8)
        _fails(
            session, sekcam, now, "notices", "550 5.1.1 User unknown in virtual mailbox table", 1
        )
        _fails(session, kasubbag, now, "code", "554 5.7.1 Relay access denied", 8)


def _has(
    session: Session, account: str, now: datetime, channel: str = "email", **facts: Any
) -> Contact:
    person = session.scalars(select(Person).where(Person.account == account)).one()
    address = f"{account.replace('.', '@')}.banjarkab.go.id"
    contact = Contact(person_id=person.id, channel=channel, at=now, **{"address": address, **facts})
    session.add(contact)
    session.flush()
    return contact


def _fails(
    session: Session, contact: Contact, now: datetime, kind: str, error: str, attempts: int
) -> None:
    facts: dict[str, Any] = {"attempts": attempts, "error": error, "ended_as": "failed"}
    ended = now - timedelta(minutes=attempts)
    session.add(
        Delivery(contact_id=contact.id, kind=kind, at=now, send_at=now, ended_at=ended, **facts)
    )
