"""Give and take the roles no post brings: an office's designer, a kabupaten's supervisor, admin."""

from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine import accounts
from engine.access import NATION, Actor
from engine.models import AccountEvent, Grant, Office, Person

# What a page gives; a program's own role is given where its account is made, on the server.
ROLES: Final = ("perancang", "pengawas", "admin")


class GrantError(AlurError):
    """A role that cannot be given or taken."""

    status = 422


class NoRole(GrantError):
    sentence = N_("Pilih perannya.")
    field = "role"


class NoSuchPlace(GrantError):
    sentence = N_(
        "Tidak ada kantor dengan kode wilayah atau alamat “%(place)s”. Cari di daftar kantor."
    )
    field = "place"


class NoSuchKabupaten(GrantError):
    sentence = N_(
        "Tidak ada kantor di “%(place)s”. Tulis lengkap, misalnya Kabupaten Banjar; "
        "atau Indonesia untuk semua kantor."
    )
    field = "place"


class HasItAlready(GrantError):
    sentence = N_("Peran itu sudah dimilikinya di sana.")
    field = "role"


class NoSuchGrant(GrantError):
    sentence = N_("Peran ini sudah tidak ada. Muat ulang halaman.")
    status = 404


def give(
    session: Session, actor: Actor, person: Person, role: str, place: str, now: datetime
) -> Grant:
    """A role from now on; `place` is an office, a kabupaten, or for an administrator nothing."""
    accounts.require(actor)
    if role not in ROLES or person.is_system:
        raise NoRole
    office = _office(session, place) if role == "perancang" else None
    kabupaten = _kabupaten(session, place) if role == "pengawas" else None
    office_id = office.id if office is not None else None
    grant = Grant(person_id=person.id, role=role, office_id=office_id, kabupaten=kabupaten)
    if _known(session, grant):
        raise HasItAlready
    session.add(grant)
    _note(session, actor, "granted", grant, now)
    return grant


def take(session: Session, actor: Actor, person: Person, grant_id: int, now: datetime) -> None:
    """The role is over at once; sessions need not end, for rights are looked up each time."""
    accounts.require(actor)
    grant = session.get(Grant, grant_id)
    if grant is None or grant.person_id != person.id or grant.role not in ROLES:
        raise NoSuchGrant
    if grant.role == "admin":
        accounts.refuse_to_lose(session, actor, person)
    _note(session, actor, "revoked", grant, now)
    session.delete(grant)
    session.flush()


def _office(session: Session, place: str) -> Office:
    place = place.strip()
    found = session.scalar(select(Office).where(or_(Office.slug == place, Office.code == place)))
    if found is None:
        raise NoSuchPlace(place=place[:80])
    return found


def _kabupaten(session: Session, place: str) -> str:
    """As its offices write it, whatever capitals were typed; or all of them together."""
    place = " ".join(place.split())
    if place.lower() == NATION.lower():
        return NATION
    known = select(Office.kabupaten).where(Office.kabupaten.ilike(place, escape="\\")).limit(1)
    found = session.scalar(known) if place else None
    if found is None or found.lower() != place.lower():
        raise NoSuchKabupaten(place=place[:80])
    return found


def _known(session: Session, grant: Grant) -> bool:
    same = select(Grant.id).where(
        Grant.person_id == grant.person_id,
        Grant.role == grant.role,
        Grant.office_id.is_not_distinct_from(grant.office_id),
        Grant.kabupaten.is_not_distinct_from(grant.kabupaten),
    )
    return session.scalar(same.limit(1)) is not None


def _note(session: Session, actor: Actor, kind: str, grant: Grant, now: datetime) -> None:
    office = session.get(Office, grant.office_id) if grant.office_id is not None else None
    session.add(
        AccountEvent(
            person_id=grant.person_id,
            kind=kind,
            at=now,
            by=actor.person_id,
            role=grant.role,
            place=office.name if office is not None else grant.kabupaten,
        )
    )
    session.flush()
