"""Addresses outside that are told what happens here: made and ended by right, and what they got.

Each line of history is put on its way to them by the database itself, in the transaction that
writes it: see the migration that made the trigger.
"""

import secrets
from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine import access
from engine.access import Actor
from engine.models import Attempted, Case, Dispatch, Event, Office, Sop, Task, Webhook
from engine.paging import Page, read_cursor, write_cursor

RIGHT: Final = "webhook.manage"
TOPICS: Final = ("case", "task", "escalation")
LONGEST_NAME: Final = 60
MOST: Final = 20
KEPT_FOR: Final = timedelta(days=30)
DEAD_KEPT_FOR: Final = timedelta(days=90)


class WebhookError(AlurError):
    """A webhook that cannot be made, or is not there."""

    status = 422


class BadName(WebhookError):
    sentence = N_("Beri webhook ini nama, paling panjang %(limit)s huruf, misalnya: e-SAKIP.")
    field = "name"


class NoTopic(WebhookError):
    sentence = N_("Pilih sedikitnya satu pokok: %(known)s.")
    field = "topics"


class TooMany(WebhookError):
    sentence = N_("Kantor ini sudah mempunyai %(most)s webhook. Hapus dahulu yang tidak dipakai.")
    field = "name"


class NotEverywhere(WebhookError):
    sentence = N_("Pilih kantornya: hanya administrator yang dapat memilih semua kantor.")
    field = "office"


class NoSuchWebhook(WebhookError):
    sentence = N_("Webhook ini tidak ada, atau bukan milik kantor Anda.")
    status = 404


class NotDead(WebhookError):
    sentence = N_("Kiriman ini tidak (lagi) gagal, jadi tidak ada yang dikirim ulang.")
    status = 409


@dataclass(frozen=True)
class Row:
    """A webhook, whose events it hears, and how its dispatches stand."""

    webhook: Webhook
    office: Office | None
    waiting: int
    dead: int


@dataclass(frozen=True)
class Line:
    """A dispatch, what it tells, and how often it was tried."""

    dispatch: Dispatch
    event: Event | None
    tries: Sequence[Attempted]


# --- by right ------------------------------------------------------------------------------------


def make(
    session: Session,
    actor: Actor,
    office: Office | None,
    name: str,
    url: str,
    topics: Collection[str],
    now: datetime,
) -> Webhook:
    """From now on this address is told; its secret is for whoever made it to read once."""
    if office is None and actor.offices(RIGHT) is not None:
        raise NotEverywhere
    if office is not None:
        access.require(actor, RIGHT, office.id)
    webhook = Webhook(
        office_id=office.id if office is not None else None,
        name=_checked_name(name),
        url=url,
        topics=" ".join(_checked_topics(topics)),
        secret=new_secret(),
        made_by=actor.person_id,
        made_at=now,
    )
    same = Webhook.office_id.is_not_distinct_from(webhook.office_id)
    known = select(func.count(Webhook.id)).where(Webhook.ended_at.is_(None), same)
    if (session.scalar(known) or 0) >= MOST:
        raise TooMany(most=MOST)
    session.add(webhook)
    session.flush()
    return webhook


def new_secret() -> str:
    """As Standard Webhooks writes one."""
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadName(limit=LONGEST_NAME)
    return name


def _checked_topics(topics: Collection[str]) -> list[str]:
    if not topics or not set(topics) <= set(TOPICS):
        raise NoTopic(known=", ".join(TOPICS))
    return [topic for topic in TOPICS if topic in topics]


def end(session: Session, actor: Actor, webhook_id: int, now: datetime) -> None:
    """Nothing more is put on its way, and what waits is not sent."""
    webhook = find(session, actor, webhook_id).webhook
    webhook.ended_at = now
    session.execute(
        update(Dispatch)
        .where(Dispatch.webhook_id == webhook_id, Dispatch.ended_at.is_(None))
        .values(ended_at=now, ended_as="dropped")
    )


def page(session: Session, actor: Actor, *, after: str | None = None, limit: int = 50) -> Page[Row]:
    """Those of her offices that are in use, newest first."""
    wanted = [Webhook.ended_at.is_(None), *_within(actor)]
    count = session.scalar(select(func.count(Webhook.id)).where(*wanted)) or 0
    if after is not None:
        [last] = read_cursor(after, int)
        wanted.append(Webhook.id < last)
    query = select(Webhook, Office).outerjoin(Office, Office.id == Webhook.office_id)
    found = session.execute(query.where(*wanted).order_by(Webhook.id.desc()).limit(limit + 1)).all()
    more = write_cursor(found[limit - 1][0].id) if len(found) > limit else None
    counted = _counted(session, [row[0].id for row in found[:limit]])
    return Page([_row(row[0], row[1], counted) for row in found[:limit]], count, more)


def find(session: Session, actor: Actor, webhook_id: int) -> Row:
    row = session.execute(
        select(Webhook, Office)
        .outerjoin(Office, Office.id == Webhook.office_id)
        .where(Webhook.id == webhook_id, Webhook.ended_at.is_(None), *_within(actor))
    ).one_or_none()
    if row is None:
        raise NoSuchWebhook
    return _row(row[0], row[1], _counted(session, [webhook_id]))


def _within(actor: Actor) -> list[ColumnElement[bool]]:
    offices = actor.offices(RIGHT)
    return [] if offices is None else [Webhook.office_id.in_(offices)]


def _counted(session: Session, ids: list[int]) -> Mapping[int, Mapping[str | None, int]]:
    """How many wait and how many are dead; those that arrived are not counted, there are many."""
    rows = session.execute(
        select(Dispatch.webhook_id, Dispatch.ended_as, func.count())
        .where(
            Dispatch.webhook_id.in_(ids),
            Dispatch.ended_as.is_not_distinct_from("dead") | Dispatch.ended_as.is_(None),
        )
        .group_by(Dispatch.webhook_id, Dispatch.ended_as)
    )
    found: dict[int, dict[str | None, int]] = {}
    for webhook_id, ended_as, count in rows:
        found.setdefault(webhook_id, {})[ended_as] = count
    return found


def _row(webhook: Webhook, office: Office | None, counted: Mapping[int, Any]) -> Row:
    mine = counted.get(webhook.id, {})
    return Row(webhook, office, mine.get(None, 0), mine.get("dead", 0))


# --- what was put on its way ---------------------------------------------------------------------


def dispatches(
    session: Session,
    webhook_id: int,
    *,
    state: str = "",
    after: str | None = None,
    limit: int = 50,
) -> Page[Line]:
    """What a webhook was sent or is to be sent, latest first, each with its attempts."""
    wanted = [Dispatch.webhook_id == webhook_id]
    if state:
        wanted.append(_IS[state])
    count = session.scalar(select(func.count(Dispatch.id)).where(*wanted)) or 0
    if after is not None:
        [last] = read_cursor(after, int)
        wanted.append(Dispatch.id < last)
    query = select(Dispatch, Event).outerjoin(Event, Event.id == Dispatch.event_id)
    found = session.execute(
        query.where(*wanted).order_by(Dispatch.id.desc()).limit(limit + 1)
    ).all()
    more = write_cursor(found[limit - 1][0].id) if len(found) > limit else None
    tries = _tries(session, [row[0].id for row in found[:limit]])
    lines = [Line(row[0], row[1], tries.get(row[0].id, ())) for row in found[:limit]]
    return Page(lines, count, more)


STATES: Final = ("waiting", "sent", "dead")
_IS: Final[Mapping[str, ColumnElement[bool]]] = {
    "waiting": Dispatch.ended_as.is_(None),
    "sent": Dispatch.ended_as == "sent",
    "dead": Dispatch.ended_as == "dead",
}


def _tries(session: Session, ids: list[int]) -> Mapping[int, Sequence[Attempted]]:
    found: dict[int, list[Attempted]] = {}
    query = select(Attempted).where(Attempted.dispatch_id.in_(ids)).order_by(Attempted.id)
    for each in session.scalars(query):
        found.setdefault(each.dispatch_id, []).append(each)
    return found


def kind(topic: str, kind: str | None) -> str:
    """What a dispatch is called outside: `task.handed-over`; a trial is a `ping`."""
    return f"{topic}.{kind.replace(' ', '-')}" if kind else topic


def revive(session: Session, webhook_id: int, now: datetime, dispatch_id: int | None = None) -> int:
    """Send the dead once more, one or all of a webhook; how many there were."""
    which = [Dispatch.webhook_id == webhook_id, Dispatch.ended_as == "dead"]
    if dispatch_id is not None:
        which.append(Dispatch.id == dispatch_id)
    revived = session.scalars(
        update(Dispatch)
        .where(*which)
        .values(ended_at=None, ended_as=None, send_at=now, tries=0)
        .returning(Dispatch.id)
    ).all()
    if dispatch_id is not None and not revived:
        raise NotDead
    return len(revived)


def try_out(session: Session, webhook_id: int, now: datetime) -> Dispatch:
    """Put a trial on its way, so that whoever set it up sees whether it arrives."""
    dispatch = Dispatch(webhook_id=webhook_id, topic="ping", at=now, send_at=now)
    session.add(dispatch)
    session.flush()
    return dispatch


# --- for the sender ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What a dispatch tells: ids, what and where; who it was is nobody's business outside."""

    kind: str
    at: datetime
    office: str
    sop: str
    case_id: int
    number: int
    detail: Mapping[str, Any]
    task: Task | None


def due(session: Session, now: datetime, limit: int = 400) -> Sequence[Dispatch]:
    """What is to be tried, the longest waiting first."""
    query = select(Dispatch).where(Dispatch.ended_at.is_(None), Dispatch.send_at <= now)
    return session.scalars(query.order_by(Dispatch.send_at, Dispatch.id).limit(limit)).all()


def take(session: Session, dispatch: Dispatch, until: datetime) -> bool:
    """Of many senders one gets it: whoever moves on when it is to be tried."""
    taken = session.execute(
        update(Dispatch)
        .where(
            Dispatch.id == dispatch.id,
            Dispatch.ended_at.is_(None),
            Dispatch.send_at == dispatch.send_at,
        )
        .values(send_at=until, tries=Dispatch.tries + 1)
        .returning(Dispatch.id)
        .execution_options(synchronize_session=False)
    )
    return taken.one_or_none() is not None


def told(session: Session, dispatch: Dispatch) -> Told | None:
    """What it tells; nothing, where it is a trial."""
    if dispatch.event_id is None:
        return None
    event, case, sop, office, task = session.execute(
        select(Event, Case, Sop, Office, Task)
        .join(Case, Case.id == Event.case_id)
        .join(Sop, Sop.id == Case.sop_id)
        .join(Office, Office.id == Event.office_id)
        .outerjoin(Task, Task.id == Event.task_id)
        .where(Event.id == dispatch.event_id)
    ).one()
    name = f"{office.slug}/{sop.slug}"
    return Told(event.kind, event.at, office.slug, name, case.id, event.number, event.detail, task)


def arrived(session: Session, dispatch_id: int, now: datetime) -> None:
    _settle(session, dispatch_id, ended_at=now, ended_as="sent")


def failed(session: Session, dispatch_id: int, now: datetime, again_at: datetime | None) -> None:
    """To be tried again then, or never by itself."""
    if again_at is None:
        _settle(session, dispatch_id, ended_at=now, ended_as="dead")
    else:
        _settle(session, dispatch_id, send_at=again_at)


def _settle(session: Session, dispatch_id: int, **values: Any) -> None:
    which = (Dispatch.id == dispatch_id, Dispatch.ended_at.is_(None))
    session.execute(update(Dispatch).where(*which).values(**values))


def forget(session: Session, now: datetime) -> None:
    """What arrived is remembered for a month, what did not for three."""
    old = select(Dispatch.id).where(
        Dispatch.ended_at < now - KEPT_FOR,
        (Dispatch.ended_as != "dead") | (Dispatch.ended_at < now - DEAD_KEPT_FOR),
    )
    session.execute(delete(Attempted).where(Attempted.dispatch_id.in_(old)))
    session.execute(delete(Dispatch).where(Dispatch.id.in_(old)))
