"""What steps were answered: checked when it comes in, shown to those who come after."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import null, select
from sqlalchemy.orm import Session, undefer

from bpmn.document import Sop, Step
from bpmn.errors import N_
from bpmn.forms import KINERJA, Formulir, Isian
from engine import formdata, performance
from engine.models import Case, Office, Person, Task
from engine.models.task import OPEN
from engine.performance import Rules
from tasks import forms
from tasks.forms import indicators, texts

# What is filled in before any step is waiting for somebody.
_START: Final = Step("", N_("Saat berkas dimulai"), "")


@dataclass(frozen=True)
class Answer:
    """What one step was answered, last: by whom, for which unit where it is repeated."""

    step: Step
    form: Formulir
    member: int | None
    unit: str | None
    who: str | None
    at: datetime | None
    data: dict[str, Any]


@dataclass(frozen=True)
class Beginning:
    """What a form begins with, and where each field's rows came from."""

    typed: dict[str, Any] = field(default_factory=dict)
    # The title of the earlier case, or the name of the earlier step, by the field's key.
    from_case: dict[str, str] = field(default_factory=dict)
    from_step: dict[str, str] = field(default_factory=dict)


def check(
    session: Session,
    task: Task,
    step: Step,
    sent: dict[str, Any] | None,
    files: forms.Files,
) -> dict[str, Any]:
    """What the step is answered, as it is kept; `files` are those attached to the task."""
    if step.form is None:
        return formdata.check(sent or {})
    return forms.check(step.form, sent or {}, rules(session, task, step.form), files)


def seal(answer: dict[str, Any]) -> dict[str, str]:
    """What the history says of an answer: enough to prove it was this one."""
    if not answer:
        return {}
    written = orjson.dumps(answer, option=orjson.OPT_SORT_KEYS)
    return {"data": hashlib.sha256(written).hexdigest()}


def rules(session: Session, task: Task, form: Formulir) -> Rules:
    """The office's rules for capaian, where the form reckons it."""
    if not form.of_kind(KINERJA):
        return Rules()
    return performance.rules(session.get_one(Office, task.office_id).capaian)


def of_case(session: Session, case_id: int, sop: Sop) -> list[Answer]:
    """The last answer of each step, and of each unit where it is repeated, in their order."""
    steps = {step.id: step for step in sop.steps}
    last = {(task.step, task.member): (task, who) for task, who in _answered(session, case_id)}
    found = [
        answer
        for task, who in last.values()
        if task.step in steps and (answer := _answer(steps[task.step], task, who)) is not None
    ]
    order = list(steps)
    return sorted(found, key=lambda each: (order.index(each.step.id), each.member or 0))


def of_whole(session: Session, case: Case, sop: Sop) -> list[Answer]:
    """The same, after what was filled in when the case started."""
    return [*_at_start(session, case, sop), *of_case(session, case.id, sop)]


def _at_start(session: Session, case: Case, sop: Sop) -> Iterator[Answer]:
    form = sop.start_form
    if form is not None and any(case.data.get(asked.kunci) for asked in form.isian):
        who = session.scalar(select(Person.name).where(Person.id == case.started_by))
        yield Answer(_START, form, None, None, who, case.started_at, case.data)


def _answered(session: Session, case_id: int) -> Sequence[tuple[Task, str | None]]:
    rows = session.execute(
        select(Task, Person.name)
        .outerjoin(Person, Person.id == Task.ended_by)
        .where(Task.case_id == case_id, Task.status == "done", Task.data.is_not(null()))
        .order_by(Task.ended_at, Task.id)
        .options(undefer(Task.data))
    )
    return [(task, who) for task, who in rows]


def _answer(step: Step, task: Task, who: str | None) -> Answer | None:
    if step.form is None or task.data is None:
        return None
    unit = unit_name(step, task.member)
    return Answer(step, step.form, task.member, unit, who, task.ended_at, task.data)


def unit_name(step: Step, member: int | None) -> str | None:
    """The unit an instance of a repeated step is for."""
    if step.repeat is None or member is None or member >= len(step.repeat.anggota):
        return None
    anggota = step.repeat.anggota[member]
    return anggota.nama or anggota.jabatan


def before(session: Session, task: Task, sop: Sop) -> list[Answer]:
    """What whoever has this task should know: a unit's own answers, and those for all."""
    return [
        answer
        for answer in of_whole(session, session.get_one(Case, task.case_id), sop)
        if (answer.step.id, answer.member) != (task.step, task.member)
        and (task.member is None or answer.member in (None, task.member))
    ]


# --- what a form begins with -----------------------------------------------------------------


def beginning(session: Session, task: Task, sop: Sop) -> Beginning:
    """Her own earlier round; else the step a field begins with; else the last finished case."""
    step = sop.step(task.step)
    form = step.form
    if form is None:
        return Beginning()
    known = of_case(session, task.case_id, sop)
    own = [each for each in known if (each.step.id, each.member) == (task.step, task.member)]
    if own:
        return Beginning(texts.of(form, own[0].data))
    begun = Beginning()
    for asked in form.isian:
        _begin(session, task, asked, known, begun)
    return begun


def _begin(
    session: Session, task: Task, asked: Isian, known: list[Answer], begun: Beginning
) -> None:
    there = [
        each
        for each in known
        if asked.dari == each.step.id
        and (task.member is None or each.member in (None, task.member))
    ]
    if gathered := _gathered(asked, there) if there else None:
        begun.typed[asked.kunci] = gathered
        begun.from_step[asked.kunci] = there[0].step.name
    elif asked.jenis == KINERJA and (last := _last_finished(session, task)) is not None:
        title, data = last
        rows = [indicators.carried_over(row) for row in data.get(asked.kunci) or ()]
        if rows:
            begun.typed[asked.kunci] = [texts.row(asked, row) for row in rows]
            begun.from_case[asked.kunci] = title


def _gathered(asked: Isian, there: list[Answer]) -> Any:
    """Of several units, all their rows; of anything else, the last that was said."""
    form = Formulir((asked,))
    written = [texts.of(form, each.data).get(asked.kunci) for each in there]
    if asked.has_rows:
        return [row for rows in written for row in rows or ()]
    return written[-1]


def _last_finished(session: Session, task: Task) -> tuple[str, dict[str, Any]] | None:
    """The same step of the same post, in the SOP's case that was finished last."""
    same = Task.post_id == task.post_id if task.post_id else Task.member == task.member
    here = select(Case.sop_id).where(Case.id == task.case_id).scalar_subquery()
    row = session.execute(
        select(Case.title, Task.data)
        .join(Case, Case.id == Task.case_id)
        .where(
            Task.office_id == task.office_id,
            Task.step == task.step,
            same,
            Task.status == "done",
            Task.data.is_not(null()),
            Case.sop_id == here,
            Case.status == "done",
            Case.id != task.case_id,
        )
        .order_by(Case.ended_at.desc(), Task.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row[0], row[1] or {})


# --- unit by unit ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Unit:
    """What one unit answered to a step; a step that is not repeated has one, without a name."""

    name: str | None
    answer: Answer | None
    # Not answered yet, or sent back: what stands there is not its last word.
    is_open: bool = False

    def rows(self, key: str) -> list[dict[str, Any]]:
        return (self.answer.data.get(key) if self.answer else None) or []


def units(session: Session, case_id: int, step: Step, known: list[Answer]) -> list[Unit]:
    """The answers to a step, with the units that still owe theirs."""
    found = {answer.member: answer for answer in known if answer.step.id == step.id}
    if step.repeat is None:
        return [Unit(answer.unit, answer) for answer in found.values()]
    open_members = _open_members(session, case_id, step)
    return [
        Unit(
            unit_name(step, member),
            found.get(member),
            member in open_members or member not in found,
        )
        for member in range(len(step.repeat.anggota))
    ]


def _open_members(session: Session, case_id: int, step: Step) -> set[int | None]:
    return set(
        session.scalars(
            select(Task.member).where(
                Task.case_id == case_id, Task.step == step.id, Task.status.in_(OPEN)
            )
        )
    )


@dataclass(frozen=True)
class Report:
    """The performance data of a case: of one step, or of all units that a step is done for."""

    step: Step
    field: Isian
    units: list[Unit]


def report(session: Session, case_id: int, known: list[Answer]) -> Report | None:
    """The rows of the last step that has any, unit by unit."""
    asking = [answer.step for answer in known if answer.form.of_kind(KINERJA)]
    if not asking:
        return None
    step = asking[-1]
    [asked, *_] = step.form.of_kind(KINERJA) if step.form else ()
    return Report(step, asked, units(session, case_id, step, known))
