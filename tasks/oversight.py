"""What a leader does to steps and berkas of her offices: one or many, each with its own answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine import incidents, pauses, priorities, sops, steering
from engine.access import Actor
from engine.models import Case, Revision, Task
from engine.workflow import NoSuchTarget
from tasks import assigning, bulk, escalations, explanations, reminders
from tasks.bulk import MOST, NothingChosen, TooMany
from tasks.ground import TaskError


class NotOneSop(TaskError):
    sentence = N_(
        "Berkas hanya dapat dipindahkan bersama bila semuanya dari SOP dan revisi yang sama."
    )
    status = 422


class NoStepChosen(TaskError):
    sentence = N_("Pilih langkah tujuannya.")
    status = 422
    field = "step"


class NobodyChosen(TaskError):
    sentence = N_("Pilih kepada siapa langkah ini dialihkan.")
    status = 422
    field = "to"


@dataclass(frozen=True)
class Said:
    """What was said about the deed: to whom, why, what is awaited, where to, how urgent."""

    to: int = 0
    reason: str = ""
    awaited: str = ""
    step: str = ""
    priority: int = -1


@dataclass(frozen=True)
class Chosen:
    """A step of a berkas, or the berkas itself."""

    office_id: int
    case_id: int
    title: str
    task_id: int | None = None
    step: str = ""


@dataclass(frozen=True)
class Result:
    """What became of one of them: nothing said means it was done."""

    chosen: Chosen
    refused: AlurError | None = None


Deed = Callable[[Session, Actor, Any, Said, datetime], object]


def _assign(session: Session, actor: Actor, task_id: int, said: Said, now: datetime) -> None:
    if not said.to:
        raise NobodyChosen
    assigning.assign(session, actor, task_id, said.to, said.reason, now)


def _move(session: Session, actor: Actor, task_id: int, said: Said, now: datetime) -> None:
    if not said.step:
        raise NoStepChosen
    case_id = session.scalars(select(Task.case_id).where(Task.id == task_id)).one()
    steering.move(session, actor, case_id, task_id, said.step, said.reason, now)


# Each step by itself.
TASK_DEEDS: Final[Mapping[str, Deed]] = {
    "remind": lambda s, a, id, _said, now: reminders.send(s, a, id, now),
    "ask": lambda s, a, id, said, now: explanations.ask(s, a, id, said.reason, now),
    "know": lambda s, a, id, _said, now: escalations.acknowledge(s, a, id, now),
    "assign": _assign,
    "unassign": lambda s, a, id, said, now: assigning.unassign(s, a, id, said.reason, now),
    "pause": lambda s, a, id, said, now: pauses.pause(s, a, id, said.reason, said.awaited, now),
    "go-on": lambda s, a, id, _said, now: pauses.resume(s, a, id, now),
    "move": _move,
}
# A berkas as a whole, once, however many of its steps were chosen.
CASE_DEEDS: Final[Mapping[str, Deed]] = {
    "prioritise": lambda s, a, id, said, now: priorities.set_(
        s, a, id, said.priority, said.reason, now
    ),
    "resume": lambda s, a, id, said, now: steering.resume(s, a, id, said.reason, now),
    "cancel": lambda s, a, id, said, now: steering.cancel(s, a, id, said.reason, now),
    "retry": lambda s, a, id, _said, now: incidents.retry(s, a, id, now),
}
RIGHTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("remind", "ask"), "task.remind"),
    **dict.fromkeys(("assign", "unassign"), "task.assign"),
    **dict.fromkeys(("pause", "go-on"), "task.pause"),
    **dict.fromkeys(("move", "prioritise", "resume", "cancel", "retry"), "case.steer"),
    "know": "task.acknowledge",
}


def chosen(
    session: Session, actor: Actor, deed: str, task_ids: Sequence[int], case_ids: Sequence[int]
) -> list[Chosen]:
    """What a deed is about, case by case in one order; what is not hers to see is left out."""
    if len(task_ids) + len(case_ids) > MOST:
        raise TooMany(most=MOST, count=len(task_ids) + len(case_ids))
    steps = _steps(session, actor, task_ids)
    if deed in CASE_DEEDS:
        whole = {each.case_id for each in steps} | set(case_ids)
        found = _cases(session, actor, whole)
    else:
        found = steps
    if not found:
        raise NothingChosen
    return found


def _steps(session: Session, actor: Actor, ids: Sequence[int]) -> list[Chosen]:
    # Two people's deeds that meet wait for each other, once.
    rows = session.execute(
        select(Task.office_id, Case.id, Case.title, Task.id, Task.name)
        .join(Case, Case.id == Task.case_id)
        .where(Task.id.in_(ids))
        .order_by(Case.id, Task.id)
    )
    found = [Chosen(*row) for row in rows]
    return [each for each in found if actor.may("monitor.see", each.office_id)]


def _cases(session: Session, actor: Actor, ids: set[int]) -> list[Chosen]:
    rows = session.execute(
        select(Case.office_id, Case.id, Case.title).where(Case.id.in_(ids)).order_by(Case.id)
    )
    found = [Chosen(*row) for row in rows]
    return [each for each in found if actor.may("monitor.see", each.office_id)]


def carry_out(
    session: Session, actor: Actor, deed: str, about: Sequence[Chosen], said: Said, now: datetime
) -> list[Result]:
    """Each ends well or with its own sentence, none by halves."""
    do = TASK_DEEDS.get(deed) or CASE_DEEDS[deed]
    if deed == "move":
        steps_to_move_to(session, about)
    return [_one(session, actor, do, each, said, now) for each in about]


def _one(
    session: Session, actor: Actor, do: Deed, each: Chosen, said: Said, now: datetime
) -> Result:
    number = each.task_id or each.case_id
    refused = bulk.tried(session, now, lambda inner: do(inner, actor, number, said, now))
    return Result(each, refused)


def steps_to_move_to(session: Session, about: Sequence[Chosen]) -> list[tuple[str, str]]:
    """The steps these berkas may be moved to, by id and name: they follow one drawing."""
    revisions = session.scalars(
        select(Case.revision_id).where(Case.id.in_({each.case_id for each in about})).distinct()
    ).all()
    if len(revisions) != 1:
        raise NotOneSop
    meaning = sops.meaning(session.get_one(Revision, revisions[0]))
    return [
        (step.id, f"{step.nomor}. {step.name}" if step.nomor else step.name)
        for step in meaning.steps
    ]


def field_of(error: AlurError | None) -> str | None:
    """By which field of the form its sentence stands."""
    if isinstance(error, NoSuchTarget):
        return "step"
    field = getattr(error, "field", None)
    return "reason" if field == "note" else field
