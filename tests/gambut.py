"""What Gambut's officers do to a berkas, in a line each, for the tests beneath the stories."""

from datetime import datetime

from engine import cases, sops
from tasks import inbox, lists
from tests.conftest import THURSDAY, Cast


def start(
    cast: Cast,
    title: str = "Data kinerja triwulan I",
    now: datetime = THURSDAY,
    who: str = "kasubbag.gambut",
) -> int:
    with cast.at_work(who, now) as (session, actor):
        [(sop, _)] = sops.startable(session, actor)
        return cases.start(session, actor, sop, title, now).id


def do(
    cast: Cast,
    account: str,
    step: str,
    outcome: str | None = None,
    reason: str = "",
    now: datetime = THURSDAY,
) -> None:
    """She finds the step waiting, claims it and completes it."""
    with cast.at_work(account, now) as (session, actor):
        [item] = lists.page(session, actor, "inbox", now).items
        assert item.task.step == step
        inbox.claim(session, actor, item.task.id, now)
        inbox.complete(session, actor, item.task.id, now, outcome=outcome, reason=reason)


def waiting(cast: Cast, account: str) -> list[str]:
    with cast.at_work(account) as (session, actor):
        return [item.task.step for item in lists.page(session, actor, "inbox", THURSDAY).items]
