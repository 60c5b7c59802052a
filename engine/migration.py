"""Bring running cases to a newer revision: look first, then one case at a time, due times kept."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine import access, cases, history, places, sops, workflow
from engine.access import Actor
from engine.cases import CaseError, Loaded
from engine.db import Database
from engine.models import Case, Office, Revision, Task
from engine.workflow import OpenStep, Workflow
from engine.worktime import Calendar

log = logging.getLogger(__name__)


class NotItsRevision(CaseError):
    sentence = N_("Revisi itu bukan revisi SOP berkas ini.")
    status = 409


class Unfaithful(AlurError):
    """What was written does not read back as it was: the case stays where it is."""

    sentence = N_("Berkas ini tidak dapat dipindahkan dengan utuh, jadi tetap pada revisinya.")


@dataclass(frozen=True)
class Outlook:
    """What migrating a case would do, or did."""

    case_id: int
    title: str
    steps: tuple[str, ...]
    refused: str | None = None

    @property
    def is_ready(self) -> bool:
        return self.refused is None


def candidates(session: Session, revision: Revision) -> list[int]:
    """The running cases of the SOP that stand on another revision."""
    query = select(Case.id).where(
        Case.sop_id == revision.sop_id,
        Case.status.in_(("running", "suspended")),
        Case.revision_id != revision.id,
    )
    return list(session.scalars(query.order_by(Case.id)))


def preview(
    session: Session,
    actor: Actor,
    revision: Revision,
    targets: Mapping[str, str],
    now: datetime,
) -> list[Outlook]:
    """A dry run: what would happen, case by case. Nothing is changed."""
    access.require(actor, "case.migrate", revision.office_id)
    found = (session.get_one(Case, id) for id in candidates(session, revision))
    return [_outlook(session, case, revision, targets, now) for case in found]


def _outlook(
    session: Session, case: Case, revision: Revision, targets: Mapping[str, str], now: datetime
) -> Outlook:
    try:
        running = _adopted(session, case, revision, targets, now)
    except AlurError as wrong:
        return Outlook(case.id, case.title, (), str(wrong))
    return Outlook(case.id, case.title, tuple(step.element for step in running.open_steps()))


def migrate(
    session: Session,
    actor: Actor,
    case_id: int,
    revision: Revision,
    targets: Mapping[str, str],
    now: datetime,
) -> Case:
    """Let one case go on in the new diagram; its tasks keep who has them and when they are due."""
    case = cases.locked(session, case_id)
    access.require(actor, "case.migrate", case.office_id)
    # What fell due before belongs to the old diagram.
    cases.advance(session, case, now, lambda _: [])
    running = _adopted(session, case, revision, targets, now)
    before = session.get_one(Revision, case.revision_id).number
    office = session.get_one(Office, case.office_id)
    loaded = Loaded(case, revision, office, running, cases.open_tasks(session, case))
    case.revision_id = revision.id
    _rename(session, loaded)
    detail = {"from": before, "to": revision.number, "targets": dict(targets)}
    cases.save(session, loaded, [history.by(actor, "migrated", now, detail=detail)], now)
    return case


def _adopted(
    session: Session, case: Case, revision: Revision, targets: Mapping[str, str], now: datetime
) -> Workflow:
    if case.sop_id != revision.sop_id:
        raise NotItsRevision
    if case.status == "suspended":
        raise cases.IsSuspended
    if case.status != "running":
        raise cases.NotRunning
    calendar = Calendar.from_dict(session.get_one(Office, case.office_id).calendar)
    before, after = (
        sops.runnable(session.get_one(Revision, case.revision_id)),
        sops.runnable(revision),
    )
    try:
        running = workflow.adopt(before, after, case.state, targets, now, calendar)
        again = workflow.load(after, running.dump(), now, calendar)
        faithful = _seen(again) == _seen(running)
    except AlurError:
        raise
    except Exception as wrong:
        log.exception("case %s could not be fitted to revision %s", case.id, revision.id)
        raise Unfaithful from wrong
    if not faithful:
        raise Unfaithful
    return again


def _seen(running: Workflow) -> tuple[frozenset[OpenStep], datetime | None]:
    """What a case asks of people and of the clock, in whatever order it is kept."""
    return frozenset(running.open_steps()), running.wake_at


def _rename(session: Session, loaded: Loaded) -> None:
    """The open tasks take the new diagram's names, lanes and posts."""
    steps = loaded.running.open_steps()
    where = places.find(session, loaded.office, sops.meaning(loaded.revision), steps)
    for step in steps:
        task = loaded.tasks.get(step.id)
        if task is not None:
            task.step, task.due_at = step.element, step.due_at
            task.name = where[step.id].named(step.name)
            task.lane, task.post_id = where[step.id].lane, where[step.id].post_id
            task.member = step.member


def migrate_all(
    database: Database,
    actor: Actor,
    revision_id: int,
    targets: Mapping[str, str],
    now: datetime,
) -> Iterator[Outlook]:
    """Every running case, each in its own transaction; stopping midway leaves none by halves."""
    with database.reading(actor.scope) as session:
        ids = candidates(session, session.get_one(Revision, revision_id))
    for case_id in ids:
        yield _try(database, actor, case_id, revision_id, targets, now)


def _try(
    database: Database,
    actor: Actor,
    case_id: int,
    revision_id: int,
    targets: Mapping[str, str],
    now: datetime,
) -> Outlook:
    title = ""
    try:
        with database.transaction(actor.scope) as session:
            revision = session.get_one(Revision, revision_id)
            case = migrate(session, actor, case_id, revision, targets, now)
            title = case.title
            steps = select(Task.step).where(
                Task.case_id == case_id, Task.status.in_(("waiting", "claimed"))
            )
            return Outlook(case_id, title, tuple(session.scalars(steps)))
    except AlurError as wrong:
        return Outlook(case_id, title, (), str(wrong))
