"""Let no work stay in the hands of who is away or gone: it goes to a substitute, or to all.

Who may do what follows from the days of absences and holders. Here only what somebody had in
hand is passed on when its day comes, once: one conditional UPDATE says who does it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine import absences, history, holders, offices
from engine.access import in_force
from engine.history import Entry
from engine.models import Absence, Holder, Office, Task
from tasks import delegation, drafts, heirs
from tasks.ground import WAITING, Reached, change, locked
from tasks.heirs import Heir


def absences_due(session: Session, now: datetime, limit: int = 200) -> Sequence[int]:
    """The absences that have begun or ended by now."""
    query = select(Absence.id).where(Absence.wake_at <= now).order_by(Absence.wake_at, Absence.id)
    return session.scalars(query.limit(limit)).all()


def holders_due(session: Session, now: datetime, limit: int = 200) -> Sequence[int]:
    """The holders whose days are over by now."""
    query = select(Holder.id).where(Holder.wake_at <= now).order_by(Holder.wake_at, Holder.id)
    return session.scalars(query.limit(limit)).all()


def settle_absence(session: Session, absence_id: int, now: datetime) -> bool:
    """Pass on what this absence takes from somebody, or gives her back, at this moment."""
    absence = session.get_one(Absence, absence_id, populate_existing=True)
    office = session.get_one(Office, absence.office_id)
    today = offices.today(office, now)
    is_over = absence.cancelled_at is not None or absence.ends_on < today
    is_on = not is_over and in_force(absence, today)
    values: dict[str, Any] = {"wake_at": _next_look(office, absence, is_on, is_over)}
    if is_on and absence.begun_at is None:
        values["begun_at"] = now
    if not _is_first(session, absence, values, now):
        return False
    hands = [absence.person_id, absence.substitute_id]
    _pass_on(session, office.id, hands, now, back_to=absence.person_id if is_over else None)
    return True


def _next_look(office: Office, absence: Absence, is_on: bool, is_over: bool) -> datetime | None:
    if is_over:
        return None
    if is_on:
        return holders.after(office, absence.ends_on)
    return absences.begins(office, absence.starts_on)


def settle_holder(session: Session, holder_id: int, now: datetime) -> bool:
    """Pass on what somebody has of a post that is hers no more."""
    holder = session.get_one(Holder, holder_id, populate_existing=True)
    office = session.get_one(Office, holder.office_id)
    last = holder.ends_on
    is_over = last is not None and last < offices.today(office, now)
    following = holders.after(office, last) if last is not None and not is_over else None
    if not _is_first(session, holder, {"wake_at": following}, now):
        return False
    away = heirs.absence(session, office.id, holder.person_id, now)
    hands = [holder.person_id, away.substitute_id if away is not None else None]
    _pass_on(session, office.id, hands, now)
    return True


def _is_first(
    session: Session, dated: Absence | Holder, values: dict[str, Any], now: datetime
) -> bool:
    """Of many clocks that see the same moment, one passes the work on."""
    if dated.wake_at is None or dated.wake_at > now:
        return False
    noun = type(dated)
    won = session.execute(
        update(noun)
        .where(noun.id == dated.id, noun.wake_at == dated.wake_at)
        .values(**values)
        .returning(noun.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    session.refresh(dated)
    return won is not None


def _pass_on(
    session: Session,
    office_id: int,
    hands: Sequence[int | None],
    now: datetime,
    *,
    back_to: int | None = None,
) -> None:
    """Everything in these hands that they may not finish goes on to who may."""
    held = select(Task.id).where(
        Task.office_id == office_id,
        Task.status == "claimed",
        Task.claimed_by.in_([hand for hand in hands if hand is not None]),
    )
    for task_id in session.scalars(held.order_by(Task.case_id, Task.id)).all():
        found = locked(session, task_id)
        hand = found.task.claimed_by if found is not None else None
        if found is not None and hand is not None and hand in hands:
            _pass(session, found, hand, now, back_to)


def _pass(session: Session, found: Reached, hand: int, now: datetime, back_to: int | None) -> None:
    owner: int | None = hand
    given = found.delegation
    if given is not None and given.to_id == hand:
        if heirs.is_there(session, found, hand, now):
            return
        # What was asked of her goes back to whoever asked; what a leader told her, to all.
        owner = given.from_id if given.kind == "delegated" else None
    heir = heirs.of(session, found, owner, now) or heirs.of(session, found, back_to, now)
    if heir is not None and heir.person_id == hand:
        return
    values = {"claimed_by": heir.person_id} if heir is not None else WAITING
    mine = [Task.id == found.task.id, Task.status == "claimed", Task.claimed_by == hand]
    if not change(session, mine, values):
        return
    delegation.end(found, "recalled", now)
    if heir is not None:
        drafts.carry(session, hand, heir.person_id, f"/tasks/{found.task.id}")
    entry = _entry(found, hand, heir, now)
    history.append(session, found.case, [entry])
    told = {"unassigned": hand, **({entry.kind: heir.person_id} if heir is not None else {})}
    found.tell(session, None, now, told, its_post=heir is None)


def _entry(found: Reached, hand: int, heir: Heir | None, now: datetime) -> Entry:
    detail = {"step": found.task.step, "from": hand}
    if heir is None:
        return Entry("pooled", now, task_id=found.task.id, detail=detail)
    kind = "substituted" if heir.held.absent else "handed back"
    detail["to"] = heir.person_id
    return Entry(kind, now, capacity=heir.held.words, task_id=found.task.id, detail=detail)
