"""Put a message into words, from what is known when it leaves: what is settled is left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVarTuple
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from engine import access
from engine.models import Case, Contact, Delivery, Notice, Office, Person, Sop, Task, Telling
from engine.models.task import OPEN
from engine.notices import KINDS
from engine.worktime.hours import ABBREVIATIONS
from tasks import lists
from tasks.bell import WORDS
from tasks.filters import Filter
from tasks.lists import Item
from tasks.messages import MOST_LINES, Line, Message

Ts = TypeVarTuple("Ts")

# Whoever holds much looks at the page; a digest names only what presses most.
_MOST_PRESSING: Final = 5
_ALARMS: Final = ("late", "stuck")
# Of these nothing need be said once the step is done or withdrawn.
_WHILE_OPEN: Final = tuple(
    kind
    for kind, about in KINDS.items()
    if about.topic in ("waiting", "given", "sent back", "late") and kind != "unassigned"
)


def compose(
    session: Session,
    home: str,
    delivery: Delivery,
    contact: Contact,
    person: Person,
    now: datetime,
) -> Message | None:
    """The message as it is to be sent now; None when there is nothing left to say."""
    bare = Message(
        id=f"{delivery.kind}-{delivery.id}-{int(delivery.at.timestamp())}",
        kind=delivery.kind,
        at=now,
        subject="",
        opening=(),
        link=f"{home}/notices",
        settings=f"{home}/preferences",
        is_repeat=delivery.sends > 0,
    )
    if delivery.kind == "code":
        return _code(bare, contact, now)
    if delivery.kind == "digest":
        return _digest(session, home, bare, delivery, person, now)
    return _notices(session, home, bare, delivery, now)


def _code(bare: Message, contact: Contact, now: datetime) -> Message | None:
    if contact.code is None or contact.code_until is None or contact.code_until <= now:
        return None
    minutes = max(1, (contact.code_until - now).seconds // 60)
    return replace(
        bare,
        subject="Alur: kode untuk membuktikan alamat ini",
        opening=(
            f"Kode: {contact.code}",
            f"Tulis kode ini di Alur, pada Atur pemberitahuan, dalam {minutes} menit.",
            "Bila bukan Anda yang memintanya, abaikan pesan ini: tanpa kodenya, tidak ada lagi "
            "yang dikirim ke sini.",
        ),
        link=bare.settings,
        code=contact.code,
    )


# --- what happened -------------------------------------------------------------------------------


def _notices(
    session: Session, home: str, bare: Message, delivery: Delivery, now: datetime
) -> Message | None:
    told = _told(session, delivery)
    if not told:
        return None
    total = sum(told.values())
    lines = _lines(session, home, delivery, now, MOST_LINES)
    if total == 1:
        step = f" – {lines[0].step}" if lines[0].step else ""
        return replace(bare, subject=f"Alur: {lines[0].what}{step}"[:200], lines=tuple(lines))
    late = f", {told['late']} lewat tenggat" if told.get("late") else ""
    return replace(
        bare,
        subject=f"Alur: {total} pemberitahuan{late}",
        opening=(_summary(told),),
        lines=tuple(lines),
        more=total - len(lines),
    )


def _told(session: Session, delivery: Delivery) -> dict[str, int]:
    """How many of each kind are still worth telling, alarms first."""
    query = _worth_telling(select(Notice.kind, func.count(Notice.id)), delivery)
    found = dict(session.execute(query.group_by(Notice.kind)).all())
    return dict(sorted(found.items(), key=lambda each: (each[0] not in _ALARMS, -each[1])))


def _summary(told: dict[str, int]) -> str:
    return "; ".join(f"{WORDS[kind]}: {count}" for kind, count in told.items()) + "."


def _lines(session: Session, home: str, delivery: Delivery, now: datetime, most: int) -> list[Line]:
    # Not the title of the case, not who: those stay inside.
    columns = select(Notice, Office, Sop.name, Task.name, Task.due_at)
    query = _worth_telling(columns, delivery)
    query = query.join(Office, Office.id == Notice.office_id)
    query = query.outerjoin(Case, Case.id == Notice.case_id).outerjoin(Sop, Sop.id == Case.sop_id)
    query = query.order_by(Notice.urgent.desc(), func.coalesce(Notice.level, 0).desc(), Notice.id)
    return [_line(home, now, *row) for row in session.execute(query.limit(most))]


def _worth_telling(query: Select[*Ts], delivery: Delivery) -> Select[*Ts]:
    still = or_(Notice.kind.not_in(_WHILE_OPEN), Task.status.in_(OPEN))
    return (
        query.select_from(Telling)
        .join(Notice, Notice.id == Telling.notice_id)
        .outerjoin(Task, Task.id == Notice.task_id)
        .where(Telling.delivery_id == delivery.id, and_(Notice.read_at.is_(None), still))
    )


def _line(
    home: str,
    now: datetime,
    notice: Notice,
    office: Office,
    sop: str | None,
    step: str | None,
    due: datetime | None,
) -> Line:
    what = WORDS[notice.kind]
    if notice.level is not None and notice.level > 1:
        what = f"{what}, tingkat {notice.level}"
    path = f"/tasks/{notice.task_id}" if notice.task_id else f"/cases/{notice.case_id}"
    return Line(
        what=what,
        step=_in_one_line(step),
        sop=_in_one_line(sop),
        office=office.name,
        link=home + path,
        due=_due(due, office.zone, now) if step and due else None,
        is_alarm=notice.kind in _ALARMS,
    )


# --- the morning ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Morning:
    """What somebody finds when her office opens."""

    counts: dict[str, int]
    pressing: Sequence[Item]
    late_in_office: int
    told: dict[str, int]

    def said(self) -> list[str]:
        waiting, late = self.counts["inbox"], self.counts["overdue"]
        said = []
        if waiting:
            said.append(
                f"{waiting} langkah menunggu Anda"
                + (f", {late} di antaranya lewat tenggat." if late else ".")
            )
        if self.counts["joint"]:
            said.append(f"{self.counts['joint']} langkah meminta Anda ikut serta.")
        if self.late_in_office:
            said.append(f"{self.late_in_office} langkah kantor lewat tenggat.")
        if self.told:
            said.append("Kabar sejak ringkasan terakhir: " + _summary(self.told))
        return said


def _digest(
    session: Session, home: str, bare: Message, delivery: Delivery, person: Person, now: datetime
) -> Message | None:
    found = _morning(session, delivery, person, now)
    said = found.said()
    if not said:
        return None  # nothing to say is no message
    waiting, late = found.counts["inbox"], found.counts["overdue"]
    subject = f"Alur pagi ini: {waiting} menunggu" + (f", {late} lewat tenggat" if late else "")
    if not waiting:
        subject = "Alur pagi ini"
    lines = [_waiting(home, item, now) for item in found.pressing]
    more = waiting - len(lines)
    if not waiting and found.told:
        lines = _lines(session, home, delivery, now, _MOST_PRESSING)
        more = sum(found.told.values()) - len(lines)
    return replace(
        bare, subject=subject, opening=tuple(said), lines=tuple(lines), more=more, link=f"{home}/"
    )


def _morning(session: Session, delivery: Delivery, person: Person, now: datetime) -> _Morning:
    """As she would see it herself, within her own rights."""
    actor = access.actor(session, person, now)
    before, session.info["scope"] = session.info["scope"], actor.scope
    try:
        counts = lists.counts(session, actor, now)
        pressing = lists.page(session, actor, "inbox", now, limit=_MOST_PRESSING).items
        late = 0
        if actor.may_somewhere("task.oversee"):
            wanted = Filter(late=True)
            late = lists.page(session, actor, "office", now, narrowed=wanted, limit=1).count
    finally:
        session.info["scope"] = before
    return _Morning(counts, pressing, late, _told(session, delivery))


def _waiting(home: str, item: Item, now: datetime) -> Line:
    task, office = item.task, item.office
    is_late = task.due_at is not None and task.due_at <= now
    return Line(
        what="Lewat tenggat" if is_late else "Menunggu",
        step=_in_one_line(task.name),
        sop=_in_one_line(item.sop_name),
        office=office.name,
        link=f"{home}/tasks/{task.id}",
        due=_due(task.due_at, office.zone, now) if task.due_at else None,
        is_alarm=is_late,
    )


def _in_one_line(name: str | None) -> str | None:
    """A diagram may break it: nothing in it may look like a line of ours."""
    return " ".join(name.split()) if name else None


def _due(due: datetime, zone: str, now: datetime) -> str:
    """`tenggat hari ini 09.10 WITA`, as the office's clock has it."""
    here = ZoneInfo(zone)
    is_today = due.astimezone(here).date() == now.astimezone(here).date()
    form = "'hari ini' HH.mm" if is_today else "EEE, d MMM HH.mm"
    words = format_datetime(due, form, tzinfo=here, locale="id")
    return f"tenggat {words} {ABBREVIATIONS.get(zone, '')}".strip()
