"""Tell the webhooks: signed, tried again with patience, and given up with all that was tried known.

What leaves the house says what happened, where and when, by numbers and the SOP's own words. Who
did it, what was written and how the case is called stays here: the receiver asks the API for it,
by right.
"""

import hashlib
import hmac
import logging
import time
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, Final

import orjson
from sqlalchemy.orm import Session

from bpmn.errors import AlurError
from engine import webhooks
from engine.db import EVERYWHERE, Database
from engine.models import Attempted, Dispatch, Webhook
from engine.settings import Network
from engine.webhooks import Told
from tasks import outside

log = logging.getLogger(__name__)

# After each failure the next attempt waits; after the last there is none.
PATIENCE: Final = tuple(
    timedelta(minutes=minutes) for minutes in (0.5, 2, 10, 30, 120, 360, 720, 1440)
)
# Longer than an attempt may take: then the sender that took it has died.
TAKEN_FOR: Final = timedelta(minutes=2)
_AT_ONCE: Final = 8
_MOST_EACH: Final = 50
_GONE: Final = 410


def check(url: str, allowed: Sequence[Network]) -> str:
    """The address, if it can be sent to at all; where a name leads is seen when it is used."""
    where = outside.check(url)
    is_secret, host = where.scheme == "https", where.hostname or ""
    if not is_secret and not allowed:
        raise outside.BadAddress
    try:
        address = "127.0.0.1" if host == "localhost" else str(ip_address(host))
    except ValueError:
        return url  # a name
    if not outside.may_hear(address, is_secret, allowed):
        raise outside.NotOutside(host=host)
    return url


def send_all(database: Database, now: datetime, allowed: Sequence[Network]) -> list[bool]:
    """All that is due, each webhook in its turn: one that is deaf keeps no other waiting."""
    with database.reading(EVERYWHERE) as session:
        waiting = webhooks.due(session, now)
        known = {each: session.get_one(Webhook, each) for each in {d.webhook_id for d in waiting}}
    mine: dict[int, list[Dispatch]] = {}
    for dispatch in waiting:
        mine.setdefault(dispatch.webhook_id, []).append(dispatch)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        sent = pool.map(
            lambda each: _send_each(database, known[each], mine[each][:_MOST_EACH], now, allowed),
            mine,
        )
        return [result for results in sent for result in results]


def _send_each(
    database: Database,
    webhook: Webhook,
    waiting: Sequence[Dispatch],
    now: datetime,
    allowed: Sequence[Network],
) -> list[bool]:
    """One after the other, until one fails: the others have a better chance in the next round."""
    results = []
    for dispatch in waiting:
        result = _send(database, webhook, dispatch, now, allowed)
        if result is not None:
            results.append(result)
        if result is False:
            break
    return results


def _send(
    database: Database,
    webhook: Webhook,
    dispatch: Dispatch,
    now: datetime,
    allowed: Sequence[Network],
) -> bool | None:
    """Whether it arrived; None where another sender was faster."""
    with database.transaction(EVERYWHERE) as session:
        if not webhooks.take(session, dispatch, now + TAKEN_FOR):
            return None
        body = message(dispatch, webhooks.told(session, dispatch))
    begun = time.monotonic()
    status, why = _post(webhook, dispatch, body, now, allowed)
    attempted = Attempted(
        dispatch_id=dispatch.id,
        at=now,
        status=status,
        why=why,
        milliseconds=round((time.monotonic() - begun) * 1000),
    )
    with database.transaction(EVERYWHERE) as session:
        session.add(attempted)
        return _settle(session, dispatch, status, now)


def _post(
    webhook: Webhook, dispatch: Dispatch, body: bytes, now: datetime, allowed: Sequence[Network]
) -> tuple[int | None, str | None]:
    """What was answered, or why nothing was."""
    headers = signed(webhook.secret, f"alur-{dispatch.id}", now, body)
    try:
        answer = outside.post(webhook.url, body, headers, allowed=allowed)
    except AlurError as wrong:
        return None, str(wrong)[:300]
    except Exception:
        log.exception("dispatch %s could not be sent", dispatch.id)
        return None, "kesalahan di Alur; lihat catatan server"
    return answer.status, None


def _settle(session: Session, dispatch: Dispatch, status: int | None, now: datetime) -> bool:
    if status is not None and 200 <= status < 300:
        webhooks.arrived(session, dispatch.id, now)
        return True
    # The receiver says itself that nobody will ever be there again.
    is_over = dispatch.tries >= len(PATIENCE) or status == _GONE
    webhooks.failed(session, dispatch.id, now, None if is_over else now + PATIENCE[dispatch.tries])
    return False


def message(dispatch: Dispatch, told: Told | None) -> bytes:
    """What is sent. It says no name, no title, no reason and nothing that was filled in."""
    if told is None:
        return orjson.dumps({"type": "ping", "at": dispatch.at.isoformat()})
    content: dict[str, Any] = {
        "type": webhooks.kind(dispatch.topic, told.kind),
        "at": told.at.isoformat(),
        "office": told.office,
        "sop": told.sop,
        "case": told.case_id,
        "number": told.number,
        "task": _task(told),
    }
    for name in ("outcome", "level"):
        if told.detail.get(name) is not None:
            content[name] = told.detail[name]
    return orjson.dumps(content)


def _task(told: Told) -> dict[str, Any] | None:
    task = told.task
    if task is None:
        return None
    due = task.due_at.isoformat() if task.due_at else None
    return {
        "id": task.id,
        "step": task.step,
        "name": task.name,
        "lane": task.lane,
        "due_at": due,
    }


def signed(secret: str, name: str, now: datetime, body: bytes) -> Mapping[str, str]:
    """The headers of Standard Webhooks: whoever knows the secret can tell it is ours, and fresh."""
    at = str(int(now.timestamp()))
    key = b64decode(secret.removeprefix("whsec_"))
    seal = hmac.new(key, f"{name}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{b64encode(seal).decode()}",
    }
