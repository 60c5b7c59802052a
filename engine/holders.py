"""Who holds a post: name somebody, by which decree and for which days; and end it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine import access, colleagues, offices
from engine.access import Actor
from engine.models import Holder, Office, Person, Post

CAPACITIES: Final = ("definitif", "plt", "plh")
LONGEST_DECREE: Final = 120
# Before this no kecamatan kept its posts here; after it nobody plans.
EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)


class HolderError(AlurError):
    """Somebody cannot be named, or not for these days."""

    status = 422


class NoSuchHolder(HolderError):
    sentence = N_("Penunjukan ini tidak ada (lagi). Muat ulang halaman.")
    status = 404


class NoCapacity(HolderError):
    sentence = N_("Pilih bagaimana jabatan ini dipegang: definitif, Plt atau Plh.")
    field = "capacity"


class OnlyPlh(HolderError):
    sentence = N_(
        "Pimpinan kantor hanya dapat mencatat Plh. Definitif dan Plt dicatat oleh administrator."
    )
    field = "capacity"


class NotAboveYou(HolderError):
    sentence = N_("Plh Camat dicatat oleh camat sendiri atau oleh administrator.")
    field = "capacity"


class NotYourself(HolderError):
    sentence = N_("Anda tidak dapat menunjuk diri sendiri. Minta administrator mencatatnya.")
    field = "person"


class NoPerson(HolderError):
    sentence = N_("Pilih seorang yang akunnya terbuka; pimpinan memilih dari pegawai kantornya.")
    field = "person"


class NoDecree(HolderError):
    sentence = N_("Tulis nomor SK atau surat perintahnya (paling panjang %(limit)s huruf).")
    field = "decree"


class BadDay(HolderError):
    sentence = N_("Isi tanggal antara tahun %(earliest)s dan %(latest)s.")

    def __init__(self, field: str) -> None:
        super().__init__(earliest=EARLIEST.year, latest=LATEST.year)
        self.field = field


class EndsBeforeItBegins(HolderError):
    sentence = N_("Hari terakhir tidak boleh sebelum hari pertama, %(starts_on)s.")
    field = "ends_on"


class PlhEnds(HolderError):
    sentence = N_("Plh berlaku untuk beberapa hari saja: isi hari terakhirnya.")
    field = "ends_on"


class HoldsItAlready(HolderError):
    sentence = N_("%(who)s sudah memegang jabatan ini sebagai %(title)s (%(period)s).")
    field = "person"


class TakenMeanwhile(HolderError):
    sentence = N_(
        "Pada hari-hari itu jabatan ini dipegang %(who)s sebagai %(title)s (%(period)s). "
        "Akhiri dahulu, atau pilih hari lain."
    )
    field = "starts_on"


class NotVacant(HolderError):
    sentence = N_(
        "Plt hanya untuk jabatan yang kosong, sedangkan %(who)s memegangnya secara definitif "
        "(%(period)s). Untuk pejabat yang berhalangan sementara, pakai Plh."
    )
    field = "capacity"


class HasBegun(HolderError):
    sentence = N_("Penunjukan ini sudah mulai berlaku; akhiri dengan mengisi hari terakhirnya.")
    status = 409


class Period(NamedTuple):
    """Some days, to be read in a sentence; without a last one they go on."""

    starts_on: date
    ends_on: date | None

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on or '…'}"


@dataclass(frozen=True)
class Term:
    """How somebody is to hold a post: in which capacity, by which decree, for which days."""

    capacity: str
    decree: str
    starts_on: date | None
    ends_on: date | None


def name(
    session: Session,
    actor: Actor,
    office: Office,
    post: Post,
    person: Person,
    term: Term,
    now: datetime,
) -> Holder:
    """Let somebody hold the post. Of two for the same days, the later is refused in words."""
    _refuse_beyond_her_right(actor, office, post, term.capacity)
    _refuse_herself(actor, office, person)
    _refuse_stranger(session, actor, office, person, now)
    starts_on, ends_on = _days(term)
    decree = " ".join(term.decree.split())
    if len(decree) > LONGEST_DECREE or (term.capacity != "definitif" and not decree):
        raise NoDecree(limit=LONGEST_DECREE)
    holder = Holder(
        office_id=office.id,
        post_id=post.id,
        person_id=person.id,
        capacity=term.capacity,
        decree=decree or None,
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_by=actor.person_id,
        recorded_at=now,
        wake_at=_wake_at(office, ends_on),
    )
    _refuse_overlaps(session, post, holder, person.name)
    session.add(holder)
    session.flush()
    return holder


def end(
    session: Session, actor: Actor, office: Office, holder_id: int, ends_on: date | None
) -> Holder:
    """Say on which day it ends; what she has in hand then goes back to all who hold the post."""
    holder, post, person = _reached(session, actor, office, holder_id)
    if ends_on is None or not EARLIEST <= ends_on <= LATEST:
        raise BadDay("ends_on")
    if ends_on < holder.starts_on:
        raise EndsBeforeItBegins(starts_on=holder.starts_on)
    if holder.ends_on is not None and ends_on > holder.ends_on:
        _refuse_herself(actor, office, person)
        _refuse_overlaps(session, post, _until(holder, ends_on), person.name)
    holder.ends_on, holder.ended_by = ends_on, actor.person_id
    holder.wake_at = after(office, ends_on)
    session.flush()
    return holder


def _until(holder: Holder, ends_on: date) -> Holder:
    """As it would be; nothing is changed yet."""
    return Holder(
        id=holder.id,
        person_id=holder.person_id,
        capacity=holder.capacity,
        starts_on=holder.starts_on,
        ends_on=ends_on,
    )


def withdraw(session: Session, actor: Actor, office: Office, holder_id: int, now: datetime) -> None:
    """Take back a naming before its first day: nobody has done anything under it."""
    holder, _post, _person = _reached(session, actor, office, holder_id)
    if holder.starts_on <= offices.today(office, now):
        raise HasBegun
    session.delete(holder)
    session.flush()


def _reached(
    session: Session, actor: Actor, office: Office, holder_id: int
) -> tuple[Holder, Post, Person]:
    row = session.execute(
        select(Holder, Post, Person)
        .join(Post, Post.id == Holder.post_id)
        .join(Person, Person.id == Holder.person_id)
        .where(Holder.id == holder_id, Holder.office_id == office.id)
        .with_for_update(of=Post, key_share=True)
    ).one_or_none()
    if row is None:
        raise NoSuchHolder
    holder, post, person = row
    _refuse_beyond_her_right(actor, office, post, holder.capacity)
    return holder, post, person


def _refuse_beyond_her_right(actor: Actor, office: Office, post: Post, capacity: str) -> None:
    """An administrator names anyone; a leader a Plh, but not of the one above her."""
    access.require(actor, "holder.name", office.id)
    if capacity not in CAPACITIES:
        raise NoCapacity
    if actor.may("post.manage", office.id):
        return
    if capacity != "plh":
        raise OnlyPlh
    led = actor.post_in(office.id)
    if post.slug == "camat" and (led is None or led.slug != "camat"):
        raise NotAboveYou


def _refuse_herself(actor: Actor, office: Office, person: Person) -> None:
    # Otherwise a secretary could make herself head of a section, and check what she wrote.
    if person.id == actor.person_id and not actor.may("post.manage", office.id):
        raise NotYourself


def _refuse_stranger(
    session: Session, actor: Actor, office: Office, person: Person, now: datetime
) -> None:
    """Whoever comes from another office is named by an administrator."""
    if person.closed_at is not None or person.is_system:
        raise NoPerson
    if actor.may("post.manage", office.id):
        return
    if colleagues.find(session, office.id, person.id, now) is None:
        raise NoPerson


def _days(term: Term) -> tuple[date, date | None]:
    starts_on, ends_on = term.starts_on, term.ends_on
    if starts_on is None or not EARLIEST <= starts_on <= LATEST:
        raise BadDay("starts_on")
    if ends_on is None and term.capacity == "plh":
        raise PlhEnds
    if ends_on is not None and not EARLIEST <= ends_on <= LATEST:
        raise BadDay("ends_on")
    if ends_on is not None and ends_on < starts_on:
        raise EndsBeforeItBegins(starts_on=starts_on)
    return starts_on, ends_on


def _refuse_overlaps(session: Session, post: Post, new: Holder, who: str) -> None:
    for other, name in _meanwhile(session, post, new):
        facts = {
            "title": access.titled(post.name, other.capacity),
            "period": Period(other.starts_on, other.ends_on),
        }
        if other.person_id == new.person_id:
            raise HoldsItAlready(who=who, **facts)
        if post.shared:
            continue
        if (other.capacity, new.capacity) == ("definitif", "plt"):
            raise NotVacant(who=name, period=facts["period"])
        if other.capacity == new.capacity or (other.capacity, new.capacity) == ("plt", "definitif"):
            raise TakenMeanwhile(who=name, **facts)


def _meanwhile(session: Session, post: Post, new: Holder) -> Sequence[tuple[Holder, str]]:
    """Everyone who holds the post on one of these days; the post is held still while we look."""
    session.execute(select(Post.id).where(Post.id == post.id).with_for_update(key_share=True))
    query = (
        select(Holder, Person.name)
        .join(Person, Person.id == Holder.person_id)
        .where(
            Holder.post_id == post.id,
            Holder.id.is_distinct_from(new.id),
            or_(Holder.ends_on.is_(None), Holder.ends_on >= new.starts_on),
            Person.closed_at.is_(None),
        )
        .order_by(Holder.starts_on, Holder.id)
    )
    if new.ends_on is not None:
        query = query.where(Holder.starts_on <= new.ends_on)
    return [(holder, name) for holder, name in session.execute(query)]


def _wake_at(office: Office, ends_on: date | None) -> datetime | None:
    return after(office, ends_on) if ends_on is not None else None


def after(office: Office, day: date) -> datetime:
    """The midnight at which the day is over there."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(office.zone))
