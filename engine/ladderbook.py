"""Change who hears of lateness and when, after seeing what that does to what is late already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine import access, chart, identity, ladder, lateness, sops
from engine.access import Actor
from engine.ladder import Ladder
from engine.lateness import Late, Rung
from engine.models import Case, Escalation, Office, Revision, Sop, Task
from engine.models.task import is_open

Written = Mapping[str, Any]


class NothingChanges(AlurError):
    sentence = N_("Tangga ini sama dengan yang berlaku.")
    status = 409


class ChangedMeanwhile(AlurError):
    sentence = N_("Tangga ini baru saja diubah orang lain. Lihat lagi akibatnya, lalu terapkan.")
    status = 409


@dataclass(frozen=True)
class Shift:
    """A late step of which somebody hears at another time, or somebody else does."""

    task: Task
    case_title: str
    before: Rung | None
    after: Rung | None


@dataclass(frozen=True)
class Outlook:
    """What a change would do to an office's late steps."""

    shifts: Sequence[Shift]
    sooner: int
    later: int
    # Nobody hears of them any more; somebody hears at once.
    silent: int
    at_once: int
    # Open steps that are not late yet: they follow once they are.
    to_come: int


def written(office: Office, sop: Sop | None) -> Written | None:
    """The ladder in force, spelled in one way; None for an SOP that follows its office."""
    kept = office.ladder if sop is None else sop.ladder
    return ladder.read(kept).written() if kept is not None else None


def own(session: Session, office: Office) -> Sequence[Sop]:
    """The office's SOPs by name; `ladder` says which have one of their own."""
    return session.scalars(select(Sop).where(Sop.office_id == office.id).order_by(Sop.name)).all()


def outlook(
    session: Session, office: Office, sop: Sop | None, wanted: Ladder | None, now: datetime
) -> Outlook:
    """Which late steps would be heard of otherwise, by when that is; `wanted` None: as office."""
    shifts = _shifts(session, office, sop, wanted)
    moved = [(each.before.at, each.after.at) for each in shifts if each.before and each.after]
    return Outlook(
        shifts,
        sooner=sum(after < before for before, after in moved)
        + sum(each.before is None for each in shifts),
        later=sum(after > before for before, after in moved),
        silent=sum(each.after is None for each in shifts),
        at_once=sum(each.after is not None and each.after.at <= now for each in shifts),
        to_come=_to_come(session, office, sop, now),
    )


def put_in_force(
    session: Session,
    actor: Actor,
    office: Office,
    sop: Sop | None,
    wanted: Ladder | None,
    seen: Written | None,
    now: datetime,
) -> int:
    """Let it be so; how many late steps follow. `seen`: what was in force when she looked."""
    access.require(actor, "office.furnish", office.id)
    # Whoever opens a step here meanwhile need not wait.
    session.refresh(office if sop is None else sop, with_for_update={"key_share": True})
    before, after = written(office, sop), wanted.written() if wanted is not None else None
    if before != seen:
        raise ChangedMeanwhile
    if before == after:
        raise NothingChanges
    shifts = _shifts(session, office, sop, wanted, lock=True)
    for shift in shifts:
        shift.task.climb_at = shift.after.at if shift.after is not None else None
    if sop is None:
        office.ladder = dict(after or {})
    else:
        sop.ladder = dict(after) if after is not None else None
    detail = {"before": before, "after": after, "sop": sop.name if sop is not None else None}
    identity.note(session, actor, office, "ladder", now, detail)
    return len(shifts)


def _shifts(
    session: Session,
    office: Office,
    sop: Sop | None,
    wanted: Ladder | None,
    *,
    lock: bool = False,
) -> list[Shift]:
    over = chart.of(session, [office.id])[office.id]
    rules = wanted or ladder.of(office)
    found = []
    for late, title in _late(session, office, sop, lock=lock):
        before = lateness.coming(late, over)
        late.rules = rules
        after = lateness.coming(late, over)
        if before != after:
            found.append(Shift(late.task, title, before, after))
    return sorted(found, key=_when)


def _when(shift: Shift) -> tuple[datetime, int]:
    rung = shift.after or shift.before
    assert rung is not None  # noqa: S101 (they differ, so one of them is there)
    return rung.at, shift.task.id


def _late(
    session: Session, office: Office, sop: Sop | None, *, lock: bool
) -> list[tuple[Late, str]]:
    """What is recorded as late and climbs; of an SOP with a ladder of its own only if asked for."""
    query = (
        select(Task, Case, Sop, Revision)
        .join(Case, Case.id == Task.case_id)
        .join(Sop, Sop.id == Task.sop_id)
        .join(Revision, Revision.id == Case.revision_id)
        .where(
            Task.office_id == office.id,
            is_open(),
            Task.paused_at.is_(None),
            Case.status == "running",
            select(Escalation.id).where(Escalation.task_id == Task.id).exists(),
            Task.sop_id == sop.id if sop is not None else Sop.ladder.is_(None),
        )
        .order_by(Case.id, Task.id)
    )
    if lock:
        # No clock climbs by the old rules meanwhile; one that just did is seen as it left it.
        query = query.with_for_update(of=Case, key_share=True)
        query = query.execution_options(populate_existing=True)
    return [
        (
            Late(task, case, office, of, sops.meaning(revision), task.due_at, is_new=False),
            case.title,
        )
        for task, case, of, revision in session.execute(query)
        if task.due_at is not None
    ]


def _to_come(session: Session, office: Office, sop: Sop | None, now: datetime) -> int:
    query = select(func.count(Task.id)).join(Sop, Sop.id == Task.sop_id)
    which = Task.sop_id == sop.id if sop is not None else Sop.ladder.is_(None)
    here = (Task.office_id == office.id, is_open(), Task.due_at > now)
    return session.scalar(query.where(*here, which)) or 0
