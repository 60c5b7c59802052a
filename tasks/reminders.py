"""Remind whoever has a step, or whoever should take it: once an hour at most, and in history."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.errors import N_
from engine import access, colleagues, history, notices
from engine.access import Actor
from engine.models import Event, Person
from engine.models.task import OPEN
from engine.notices import Telling
from tasks.ground import Reached, TaskError, lock, refuse, refuse_suspended

PAUSE: Final = timedelta(hours=1)


class TooSoon(TaskError):
    sentence = N_(
        "Sudah diingatkan %(who)s %(minutes)s menit yang lalu. Sebuah langkah diingatkan paling "
        "banyak sekali dalam satu jam."
    )


class IsYours(TaskError):
    sentence = N_("Tugas ini pada Anda sendiri, jadi tidak ada yang perlu diingatkan.")


class NobodyThere(TaskError):
    sentence = N_(
        "Tidak ada yang dapat diingatkan: jabatan langkah ini kosong. Alihkan tugasnya, atau isi "
        "jabatannya."
    )


def send(session: Session, actor: Actor, task_id: int, now: datetime) -> None:
    """To whoever has it; where nobody has, to all who hold its post."""
    found = lock(session, actor, task_id)
    access.require(actor, "task.remind", found.task.office_id)
    if found.task.status not in OPEN:
        refuse(session, actor, found.task)
    refuse_suspended(found.case)
    _refuse_again(session, found, now)
    telling = to_whoever_has_it(session, actor, found, "reminded", now)
    history.append(session, found.case, [found.entry_of_leader(actor, "reminded", now)])
    notices.tell(session, found.case, [telling], now)


def to_whoever_has_it(
    session: Session, actor: Actor, found: Reached, kind: str, now: datetime
) -> Telling:
    """A thing to know for one of them at least, or why there is nobody to tell."""
    task = found.task
    if task.claimed_by is not None:
        if task.claimed_by == actor.person_id:
            raise IsYours
        return Telling(kind, task.id, persons=[task.claimed_by], by=actor.person_id)
    if not colleagues.of_post(session, task.post_id, now) - {actor.person_id}:
        raise NobodyThere
    return Telling(kind, task.id, posts=[task.post_id], by=actor.person_id)


def _refuse_again(session: Session, found: Reached, now: datetime) -> None:
    # Its case is locked: of two who remind at once, the second finds the line of the first.
    last = session.execute(
        select(Event.at, Person.name)
        .join(Person, Person.id == Event.person_id)
        .where(
            Event.case_id == found.case.id,
            Event.task_id == found.task.id,
            Event.kind == "reminded",
            Event.at > now - PAUSE,
        )
        .order_by(Event.number.desc())
        .limit(1)
    ).one_or_none()
    if last is not None:
        raise TooSoon(who=last.name, minutes=max(0, (now - last.at) // timedelta(minutes=1)))
