"""The same SOP beside itself in other offices: its steps, its standard time, and its real time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from sqlalchemy.orm import Session

import bpmn.reader
from bpmn.errors import N_, AlurError
from engine import reportbook, sops, statistics
from engine.access import Actor
from engine.models import Office, Revision, Sop
from engine.periods import Period
from engine.reportbook import StepFacts
from engine.statistics import Reading
from engine.tallies import CaseCount, Count

MOST: Final = 30
# They say nothing about what an SOP is for.
_SMALL_WORDS: Final = frozenset({"dan", "data", "di", "ke", "untuk", "pada", "atau", "sop", "yang"})
_LIKE: Final = 0.5


class TooMany(AlurError):
    sentence = N_("Bandingkan paling banyak %(most)s SOP sekaligus; Anda memilih %(count)s.")
    status = 422


@dataclass(frozen=True)
class Compared:
    """One SOP of the comparison."""

    sop: Sop
    office: Office
    meaning: bpmn.reader.Sop
    steps: Sequence[StepFacts]
    cases: CaseCount
    total: Count

    @property
    def decisions(self) -> int:
        return sum(step.decision is not None for step in self.meaning.steps)

    @property
    def without_standard(self) -> int:
        return sum(step.standard is None for step in self.steps)

    @cached_property
    def standard(self) -> float:
        """All steps once, each as long as it may take; in seconds of the office's working time."""
        return sum(step.standard_seconds or 0 for step in self.steps)

    @cached_property
    def waited(self) -> int:
        """All steps once, each as long as it usually waits."""
        return sum(step.count.waited.median or 0 for step in self.steps)

    @cached_property
    def worked(self) -> int:
        return sum(step.count.worked.median or 0 for step in self.steps)

    @property
    def late_share(self) -> float | None:
        return self.total.late / self.total.timed if self.total.timed else None


@dataclass(frozen=True)
class Comparison:
    """What is compared, and what else could be."""

    known: Sequence[tuple[Sop, Office]]
    chosen: Sequence[Compared]
    reading: Reading


def of(
    session: Session,
    actor: Actor,
    wanted: Sequence[str],
    like: str,
    period: Period,
) -> Comparison:
    """Those that are named as `office/sop`; else those that seem to be the same as one of them."""
    known = reportbook.known(session, actor)
    names = {address(sop, office): sop.id for sop, office in known}
    ids = {names[name] for name in wanted if name in names} or _alike(known, names.get(like))
    if len(ids) > MOST:
        raise TooMany(most=MOST, count=len(ids))
    chosen = [(sop, office) for sop, office in known if sop.id in ids]
    reading = statistics.read(session, {sop.id: office for sop, office in chosen}, period)
    counts = reading.by(lambda row: (row.sop_id, row.step))
    cases = reading.cases_by(lambda row: row.sop_id)
    compared = []
    for sop, office in chosen:
        meaning = sops.meaning(session.get_one(Revision, sop.revision_id))
        mine = {step: count for (id, step), count in counts.items() if id == sop.id}
        steps = [step for step in reportbook.steps(meaning, office, mine) if not step.is_gone]
        total = reportbook.sum_of([step.count for step in steps], spans=False)
        compared.append(
            Compared(sop, office, meaning, steps, cases.get(sop.id, CaseCount()), total)
        )
    return Comparison(known, compared, reading)


def address(sop: Sop, office: Office) -> str:
    return f"{office.slug}/{sop.slug}"


def _alike(known: Sequence[tuple[Sop, Office]], one: int | None) -> set[int]:
    """The SOPs that seem to be one and the same; unless one is named, the largest such family."""
    families = kin({sop.id: sop.slug for sop, _ in known})
    family = next((each for each in families if one in each or one is None), set())
    # In the order of the list, so that the one that was named is among them.
    ids = sorted((sop.id for sop, _ in known if sop.id in family), key=lambda id: id != one)
    return set(ids[:MOST])


def kin(slugs: Mapping[int, str]) -> list[set[int]]:
    """Which belong together, by the words of their slugs; the largest family first."""
    families: list[set[int]] = []
    for id, slug in slugs.items():
        near = [family for family in families if any(_is_like(slug, slugs[it]) for it in family)]
        families = [family for family in families if family not in near]
        families.append({id}.union(*near))
    return sorted(families, key=len, reverse=True)


def _is_like(one: str, other: str) -> bool:
    """The same, or most words of the shorter one stand in the other, and more than one."""
    if one == other:
        return True
    first, second = _words(one), _words(other)
    shared = len(first & second)
    return shared > 1 and shared / min(len(first), len(second)) > _LIKE


def _words(slug: str) -> set[str]:
    return set(slug.split("-")) - _SMALL_WORDS
