"""Publish a diagram as a revision: it never changes, and a case keeps the one it began with."""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Lock
from typing import Final, Generic, TypeVar

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import bpmn.reader
from bpmn import compare, lint
from bpmn.errors import N_, AlurError
from engine import access, cycles, program, review
from engine.access import Actor
from engine.models import Office, Person, Post, Revision, Sop
from engine.worktime import Calendar

T = TypeVar("T")

_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class SopError(AlurError):
    """A diagram that is not published, or an SOP that is not there."""


class BadSlug(SopError):
    sentence = N_(
        "Nama alamat “%(slug)s” tidak dapat dipakai: hanya huruf kecil, angka dan tanda hubung."
    )


class Refused(SopError):
    """The rules found errors; nothing is stored."""

    sentence = N_("Diagram ini belum dapat diterbitkan: %(count)s kesalahan harus diperbaiki.")

    def __init__(self, findings: Sequence[lint.Finding]) -> None:
        errors = [finding for finding in findings if finding.severity == "error"]
        super().__init__(count=len(errors))
        self.findings = findings


class NoSuchSop(SopError):
    sentence = N_("SOP ini tidak ada, atau bukan milik kantor Anda.")
    status = 404


class PublishedMeanwhile(SopError):
    """Two designers, one SOP: the second sees what the first has done before going on."""

    sentence = N_(
        "Revisi %(number)s sudah diterbitkan lebih dahulu oleh %(who)s, jadi belum ada yang "
        "tersimpan. Bandingkan dengan revisi itu, lalu terbitkan bila masih benar."
    )
    status = 409


class Unchanged(SopError):
    sentence = N_("Diagram ini sama dengan revisi %(number)s yang berlaku: tidak ada yang terbit.")
    status = 422


def publish(
    session: Session,
    actor: Actor,
    office: Office,
    slug: str,
    xml: bytes,
    now: datetime,
    *,
    over: int | None = None,
) -> Revision:
    """Put a diagram in force for the cases that start from now on.

    `over` is the number of the revision it was compared with (0: there was none); if another one
    is in force by now, nothing is stored.
    """
    access.require(actor, "sop.publish", office.id)
    check_slug(slug)
    findings = check(session, office, xml)
    if any(finding.severity == "error" for finding in findings):
        raise Refused(findings)
    meaning = bpmn.reader.read(xml)
    sop = _sop(session, office, slug)
    before = _in_force(session, sop, xml, over)
    revision = _revision(session, sop, xml, actor, now)
    first = meaning.first_step.lane
    changed = session.execute(
        update(Sop)
        .where(Sop.id == sop.id, Sop.revision_id.is_not_distinct_from(before))
        .values(
            revision_id=revision.id,
            name=meaning.name,
            number=meaning.header.nomor,
            starter=first.jabatan if first else None,
            starts_at=_next_start(meaning, office, now),
        )
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise _meanwhile(session, sop)
    session.refresh(sop)
    return revision


def check_slug(slug: str) -> None:
    if not _SLUG.fullmatch(slug) or len(slug) > 120:
        raise BadSlug(slug=slug)


def check(session: Session, office: Office, xml: bytes) -> tuple[lint.Finding, ...]:
    """What the rules say of a diagram in this office, with its posts known."""
    posts = session.scalars(select(Post.slug).where(Post.office_id == office.id))
    return review.findings(xml, frozenset(posts))


def _in_force(session: Session, sop: Sop, xml: bytes, over: int | None) -> int | None:
    """The revision that the new one follows, if it is the one it was compared with."""
    if over is None:
        return sop.revision_id
    known = session.get(Revision, sop.revision_id) if sop.revision_id else None
    if (known.number if known else 0) != over:
        raise _meanwhile(session, sop)
    if known is not None and compare.is_same(known.xml, xml):
        raise Unchanged(number=known.number)
    return sop.revision_id


def _meanwhile(session: Session, sop: Sop) -> PublishedMeanwhile:
    session.refresh(sop)
    row = session.execute(
        select(Revision.number, Person.name)
        .outerjoin(Person, Person.id == Revision.published_by)
        .where(Revision.id == sop.revision_id)
    ).one_or_none()
    number, who = row or (0, None)
    return PublishedMeanwhile(number=number, who=who or "Alur")


def _next_start(meaning: bpmn.reader.Sop, office: Office, now: datetime) -> datetime | None:
    if meaning.pemicu is None:
        return None
    return cycles.following(meaning.pemicu.siklus, Calendar.from_dict(office.calendar), now)


def _sop(session: Session, office: Office, slug: str) -> Sop:
    # Locked, so that two designers who publish at once get two numbers.
    wanted = select(Sop).where(Sop.office_id == office.id, Sop.slug == slug).with_for_update()
    known = session.scalar(wanted)
    if known is not None:
        return known
    session.flush()
    try:
        with session.begin_nested():
            session.add(Sop(office_id=office.id, slug=slug, name=slug))
    except IntegrityError:
        pass  # somebody made it between the look and the deed: then it is there now
    return session.scalars(wanted).one()


def _revision(session: Session, sop: Sop, xml: bytes, actor: Actor, now: datetime) -> Revision:
    last = session.scalar(select(func.max(Revision.number)).where(Revision.sop_id == sop.id))
    revision = Revision(
        office_id=sop.office_id,
        sop_id=sop.id,
        number=(last or 0) + 1,
        xml=xml,
        sha256=hashlib.sha256(xml).hexdigest(),
        published_at=now,
        published_by=actor.person_id,
    )
    session.add(revision)
    session.flush()
    return revision


def startable(session: Session, actor: Actor) -> list[tuple[Sop, Office]]:
    """The SOPs whose first step is hers: whoever holds that post may start a case."""
    posts = {(held.office_id, held.slug) for held in actor.posts}
    rows = session.execute(
        select(Sop, Office)
        .join(Office, Office.id == Sop.office_id)
        .where(Sop.office_id.in_({office for office, _ in posts}), Sop.revision_id.is_not(None))
        .order_by(Sop.name, Sop.id)
    )
    return [(sop, office) for sop, office in rows if (office.id, sop.starter) in posts]


def offices(session: Session, actor: Actor) -> Sequence[Office]:
    """Where she may publish, by name."""
    scope = actor.offices("sop.publish")
    wanted = select(Office).order_by(Office.name)
    return session.scalars(wanted if scope is None else wanted.where(Office.id.in_(scope))).all()


def xml(session: Session, actor: Actor, revision_id: int) -> bytes:
    revision = session.get(Revision, revision_id)
    if revision is None:
        raise NoSuchSop
    access.require(actor, "sop.see", revision.office_id)
    return revision.xml


def meaning(revision: Revision) -> bpmn.reader.Sop:
    """What the revision's diagram says."""
    return _meanings.of(revision)


def runnable(revision: Revision) -> program.Program:
    """What a case of this revision runs on."""
    return _programs.of(revision)


class _Once(Generic[T]):
    """Make a thing of a diagram once a process; keep the ones used last."""

    def __init__(self, make: Callable[[bytes], T], most: int = 200) -> None:
        self._make, self._most = make, most
        self._made: OrderedDict[str, T] = OrderedDict()
        self._lock = Lock()

    def of(self, revision: Revision) -> T:
        with self._lock:
            if revision.sha256 not in self._made:
                self._made[revision.sha256] = self._make(revision.xml)
                if len(self._made) > self._most:
                    self._made.popitem(last=False)
            self._made.move_to_end(revision.sha256)
            return self._made[revision.sha256]


_meanings: Final = _Once(bpmn.reader.read)
_programs: Final = _Once(program.compile)
