"""Fill an empty database with offices, their SOPs and a cast, for people who try Alur."""

import tomllib
from collections.abc import Callable
from datetime import date, datetime
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn import library
from engine import people, sops, worktime
from engine.access import MACHINE
from engine.models import Grant, Holder, Office, Person, Post, Setting

# Printed at every start; a demo serves only loopback.
PASSWORD: Final = "coba-alur-bersama"  # noqa: S105
SINCE: Final = date(2025, 1, 2)

_HOURS: Final[dict[str, Callable[[str], worktime.Calendar]]] = {
    "perpres": worktime.perpres,
    "banjar": lambda _: worktime.banjar(),
    "banyumas": lambda _: worktime.banyumas(),
}


def is_demo(session: Session) -> bool:
    return session.get(Setting, "demo") is not None


def is_empty(session: Session) -> bool:
    return session.scalar(select(Office.id).limit(1)) is None


def fill(session: Session, now: datetime) -> None:
    """Put in the offices, their posts and people, and publish their SOPs."""
    session.add(Setting(key="demo", value=True))
    hashed = people.hash_password(PASSWORD)
    for slug, facts in casts().items():
        _office(session, slug, facts, hashed, now)
    for kabupaten in session.scalars(select(Office.kabupaten).distinct()).all():
        name = kabupaten.removeprefix("Kabupaten ")
        account = "pengawas." + name.lower().replace(" ", "-")
        supervisor = _person(session, account, f"Pengawas {name}", hashed)
        session.add(Grant(person_id=supervisor.id, role="pengawas", kabupaten=kabupaten))
    admin = _person(session, "admin", "Administrator", hashed)
    session.add(Grant(person_id=admin.id, role="admin"))


def casts() -> dict[str, dict[str, Any]]:
    """The cast of each office, by the office's slug."""
    found = {
        entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text("utf-8"))
        for entry in files(__name__).iterdir()
        if entry.name.endswith(".toml")
    }
    return dict(sorted(found.items()))


def _office(session: Session, slug: str, facts: dict[str, Any], hashed: str, now: datetime) -> None:
    office = Office(
        slug=slug,
        calendar=_HOURS[facts["hours"]](facts["zone"]).to_dict(),
        **{name: facts[name] for name in ("code", "name", "kabupaten", "province", "zone")},
    )
    session.add(office)
    session.flush()
    for part in facts["post"]:
        _post(session, office, part, hashed)
    designer = _person(session, f"perancang.{slug}", facts["perancang"], hashed)
    session.add(Grant(person_id=designer.id, role="perancang", office_id=office.id))
    session.flush()
    for sop in library.sops(slug):
        sops.publish(session, MACHINE, office, sop, library.load(f"{slug}/{sop}"), now)


def _post(session: Session, office: Office, part: dict[str, Any], hashed: str) -> None:
    post = Post(
        office_id=office.id,
        slug=part["slug"],
        name=part["name"],
        shared=part.get("shared", False),
    )
    person = _person(session, f"{part['account']}.{office.slug}", part["holder"], hashed)
    session.add(post)
    session.flush()
    session.add(
        Holder(
            office_id=office.id,
            post_id=post.id,
            person_id=person.id,
            capacity=part.get("capacity", "definitif"),
            decree=part.get("decree"),
            starts_on=part.get("since", SINCE),
        )
    )


def _person(session: Session, account: str, name: str, hashed: str) -> Person:
    """One person may hold two posts: she is made once."""
    person = session.scalar(select(Person).where(Person.account == account))
    if person is None:
        person = Person(account=account, name=name, password_hash=hashed)
        session.add(person)
        session.flush()
    return person


def accounts(session: Session) -> list[tuple[str, str, str]]:
    """Account, name and what she is, to be printed at the start."""
    rows = session.execute(
        select(Person.account, Person.name, Post.name, Office.name)
        .outerjoin(Holder, Holder.person_id == Person.id)
        .outerjoin(Post, Post.id == Holder.post_id)
        .outerjoin(Office, Office.id == Post.office_id)
        .order_by(Office.id, Person.id)
    )
    return [
        (account, name, f"{post}, {office}" if post else "") for account, name, post, office in rows
    ]
