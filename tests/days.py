"""What happens in an office with the days: who holds a post, who is away, who comes back."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import absences, holders, offices, posts
from engine.absences import Plan
from engine.access import Actor
from engine.holders import Term
from engine.models import Absence, Holder, Office, Person
from tasks import schedule
from tests.conftest import THURSDAY, WITA, Cast


def at(day: int, hour: int = 9, minute: int = 0, month: int = 3) -> datetime:
    """A moment of 2026 in Banjar; the 12th of March is a Thursday."""
    return datetime(2026, month, day, hour, minute, tzinfo=WITA)


def march(day: int) -> date:
    return date(2026, 3, day)


def person(session: Session, account: str) -> Person:
    return session.scalars(select(Person).where(Person.account == account)).one()


def office(session: Session, actor: Actor, slug: str, right: str) -> Office:
    return offices.find(session, actor, slug, right)


def names(
    cast: Cast,
    by: str,
    post: str,
    who: str,
    term: Term,
    now: datetime = THURSDAY,
    slug: str = "gambut",
) -> Holder:
    with cast.at_work(by, now) as (session, actor):
        here = office(session, actor, slug, "holder.name")
        wanted, named = posts.find(session, here, post), person(session, who)
        return holders.name(session, actor, here, wanted, named, term, now)


def ends(cast: Cast, by: str, holder: int, last: date, slug: str = "gambut") -> None:
    with cast.at_work(by) as (session, actor):
        holders.end(session, actor, office(session, actor, slug, "holder.name"), holder, last)


def plh(first: int, last: int, decree: str = "SP 800/9/2026") -> Term:
    return Term("plh", decree, march(first), march(last))


def away(
    cast: Cast,
    by: str,
    who: str,
    substitute: str | None,
    first: int,
    last: int,
    now: datetime = THURSDAY,
    reason: str = "cuti",
    slug: str = "gambut",
) -> Absence:
    with cast.at_work(by, now) as (session, actor):
        here = office(session, actor, slug, "absence.record")
        stands_in = person(session, substitute).id if substitute else None
        plan = Plan(person(session, who).id, stands_in, march(first), march(last), reason)
        return absences.record(session, actor, here, plan, now)


def is_back(cast: Cast, by: str, absence: int, now: datetime, slug: str = "gambut") -> None:
    with cast.at_work(by, now) as (session, actor):
        here = office(session, actor, slug, "absence.record")
        absences.cancel(session, actor, here, absence, now)


def midnight(cast: Cast, now: datetime) -> int:
    """The clock looks; how much there was to pass on."""
    done = schedule.pass_on_work(cast.database, now)
    assert done.failed == 0
    return done.done
