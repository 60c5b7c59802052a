"""What a person may see of how the work went: one SOP step by step, and many beside each other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

import bpmn.reader
from bpmn.durations import Duration
from engine import access, sopbook, sops, statistics
from engine.access import Actor
from engine.models import Office, Post, Revision, Sop
from engine.periods import Period
from engine.statistics import Reading, Standing
from engine.tallies import CaseCount, Count
from engine.worktime import Calendar

MEASURES: Final = ("waited", "worked", "late")
# More SOPs than a kabupaten has; they are put in order here, not in the database.
MOST: Final = 2_000


@dataclass
class Now:
    """What stands somewhere at this moment."""

    open: int = 0
    late: int = 0
    paused: int = 0
    unclaimed: int = 0

    def add(self, standing: Standing) -> None:
        self.open += standing.open
        self.late += standing.late
        self.paused += standing.paused
        self.unclaimed += standing.unclaimed


@dataclass(frozen=True)
class StepFacts:
    """One step: what stands on it, and what it came to in the period."""

    id: str
    nomor: str | None
    name: str
    lane: str
    # Its mutu baku waktu, and what that comes to in seconds of working time.
    standard: Duration | None
    standard_seconds: float | None
    count: Count
    now: Now
    is_decision: bool = False
    # The revision in force has it no more.
    is_gone: bool = False

    def warmth(self, measure: str) -> int:
        """From 1, as it should be, to 4; 0 where nothing can be said."""
        if measure == "late":
            return 0 if self.late_share is None else _warm_by_share(self.late_share)
        took = self.took if measure == "took" else getattr(self.count, measure).median
        if took is None or not self.standard_seconds:
            return 0
        return _warm_by_time(took / self.standard_seconds)

    @cached_property
    def took(self) -> int | None:
        """Waiting and working together, each as half of them took it."""
        waited, worked = self.count.waited.median, self.count.worked.median
        return None if waited is None or worked is None else waited + worked

    @property
    def late_share(self) -> float | None:
        """Of those with a due time, how many missed it."""
        return self.count.late / self.count.timed if self.count.timed else None


def _warm_by_time(share: float) -> int:
    """Less than half its mutu baku; within it; up to twice; more."""
    return 1 if share < 0.5 else 2 if share <= 1 else 3 if share <= 2 else 4


def _warm_by_share(late: float) -> int:
    """None late; less than a tenth; up to a quarter; more."""
    return 1 if not late else 2 if late < 0.1 else 3 if late <= 0.25 else 4


@dataclass(frozen=True)
class MonthFacts:
    """A month, or several together: its berkas, and how many of its steps were late."""

    first: date
    cases: CaseCount
    steps: Count


def quarters(months: Sequence[MonthFacts]) -> list[MonthFacts]:
    """The same, three months together."""
    together: dict[date, MonthFacts] = {}
    for month in months:
        first = month.first.replace(month=(month.first.month - 1) // 3 * 3 + 1)
        facts = together.setdefault(first, MonthFacts(first, CaseCount(), Count()))
        facts.cases.merge(month.cases)
        facts.steps.merge(month.steps)
    return list(together.values())


@dataclass(frozen=True)
class PostFacts:
    """A post's part of the work."""

    name: str | None
    count: Count
    now: Now


@dataclass(frozen=True)
class SopReport:
    """One SOP in a period, with all that its pages show."""

    sop: Sop
    office: Office
    revision: Revision
    meaning: bpmn.reader.Sop
    reading: Reading
    steps: Sequence[StepFacts]
    months: Sequence[MonthFacts]
    posts: Sequence[PostFacts]
    cases: CaseCount
    total: Count
    now: Now


def sop(
    session: Session, actor: Actor, office_slug: str, slug: str, period: Period, now: datetime
) -> SopReport:
    """How the work of one SOP went."""
    found, office = sopbook.find(session, actor, office_slug, slug)
    access.require(actor, "report.see", office.id)
    revision = session.get_one(Revision, found.revision_id)
    meaning = sops.meaning(revision)
    subjects = {found.id: office}
    reading = statistics.read(session, subjects, period)
    standing = statistics.standing(session, subjects, now)
    months = list(_months(reading, now))
    counts = reading.by(lambda row: (row.step, row.post_id))
    return SopReport(
        found,
        office,
        revision,
        meaning,
        reading,
        list(steps(meaning, office, _together(counts, 0), standing)),
        months,
        _posts(session, _together(counts, 1), standing),
        *_total(months),
        _now(standing),
    )


# --- many SOPs -----------------------------------------------------------------------------------

ORDERS: Final = ("name", "late", "busy")


@dataclass(frozen=True)
class SopLine:
    """An SOP in the overview."""

    sop: Sop
    office: Office
    cases: CaseCount
    steps: Count
    now: Now

    @property
    def late_share(self) -> float | None:
        return self.steps.late / self.steps.timed if self.steps.timed else None


@dataclass(frozen=True)
class Overview:
    """The SOPs of her offices, as they went."""

    reading: Reading
    lines: Sequence[SopLine]
    months: Sequence[MonthFacts]
    cases: CaseCount
    steps: Count
    now: Now


def overview(
    session: Session,
    actor: Actor,
    period: Period,
    now: datetime,
    *,
    office: str = "",
    search: str = "",
    order: str = "name",
) -> Overview:
    """How the work of all her SOPs went, or of those that are found."""
    found = known(session, actor, office, search)
    subjects = {sop.id: where for sop, where in found}
    reading = statistics.sums(session, subjects, period)
    standing = statistics.standing(session, subjects, now)
    counts, cases = reading.by(lambda row: row.sop_id), reading.cases_by(lambda row: row.sop_id)
    here: dict[int, Now] = {}
    for each in standing:
        here.setdefault(each.sop_id, Now()).add(each)
    lines = [
        SopLine(
            sop,
            where,
            cases.get(sop.id, CaseCount()),
            counts.get(sop.id, Count()),
            here.get(sop.id, Now()),
        )
        for sop, where in found
    ]
    months = list(_months(reading, now, spans=False))
    return Overview(reading, _ordered(lines, order), months, *_total(months), _now(standing))


def _ordered(lines: list[SopLine], order: str) -> list[SopLine]:
    if order == "late":
        return sorted(lines, key=lambda line: -(line.late_share or 0))
    if order == "busy":
        return sorted(lines, key=lambda line: -line.steps.done)
    return lines


def known(
    session: Session, actor: Actor, office: str = "", search: str = ""
) -> list[tuple[Sop, Office]]:
    """The SOPs in force whose reports she may see, office by office."""
    offices = actor.offices("report.see")
    query = select(Sop, Office).join(Office, Office.id == Sop.office_id)
    query = query.where(Sop.revision_id.is_not(None))
    if offices is not None:
        query = query.where(Sop.office_id.in_(offices))
    if office:
        query = query.where(Office.slug == office)
    for word in search.split()[:8]:
        said = (column.icontains(word, autoescape=True) for column in (Sop.name, Office.name))
        query = query.where(or_(*said))
    rows = session.execute(query.order_by(Office.name, Office.id, Sop.name, Sop.id).limit(MOST))
    return [(sop, where) for sop, where in rows]


def _total(months: Sequence[MonthFacts]) -> tuple[CaseCount, Count]:
    cases, steps = CaseCount(), Count()
    for month in months:
        cases.merge(month.cases)
        steps.merge(month.steps)
    return cases, steps


# --- one SOP, step by step -----------------------------------------------------------------------


def steps(
    meaning: bpmn.reader.Sop,
    office: Office,
    counts: dict[str, Count],
    standing: Sequence[Standing] = (),
) -> Iterator[StepFacts]:
    """As the SOP has them; then those that it had once, where something is known of them."""
    here = _by_step(standing)
    calendar = Calendar.from_dict(office.calendar)
    for step in meaning.steps:
        waktu = step.mutu_baku.waktu
        yield StepFacts(
            step.id,
            step.nomor,
            step.name,
            step.lane.name if step.lane else "",
            waktu,
            calendar.about(waktu).total_seconds() if waktu else None,
            counts.pop(step.id, Count()),
            here.pop(step.id, Now()),
            step.decision is not None,
        )
    for id in sorted({*counts, *here}):
        count = counts.get(id, Count())
        yield StepFacts(
            id, None, count.name or id, "", None, None, count, here.get(id, Now()), is_gone=True
        )


def _together(counts: Mapping[tuple[Any, ...], Count], at: int) -> dict[Any, Count]:
    """Steps at posts, put together by the one or the other."""
    parts: dict[Any, list[Count]] = {}
    for cell, count in counts.items():
        parts.setdefault(cell[at], []).append(count)
    return {
        key: several[0] if len(several) == 1 else sum_of(several) for key, several in parts.items()
    }


def sum_of(counts: Sequence[Count], *, spans: bool = True) -> Count:
    """All of them together."""
    if len(counts) == 1:
        return counts[0]
    total = Count()
    for count in counts:
        total.merge(count, spans=spans)
    return total


def _by_step(standing: Sequence[Standing]) -> dict[str, Now]:
    here: dict[str, Now] = {}
    for each in standing:
        here.setdefault(each.step, Now()).add(each)
    return here


def _now(standing: Sequence[Standing]) -> Now:
    now = Now()
    for each in standing:
        now.add(each)
    return now


def _months(reading: Reading, now: datetime, *, spans: bool = True) -> Iterator[MonthFacts]:
    """Each month of the period that has begun, also those in which nothing happened."""
    steps = reading.by(lambda row: row.month, spans=False)
    cases = reading.cases_by(lambda row: row.month, spans=spans)
    tomorrow = now.date() + timedelta(days=1)  # further east it may be that day already
    for month in reading.period.months():
        if month > tomorrow:
            return
        yield MonthFacts(month, cases.get(month, CaseCount()), steps.get(month, Count()))


def post_names(session: Session, reading: Reading) -> dict[int, str]:
    """What the posts are called whose steps were finished."""
    return _names(session, {row.post_id for row in reading.steps})


def _names(session: Session, ids: set[int | None]) -> dict[int, str]:
    query = select(Post.id, Post.name).where(Post.id.in_([id for id in ids if id is not None]))
    return dict(session.execute(query).all())


def _posts(
    session: Session, counts: dict[int | None, Count], standing: Sequence[Standing]
) -> list[PostFacts]:
    """Who had how much to do, the most first."""
    here: dict[int | None, Now] = {}
    for each in standing:
        here.setdefault(each.post_id, Now()).add(each)
    ids = {*counts, *here}
    names = _names(session, ids)
    posts = [
        PostFacts(names.get(id or 0), counts.get(id, Count()), here.get(id, Now())) for id in ids
    ]
    return sorted(posts, key=lambda post: (-post.count.worked.total, post.name or ""))
