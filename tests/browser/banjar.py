"""Kabupaten Banjar in the week its hours change: one day decreed, one proposed, one for all."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import access, calendars, decrees, identity
from engine.access import Actor
from engine.db import EVERYWHERE
from engine.decrees import OFF, WORKED, Plan
from engine.identity import Facts
from engine.models import CalendarChange, Office, Person
from tasks import schedule
from tests.browser.server import Site
from tests.engine import test_emblems

CAMAT, PENGAWAS = "camat.martapura-barat", "pengawas.banjar"
CALENDAR: Final = "/offices/martapura-barat/calendar"

# Whose page, and where; the names in braces are those of `furnish`.
PAGES: Final = {
    "calendar": (CAMAT, CALENDAR),
    "calendar, only seen": ("staf.gambut", "/offices/gambut/calendar?year=2027"),
    "calendar, kept": ("admin", "/offices/sumbang/calendar"),
    "decreed days": (CAMAT, f"{CALENDAR}/days"),
    "decreed days, none yet": ("camat.sumbang", "/offices/sumbang/calendar/days"),
    "hours": ("admin", f"{CALENDAR}/hours"),
    "change proposed": ("camat.gambut", "/offices/gambut/calendar/changes/{change_proposed}"),
    "change that moves nothing": (CAMAT, f"{CALENDAR}/changes/{{change_idle}}"),
    "change followed": (CAMAT, f"{CALENDAR}/changes/{{change_done}}"),
    "change with failures": (
        "camat.samboja",
        "/offices/samboja/calendar/changes/{change_failed}",
    ),
    "ladder": ("camat.gambut", "/offices/gambut/ladder"),
    "ladder, looked at": (
        "camat.gambut",
        "/offices/gambut/ladder?level-2=1+jam&level-3=1+hari&level-4=&floor=30+menit",
    ),
    "ladder, wrong": ("camat.gambut", "/offices/gambut/ladder?level-2=besok"),
    "ladder of an sop": (
        "camat.gambut",
        "/offices/gambut/ladder/pengumpulan-dan-pengukuran-data-kinerja?whose=own&level-2=2+hari",
    ),
    "reasons": ("camat.gambut", "/offices/gambut/reasons"),
    "settings": ("camat.gambut", "/offices/gambut/settings"),
    "settings, kept": ("admin", "/offices/martapura-barat/settings"),
    "new office": ("admin", "/offices/new"),
    "new decree": (PENGAWAS, "/decrees/new"),
    "decree": (PENGAWAS, "/decrees/banjir"),
}


def furnish(site: Site) -> dict[str, int]:
    """What was decreed is followed before anything is proposed: nothing else moves."""
    flood = Plan(OFF, date(2026, 4, 2), reason="Banjir, SE Bupati 100.3/12/2026")
    done = _proposes(site, CAMAT, "martapura-barat", flood)
    failed = _proposes(site, "camat.samboja", "samboja", flood)
    for who, change in ((CAMAT, done), ("camat.samboja", failed)):
        site.office.does(who, _applies, change)
    schedule.follow_hours(site.database, site.clock())
    today = Plan(OFF, site.clock().date(), reason="Banjir, SE Bupati 100.3/13/2026")
    extra = Plan(WORKED, date(2026, 4, 11), reason="Mengganti 2 April", hours=[["08:00", "12:00"]])
    numbers = {
        "change_done": done,
        "change_failed": failed,
        "change_idle": _proposes(site, CAMAT, "martapura-barat", extra),
        "change_proposed": _proposes(site, "camat.gambut", "gambut", today),
    }
    _fails(site, failed)
    _settles_in(site)
    _decrees_for_all(site, Plan(OFF, date(2026, 3, 13), reason="Banjir, SE Bupati 100.3/14/2026"))
    return numbers


def _proposes(site: Site, who: str, slug: str, plan: Plan) -> int:
    with site.database.transaction(EVERYWHERE) as session:
        person = session.scalars(select(Person).where(Person.account == who)).one()
        office = session.scalars(select(Office).where(Office.slug == slug)).one()
        actor = access.actor(session, person, site.clock())
        return decrees.propose(session, actor, office, plan, site.clock()).id


def _applies(session: Session, actor: Actor, change_id: int, now: datetime) -> None:
    calendars.put_in_force(session, actor, session.get_one(CalendarChange, change_id), now)


def _settles_in(site: Site) -> None:
    """The office has got an emblem and a new name."""
    with site.database.transaction(EVERYWHERE) as session:
        person = session.scalars(select(Person).where(Person.account == "admin")).one()
        actor = access.actor(session, person, site.clock())
        office = session.scalars(select(Office).where(Office.slug == "martapura-barat")).one()
        identity.wear(session, actor, office, test_emblems.png(64, 64), site.clock())
        facts = Facts(office.name, "63.03.18", office.kabupaten, office.province)
        identity.amend(session, actor, office, facts, site.clock())


def _fails(site: Site, change_id: int) -> None:
    """As when one case's diagram is broken."""
    with site.database.transaction(EVERYWHERE) as session:
        change = session.get_one(CalendarChange, change_id)
        change.failures = [{"case": 999, "why": "Diagramnya tidak terbaca."}]


def _decrees_for_all(site: Site, plan: Plan) -> None:
    with site.database.transaction(EVERYWHERE) as session:
        person = session.scalars(select(Person).where(Person.account == PENGAWAS)).one()
        actor = access.actor(session, person, site.clock())
        token = decrees.propose_for_all(session, actor, "Kabupaten Banjar", plan, site.clock())
        for change, _office in decrees.of(session, actor, token):
            change.decree = "banjir"
