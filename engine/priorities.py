"""Say how urgent a case is, as letters of an office are: its steps carry it, open and to come."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bpmn.errors import N_
from engine import access, cases, history, notices, steering
from engine.access import Actor
from engine.cases import CaseError
from engine.models import Case, Task
from engine.models.task import OPEN
from engine.notices import Telling

ORDINARY, URGENT, MOST_URGENT = 0, 1, 2
PRIORITIES: Final = (ORDINARY, URGENT, MOST_URGENT)


class NoPriority(CaseError):
    sentence = N_("Pilih sifatnya: biasa, segera, atau sangat segera.")
    status = 422
    field = "priority"


class SameAlready(CaseError):
    sentence = N_("Berkas ini sudah bersifat demikian.")
    status = 409
    field = "priority"


def set_(
    session: Session, actor: Actor, case_id: int, priority: int, reason: str, now: datetime
) -> Case:
    """More or less urgent from now on; the reason is read in its history."""
    case = cases.locked(session, case_id)
    access.require(actor, "case.steer", case.office_id)
    if priority not in PRIORITIES:
        raise NoPriority
    if case.status not in ("running", "suspended"):
        raise cases.NotRunning
    reason = steering.checked(reason)
    before = case.priority
    if before == priority:
        raise SameAlready
    case.priority = priority
    session.execute(
        update(Task).where(Task.case_id == case_id, Task.status.in_(OPEN)).values(priority=priority)
    )
    held = actor.post_in(case.office_id)
    detail = {"before": before, "priority": priority, "reason": reason}
    entry = history.by(actor, "prioritised", now, held.post_id if held else None, detail=detail)
    history.append(session, case, [entry])
    if priority > before:
        _say_it_to_those_at_work(session, actor, case, now)
    return case


def _say_it_to_those_at_work(session: Session, actor: Actor, case: Case, now: datetime) -> None:
    """What became more urgent is known at once by those who have a step of it in hand."""
    notices.tell(session, case, list(_tellings(session, actor, case)), now)


def _tellings(session: Session, actor: Actor, case: Case) -> Sequence[Telling]:
    in_hand = session.execute(
        select(Task.id, Task.claimed_by).where(Task.case_id == case.id, Task.status == "claimed")
    )
    return [
        Telling("prioritised", task_id, persons=[person_id], by=actor.person_id)
        for task_id, person_id in in_hand
    ]
