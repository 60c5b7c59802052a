"""Who may do what, in which office: one table, and everything not in it is denied."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from bpmn.errors import N_, AlurError
from engine.db import EVERYWHERE, Scope
from engine.models import Absence, Grant, Holder, Office, Person, Post

NOWHERE: Final[Scope] = frozenset()
LEADERS: Final = frozenset({"camat", "sekretaris-camat"})
# What a line of history keeps of it.
LONGEST_CAPACITY: Final = 300

# What a supervisor of every office is given instead of a kabupaten.
NATION: Final = "Indonesia"


class Role(StrEnum):
    AKUN = "akun"  # whoever may sign in, in no office as yet
    PEGAWAI = "pegawai"  # holds a post of the office
    PIMPINAN = "pimpinan"  # its camat or sekretaris
    PERANCANG = "perancang"  # draws its SOPs
    PENGAWAS = "pengawas"  # watches every office of a kabupaten, or of the nation
    ADMIN = "admin"  # keeps accounts and posts, not the offices' work
    SISTEM = "sistem"  # another program, with a token: brings in what others are to do
    MESIN = "mesin"  # the clock, and whoever may type commands on the server


# Each role holds its rights in the offices where it holds the role, and in no other.
TABLE: Final = """
right           akun  pegawai  pimpinan  perancang  pengawas  admin  sistem  mesin
self            ya    ya       ya        ya         ya        ya     ya      -
inbox.see       ya    ya       ya        ya         ya        ya     ya      -
task.see        -     ya       ya        -          ya        -      ya      -
task.work       -     ya       ya        -          -         -      -       -
task.oversee    -     -        ya        -          ya        -      -       -
task.assign     -     -        ya        -          -         -      -       -
task.pause      -     -        ya        -          -         -      -       -
task.remind     -     -        ya        -          ya        -      -       -
task.acknowledge -    ya       ya        -          ya        -      -       -
monitor.see     -     -        ya        -          ya        -      -       -
comment.write   -     ya       ya        -          ya        -      -       -
case.see        -     ya       ya        ya         ya        -      ya      ya
case.start      -     ya       ya        -          -         -      ya      -
case.bring      -     -        -         -          -         -      ya      -
case.steer      -     -        ya        -          -         -      -       -
case.migrate    -     -        -         ya         -         -      -       ya
sop.see         -     ya       ya        ya         ya        ya     ya      ya
sop.publish     -     -        -         ya         -         -      -       ya
sop.answer      -     -        ya        -          -         -      -       -
post.see        ya    ya       ya        ya         ya        ya     ya      -
post.manage     -     -        -         -          -         ya     -       -
holder.name     -     -        ya        -          -         ya     -       -
absence.see     -     ya       ya        -          ya        ya     -       -
absence.record  -     ya       ya        -          -         ya     -       -
absence.manage  -     -        ya        -          -         ya     -       -
vacancy.see     -     -        ya        -          ya        -      -       -
webhook.manage  -     -        ya        -          -         ya     ya      ya
delivery.manage -     -        -         -          -         ya     -       ya
report.see      -     -        ya        ya         ya        -      -       -
sop.assess      -     -        ya        -          -         -      -       -
person.manage   -     -        -         -          -         ya     -       ya
calendar.see    -     ya       ya        ya         ya        ya     ya      -
calendar.decree -     -        ya        -          ya        ya     -       -
office.furnish  -     -        ya        -          -         ya     -       -
office.manage   -     -        -         -          -         ya     -       ya
clock.run       -     -        -         -          -         -      -       ya
history.verify  -     -        -         -          -         -      -       ya
server.see      -     -        -         -          -         ya     -       -
server.run      -     -        -         -          -         -      -       ya
"""


def _read(table: str) -> dict[str, frozenset[Role]]:
    head, *lines = table.split("\n")[1:-1]
    roles = [Role(word) for word in head.split()[1:]]
    rows = (line.split() for line in lines)
    return {
        right: frozenset(role for role, cell in zip(roles, cells, strict=True) if cell == "ya")
        for right, *cells in rows
    }


RIGHTS: Final[Mapping[str, frozenset[Role]]] = _read(TABLE)

# What a token may be narrowed to. A right that stands in none of these is one to manage with.
SCOPES: Final[Mapping[str, frozenset[str]]] = {
    "read": frozenset({"self", "task.oversee", *(r for r in RIGHTS if r.endswith(".see"))}),
    "work": frozenset({"task.work", "comment.write", "case.start", "case.bring"}),
    "design": frozenset({"sop.publish", "case.migrate"}),
    "manage": frozenset(),
}


def scope_of(right: str) -> str:
    """What a token must be good for, to be used under this right."""
    return next((name for name, rights in SCOPES.items() if right in rights), "manage")


class AccessError(AlurError):
    """Someone reached for what is not hers."""


class Forbidden(AccessError):
    sentence = N_("Anda tidak berhak melakukan ini. Tanyakan kepada pimpinan kantor Anda.")


def titled(post: str, capacity: str) -> str:
    """ "Camat", or "Plt. Camat" for who acts."""
    return {"plt": "Plt. ", "plh": "Plh. "}.get(capacity, "") + post


@dataclass(frozen=True)
class Absent:
    """Whose work it is: a colleague who is away, and until when."""

    person_id: int
    name: str
    reason: str
    until: date


@dataclass(frozen=True)
class Held:
    """A post someone holds today, and in which capacity; or whose work she does for one away."""

    post_id: int
    office_id: int
    slug: str
    name: str
    capacity: str
    decree: str | None
    absent: Absent | None = None

    @property
    def title(self) -> str:
        """As it is signed: "Camat", "Plt. Camat" for who acts, "a.n. Camat" for a substitute."""
        return ("a.n. " if self.absent else "") + titled(self.name, self.capacity)

    @property
    def words(self) -> str:
        """As history keeps it: with the decree, and with whoever is away."""
        if self.absent is None:
            return f"{self.title} ({self.decree})" if self.decree else self.title
        who = f"{self.absent.name}, {self.decree}" if self.decree else self.absent.name
        during = {"lain": "berhalangan"}.get(self.absent.reason, self.absent.reason)
        return f"{self.title} ({who}), pengganti selama {during}"[:LONGEST_CAPACITY]


@dataclass(frozen=True)
class Actor:
    """Whoever asks: a person with her posts and roles, as they are today."""

    person_id: int | None
    account: str
    name: str
    roles: Mapping[Role, Scope] = field(default_factory=dict)
    posts: tuple[Held, ...] = ()
    # The token she sent a program with, and what that one may be used for; else everything.
    token: int | None = None
    scopes: frozenset[str] = frozenset(SCOPES)

    def offices(self, right: str) -> Scope:
        """Where she holds this right: the scope of every query made under it."""
        if scope_of(right) not in self.scopes:
            return NOWHERE
        return _union(where for role, where in self.roles.items() if role in RIGHTS[right])

    @property
    def scope(self) -> Scope:
        return _union(self.roles.values())

    def may(self, right: str, office_id: int) -> bool:
        offices = self.offices(right)
        return offices is EVERYWHERE or office_id in offices

    def may_somewhere(self, right: str) -> bool:
        is_good_for = scope_of(right) in self.scopes
        return is_good_for and any(role in RIGHTS[right] for role in self.roles)

    def post_in(self, office_id: int) -> Held | None:
        """In which capacity she acts there: as its leader, where she is one."""
        own = (held for held in self.posts if held.absent is None)
        here = [held for held in own if held.office_id == office_id]
        return min(here, key=lambda held: held.slug not in LEADERS, default=None)

    def holding(self, post_id: int | None) -> Held | None:
        return next((held for held in self.posts if held.post_id == post_id), None)


MACHINE: Final = Actor(None, "mesin", "Alur", {Role.MESIN: EVERYWHERE})


def _union(scopes: Iterable[Scope]) -> Scope:
    total: frozenset[int] = frozenset()
    for scope in scopes:
        if scope is EVERYWHERE:
            return EVERYWHERE
        total |= scope
    return total


def require(actor: Actor, right: str, office_id: int) -> None:
    if not actor.may(right, office_id):
        raise Forbidden


def actor(session: Session, person: Person, now: datetime) -> Actor:
    """Her posts and roles at this moment, and the posts whose work she does for who is away."""
    own = _posts(session, person.id, now)
    # A substitute gets the work and nothing else. The rights of an office's leader go by decree:
    # whoever is to steer in a camat's place is named Plh.
    roles = _roles(session, person, own)
    posts = (*own, *_stood_in_for(session, person.id, own, now))
    return Actor(person.id, person.account, person.name, roles, posts)


def _posts(session: Session, person_id: int, now: datetime) -> list[Held]:
    rows = session.execute(
        select(Holder, Post, Office.zone)
        .join(Post, Post.id == Holder.post_id)
        .join(Office, Office.id == Post.office_id)
        .where(Holder.person_id == person_id)
        .order_by(Post.id)
    )
    return [
        _held(holder, post)
        for holder, post, zone in rows
        if in_force(holder, now.astimezone(ZoneInfo(zone)).date())
    ]


def _stood_in_for(
    session: Session, person_id: int, own: list[Held], now: datetime
) -> Iterator[Held]:
    """The posts of those whose substitute she is today; what is hers in her own right stays so."""
    offices = {held.office_id for held in own}
    if not offices:
        return  # who left the office is nobody's substitute there any more
    rows = session.execute(
        select(Holder, Post, Office.zone, Absence, Person.name)
        .select_from(Absence)
        .join(Person, Person.id == Absence.person_id)
        .join(Holder, _holds_in_its_office)
        .join(Post, Post.id == Holder.post_id)
        .join(Office, Office.id == Absence.office_id)
        .where(
            Absence.substitute_id == person_id,
            Absence.ends_on >= now.date() - timedelta(days=1),  # the same day in any zone
            Absence.cancelled_at.is_(None),
            Absence.office_id.in_(offices),
            Person.closed_at.is_(None),
        )
        .order_by(Absence.id, Post.id)
    )
    known = {held.post_id for held in own}
    for holder, post, zone, absence, name in rows:
        today = now.astimezone(ZoneInfo(zone)).date()
        if post.id not in known and in_force(holder, today) and in_force(absence, today):
            known.add(post.id)
            absent = Absent(absence.person_id, name, absence.reason, absence.ends_on)
            yield _held(holder, post, absent)


_holds_in_its_office: Final = and_(
    Holder.person_id == Absence.person_id, Holder.office_id == Absence.office_id
)


def _held(holder: Holder, post: Post, absent: Absent | None = None) -> Held:
    return Held(
        post.id, post.office_id, post.slug, post.name, holder.capacity, holder.decree, absent
    )


def in_force(dated: Holder | Absence, today: date) -> bool:
    """Whether the day lies between its first and its last; some have no last."""
    return dated.starts_on <= today and (dated.ends_on is None or today <= dated.ends_on)


def _roles(session: Session, person: Person, posts: list[Held]) -> dict[Role, Scope]:
    roles: dict[Role, Scope] = {Role.AKUN: NOWHERE}
    if posts:
        roles[Role.PEGAWAI] = frozenset(held.office_id for held in posts)
    led = frozenset(held.office_id for held in posts if held.slug in LEADERS)
    if led:
        roles[Role.PIMPINAN] = led
    for grant in person.grants:
        role = Role(grant.role)
        roles[role] = _union([roles.get(role, NOWHERE), _granted(session, grant)])
    return roles


def _granted(session: Session, grant: Grant) -> Scope:
    if grant.office_id is not None:
        return frozenset({grant.office_id})
    if grant.kabupaten == NATION:
        return EVERYWHERE
    if grant.kabupaten is not None:
        return frozenset(
            session.scalars(select(Office.id).where(Office.kabupaten == grant.kabupaten))
        )
    return EVERYWHERE
