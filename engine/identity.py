"""Who an office is: a new one, its name and place, its emblem. What is done to it leaves a line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, undefer

from bpmn.errors import N_, AlurError
from bpmn.lanes import slug as slug_of
from engine import access, emblems
from engine.access import Actor
from engine.db import EVERYWHERE
from engine.emblems import Picture
from engine.models import Emblem, Office, OfficeEvent, Person
from engine.worktime import ZONES, Calendar, banjar, banyumas, perpres

LONGEST: Final = 120
LONGEST_SLUG: Final = 60
# Provinsi, kabupaten/kota, kecamatan: as Kepmendagri numbers them.
_CODE: Final = re.compile(r"\d{2}\.\d{2}\.\d{2}", re.ASCII)

# Hours to begin with: the administrator confirms or changes them.
HOURS: Final = {
    "perpres": N_("Perpres 21/2023: lima hari, mulai 07.30"),
    "banjar": N_("Kabupaten Banjar: lima hari, mulai 07.30"),
    "banyumas": N_("Kabupaten Banyumas: lima hari, mulai 07.15"),
}


class IdentityError(AlurError):
    """An office that cannot be as asked."""

    status = 422


class BadText(IdentityError):
    sentence = N_("Harus diisi, paling panjang %(limit)s huruf.")

    def __init__(self, field: str) -> None:
        super().__init__(limit=LONGEST)
        self.field = field


class BadCode(IdentityError):
    sentence = N_("Kode wilayah ditulis seperti 63.03.03: provinsi, kabupaten, kecamatan.")
    field = "code"


class CodeTaken(IdentityError):
    sentence = N_("Kode wilayah %(code)s sudah dipakai %(office)s.")
    field = "code"


class BadSlug(IdentityError):
    sentence = N_(
        "Alamat “%(slug)s” tidak dapat dipakai: hanya huruf kecil, angka dan tanda hubung, paling "
        "panjang %(limit)s."
    )
    field = "slug"


class SlugTaken(IdentityError):
    sentence = N_("Alamat “%(slug)s” sudah dipakai %(office)s. Isi alamat lain.")
    field = "slug"


class BadHours(IdentityError):
    sentence = N_("Pilih jam kerja awalnya.")
    field = "hours"


class BadZone(IdentityError):
    sentence = N_("Pilih zona waktunya.")
    field = "zone"


class NotYourKabupaten(IdentityError):
    sentence = N_("Kabupaten hanya dapat ditetapkan oleh administrator seluruh Alur.")
    field = "kabupaten"


class NoEmblem(IdentityError):
    sentence = N_("Kantor ini belum punya lambang.")
    status = 404


@dataclass(frozen=True)
class Facts:
    """What an office is called and where it lies."""

    name: str
    code: str
    kabupaten: str
    province: str

    def checked(self) -> "Facts":
        facts = {field: " ".join(value.split()) for field, value in asdict(self).items()}
        for field, value in facts.items():
            if not 0 < len(value) <= LONGEST:
                raise BadText(field)
        if not _CODE.fullmatch(facts["code"]):
            raise BadCode
        return Facts(**facts)


@dataclass(frozen=True)
class Line:
    """Something that was done to an office, and by whom."""

    event: OfficeEvent
    who: str | None


def add(
    session: Session,
    actor: Actor,
    facts: Facts,
    zone: str,
    hours: str,
    now: datetime,
    *,
    slug: str = "",
) -> Office:
    """A new office with hours to begin with; it has neither posts nor SOPs yet."""
    _require_everywhere(actor)
    facts = facts.checked()
    office = Office(
        **asdict(facts),
        slug=_free(session, facts, slug.strip()),
        zone=zone,
        calendar=_hours(hours, zone).to_dict(),
    )
    _refuse_taken(session, office)
    session.add(office)
    session.flush()
    _note(session, actor, office, "opened", now, asdict(facts))
    return office


def _hours(name: str, zone: str) -> Calendar:
    if zone not in ZONES:
        raise BadZone
    if name not in HOURS:
        raise BadHours
    known = {"banjar": banjar, "banyumas": banyumas}
    calendar = known[name]() if name in known else perpres(zone)
    return Calendar.from_dict({**calendar.to_dict(), "zone": zone})


def _free(session: Session, facts: Facts, slug: str) -> str:
    """The address that was asked for, or one made from the name: two may bear the same one."""
    short = slug_of(re.sub(r"(?i)^(kecamatan|kec\.?|distrik)\s+", "", facts.name))
    wanted = slug or short
    if wanted != slug_of(wanted) or not 0 < len(wanted) <= LONGEST_SLUG:
        raise BadSlug(slug=wanted[:LONGEST_SLUG], limit=LONGEST_SLUG)
    holder = _with_slug(session, wanted)
    if holder is not None and not slug:
        wanted = f"{short}-{facts.code.replace('.', '-')}"
        holder = _with_slug(session, wanted)
    if holder is not None:
        raise SlugTaken(slug=wanted, office=holder)
    return wanted


def _with_slug(session: Session, slug: str) -> str | None:
    return session.scalar(select(Office.name).where(Office.slug == slug))


def amend(session: Session, actor: Actor, office: Office, facts: Facts, now: datetime) -> None:
    """Another name, code or place; its address stays. Who watches a kabupaten follows the place."""
    access.require(actor, "office.manage", office.id)
    facts = facts.checked()
    if facts.kabupaten != office.kabupaten:
        _require_everywhere(actor)
    changed = {
        field: [getattr(office, field), value]
        for field, value in asdict(facts).items()
        if getattr(office, field) != value
    }
    for field, (_before, value) in changed.items():
        setattr(office, field, value)
    if changed:
        _refuse_taken(session, office)
        _note(session, actor, office, "renamed", now, changed)


def _refuse_taken(session: Session, office: Office) -> None:
    query = select(Office.name).where(Office.code == office.code)
    with session.no_autoflush:
        holder = session.scalar(query.where(Office.id.is_distinct_from(office.id)))
    if holder is not None:
        raise CodeTaken(code=office.code, office=holder)


def _require_everywhere(actor: Actor) -> None:
    """A new place lies in nobody's part of the country yet."""
    if actor.offices("office.manage") is not EVERYWHERE:
        raise NotYourKabupaten if actor.may_somewhere("office.manage") else access.Forbidden


def show(session: Session, office: Office) -> Picture:
    """The office's emblem."""
    kept = session.get(Emblem, office.id, options=[undefer(Emblem.content)])
    if kept is None:
        raise NoEmblem
    return Picture(kept.type, kept.content)


def wear(session: Session, actor: Actor, office: Office, content: bytes, now: datetime) -> None:
    """Take this picture for the office's emblem, in the place of the one before."""
    access.require(actor, "office.furnish", office.id)
    picture = emblems.read(content)
    session.merge(
        Emblem(
            office_id=office.id,
            type=picture.type,
            content=picture.content,
            by=actor.person_id,
            at=now,
        )
    )
    _note(session, actor, office, "emblem", now, {"emblem": [office.emblem, picture.sha256]})
    office.emblem = picture.sha256


def take_off(session: Session, actor: Actor, office: Office, now: datetime) -> None:
    access.require(actor, "office.furnish", office.id)
    if office.emblem is not None:
        session.execute(delete(Emblem).where(Emblem.office_id == office.id))
        _note(session, actor, office, "emblem", now, {"emblem": [office.emblem, None]})
        office.emblem = None


def note(
    session: Session, actor: Actor, office: Office, kind: str, now: datetime, detail: Any
) -> None:
    """Keep that something was done to the office's settings."""
    _note(session, actor, office, kind, now, detail)


def _note(
    session: Session,
    actor: Actor,
    office: Office,
    kind: str,
    now: datetime,
    detail: Mapping[str, Any],
) -> None:
    session.add(
        OfficeEvent(office_id=office.id, kind=kind, at=now, by=actor.person_id, detail=dict(detail))
    )


def lately(session: Session, office: Office, limit: int = 20) -> Sequence[Line]:
    """What was done to the office's settings, the newest first."""
    rows = session.execute(
        select(OfficeEvent, Person.name)
        .outerjoin(Person, Person.id == OfficeEvent.by)
        .where(OfficeEvent.office_id == office.id)
        .order_by(OfficeEvent.id.desc())
        .limit(limit)
    )
    return [Line(*row) for row in rows]


def places(session: Session) -> Sequence[tuple[str, str]]:
    """The kabupaten there are, with their provinces: written alike, they are watched together."""
    query = select(Office.kabupaten, func.min(Office.province)).group_by(Office.kabupaten)
    return [(row[0], row[1]) for row in session.execute(query.order_by(Office.kabupaten))]
