"""What somebody must know before her list: that she is away, or that work waits for nobody."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g

from engine import absencebook, offices, vacancies
from engine.absencebook import AbsenceRow
from engine.access import Held
from engine.vacancies import Total


@dataclass(frozen=True)
class Warnings:
    """Shown above the inbox; most days there are none."""

    away: Sequence[tuple[AbsenceRow, str]]
    stands_in: Sequence[Held]
    vacant: Total | None


def of_inbox() -> Warnings:
    return Warnings(_away(), _stands_in(), _vacant())


def _away() -> list[tuple[AbsenceRow, str]]:
    """Her own absence of today, with the address of the office where she ends it."""
    rows = absencebook.of_person(g.session, g.actor.person_id, g.now)
    here = {office.id: office.slug for office in offices.of(g.session, g.actor)} if rows else {}
    return [(row, here[row.absence.office_id]) for row in rows if row.absence.office_id in here]


def _stands_in() -> list[Held]:
    """One line for each colleague whose work she does."""
    each = {held.absent.person_id: held for held in g.actor.posts if held.absent is not None}
    return list(each.values())


def _vacant() -> Total | None:
    if not g.actor.may_somewhere("vacancy.see"):
        return None
    total = vacancies.total(g.session, g.actor, g.now)
    return total if total.posts or total.waiting else None
