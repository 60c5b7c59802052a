"""Assess each SOP of an office every half-year, as PermenPAN-RB 35/2012 asks: the facts fill the
form by a rule, and the office's leader adds what the facts do not know."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bpmn.document import Temuan
from bpmn.errors import N_, AlurError
from engine import access, periods, questions, reportbook, sops, statistics
from engine.access import Actor
from engine.models import Assessment, Office, Person, Revision, Sop
from engine.periods import Period
from engine.reportbook import StepFacts
from engine.statistics import Reading
from engine.tallies import CaseCount, Count

LONGEST: Final = 2_000
VERDICTS: Final = ("baik", "tidak")
_HALF: Final = re.compile(r"(20[0-9]{2})-([12])")
_MOST_PERCENT: Final = 1_000


class AssessmentError(AlurError):
    """An assessment that is not kept; `field` is what to mend."""

    status = 422

    def __init__(self, field: str = "note", **facts: object) -> None:
        super().__init__(**facts)
        self.field = field


class NoSuchHalf(AssessmentError):
    sentence = N_("Semester ini tidak dikenal. Pilih salah satu dari daftar.")
    status = 404


class NoSuchSop(AssessmentError):
    sentence = N_("SOP ini tidak ada, atau bukan milik kantor Anda.")
    status = 404


class TooLong(AssessmentError):
    sentence = N_("Terlalu panjang: %(length)s huruf, paling banyak %(limit)s.")


class WrittenMeanwhile(AssessmentError):
    """Two leaders, one form: the second reads what the first wrote before going on."""

    sentence = N_(
        "%(who)s baru saja mengubah penilaian ini, jadi isian Anda belum tersimpan. "
        "Bacalah dahulu, lalu simpan bila isian Anda masih perlu."
    )
    status = 409


class BadLimit(AssessmentError):
    sentence = N_("Tulis bilangan bulat dari 0 sampai %(most)s, atau kosongkan.")


@dataclass(frozen=True)
class Rule:
    """From which shares on, in percent, an SOP does not go well; None: that does not count."""

    late: int | None = 10
    worked: int | None = 100
    returned: int | None = 20
    questions: int | None = None

    def written(self) -> dict[str, int | None]:
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True)
class Finding:
    """One thing the facts say: what it is about, how much it is, and whether it breaks the rule."""

    kind: str
    share: float
    limit: int | None
    step: StepFacts | None = None
    some: int = 0
    all: int = 0

    @property
    def is_wrong(self) -> bool:
        return self.limit is not None and round(self.share * 100, 6) > self.limit


@dataclass(frozen=True)
class Line:
    """A row of the form: an SOP, what the facts say of it, and what its office's leader says."""

    sop: Sop
    steps: Sequence[StepFacts]
    cases: CaseCount
    total: Count
    questions: Sequence[Temuan]
    rule: Rule
    kept: Assessment | None = None
    who: str | None = None

    @cached_property
    def findings(self) -> list[Finding]:
        """What the rule looks at, the late ones first."""
        return [*self._late(), *self._slow(), *self._returned(), *self._open()]

    def _late(self) -> list[Finding]:
        if not self.total.timed:
            return []
        share = self.total.late / self.total.timed
        worst = max(self.steps, key=lambda step: step.late_share or 0, default=None)
        found = Finding("late", share, self.rule.late, worst, self.total.late, self.total.timed)
        return [found] if self.total.late else []

    def _slow(self) -> list[Finding]:
        """Steps that are worked on for longer than they should take; waiting is another matter."""
        found = []
        for step in self.steps:
            median = step.count.worked.median
            if median is not None and step.standard_seconds:
                share = median / step.standard_seconds
                if share > 1:
                    found.append(Finding("worked", share, self.rule.worked, step))
        return found

    def _returned(self) -> list[Finding]:
        decided = sum(step.count.done for step in self.steps if step.is_decision)
        if not self.total.returned or not decided:
            return []
        share = self.total.returned / decided
        worst = max(self.steps, key=lambda step: step.count.returned)
        returned = self.total.returned
        return [Finding("returned", share, self.rule.returned, worst, returned, decided)]

    def _open(self) -> list[Finding]:
        """As many as there are; their limit is no share."""
        some = len(self.questions)
        found = Finding("questions", some / 100, self.rule.questions, some=some, all=some)
        return [found] if some else []

    @property
    def by_facts(self) -> str | None:
        """What the rule says; of an SOP that nobody ran it says nothing."""
        if not self.total.done:
            return None
        return "tidak" if any(found.is_wrong for found in self.findings) else "baik"

    @property
    def verdict(self) -> str | None:
        return (self.kept.verdict if self.kept else None) or self.by_facts


@dataclass(frozen=True)
class Form:
    """The monitoring form of one office for half a year."""

    office: Office
    half: str
    period: Period
    rule: Rule
    lines: Sequence[Line]
    reading: Reading


def of(session: Session, actor: Actor, office: Office, half: str) -> Form:
    """The form, filled by the facts."""
    access.require(actor, "report.see", office.id)
    period, rule = period_of(half), rule_of(office)
    found = reportbook.known(session, actor, office.slug)
    reading = statistics.read(session, {sop.id: office for sop, _ in found}, period)
    counts = reading.by(lambda row: (row.sop_id, row.step))
    cases = reading.cases_by(lambda row: row.sop_id)
    meanings = {
        sop.id: sops.meaning(session.get_one(Revision, sop.revision_id)) for sop, _ in found
    }
    asked = {sop_id: meaning.temuan for sop_id, meaning in meanings.items()}
    unanswered = questions.still_open(session, asked)
    kept = _kept(session, list(meanings), half)
    lines = []
    for sop, _ in found:
        mine = {step: count for (id, step), count in counts.items() if id == sop.id}
        steps = list(reportbook.steps(meanings[sop.id], office, mine))
        total = reportbook.sum_of([step.count for step in steps], spans=False)
        heavy = [each for each in unanswered[sop.id] if each.tingkat == "tinggi"]
        count = cases.get(sop.id, CaseCount())
        lines.append(Line(sop, steps, count, total, heavy, rule, *kept.get(sop.id, (None, None))))
    return Form(office, half, period, rule, lines, reading)


def _kept(session: Session, ids: Sequence[int], half: str) -> dict[int, tuple[Assessment, str]]:
    rows = session.execute(
        select(Assessment, Person.name)
        .join(Person, Person.id == Assessment.person_id)
        .where(Assessment.sop_id.in_(ids), Assessment.half == half)
    )
    return {kept.sop_id: (kept, who) for kept, who in rows}


# --- halves of a year ----------------------------------------------------------------------------


def half_of(day: date) -> str:
    return f"{day.year}-{1 if day.month <= 6 else 2}"


def period_of(half: str) -> Period:
    found = _HALF.fullmatch(half)
    if found is None:
        raise NoSuchHalf
    return periods.around(date(int(found[1]), 1 if found[2] == "1" else 7, 1), "half")


def latest(today: date, count: int = 8) -> list[str]:
    """The half that today lies in, and those before it."""
    return [half_of(periods.around(today, "half", back).first) for back in range(count)]


# --- what the office's leader says ---------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What was typed; `seen` is the number of the one she had before her."""

    verdict: str = ""
    note: str = ""
    action: str = ""
    seen: int = 0


def assess(
    session: Session,
    actor: Actor,
    office: Office,
    half: str,
    sop_id: int,
    said: Said,
    now: datetime,
) -> None:
    """Keep what a leader says of one SOP, beside what the facts say."""
    access.require(actor, "sop.assess", office.id)
    period_of(half)
    sop = session.scalar(select(Sop).where(Sop.id == sop_id, Sop.office_id == office.id))
    held = actor.post_in(office.id)
    if sop is None or held is None or actor.person_id is None:
        raise NoSuchSop
    values = {
        "verdict": said.verdict if said.verdict in VERDICTS else None,
        "note": _text(said.note, "note"),
        "action": _text(said.action, "action"),
        "number": said.seen + 1,
        "person_id": actor.person_id,
        "capacity": held.words,
        "at": now,
    }
    where = {"office_id": office.id, "sop_id": sop.id, "half": half}
    if not _write(session, said.seen, where, values):
        [(_, who)] = _kept(session, [sop.id], half).values()
        raise WrittenMeanwhile(who=who)


def _write(
    session: Session, seen: int, where: Mapping[str, Any], values: Mapping[str, Any]
) -> bool:
    """The first one is put in, every other takes the place of the one that was seen."""
    if not seen:
        try:
            with session.begin_nested():
                session.add(Assessment(**where, **values))
        except IntegrityError:
            return False
        return True
    changed = session.execute(
        update(Assessment)
        .where(
            Assessment.sop_id == where["sop_id"],
            Assessment.half == where["half"],
            Assessment.number == seen,
        )
        .values(**values)
        .returning(Assessment.id)
    )
    return changed.first() is not None


def _text(text: str, field: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if len(lines) > LONGEST:
        raise TooLong(field, length=len(lines), limit=LONGEST)
    return lines


# --- the rule ------------------------------------------------------------------------------------


def rule_of(office: Office) -> Rule:
    known = {each.name for each in fields(Rule)}
    return Rule(**{name: value for name, value in office.assessing.items() if name in known})


def set_rule(actor: Actor, office: Office, typed: Mapping[str, str]) -> None:
    """Let an office decide from which shares on its SOPs do not go well."""
    access.require(actor, "sop.assess", office.id)
    rule = Rule(**{each.name: _limit(each.name, typed.get(each.name, "")) for each in fields(Rule)})
    office.assessing = rule.written()


def _limit(field: str, text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) <= _MOST_PERCENT):
        raise BadLimit(field, most=_MOST_PERCENT)
    return int(text)
