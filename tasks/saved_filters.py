"""Filters with a name: hers, and those her colleagues share with the office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine.access import Actor
from engine.models import Person, SavedFilter

LONGEST_NAME: Final = 60
LONGEST_QUERY: Final = 600
MOST: Final = 30


class FilterError(AlurError):
    """A filter that cannot be kept, or is not there."""

    status = 422
    field = "name"


class BadName(FilterError):
    sentence = N_("Beri nama saringan ini, paling panjang %(limit)s huruf.")


class TooMany(FilterError):
    sentence = N_("Anda sudah menyimpan %(most)s saringan. Hapus dahulu yang tidak dipakai.")


class NothingToKeep(FilterError):
    sentence = N_("Belum ada yang disaring: pilih dahulu isiannya, lalu simpan.")


class NoSuchFilter(FilterError):
    sentence = N_("Saringan ini tidak ada, atau bukan milik Anda.")
    status = 404


@dataclass(frozen=True)
class Kept:
    """A filter as its chip shows it."""

    id: int
    name: str
    query: str
    shared: bool
    # Whose it is, where it is not her own.
    whose: str | None


def keep(
    session: Session, actor: Actor, name: str, query: str, now: datetime, *, shared: bool
) -> None:
    """Keep this way to look under a name; one of hers with that name gives way."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadName(limit=LONGEST_NAME)
    if not 0 < len(query) <= LONGEST_QUERY or not actor.posts:
        raise NothingToKeep
    _forget(session, actor, SavedFilter.name == name)
    mine = select(func.count(SavedFilter.id)).where(SavedFilter.person_id == actor.person_id)
    if (session.scalar(mine) or 0) >= MOST:
        raise TooMany(most=MOST)
    session.add(
        SavedFilter(
            office_id=actor.posts[0].office_id,
            person_id=actor.person_id,
            name=name,
            query=query,
            shared=shared,
            at=now,
        )
    )


def forget(session: Session, actor: Actor, filter_id: int) -> None:
    """Let go of one of hers; nobody forgets another's."""
    if not _forget(session, actor, SavedFilter.id == filter_id):
        raise NoSuchFilter


def _forget(session: Session, actor: Actor, which: object) -> bool:
    gone = session.execute(
        delete(SavedFilter)
        .where(SavedFilter.person_id == actor.person_id, which)  # type: ignore[arg-type]
        .returning(SavedFilter.id)
    )
    return gone.first() is not None


def known(session: Session, actor: Actor) -> Sequence[Kept]:
    """Hers, then those shared in the offices where she works, each by name."""
    offices = {held.office_id for held in actor.posts}
    shared = and_(SavedFilter.shared, SavedFilter.office_id.in_(offices))
    is_other = SavedFilter.person_id != actor.person_id
    name = select(Person.name).where(Person.id == SavedFilter.person_id).scalar_subquery()
    rows = session.execute(
        select(SavedFilter, name)
        .where(or_(~is_other, shared))
        .order_by(is_other, SavedFilter.name, SavedFilter.id)
        .limit(2 * MOST)
    )
    return [
        Kept(
            kept.id,
            kept.name,
            kept.query,
            kept.shared,
            None if kept.person_id == actor.person_id else name,
        )
        for kept, name in rows
    ]
