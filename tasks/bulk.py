"""Do the same to many tasks at once; each ends well or with its own sentence, none by halves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine import incidents
from engine.access import Actor
from engine.cases import CaseStuck
from engine.models import Task
from tasks import assigning, inbox
from tasks.excuses import Excuse
from tasks.ground import TaskError, lock

MOST: Final = 200

Deed = Callable[[Session, int], object]


class TooMany(TaskError):
    sentence = N_("Pilih paling banyak %(most)s tugas sekaligus; Anda memilih %(count)s.")
    status = 422


class NothingChosen(TaskError):
    sentence = N_("Belum ada tugas yang dipilih. Centang dahulu tugasnya.")
    status = 422


class AsksForMore(TaskError):
    sentence = N_("Langkah ini meminta isian atau keputusan. Buka halamannya untuk menyelesaikan.")
    status = 422


@dataclass(frozen=True)
class Result:
    """What became of one of them: nothing said means it was done."""

    task_id: int
    name: str
    refused: AlurError | None = None


def claim(session: Session, actor: Actor, ids: Sequence[int], now: datetime) -> list[Result]:
    return _each(session, ids, now, lambda inner, id: inbox.claim(inner, actor, id, now))


def hand_over(
    session: Session, actor: Actor, ids: Sequence[int], to_id: int, note: str, now: datetime
) -> list[Result]:
    return _each(
        session,
        ids,
        now,
        lambda inner, id: assigning.hand_over(inner, actor, id, to_id, note, now),
    )


def complete(session: Session, actor: Actor, ids: Sequence[int], now: datetime) -> list[Result]:
    """Those that ask for nothing; a waiting one is claimed first."""

    def deed(inner: Session, task_id: int) -> None:
        found = lock(inner, actor, task_id)
        if found.step.form is not None or found.step.decision is not None:
            raise AsksForMore
        if found.task.status == "waiting":
            inbox.claim(inner, actor, task_id, now)
        # What is late is completed on its own page, where its reason is asked for.
        inbox.complete(inner, actor, task_id, now, excuse=Excuse(asked=True))

    return _each(session, ids, now, deed)


def _each(session: Session, ids: Sequence[int], now: datetime, deed: Deed) -> list[Result]:
    chosen = list(dict.fromkeys(ids))
    if not chosen:
        raise NothingChosen
    if len(chosen) > MOST:
        raise TooMany(most=MOST, count=len(chosen))
    names = _names(session, chosen)
    unknown = [id for id in chosen if id not in names]
    return [_one(session, id, names.get(id, ""), now, deed) for id in [*names, *unknown]]


def _one(session: Session, task_id: int, name: str, now: datetime, deed: Deed) -> Result:
    return Result(task_id, name, tried(session, now, lambda inner: deed(inner, task_id)))


def tried(session: Session, now: datetime, deed: Callable[[Session], object]) -> AlurError | None:
    """Why it was refused, if it was: then nothing of it stays, and the others go on."""
    try:
        with session.begin_nested():
            deed(session)
    except CaseStuck as stuck:
        incidents.record(session, stuck, now)
        return stuck
    except AlurError as refused:
        return refused
    return None


def _names(session: Session, ids: list[int]) -> dict[int, str]:
    # Case by case in one order: two people's bulks that meet wait for each other, once.
    query = select(Task.id, Task.name).where(Task.id.in_(ids)).order_by(Task.case_id, Task.id)
    rows = session.execute(query)
    return {row.id: row.name for row in rows}
