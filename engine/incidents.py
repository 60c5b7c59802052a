"""A case that could not go on: made known at once, and tried again on request."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine import access, cases, history, notices
from engine.access import LEADERS, Actor
from engine.cases import CaseStuck
from engine.models import Case, Incident, Post
from engine.notices import Telling


def record(session: Session, stuck: CaseStuck, now: datetime) -> None:
    """Write the failure down, in a transaction of its own: the one that failed is gone.

    A case whose clock failed rests until someone asks for another try.
    """
    case = cases.locked(session, stuck.case_id)
    sentence = str(stuck.facts["why"])
    if _is_known(session, stuck, sentence):
        return
    session.add(
        Incident(
            office_id=case.office_id,
            case_id=case.id,
            task_id=stuck.task_id,
            at=now,
            sentence=sentence,
        )
    )
    case.wake_at = None if case.wake_at is not None and case.wake_at <= now else case.wake_at
    entry = history.Entry("stuck", now, task_id=stuck.task_id, detail={"why": sentence})
    history.append(session, case, [entry])
    _tell_the_leaders(session, case, stuck.task_id, now)


def _tell_the_leaders(session: Session, case: Case, task_id: int | None, now: datetime) -> None:
    led = select(Post.id).where(Post.office_id == case.office_id, Post.slug.in_(LEADERS))
    told = Telling("stuck", task_id, posts=session.scalars(led).all())
    notices.tell(session, case, [told], now)


def _is_known(session: Session, stuck: CaseStuck, sentence: str) -> bool:
    """Whoever tries the same thing five times makes one incident, not five."""
    same = select(Incident.id).where(
        Incident.case_id == stuck.case_id,
        Incident.resolved_at.is_(None),
        Incident.sentence == sentence,
        Incident.task_id == stuck.task_id if stuck.task_id else Incident.task_id.is_(None),
    )
    return session.scalar(same.limit(1)) is not None


def open_of(session: Session, case_id: int) -> Sequence[Incident]:
    query = select(Incident).where(Incident.case_id == case_id, Incident.resolved_at.is_(None))
    return session.scalars(query.order_by(Incident.id)).all()


def retry(session: Session, actor: Actor, case_id: int, now: datetime) -> Case:
    """Let the case try again. It fails again with CaseStuck, or its incidents are over."""
    case = cases.locked(session, case_id)
    access.require(actor, "case.steer", case.office_id)
    entry = history.by(actor, "retried", now)
    cases.advance(session, case, now, lambda _: [entry])
    session.execute(
        update(Incident)
        .where(Incident.case_id == case_id, Incident.resolved_at.is_(None))
        .values(resolved_at=now, resolved_by=actor.person_id)
    )
    return case
